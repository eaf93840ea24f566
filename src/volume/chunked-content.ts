/**
 * The bytes of one file in memory, in chunks: a large file grows without being copied, and a gap
 * that nothing was written to takes no room. What a chunk does not hold (yet) is zeros. A read within
 * one chunk needs no memory of its own, so a chunk is as long as what one host call may move.
 */
import { assemble } from './assemble';
import type { SpareChunks } from './spare-chunks';
import { newMemory } from './volume';

const CHUNK_BYTES = 1024 * 1024;

export class ChunkedContent {
  /** By place. A map, as an array with large gaps is slow to cut off. */
  readonly #chunks = new Map<number, Uint8Array>();
  readonly #onHeld: (more: number) => void;
  readonly #spare: SpareChunks | undefined;
  #heldBytes = 0;

  /**
   * `onHeld` hears how much more or less memory it takes than before; `spare` gives whole chunks and gets
   * them back.
   */
  constructor(onHeld: (more: number) => void = () => undefined, spare?: SpareChunks) {
    this.#onHeld = onHeld;
    this.#spare = spare;
  }

  /** Memory that it takes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How much more memory a write there takes. */
  growth(offset: number, length: number): number {
    let more = 0;
    for (let done = 0; done < length; ) {
      const index = Math.floor((offset + done) / CHUNK_BYTES);
      const from = offset + done - index * CHUNK_BYTES;
      const part = Math.min(CHUNK_BYTES - from, length - done);
      const held = this.#chunks.get(index)?.length ?? 0;
      if (held < from + part) more += grownLength(from + part, held) - held;
      done += part;
    }
    return more;
  }

  /** A view where one chunk holds it all, put together otherwise. The caller keeps within the file. */
  read(offset: number, length: number, scratch = newMemory): Uint8Array {
    const first = Math.floor(offset / CHUNK_BYTES);
    const start = offset - first * CHUNK_BYTES;
    const chunk = this.#chunks.get(first);
    if (chunk && start + length <= chunk.length) return chunk.subarray(start, start + length);

    const bytes = scratch(length);
    assemble(bytes, offset, CHUNK_BYTES, (index) => this.#chunks.get(index));
    return bytes;
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const index = Math.floor((offset + done) / CHUNK_BYTES);
      const from = offset + done - index * CHUNK_BYTES;
      const part = Math.min(CHUNK_BYTES - from, bytes.length - done);
      const whole = part === bytes.length;
      this.#grown(index, from + part).set(whole ? bytes : bytes.subarray(done, done + part), from);
      done += part;
    }
  }

  /** What was past the end must read as zeros if the file grows again. */
  shrink(size: number): void {
    const kept = Math.ceil(size / CHUNK_BYTES);
    let freed = 0;
    for (const [index, chunk] of this.#chunks) {
      if (index < kept) continue;
      freed += chunk.length;
      this.#chunks.delete(index);
      if (chunk.length === CHUNK_BYTES) this.#spare?.give(chunk);
    }
    this.#hold(-freed);
    const last = this.#chunks.get(kept - 1);
    if (last) last.fill(0, size - (kept - 1) * CHUNK_BYTES);
  }

  #grown(index: number, needed: number): Uint8Array {
    const chunk = this.#chunks.get(index);
    if (chunk && chunk.length >= needed) return chunk;
    const held = chunk?.length ?? 0;
    const length = grownLength(needed, held);
    const spare = length === CHUNK_BYTES ? this.#spare?.take() : undefined;
    const bytes = spare ?? new Uint8Array(length);
    if (chunk) bytes.set(chunk);
    this.#chunks.set(index, bytes);
    this.#hold(bytes.length - held);
    return bytes;
  }

  #hold(more: number): void {
    this.#heldBytes += more;
    this.#onHeld(more);
  }
}

function grownLength(needed: number, held: number): number {
  return Math.min(CHUNK_BYTES, Math.max(needed, 2 * held));
}
