/**
 * The one place where pointers and lengths from the guest are checked. Whatever a call claims,
 * nothing outside the guest's linear memory is read or written: a range that leaves it throws
 * `BadPointer`, which the stub answers with EFAULT.
 */
import { copyBytes } from '../protocol/copy-bytes';
import { type GuestPointer, PAGE_BYTES } from '../protocol/numbers';

export class BadPointer extends Error {
  override readonly name = 'BadPointer';
}

export interface GuestRange {
  readonly start: GuestPointer;
  readonly length: number;
}

/** Of an instance, or of none. */
export type LinearMemory = Pick<WebAssembly.Memory, 'buffer' | 'grow'>;

export class GuestMemory {
  readonly #memory: LinearMemory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: LinearMemory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get linear(): LinearMemory {
    return this.#memory;
  }

  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Throws `RangeError` where that is less than there is, or more than there may be. */
  growTo(pages: number): void {
    this.#memory.grow(pages - this.#memory.buffer.byteLength / PAGE_BYTES);
  }

  /** Both numbers as wasm passes them: any 32 bits, signed or not. */
  range(pointer: number, length: number): GuestRange {
    this.#refresh();
    const start = pointer >>> 0;
    const bytes = length >>> 0;
    if (start + bytes > this.#bytes.length) throw new BadPointer();
    return { start: start as GuestPointer, length: bytes };
  }

  /** A view: valid until the guest runs on. */
  bytes(range: GuestRange): Uint8Array {
    return this.#bytes.subarray(range.start, range.start + range.length);
  }

  /** Copies `bytes[from .. to]` to the range, from `offset` on. */
  put(range: GuestRange, offset: number, bytes: Uint8Array, from: number, to: number): void {
    copyBytes(bytes, from, to, this.#bytes, range.start + offset);
  }

  u32(range: GuestRange, offset = 0): number {
    return this.#view.getUint32(range.start + offset, true);
  }

  setU32(range: GuestRange, value: number, offset = 0): void {
    this.#view.setUint32(range.start + offset, value, true);
  }

  setU16(range: GuestRange, value: number): void {
    this.#view.setUint16(range.start, value, true);
  }

  /** Views die when the memory grows and are empty then; the guest may have grown it since the last call. */
  #refresh(): void {
    if (this.#bytes.length !== 0) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }
}
