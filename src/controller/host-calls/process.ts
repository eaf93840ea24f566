/** Arguments, environment, randomness, the guest's own requests, its end; and what no guest has. */
import { FileError } from '../../protocol/errno';
import { MAX_TRANSFER_BYTES } from '../../protocol/numbers';
import { append } from '../bytes';
import type { Handlers, HostContext } from './context';

/** A turn's result may hold this much: a guest can't make the page keep more. */
export const MAX_RESULT_BYTES = 64 * 1024 * 1024;

const utf8 = new TextEncoder();

/** The longest piece that `crypto.getRandomValues` fills at once. */
const RANDOM_PIECE_BYTES = 65_536;

export function processCalls(
  context: HostContext,
): Pick<
  Handlers,
  | 'args_get'
  | 'args_sizes_get'
  | 'environ_get'
  | 'environ_sizes_get'
  | 'proc_exit'
  | 'proc_raise'
  | 'random_get'
  | 'sched_yield'
  | 'request_read'
  | 'result_write'
  | 'poll'
> {
  const { turn, watchdog } = context;
  return {
    args_get: () => context.args,
    args_sizes_get: () => sizes(context.args),
    environ_get: () => context.env,
    environ_sizes_get: () => sizes(context.env),
    // The worker leaves the guest after this answer; its controller learns the code from there.
    proc_exit: () => undefined,
    proc_raise: () => {
      throw new FileError('ENOSYS');
    },
    random_get: ({ into }) => {
      if (into > MAX_TRANSFER_BYTES) throw new FileError('EINVAL');
      const bytes = new Uint8Array(into);
      for (let start = 0; start < into; start += RANDOM_PIECE_BYTES) {
        context.random(bytes.subarray(start, start + RANDOM_PIECE_BYTES));
      }
      return bytes;
    },
    sched_yield: () => undefined,
    poll: () => {
      watchdog.reach('fuel');
      return [0, 0];
    },
    request_read: ({ into }) => {
      const piece = turn.request.subarray(turn.read, turn.read + into);
      turn.read += piece.length;
      return piece;
    },
    result_write: ({ from }) => {
      if (turn.resultBytes + from.length > MAX_RESULT_BYTES) throw new FileError('ENOSPC');
      turn.resultBytes += from.length;
      append(turn.result, from);
      return undefined;
    },
  };
}

function sizes(texts: readonly string[]): readonly [number, number] {
  return [texts.length, texts.reduce((bytes, text) => bytes + utf8.encode(text).length + 1, 0)];
}

/** A guest has no sockets: a descriptor of its own is not one, any other is not open. */
export function socketCalls(
  context: HostContext,
): Pick<Handlers, 'sock_accept' | 'sock_recv' | 'sock_send' | 'sock_shutdown'> {
  const refuse = ({ fd }: { fd: Parameters<HostContext['fds']['get']>[0] }): never => {
    context.fds.get(fd);
    throw new FileError('ENOTSOCK');
  };
  return { sock_accept: refuse, sock_recv: refuse, sock_send: refuse, sock_shutdown: refuse };
}
