/** Both ends of a channel, of the kind that the page can have. */
import type { ChannelEnd, ChannelKind } from '../protocol/control';
import type { Answerer, Caller } from './channel';
import { createSharedMemory, SharedAnswerer, SharedCaller } from './shared';
import { SuspendAnswerer, SuspendCaller } from './suspend';

export interface OpenedChannel {
  readonly answerer: Answerer;
  /** For the worker. */
  readonly end: ChannelEnd;
  /** What of it moves there instead of being copied. */
  readonly transfer: Transferable[];
}

export function openChannel(
  kind: ChannelKind,
  yieldToEventLoop: (then: () => void) => void,
): OpenedChannel {
  if (kind === 'shared') {
    const memory = createSharedMemory();
    const answerer = new SharedAnswerer(memory, yieldToEventLoop);
    return { answerer, end: { kind, memory }, transfer: [] };
  }
  const { port1, port2 } = new MessageChannel();
  return { answerer: new SuspendAnswerer(port1), end: { kind, port: port2 }, transfer: [port2] };
}

export function openCaller(end: ChannelEnd): Caller {
  return end.kind === 'shared' ? new SharedCaller(end.memory) : new SuspendCaller(end.port);
}
