/**
 * Which parts of a guest's memory differ from another memory: found by WebAssembly, which is fast the first time, when an
 * engine's JavaScript is not. (A worker may live for one such search.) A module sees one memory here, the guest's: so the other
 * is put, piece by piece, where nobody will read, at the deep end of the guest's stack.
 */
import { BLOCK_BYTES, findParts, isWithin, partsBetween } from '../protocol/memory-image';
import type { LinearMemory } from './guest-memory';

/** Of the other memory at once: as much as is near a core. */
const PIECE_BYTES = 256 * 1024;

/** In binary form (WebAssembly 1.0) what the test beside this file has as text: 184 bytes. */
// biome-ignore format: a line for each instruction or section
const BINARY = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // A type: four numbers, and one back.
  0x01, 0x09, 0x01, 0x60, 0x04, 0x7f, 0x7f, 0x7f, 0x7f, 0x01, 0x7f,
  // An import: memory "e" "m".
  0x02, 0x08, 0x01, 0x01, 0x65, 0x01, 0x6d, 0x02, 0x00, 0x00,
  // A function, exported as "find".
  0x03, 0x02, 0x01, 0x00,
  0x07, 0x08, 0x01, 0x04, 0x66, 0x69, 0x6e, 0x64, 0x00, 0x00,
  // Its code, with two variables: at, end, by, wanted; place, stop.
  0x0a, 0x8a, 0x01, 0x01, 0x87, 0x01, 0x01, 0x02, 0x7f,
  0x03, 0x40, // loop: a block
  0x20, 0x00, 0x20, 0x01, 0x4f, 0x04, 0x40, 0x20, 0x01, 0x0f, 0x0b, // if at >= end: return end
  0x20, 0x00, 0x21, 0x04, // place = at
  0x20, 0x00, 0x41, 0x80, 0x02, 0x6a, 0x21, 0x05, // stop = at + 256
  0x02, 0x40, 0x03, 0x40, // block, loop: 32 bytes
  0x20, 0x04, 0x29, 0x03, 0x00, 0x20, 0x04, 0x20, 0x02, 0x6a, 0x29, 0x03, 0x00, 0x52, 0x0d, 0x01, // leave it where
  0x20, 0x04, 0x29, 0x03, 0x08, 0x20, 0x04, 0x20, 0x02, 0x6a, 0x29, 0x03, 0x08, 0x52, 0x0d, 0x01, // a word at place
  0x20, 0x04, 0x29, 0x03, 0x10, 0x20, 0x04, 0x20, 0x02, 0x6a, 0x29, 0x03, 0x10, 0x52, 0x0d, 0x01, // is not the one
  0x20, 0x04, 0x29, 0x03, 0x18, 0x20, 0x04, 0x20, 0x02, 0x6a, 0x29, 0x03, 0x18, 0x52, 0x0d, 0x01, // at place + by
  0x20, 0x04, 0x41, 0x20, 0x6a, 0x21, 0x04, // place += 32
  0x20, 0x04, 0x20, 0x05, 0x49, 0x0d, 0x00, 0x0b, 0x0b, // again if place < stop
  0x20, 0x04, 0x20, 0x05, 0x49, 0x20, 0x03, 0x46, 0x04, 0x40, // if (place < stop) == wanted:
  0x20, 0x00, 0x0f, 0x0b, // return at
  0x20, 0x05, 0x21, 0x00, 0x0c, 0x00, // at = stop, again
  0x0b, 0x00, 0x0b,
);

/**
 * The first block from `at` on, or `end`, that differs from what is `by` bytes further (`wanted` 1), or does not (0). All
 * are multiples of a block, and where they point is memory.
 */
type Find = (at: number, end: number, by: number, wanted: 0 | 1) => number;

let compiled: WebAssembly.Module | undefined;

/** For the test: what the binary form is said to be. */
export function searchBinary(): Uint8Array {
  return BINARY.slice();
}

/**
 * As `findParts`. `dead`: as there; where it is nothing, as in modules that don't say where their stack is, JavaScript
 * searches.
 */
export function searchParts(
  memory: LinearMemory,
  original: ArrayBufferLike,
  dead: number,
): Uint32Array {
  if (dead < PIECE_BYTES || !(memory instanceof WebAssembly.Memory)) {
    return findParts(memory.buffer, original, dead);
  }
  compiled ??= new WebAssembly.Module(BINARY);
  const { find } = new WebAssembly.Instance(compiled, { e: { m: memory } }).exports as {
    find: Find;
  };
  const bytes = new Uint8Array(memory.buffer);
  const scratch = bytes.subarray(0, PIECE_BYTES);
  const other = new Uint8Array(original);
  const edges: number[] = [];
  const first = Math.floor(dead / BLOCK_BYTES) * BLOCK_BYTES;
  for (let from = first; from < bytes.length; from += PIECE_BYTES) {
    const end = Math.min(from + PIECE_BYTES, bytes.length);
    const piece = other.subarray(from, end);
    scratch.set(piece);
    // Zero where the other memory is over.
    scratch.fill(0, piece.length);
    const next = (at: number): number => find(at, end, -from, isWithin(edges) ? 0 : 1);
    for (let at = next(from); at < end; at = next(at)) edges.push(at);
  }
  scratch.fill(0);
  return partsBetween(edges, bytes.length);
}
