/**
 * Writes down what a guest is told, as it is told: in few large pieces, so that a call costs no more than the copy of
 * its bytes.
 */
import type { TakenSignals } from '../protocol/control';
import type { Reply } from '../protocol/frame';
import { hostCallNames } from '../protocol/table';
import { RecordWriter } from '../volume/record-bytes';
import { concatenate } from './bytes';
import type { OutputStream } from './output';
import type { SessionEnd } from './session';
import type { EntryEnd, EntryName, TraceEntry } from './trace-entry';
import type { BudgetName } from './watchdog';

const PIECE_BYTES = 1 << 20;

/** Answered beside the guest, and by the replay itself. */
const UNRECORDED: readonly number[] = (['poll', 'request_read'] as const).map((name) =>
  hostCallNames.indexOf(name),
);

const OUTPUT_STREAMS: readonly OutputStream[] = ['stdout', 'stderr'];

interface Draft {
  readonly name: EntryName;
  readonly request: Uint8Array;
  readonly fuel: number;
  readonly pieces: Uint8Array[];
  writer: RecordWriter;
  calls: number;
}

interface Output {
  readonly bytes: Uint8Array;
  readonly stream: OutputStream;
}

export class Recorder {
  readonly #maxBytes: number;
  readonly #entries: TraceEntry[] = [];
  #entry: Draft | undefined;
  #outputs: Output[] = [];
  #bytes = 0;
  #calls = 0;
  #isFull = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of entries that are over. */
  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  get calls(): number {
    return this.#calls;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  begin(name: EntryName, request: Uint8Array, fuel: number): void {
    if (this.#isFull) return;
    this.#bytes += request.length;
    this.#entry = { name, request, fuel, pieces: [], writer: new RecordWriter(), calls: 0 };
  }

  /** Written by the call that is answered next. Valid until then. */
  output(bytes: Uint8Array, stream: OutputStream): void {
    if (this.#entry !== undefined) this.#outputs.push({ bytes, stream });
  }

  add(frame: Uint8Array, { errno, payload }: Reply): void {
    const entry = this.#entry;
    const number = (frame[0] ?? 0) | ((frame[1] ?? 0) << 8);
    if (entry === undefined || UNRECORDED.includes(number)) return;
    let { writer } = entry;
    if (writer.length > PIECE_BYTES) {
      entry.pieces.push(writer.take());
      writer = entry.writer = new RecordWriter();
    }
    const before = writer.length;
    writer.count(number);
    writer.raw(frame.subarray(2));
    writer.count(errno);
    writer.raw(payload);
    this.#writeOutputs(writer, frame);
    entry.calls++;
    this.#calls++;
    this.#bytes += writer.length - before;
    if (this.#bytes > this.#maxBytes) this.#fill();
  }

  /** How the entry ended, and at which limit. */
  end(end: SessionEnd, reached: BudgetName | undefined): void {
    const signals = end.kind === 'ended' ? [] : (end.signals ?? []);
    this.#close(endOf(end), signals, reached);
  }

  /** What is shown of a write is mostly all of it: the end of the frame. */
  #writeOutputs(writer: RecordWriter, frame: Uint8Array): void {
    const outputs = this.#outputs;
    writer.byte(outputs.length);
    if (outputs.length === 0) return;
    for (const { bytes, stream } of outputs) {
      writer.byte(OUTPUT_STREAMS.indexOf(stream));
      const isTail =
        bytes.buffer === frame.buffer &&
        bytes.byteOffset + bytes.length === frame.byteOffset + frame.length;
      writer.count(isTail ? bytes.length : 0);
      if (!isTail) writer.raw(bytes);
    }
    this.#outputs = [];
  }

  #fill(): void {
    this.#isFull = true;
    this.#close({ kind: 'ended', reason: 'the recording was full' }, [], undefined);
  }

  #close(end: EntryEnd, signals: readonly TakenSignals[], reached: BudgetName | undefined): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    this.#entry = undefined;
    this.#outputs = [];
    const { name, request, fuel, pieces, writer, calls } = entry;
    const bytes = concatenate([...pieces, writer.take()]);
    this.#entries.push({ name, request, fuel, calls, bytes, signals, end, reached });
  }
}

function endOf(end: SessionEnd): EntryEnd {
  switch (end.kind) {
    case 'returned':
      // Unsigned, as a trace has it.
      return { kind: 'returned', status: end.status >>> 0 };
    case 'exit':
      return { kind: 'exit', code: end.code >>> 0 };
    case 'trap':
      return { kind: 'trap' };
    case 'ended':
      return { kind: 'ended', reason: end.reason };
  }
}
