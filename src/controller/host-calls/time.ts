/** Clocks, and waiting for them or for input. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { errno, FileError } from '../../protocol/errno';
import { encodeEvents, type PollEvent, type Subscription } from '../../protocol/records';
import type { OpenFile } from '../fd-table';
import { hasRights, NEEDED } from '../rights';
import type { Arrival } from '../stdin';
import type { Handlers, HostContext } from './context';

const NS_PER_MS = 1_000_000n;

/** What browsers let a page see of time when it is isolated from others. */
const RESOLUTION_NS = 5_000n;

/** The longest that a timer can be set for. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function timeCalls(
  context: HostContext,
): Pick<Handlers, 'clock_res_get' | 'clock_time_get' | 'poll_oneoff'> {
  return {
    clock_res_get: ({ clock }) => {
      readClock(context, clock);
      return RESOLUTION_NS;
    },
    clock_time_get: ({ clock }) => readClock(context, clock),
    poll_oneoff: ({ waitFor }) => {
      if (waitFor.length === 0) throw new FileError('EINVAL');
      const events = happened(context, waitFor);
      return events.length > 0 ? encodeEvents(events) : waitForEvents(context, waitFor);
    },
  };
}

function readClock(context: HostContext, clock: number): bigint {
  switch (clock) {
    case wasi.CLOCKID_REALTIME:
      return context.clock.realtime();
    case wasi.CLOCKID_MONOTONIC:
      return context.clock.monotonic();
    case wasi.CLOCKID_PROCESS_CPUTIME_ID:
    case wasi.CLOCKID_THREAD_CPUTIME_ID:
      return context.clock.cpu?.() ?? computedNs(context);
    default:
      throw new FileError('EINVAL');
  }
}

function computedNs({ watchdog }: HostContext): bigint {
  return BigInt(Math.round(watchdog.cpu.elapsedMs * Number(NS_PER_MS)));
}

/** The events that are there without waiting. */
function happened(context: HostContext, waitFor: readonly Subscription[]): PollEvent[] {
  const events: PollEvent[] = [];
  for (const subscription of waitFor) {
    const event = happenedNow(context, subscription);
    if (event !== undefined) events.push(event);
  }
  return events;
}

function happenedNow(context: HostContext, subscription: Subscription): PollEvent | undefined {
  const { userdata } = subscription;
  switch (subscription.kind) {
    case 'clock':
      if (subscription.clock > wasi.CLOCKID_THREAD_CPUTIME_ID) {
        return { userdata, errno: errno.EINVAL, type: wasi.EVENTTYPE_CLOCK, available: 0n };
      }
      return remainingNs(context, subscription) === 0n ? clockEvent(userdata) : undefined;
    case 'read':
    case 'write':
      return fileEvent(context, subscription);
    default:
      return { userdata, errno: errno.EINVAL, type: subscription.type, available: 0n };
  }
}

function fileEvent(
  context: HostContext,
  { userdata, kind, fd }: Extract<Subscription, { kind: 'read' | 'write' }>,
): PollEvent | undefined {
  const type = kind === 'read' ? wasi.EVENTTYPE_FD_READ : wasi.EVENTTYPE_FD_WRITE;
  let file: OpenFile;
  try {
    file = context.fds.get(fd);
  } catch {
    return { userdata, errno: errno.EBADF, type, available: 0n };
  }
  const input = kind === 'read' && file.kind === 'stream' && file.stream === 'stdin';
  if (!hasRights(file.rights, input ? NEEDED.poll_oneoff.input : NEEDED.poll_oneoff.file)) {
    return { userdata, errno: errno.ENOTCAPABLE, type, available: 0n };
  }
  if (input) {
    const { available } = context.stdin;
    return available > 0 ? inputEvent(userdata, available) : undefined;
  }
  return { userdata, errno: 0, type, available: 1n };
}

function clockEvent(userdata: bigint): PollEvent {
  return { userdata, errno: 0, type: wasi.EVENTTYPE_CLOCK, available: 0n };
}

function remainingNs(
  context: HostContext,
  { clock, timeoutNs, absolute }: Extract<Subscription, { kind: 'clock' }>,
): bigint {
  if (!absolute) return timeoutNs;
  const now = readClock(context, clock);
  return timeoutNs > now ? timeoutNs - now : 0n;
}

async function waitForEvents(
  context: HostContext,
  waitFor: readonly Subscription[],
): Promise<Uint8Array> {
  const arrivals: Arrival[] = [];
  const waits: Promise<PollEvent[]>[] = [];
  let shortest: bigint | undefined;
  let atShortest: bigint[] = [];
  for (const subscription of waitFor) {
    const { userdata } = subscription;
    if (subscription.kind === 'clock') {
      const remaining = remainingNs(context, subscription);
      if (shortest === undefined || remaining < shortest) {
        shortest = remaining;
        atShortest = [];
      }
      if (remaining === shortest) atShortest.push(userdata);
    } else if (subscription.kind === 'read') {
      // Only an exhausted stdin is not ready at once.
      const input = context.stdin.arrival();
      arrivals.push(input);
      waits.push(input.done.then(() => [inputEvent(userdata, context.stdin.available)]));
    }
  }
  const resume = arrivals.length > 0 ? context.watchdog.wall.pause() : () => undefined;
  if (shortest !== undefined) {
    const timer = startTimer(shortest);
    arrivals.push(timer);
    waits.push(timer.done.then(() => atShortest.map(clockEvent)));
  }
  try {
    return encodeEvents(await context.interruption.wait(Promise.race(waits)));
  } finally {
    for (const { cancel } of arrivals) cancel();
    resume();
  }
}

function inputEvent(userdata: bigint, available: number): PollEvent {
  return { userdata, errno: 0, type: wasi.EVENTTYPE_FD_READ, available: BigInt(available) };
}

function startTimer(durationNs: bigint): Arrival {
  const endAt = performance.now() + Number(durationNs) / Number(NS_PER_MS);
  let handle: ReturnType<typeof setTimeout>;
  const done = new Promise<void>((resolve) => {
    const arm = (): void => {
      const left = endAt - performance.now();
      if (left <= 0) resolve();
      // Rounded up: a timer rounds down, and a sleep must not be shorter than asked.
      else handle = setTimeout(arm, Math.min(Math.ceil(left), MAX_TIMER_MS));
    };
    arm();
  });
  return { done, cancel: () => clearTimeout(handle) };
}
