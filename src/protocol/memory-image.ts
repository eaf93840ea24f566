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
const BLOCK_BYTES = 256;
const WORD_BYTES = 4;
const BLOCK_WORDS = BLOCK_BYTES / WORD_BYTES;

/**
 * What differs in `memory` from `original`, which is no larger, and zero where it is smaller. Of its first `dead`
 * bytes nobody will read what is there.
 */
export function captureMemory(
  memory: ArrayBufferLike,
  original: ArrayBufferLike,
  dead = 0,
): MemoryImage {
  const from = Math.floor(dead / BLOCK_BYTES) * BLOCK_WORDS;
  // Not as 64-bit words, which are big numbers to an engine and take four times as long.
  const parts = findParts(new Int32Array(memory), new Int32Array(original), from);
  return { pages: memory.byteLength / PAGE_BYTES, parts, bytes: bytesAt(parts, memory) };
}

/** What makes `memory` what `original` is: its own size stays, and what is beyond becomes zero. */
export function differenceBack(memory: ArrayBufferLike, original: ArrayBufferLike): MemoryImage {
  const parts = findParts(new Int32Array(memory), new Int32Array(original), 0);
  return { pages: memory.byteLength / PAGE_BYTES, parts, bytes: bytesAt(parts, original) };
}

/** What lies there; zeros where the memory is over. */
function bytesAt(parts: Uint32Array, memory: ArrayBufferLike): Uint8Array {
  const all = new Uint8Array(memory);
  let total = 0;
  for (let index = 1; index < parts.length; index += 2) total += parts[index] ?? 0;
  const bytes = new Uint8Array(total);
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

/** The image in memory that workers read in place, where the page has such: elsewhere each gets a copy. */
export function shareImage<T extends MemoryImage>(image: T): T {
  if (!('SharedArrayBuffer' in globalThis) || globalThis.crossOriginIsolated === false)
    return image;
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

function findParts(words: Int32Array, original: Int32Array, from: number): Uint32Array {
  const parts: number[] = [];
  let start = -1;
  for (let block = from; block < words.length; block += BLOCK_WORDS) {
    if (differs(words, original, block)) {
      if (start < 0) start = block;
    } else if (start >= 0) {
      parts.push(start * WORD_BYTES, (block - start) * WORD_BYTES);
      start = -1;
    }
  }
  if (start >= 0) parts.push(start * WORD_BYTES, (words.length - start) * WORD_BYTES);
  return Uint32Array.from(parts);
}

/** Four words at a time and no branch between them: engines take two thirds of the time. */
function differs(words: Int32Array, original: Int32Array, from: number): boolean {
  const end = from + BLOCK_WORDS;
  let difference = 0;
  for (let at = from; at < end; at += 4) {
    difference |=
      (word(words, at) ^ word(original, at)) |
      (word(words, at + 1) ^ word(original, at + 1)) |
      (word(words, at + 2) ^ word(original, at + 2)) |
      (word(words, at + 3) ^ word(original, at + 3));
  }
  return difference !== 0;
}

/** Zero where the memory is over. */
function word(words: Int32Array, at: number): number {
  return words[at] ?? 0;
}
