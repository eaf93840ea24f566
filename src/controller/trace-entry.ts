/** What a trace tells of one entry into its guest. */
import type { TakenSignals } from '../protocol/control';
import { RecordReader } from '../volume/record-bytes';
import type { OutputStream } from './output';
import type { BudgetName } from './watchdog';

/** The exports that a sandbox enters: to run something, to end the interpreter, before an image is taken. */
export const ENTRY_NAMES = ['glovebox_turn', 'glovebox_finish', 'glovebox_settle'] as const;

export type EntryName = (typeof ENTRY_NAMES)[number];

export type EntryEnd =
  | { readonly kind: 'returned'; readonly status: number }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'trap' }
  /** From outside, at a moment that nobody knows. */
  | { readonly kind: 'ended'; readonly reason: string };

export interface TraceEntry {
  readonly name: EntryName;
  /** What the guest was asked for. */
  readonly request: Uint8Array;
  /** Steps that it might take: maybe `Infinity`. */
  readonly fuel: number;
  /** How many calls are in `bytes`. */
  readonly calls: number;
  /** As `CallReader` reads them. */
  readonly bytes: Uint8Array;
  readonly signals: readonly TakenSignals[];
  readonly end: EntryEnd;
  /** The limit at which the page ended the run. */
  readonly reached: BudgetName | undefined;
}

export interface TracedOutput {
  readonly stream: OutputStream;
  /** So many bytes at the end of the arguments; 0: it is `bytes`. */
  readonly tail: number;
  readonly bytes: Uint8Array;
}

export interface TracedCall {
  /** In the table of the library that recorded it. */
  readonly number: number;
  /** The arguments, as a frame has them behind the number. */
  readonly args: Uint8Array;
  readonly errno: number;
  readonly payload: Uint8Array;
  readonly outputs: readonly TracedOutput[];
}

const OUTPUT_STREAMS: readonly OutputStream[] = ['stdout', 'stderr'];

const NO_OUTPUTS: readonly TracedOutput[] = [];
const EMPTY = new Uint8Array(0);

/**
 * Reads the calls of an entry one after the other:
 *
 *     count number of the call, its arguments as bytes, count errno, the answer as bytes,
 *     byte how many outputs; each: byte stream (0 stdout, 1 stderr), count of bytes at the end of the arguments that
 *     were shown, or 0 and what was shown as bytes
 */
export class CallReader {
  readonly #reader: RecordReader;

  constructor(bytes: Uint8Array) {
    this.#reader = new RecordReader(bytes);
  }

  get left(): number {
    return this.#reader.left;
  }

  /** Throws `RecordError` or `RangeError` for what is no call. */
  next(): TracedCall {
    const reader = this.#reader;
    return {
      number: reader.count(),
      args: reader.raw(),
      errno: reader.count(),
      payload: reader.raw(),
      outputs: this.#outputs(),
    };
  }

  #outputs(): readonly TracedOutput[] {
    const reader = this.#reader;
    const count = reader.byte();
    if (count === 0) return NO_OUTPUTS;
    return Array.from({ length: count }, () => {
      const stream = OUTPUT_STREAMS[reader.byte()];
      if (stream === undefined) throw new RangeError('no stream');
      const tail = reader.count();
      return { stream, tail, bytes: tail === 0 ? reader.raw() : EMPTY };
    });
  }
}
