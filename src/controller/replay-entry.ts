/** One entry of a trace, done once more: each call of the guest's is compared with the recorded one, and answered so. */
import type { Entered } from '../protocol/control';
import { encodeRefusal, type Reply, type Request, RequestReader } from '../protocol/frame';
import { isLater, type Maybe } from '../protocol/maybe';
import { MAX_TRANSFER_BYTES } from '../protocol/numbers';
import { hostCallNames } from '../protocol/table';
import { STATUS_OF_LIMIT, statusOfResult } from './ending';
import { formatQuestion } from './host-call-text';
import type { OutcomeStatus } from './outcome';
import type { OutputListener } from './output';
import { CallReader, type EntryEnd, type TracedCall, type TraceEntry } from './trace-entry';
import { decodeResult } from './turn';

/** The guest has gone another way; it was ended there. */
export interface Difference {
  readonly status: 'differs';
  /** Both from 1: `call` of the entry, one more than there are where that is how it ended. */
  readonly at: { readonly entry: number; readonly call: number };
  /** To read: the call, or the end of the entry. */
  readonly expected: string;
  readonly actual: string;
}

export interface EntryParts {
  readonly number: number;
  readonly entry: TraceEntry;
  /** What the guest is asked for. */
  readonly request: Uint8Array;
  /** By the trace's numbers of host calls, ours. */
  readonly numbers: readonly number[];
  readonly onOutput: OutputListener | undefined;
}

const POLL = hostCallNames.indexOf('poll');
const REQUEST_READ = hostCallNames.indexOf('request_read');
const RESULT_WRITE = hostCallNames.indexOf('result_write');

/** Signals come from the trace, beside the guest. */
const NO_SIGNALS: Reply = { errno: 0, payload: new Uint8Array(8) };

export class EntryReplay {
  /**
   * Resolves when there is one, and rejects with what the page's listener throws: the guest waits then for an answer
   * that never comes.
   */
  readonly difference: Promise<Difference>;
  readonly #parts: EntryParts;
  readonly #calls: CallReader;
  readonly #frames = new RequestReader();
  readonly #result: Uint8Array[] = [];
  #differ: (difference: Difference) => void = () => undefined;
  #fail: (fault: unknown) => void = () => undefined;
  #done = 0;
  #read = 0;

  constructor(parts: EntryParts) {
    this.#parts = parts;
    this.#calls = new CallReader(parts.entry.bytes);
    this.difference = new Promise((resolve, reject) => {
      this.#differ = resolve;
      this.#fail = reject;
    });
  }

  answer(frame: Uint8Array): Maybe<Reply> {
    const number = (frame[0] ?? 0) | ((frame[1] ?? 0) << 8);
    if (number === POLL) return NO_SIGNALS;
    if (number === REQUEST_READ) return this.#readRequest(frame);
    const expected = this.#next();
    if (expected === undefined || !this.#isSame(frame, number, expected)) {
      const actual = this.#textOf(frame);
      const wanted = expected === undefined ? this.#endText : this.#callText(expected);
      this.#differ(this.#difference(wanted, actual));
      return new Promise(() => undefined);
    }
    this.#done++;
    if (number === RESULT_WRITE) this.#result.push(expected.args.subarray(4));
    const { errno, payload, outputs } = expected;
    const reply = errno === 0 ? { errno, payload } : encodeRefusal(errno);
    return outputs.length === 0 ? reply : this.#show(expected, reply);
  }

  /** The entry is over: what differs at its end, if anything does. */
  finish(end: Entered): Difference | undefined {
    const next = this.#next();
    const actual = textOfEnd(end);
    if (next !== undefined) return this.#difference(this.#callText(next), actual);
    return actual === this.#endText ? undefined : this.#difference(this.#endText, actual);
  }

  /** A difference after so many milliseconds, unless it is cancelled. */
  after(durationMs: number): { readonly cancel: () => void } {
    if (!Number.isFinite(durationMs)) return { cancel: () => undefined };
    const timer = setTimeout(
      () => {
        const next = this.#next();
        const expected = next === undefined ? this.#endText : this.#callText(next);
        this.#differ(this.#difference(expected, `nothing within ${durationMs} ms`));
      },
      Math.min(durationMs, 2 ** 31 - 1),
    );
    return { cancel: () => clearTimeout(timer) };
  }

  /** Of an entry that is over. */
  get outcome(): OutcomeStatus {
    const { end, reached } = this.#parts.entry;
    if (end.kind === 'exit' || end.kind === 'trap') return end.kind;
    if (reached !== undefined) return STATUS_OF_LIMIT[reached];
    const result = decodeResult(this.#result);
    return result === undefined ? 'ok' : statusOfResult(result);
  }

  #next(): TracedCall | undefined {
    return this.#calls.left > 0 ? this.#calls.next() : undefined;
  }

  #isSame(frame: Uint8Array, number: number, { number: theirs, args }: TracedCall): boolean {
    return this.#parts.numbers[theirs] === number && equals(frame.subarray(2), args);
  }

  #readRequest(frame: Uint8Array): Reply {
    const { args } = this.#frames.read(frame) as Request<'request_read'>;
    const end = this.#read + Math.min(args.into, MAX_TRANSFER_BYTES);
    const payload = this.#parts.request.subarray(this.#read, end);
    this.#read += payload.length;
    return { errno: 0, payload };
  }

  /** The guest waits for its reader, as it did then. */
  #show({ args, outputs }: TracedCall, reply: Reply): Maybe<Reply> {
    try {
      const taken = outputs.map(({ stream, tail, bytes }) =>
        this.#parts.onOutput?.(tail === 0 ? bytes : args.subarray(args.length - tail), stream),
      );
      if (!taken.some(isLater)) return reply;
      return new Promise((resolve) => {
        Promise.all(taken).then(() => resolve(reply), this.#fail);
      });
    } catch (error) {
      this.#fail(error);
      return new Promise(() => undefined);
    }
  }

  get #endText(): string {
    return textOfEnd(this.#parts.entry.end);
  }

  #difference(expected: string, actual: string): Difference {
    const at = { entry: this.#parts.number, call: this.#done + 1 };
    return { status: 'differs', at, expected, actual };
  }

  #callText({ number, args }: TracedCall): string {
    const frame = new Uint8Array(2 + args.length);
    new DataView(frame.buffer).setUint16(0, this.#parts.numbers[number] ?? 0, true);
    frame.set(args, 2);
    return this.#textOf(frame);
  }

  #textOf(frame: Uint8Array): string {
    try {
      return formatQuestion(this.#frames.read(frame));
    } catch {
      const number = (frame[0] ?? 0) | ((frame[1] ?? 0) << 8);
      return `${hostCallNames[number] ?? 'a call'} with arguments that can't be read`;
    }
  }
}

function equals(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function textOfEnd(end: EntryEnd | Entered): string {
  switch (end.kind) {
    case 'returned':
      return end.status === 0
        ? 'the end of the run'
        : `the end of the run, with ${end.status >>> 0}`;
    case 'exit':
      return `exit ${end.code}`;
    case 'trap':
      return 'a trap';
    case 'ended':
      return `an end from outside: ${end.reason}`;
  }
}
