/** Runs what a trace tells of once more, with the answers that are in it, and tells where it goes another way. */
import { marshal } from '../capability/marshal';
import { unmarshal } from '../capability/unmarshal';
import { OptionError, TraceError } from '../errors';
import type { Entered } from '../protocol/control';
import type { BaseImage } from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import { berthOptions } from './beginning';
import { Berth } from './berth';
import type { OutcomeStatus } from './outcome';
import type { OutputListener } from './output';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import { type Difference, EntryReplay } from './replay-entry';
import { Trace } from './trace';
import type { TraceEntry } from './trace-entry';

export interface ReplayOptions {
  readonly guest: PythonGuest;
  /** Hears what was shown of what the guest wrote, when it writes that again. What it throws ends the replay. */
  readonly onOutput?: OutputListener | undefined;
  /** Programs in the place of recorded ones: by entry, from 1. */
  readonly sources?: Readonly<Record<number, string | Uint8Array>> | undefined;
  readonly limits?: Partial<ReplayLimits> | undefined;
}

export interface ReplayLimits {
  /** Most memory that a trace may want for its guest. Default 512 MiB. */
  readonly heapBytes: number;
  /** Real time for each entry, in ms. Default 60 s. */
  readonly wallMs: number;
}

export type ReplayResult =
  /** The guest did the same from the first to the last call. */
  | {
      readonly status: 'same';
      readonly entries: number;
      readonly calls: number;
      /** How each entry ended, as the sandbox told then. */
      readonly outcomes: readonly OutcomeStatus[];
    }
  | Difference;

const DEFAULT_LIMITS: ReplayLimits = { heapBytes: 512 * 1024 * 1024, wallMs: 60_000 };

const utf8 = new TextEncoder();

/**
 * Throws `TraceError`: before a guest is started for a trace that does not fit it, and at an entry that was ended
 * from outside; `OptionError`, `EnvironmentError`.
 */
export async function replay(
  given: Trace | Uint8Array,
  options: ReplayOptions,
  platform: Platform,
): Promise<ReplayResult> {
  const trace = given instanceof Trace ? given : await Trace.decode(given);
  const limits = completeLimits(options.limits);
  const base = checkGuest(trace, options.guest, limits);
  const requests = requestsOf(trace, options.sources ?? {});
  const { guest } = options;
  const { heapBytes, depth } = trace.header;
  const berth = new Berth({
    ...berthOptions(
      guest,
      { heapBytes },
      {
        image: base,
        initialize: false,
        platform,
        channel: platform.chooseChannel(),
      },
    ),
    depthAtMost: depth === 0 ? undefined : depth,
  });
  try {
    return await replayIn(berth, trace, requests, { ...options, limits });
  } finally {
    berth.end();
  }
}

async function replayIn(
  berth: Berth,
  { content: { entries, memory, numbers } }: Trace,
  requests: readonly Uint8Array[],
  { onOutput, limits }: ReplayOptions & { readonly limits: ReplayLimits },
): Promise<ReplayResult> {
  const broken = new Promise<Entered>((resolve) => {
    berth.onFailure = (message) => {
      resolve({ kind: 'trap', message, fuel: 0, heapBytes: 0 });
    };
  });
  const started = await Promise.race([berth.start(), broken]);
  if (started.kind !== 'returned') throw new TraceError('damaged', 'its guest does not start');
  await berth.control.restore(memory);
  const outcomes: OutcomeStatus[] = [];
  let calls = 0;
  for (const [index, entry] of entries.entries()) {
    const number = index + 1;
    if (entry.end.kind === 'ended') {
      const why = `entry ${number} was ended from outside: ${entry.end.reason}`;
      throw new TraceError('ended', why, number);
    }
    const request = requests[index] ?? entry.request;
    const going = new EntryReplay({ number, entry, request, numbers, onOutput });
    berth.serve((frame) => going.answer(frame));
    const entered = berth.control.enter(entry.name, entry.fuel, entry.signals).catch(trapOf);
    const late = going.after(limits.wallMs);
    const end = await Promise.race([entered, broken, going.difference]).finally(late.cancel);
    const difference = 'status' in end && end.status === 'differs' ? end : going.finish(end);
    if (difference !== undefined) return difference;
    calls += entry.calls;
    outcomes.push(going.outcome);
  }
  return { status: 'same', entries: entries.length, calls, outcomes };
}

function trapOf(error: unknown): Entered {
  return { kind: 'trap', message: String(error), fuel: 0, heapBytes: 0 };
}

/** The image that its memory is the difference to. */
function checkGuest(
  { header, content: { memory } }: Trace,
  guest: PythonGuest,
  limits: ReplayLimits,
): BaseImage | undefined {
  if (header.buildId !== guest.buildId) {
    const why = `the trace is of build ${header.buildId}, the guest of ${guest.buildId}`;
    throw new TraceError('build', why);
  }
  const base = header.baseId === '' ? undefined : guest.image;
  if ((base?.id ?? '') !== header.baseId) {
    throw new TraceError('base', "the trace needs another base image than the guest's");
  }
  if (header.heapBytes > limits.heapBytes) {
    const why = `the trace wants ${header.heapBytes} bytes of memory, ${limits.heapBytes} are allowed`;
    throw new TraceError('size', why);
  }
  const least = base?.pages ?? guest.memory.initialPages;
  if (memory.pages < least || memory.pages * PAGE_BYTES > header.heapBytes) {
    throw new TraceError('damaged', 'the trace is damaged: its memory is no size of a guest');
  }
  return base;
}

function completeLimits(given: Partial<ReplayLimits> = {}): ReplayLimits {
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(limits, name)) throw new OptionError(`limits.${name} is unknown`);
    if (value === undefined) continue;
    if (!(value > 0)) throw new OptionError(`limits.${name} must be more than 0: ${value}`);
    Object.assign(limits, { [name]: value });
  }
  return limits;
}

/** What the guest is asked for in each entry. */
function requestsOf(
  { content: { entries } }: Trace,
  sources: Readonly<Record<number, string | Uint8Array>>,
): Uint8Array[] {
  const requests = entries.map(({ request }) => request);
  for (const [key, source] of Object.entries(sources)) {
    const entry = entries[Number(key) - 1];
    const request = entry && withSource(entry, source);
    if (request === undefined) throw new OptionError(`sources: entry ${key} runs no source`);
    requests[Number(key) - 1] = request;
  }
  return requests;
}

function withSource(entry: TraceEntry, source: string | Uint8Array): Uint8Array | undefined {
  const fields = fieldsOf(entry);
  if (!(fields?.get('source') instanceof Uint8Array)) return undefined;
  return marshal(
    new Map([...fields, ['source', typeof source === 'string' ? utf8.encode(source) : source]]),
  );
}

function fieldsOf({ request }: TraceEntry) {
  try {
    const fields = unmarshal(request);
    return fields instanceof Map ? fields : undefined;
  } catch {
    return undefined;
  }
}
