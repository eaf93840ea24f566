/**
 * The content of a trace as bytes. Numbers, text and bytes are as in the records of volumes; lists start with how many
 * they have:
 *
 *     the guest's memory, as in the state of a sandbox
 *     list of text: the host calls that there are, by number, as `path_open(fd fd, u32 lookup, …) u32`
 *     list of entries: byte name, request as bytes, byte 1 and count fuel, or byte 0 (no end of it)
 *         count of calls, the calls as bytes (as `CallReader` reads them)
 *         list of signals: count fuel, count calls, u32 signals
 *         byte end (0 returned, 1 exit: count code; 2 trap; 3 ended: text why)
 *         byte limit that was reached (0: none)
 */
import type { MemoryImage } from '../protocol/memory-image';
import { hostCallNames, hostCalls } from '../protocol/table';
import { RecordError, RecordReader, RecordWriter } from '../volume/record-bytes';
import { oneOf, readList, readMemory, writeList, writeMemory } from './state-bytes';
import { CallReader, ENTRY_NAMES, type EntryEnd, type TraceEntry } from './trace-entry';
import { type BudgetName, NOTHING_USED } from './watchdog';

export interface TraceContent {
  readonly memory: MemoryImage;
  /** By the trace's number of a host call, ours. */
  readonly numbers: readonly number[];
  readonly entries: readonly TraceEntry[];
}

/** Calls of this library that a trace names otherwise than by what they are today. */
export class UnknownCallError extends Error {}

const END_KINDS = ['returned', 'exit', 'trap', 'ended'] as const;

const LIMITS: readonly (BudgetName | undefined)[] = [
  undefined,
  ...(Object.keys(NOTHING_USED) as BudgetName[]),
];

const MAX_STATUS = 2 ** 32 - 1;
const MAX_ERRNO = 0xffff;

/** What a call is, so that no other of its name or number is taken for it. */
const shapes: readonly string[] = hostCallNames.map((name) => {
  const { args, result } = hostCalls[name];
  const list = Object.entries(args).map(([key, kind]) => `${kind} ${key}`);
  return `${name}(${list.join(', ')}) ${result}`;
});

export const OWN_NUMBERS: readonly number[] = shapes.map((_, number) => number);

export function encodeTrace({ memory, numbers, entries }: TraceContent): Uint8Array<ArrayBuffer> {
  const writer = new RecordWriter();
  writeMemory(writer, memory);
  writeList(writer, numbers, (number) => writer.text(shapes[number] ?? ''));
  writeList(writer, entries, (entry) => writeEntry(writer, entry));
  return writer.take();
}

function writeEntry(writer: RecordWriter, entry: TraceEntry): void {
  writer.byte(ENTRY_NAMES.indexOf(entry.name));
  writer.raw(entry.request);
  writer.byte(Number.isFinite(entry.fuel) ? 1 : 0);
  if (Number.isFinite(entry.fuel)) writer.count(entry.fuel);
  writer.count(entry.calls);
  writer.raw(entry.bytes);
  writeList(writer, entry.signals, ({ fuel, calls, signals }) => {
    writer.count(fuel);
    writer.count(calls);
    writer.u32(signals);
  });
  const { end, reached } = entry;
  writer.byte(END_KINDS.indexOf(end.kind));
  if (end.kind === 'returned') writer.count(end.status);
  if (end.kind === 'exit') writer.count(end.code);
  if (end.kind === 'ended') writer.text(end.reason);
  writer.byte(LIMITS.indexOf(reached));
}

/** Throws `RecordError` or `RangeError` for what no trace is encoded as, `UnknownCallError`. */
export function decodeTrace(bytes: Uint8Array): TraceContent {
  const reader = new RecordReader(bytes);
  const memory = readMemory(reader);
  const names = readList(reader, () => reader.text());
  const numbers = names.map((shape) => shapes.indexOf(shape));
  const entries = readList(reader, () => readEntry(reader, names.length));
  if (reader.left > 0) throw new RecordError(`${reader.left} bytes too many`);
  const used = new Set(entries.flatMap(({ numbersUsed }) => [...numbersUsed]));
  const unknown = [...used].find((number) => (numbers[number] ?? -1) < 0);
  if (unknown !== undefined) throw new UnknownCallError(names[unknown]);
  return { memory, numbers, entries: entries.map(({ entry }) => entry) };
}

interface ReadEntry {
  readonly entry: TraceEntry;
  readonly numbersUsed: ReadonlySet<number>;
}

function readEntry(reader: RecordReader, mostNumber: number): ReadEntry {
  const name = oneOf(ENTRY_NAMES, reader.byte());
  const request = reader.raw();
  const fuel = reader.byte() === 0 ? Number.POSITIVE_INFINITY : reader.count();
  const calls = reader.count();
  const bytes = reader.raw();
  const numbersUsed = checkCalls(bytes, calls, mostNumber);
  const signals = readList(reader, () => {
    return { fuel: reader.count(), calls: reader.count(), signals: reader.u32() };
  });
  if (signals.some((one, index) => one.fuel < (signals[index - 1]?.fuel ?? 0))) {
    throw new RecordError('signals that are not in order');
  }
  const end = readEnd(reader);
  const limit = reader.byte();
  if (limit >= LIMITS.length) throw new RecordError(`${limit} is no limit`);
  const reached = LIMITS[limit];
  return { entry: { name, request, fuel, calls, bytes, signals, end, reached }, numbersUsed };
}

/** All of them, before the first is used. */
function checkCalls(bytes: Uint8Array, calls: number, mostNumber: number): Set<number> {
  const numbers = new Set<number>();
  const reader = new CallReader(bytes);
  let found = 0;
  for (; reader.left > 0; found++) {
    const { number, args, errno, payload, outputs } = reader.next();
    if (number >= mostNumber) throw new RecordError(`${number} is no host call`);
    if (errno > MAX_ERRNO || (errno !== 0 && payload.length > 0)) {
      throw new RecordError('an answer that can not be');
    }
    if (outputs.some(({ tail }) => tail > args.length)) {
      throw new RecordError('output that was not written');
    }
    numbers.add(number);
  }
  if (found !== calls) throw new RecordError(`${found} calls instead of ${calls}`);
  return numbers;
}

function readEnd(reader: RecordReader): EntryEnd {
  const kind = oneOf(END_KINDS, reader.byte());
  switch (kind) {
    case 'returned':
      return { kind, status: readStatus(reader) };
    case 'exit':
      return { kind, code: readStatus(reader) };
    case 'trap':
      return { kind };
    case 'ended':
      return { kind, reason: reader.text() };
  }
}

function readStatus(reader: RecordReader): number {
  const status = reader.count();
  if (status > MAX_STATUS) throw new RecordError(`${status} is no status`);
  return status;
}
