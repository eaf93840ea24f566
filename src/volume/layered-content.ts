/**
 * The bytes of a file that lies over a file of another volume: chunks that were changed, and the
 * file below for the rest, as far as it shows. A chunk is as long as it has to be: what lies beyond
 * it, and beyond what shows of the file below, is zeros.
 */
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Inode, Scratch, Volume } from './volume';

const CHUNK_BYTES = 64 * 1024;

export class LayeredContent {
  readonly below: Inode;
  readonly #volume: Volume;
  /** How much of the file below shows: what was cut off once stays away. */
  #shown: number;
  readonly #chunks = new Map<number, Uint8Array>();
  readonly #onHeld: (more: number) => void;
  #heldBytes = 0;

  /** `onHeld` hears how much more or less memory it takes than before. */
  constructor(volume: Volume, below: Inode, size: number, onHeld: (more: number) => void) {
    this.#volume = volume;
    this.below = below;
    this.#shown = size;
    this.#onHeld = onHeld;
  }

  get shown(): number {
    return this.#shown;
  }

  /** Memory that its chunks take. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How much more memory a write there takes. */
  growth(offset: number, length: number): number {
    let more = 0;
    for (let done = 0; done < length; ) {
      const { index, from, part } = placeOf(offset + done, length - done);
      const held = this.#chunks.get(index)?.length ?? 0;
      more += Math.max(0, this.#grownLength(index, from + part) - held);
      done += part;
    }
    return more;
  }

  /** How much more memory `absorb` takes. */
  absorbing(): number {
    let more = 0;
    for (let index = 0; index * CHUNK_BYTES < this.#shown; index++) {
      if (!this.#chunks.has(index)) more += this.#shownOf(index);
    }
    return more;
  }

  /** As a volume reads. The caller keeps within the file. */
  read(offset: number, length: number, scratch: Scratch): Maybe<Uint8Array> {
    const { index, from, part } = placeOf(offset, length);
    const own = this.#chunks.get(index);
    if (own !== undefined && part === length && from + length <= own.length) {
      return own.subarray(from, from + length);
    }
    if (this.#chunks.size === 0 && offset + length <= this.#shown) {
      return this.#volume.read(this.below, offset, length, scratch);
    }
    return drive(this.#assemble(offset, length));
  }

  /** Done in steps, as a chunk that is changed in part comes from below first. */
  *write(offset: number, bytes: Uint8Array): Steps<void> {
    const { length } = bytes;
    // Nothing is changed before all that is needed from below is there.
    for (let done = 0; done < length; ) {
      const { index, from, part } = placeOf(offset + done, length - done);
      const whole = from === 0 && part >= this.#shownOf(index);
      if (!whole) yield* this.#own(index);
      done += part;
    }
    for (let done = 0; done < length; ) {
      const { index, from, part } = placeOf(offset + done, length - done);
      this.#grown(index, from + part).set(bytes.subarray(done, done + part), from);
      done += part;
    }
  }

  shrink(size: number): void {
    this.#shown = Math.min(this.#shown, size);
    const kept = Math.ceil(size / CHUNK_BYTES);
    for (const [index, { length }] of this.#chunks) {
      if (index < kept) continue;
      this.#chunks.delete(index);
      this.#hold(-length);
    }
    this.#chunks.get(kept - 1)?.fill(0, size - (kept - 1) * CHUNK_BYTES);
  }

  /** Takes all of it into memory, so that the file below may go. */
  *absorb(): Steps<void> {
    for (let index = 0; index * CHUNK_BYTES < this.#shown; index++) yield* this.#own(index);
    this.#shown = 0;
  }

  /** What differs from the file below, for writing it there. */
  *differences(size: number): Generator<{ offset: number; bytes: Uint8Array }> {
    for (const [index, chunk] of this.#chunks) {
      const offset = index * CHUNK_BYTES;
      yield { offset, bytes: chunk.subarray(0, Math.min(chunk.length, size - offset)) };
    }
  }

  /** How much of the file below shows in a chunk. */
  #shownOf(index: number): number {
    return Math.max(0, Math.min(CHUNK_BYTES, this.#shown - index * CHUNK_BYTES));
  }

  *#own(index: number): Steps<void> {
    if (this.#chunks.has(index)) return;
    const length = this.#shownOf(index);
    if (length === 0) return;
    const offset = index * CHUNK_BYTES;
    const shown = yield* settle(this.#volume.read(this.below, offset, length));
    // Another writer may have been faster, or have cut the file off.
    if (this.#chunks.has(index)) return;
    this.#grown(index, Math.min(length, this.#shownOf(index))).set(
      shown.subarray(0, this.#shownOf(index)),
    );
  }

  #grown(index: number, needed: number): Uint8Array {
    const chunk = this.#chunks.get(index);
    if (chunk && chunk.length >= needed) return chunk;
    const bytes = new Uint8Array(this.#grownLength(index, needed));
    if (chunk) bytes.set(chunk);
    this.#chunks.set(index, bytes);
    this.#hold(bytes.length - (chunk?.length ?? 0));
    return bytes;
  }

  #hold(more: number): void {
    this.#heldBytes += more;
    this.#onHeld(more);
  }

  /** Twice as long as before if it grows, so that many small writes do not copy it each time. */
  #grownLength(index: number, needed: number): number {
    const held = this.#chunks.get(index)?.length ?? 0;
    if (needed <= held) return held;
    return Math.min(CHUNK_BYTES, Math.max(needed, this.#shownOf(index), 2 * held));
  }

  *#assemble(offset: number, length: number): Steps<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = offset + done;
      const { index, from, part } = placeOf(at, length - done);
      const own = this.#chunks.get(index);
      const shown = Math.min(part, this.#shown - at);
      if (own !== undefined) bytes.set(own.subarray(from, from + part), done);
      else if (shown > 0) {
        bytes.set(yield* settle(this.#volume.read(this.below, at, shown)), done);
      }
      done += part;
    }
    return bytes;
  }
}

/** The chunk that a place is in, where in it, and how much of a length is in it. */
function placeOf(at: number, length: number): { index: number; from: number; part: number } {
  const index = Math.floor(at / CHUNK_BYTES);
  const from = at - index * CHUNK_BYTES;
  return { index, from, part: Math.min(CHUNK_BYTES - from, length) };
}
