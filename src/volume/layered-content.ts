/**
 * The bytes of a file that lies over a file of another volume: chunks that were changed, and the
 * file below for the rest, as far as it shows.
 */
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Inode, Volume } from './volume';

const CHUNK_BYTES = 64 * 1024;

export class LayeredContent {
  readonly below: Inode;
  readonly #volume: Volume;
  /** How much of the file below shows: what was cut off once stays away. */
  #shown: number;
  readonly #chunks = new Map<number, Uint8Array>();

  constructor(volume: Volume, below: Inode, size: number) {
    this.#volume = volume;
    this.below = below;
    this.#shown = size;
  }

  /** The caller keeps within the file. */
  read(offset: number, length: number): Maybe<Uint8Array> {
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
    const own = this.#chunks.get(first);
    if (own !== undefined && first === last) {
      const start = offset - first * CHUNK_BYTES;
      return own.subarray(start, start + length);
    }
    if (this.#chunks.size === 0 && offset + length <= this.#shown) {
      return this.#volume.read(this.below, offset, length);
    }
    return drive(this.#assemble(offset, length));
  }

  /** Done in steps, as a chunk that is changed in part comes from below first. */
  *write(offset: number, bytes: Uint8Array): Steps<void> {
    const end = offset + bytes.length;
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor((end - 1) / CHUNK_BYTES);
    for (const index of first === last ? [first] : [first, last]) {
      const whole = offset <= index * CHUNK_BYTES && end >= (index + 1) * CHUNK_BYTES;
      if (!whole) yield* this.#own(index);
    }
    for (let done = 0; done < bytes.length; ) {
      const index = Math.floor((offset + done) / CHUNK_BYTES);
      const from = offset + done - index * CHUNK_BYTES;
      const part = Math.min(CHUNK_BYTES - from, bytes.length - done);
      let chunk = this.#chunks.get(index);
      if (chunk === undefined) {
        chunk = new Uint8Array(CHUNK_BYTES);
        this.#chunks.set(index, chunk);
      }
      chunk.set(bytes.subarray(done, done + part), from);
      done += part;
    }
  }

  shrink(size: number): void {
    this.#shown = Math.min(this.#shown, size);
    const kept = Math.ceil(size / CHUNK_BYTES);
    for (const index of this.#chunks.keys()) if (index >= kept) this.#chunks.delete(index);
    this.#chunks.get(kept - 1)?.fill(0, size - (kept - 1) * CHUNK_BYTES);
  }

  /** Takes all of it into memory, so that the file below may go. */
  *absorb(size: number): Steps<void> {
    for (let index = 0; index * CHUNK_BYTES < size; index++) yield* this.#own(index);
  }

  /** What differs from the file below, for writing it there. */
  *differences(size: number): Generator<{ offset: number; bytes: Uint8Array }> {
    for (const [index, chunk] of this.#chunks) {
      const offset = index * CHUNK_BYTES;
      yield { offset, bytes: chunk.subarray(0, Math.min(CHUNK_BYTES, size - offset)) };
    }
  }

  get shown(): number {
    return this.#shown;
  }

  *#own(index: number): Steps<Uint8Array> {
    const offset = index * CHUNK_BYTES;
    const length = Math.min(CHUNK_BYTES, this.#shown - offset);
    const known = this.#chunks.get(index);
    if (known !== undefined) return known;
    const chunk = new Uint8Array(CHUNK_BYTES);
    if (length > 0) chunk.set(yield* settle(this.#volume.read(this.below, offset, length)));
    // Another writer may have been faster.
    const faster = this.#chunks.get(index);
    if (faster !== undefined) return faster;
    this.#chunks.set(index, chunk);
    return chunk;
  }

  *#assemble(offset: number, length: number): Steps<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = offset + done;
      const index = Math.floor(at / CHUNK_BYTES);
      const part = Math.min((index + 1) * CHUNK_BYTES - at, length - done);
      const own = this.#chunks.get(index);
      const shown = Math.min(part, this.#shown - at);
      if (own !== undefined) {
        const from = at - index * CHUNK_BYTES;
        bytes.set(own.subarray(from, from + part), done);
      } else if (shown > 0) {
        bytes.set(yield* settle(this.#volume.read(this.below, at, shown)), done);
      }
      done += part;
    }
    return bytes;
  }
}
