/** A guest's linear memory between two entries, which is all there is of the guest in its worker. */
import { PAGE_BYTES } from './numbers';

/** What differs from a memory as a start makes it. */
export interface MemoryImage {
  /** Size of the memory. */
  readonly pages: number;
  /** Pairs in ascending order: where a part starts, and how many bytes it has. */
  readonly parts: Uint32Array;
  /** The parts, one behind the other. */
  readonly bytes: Uint8Array;
}

/** What every guest of a build can be made from. */
export interface BaseImage extends MemoryImage {
  /** Names this very image: what differs from it fits to no other. */
  readonly id: string;
}

/** A part begins and ends with a multiple of it. */
export const BLOCK_BYTES = 256;
const WORD_BYTES = 8;
const BLOCK_WORDS = BLOCK_BYTES / WORD_BYTES;

/**
 * What is at those parts of a memory: what differs there from another one. `shares`: the image's bytes lie where workers can
 * read them in place.
 */
export function captureMemory(
  memory: ArrayBufferLike,
  parts: Uint32Array,
  shares = false,
): MemoryImage {
  return { pages: memory.byteLength / PAGE_BYTES, parts, bytes: bytesAt(parts, memory, shares) };
}

/** What makes `memory`, which differs there, what `original` is: its size stays, and what is beyond becomes zero. */
export function differenceBack(
  memory: ArrayBufferLike,
  original: ArrayBufferLike,
  parts: Uint32Array,
): MemoryImage {
  return { pages: memory.byteLength / PAGE_BYTES, parts, bytes: bytesAt(parts, original, false) };
}

/** What lies there; zeros where the memory is over. */
function bytesAt(parts: Uint32Array, memory: ArrayBufferLike, shares: boolean): Uint8Array {
  const all = new Uint8Array(memory);
  let total = 0;
  for (let index = 1; index < parts.length; index += 2) total += parts[index] ?? 0;
  const bytes = new Uint8Array(shares ? new SharedArrayBuffer(total) : new ArrayBuffer(total));
  for (const { start, from, length } of placesOf(parts)) {
    bytes.set(all.subarray(start, start + length), from);
  }
  return bytes;
}

/** `memory` is as large as the image says, and else as the one that it was compared with. */
export function restoreMemory({ parts, bytes }: MemoryImage, memory: ArrayBufferLike): void {
  const all = new Uint8Array(memory);
  for (const { start, from, length } of placesOf(parts)) {
    all.set(bytes.subarray(from, from + length), start);
  }
}

/** As much of the memory as is not zero, where workers can read it in place. */
export function sharedOriginal(memory: ArrayBuffer): SharedArrayBuffer {
  const words = new BigInt64Array(memory);
  let used = words.length;
  while (used > 0 && !isUsed(words, used - BLOCK_WORDS)) used -= BLOCK_WORDS;
  let from = 0;
  while (from < used && !isUsed(words, from)) from += BLOCK_WORDS;
  const shared = new SharedArrayBuffer(used * WORD_BYTES);
  // Where nothing is written, an engine has no memory either.
  new BigInt64Array(shared).set(words.subarray(from, used), from);
  return shared;
}

/** Whether this page has memory that its workers can read in place. Node has, and says nothing of it. */
export function canShare(): boolean {
  return 'SharedArrayBuffer' in globalThis && globalThis.crossOriginIsolated !== false;
}

/** The image in memory that workers read in place, where the page has such: elsewhere each gets a copy. */
export function shareImage<T extends MemoryImage>(image: T): T {
  if (!canShare() || image.bytes.buffer instanceof SharedArrayBuffer) return image;
  const bytes = new Uint8Array(new SharedArrayBuffer(image.bytes.length));
  bytes.set(image.bytes);
  return { ...image, bytes };
}

interface Place {
  /** In memory. */
  readonly start: number;
  /** In the image's bytes. */
  readonly from: number;
  readonly length: number;
}

function* placesOf(parts: Uint32Array): Iterable<Place> {
  let from = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, length = 0] = [parts[index], parts[index + 1]];
    yield { start, from, length };
    from += length;
  }
}

/**
 * Where a memory differs from another one, which is no larger, and zero where it is smaller: pairs as in an image. Of the first
 * `dead` bytes nobody will read what is there.
 */
export function findParts(
  memory: ArrayBufferLike,
  original: ArrayBufferLike,
  dead = 0,
): Uint32Array {
  const [words, others] = [new BigInt64Array(memory), new BigInt64Array(original)];
  const edges: number[] = [];
  const note = (block: number, isPart: boolean): void => {
    if (isPart !== isWithin(edges)) edges.push(block * WORD_BYTES);
  };
  const known = Math.min(words.length, others.length);
  let block = Math.floor(dead / BLOCK_BYTES) * BLOCK_WORDS;
  for (; block < known; block += BLOCK_WORDS) note(block, differs(words, others, block));
  for (; block < words.length; block += BLOCK_WORDS) note(block, isUsed(words, block));
  return partsBetween(edges, memory.byteLength);
}

/** Whether the last of the places where a part begins and ends, in turn, is where one begins. */
export function isWithin(edges: readonly number[]): boolean {
  return edges.length % 2 === 1;
}

/** The parts that begin and end there, the last one at the memory's end if nowhere else. */
export function partsBetween(edges: readonly number[], memoryBytes: number): Uint32Array {
  const all = isWithin(edges) ? [...edges, memoryBytes] : edges;
  return Uint32Array.from(all, (edge, index) =>
    index % 2 === 0 ? edge : edge - (all[index - 1] ?? 0),
  );
}

/** By `!==` alone: of all else that is done with 64-bit words, engines make big numbers. */
function differs(words: BigInt64Array, original: BigInt64Array, from: number): boolean {
  for (let at = from; at < from + BLOCK_WORDS; at++) {
    if (words[at] !== original[at]) return true;
  }
  return false;
}

/** Whether it differs from zeros. */
function isUsed(words: BigInt64Array, from: number): boolean {
  for (let at = from; at < from + BLOCK_WORDS; at++) {
    if (words[at] !== 0n) return true;
  }
  return false;
}
