/** Numbers, text and checksums in the bytes of a stored record. All of it little-endian. */

/** Bytes that do not hold what they should. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class RecordWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#used);
  }

  /** What was written from `start` on: valid until more is written. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#used);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#used++] = value;
  }

  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
  }

  setU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  i64(value: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#used, value, true);
    this.#used += 8;
  }

  /** A count: seven bits a byte, the lowest first. */
  count(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used++] = rest;
  }

  text(value: string): void {
    this.#room(8 + value.length * 3);
    // The length goes before the text and is known only after it: a short text's takes one byte.
    if (value.length * 3 < 0x80) {
      const { written } = utf8.encodeInto(value, this.#bytes.subarray(this.#used + 1));
      this.#bytes[this.#used] = written;
      this.#used += 1 + written;
    } else this.raw(utf8.encode(value));
  }

  /** Bytes with their length before them. */
  raw(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.append(bytes);
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

export class RecordReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new RecordError('a count that is too large');
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    try {
      return text.decode(this.raw());
    } catch {
      throw new RecordError('text that is not UTF-8');
    }
  }

  raw(): Uint8Array {
    return this.bytes(this.count());
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new RecordError('a record that is cut off');
    this.#at += length;
    return at;
  }
}

/**
 * Finds damage, not malice, at the speed of memory: four lanes of words, which the processor works
 * on at once; a CRC would cost more than all the rest of writing a chunk.
 */
export function checksum(bytes: Uint8Array): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  let [a, b, c, d] = [bytes.length | 0, 0x3c6ef372, 0x1b873593, 0x2545f491];
  let at = 0;
  for (const end = words.length - 3; at < end; at += 4) {
    a = Math.imul(a ^ wordAt(words, at), 0x9e3779b1);
    b = Math.imul(b ^ wordAt(words, at + 1), 0x85ebca77);
    c = Math.imul(c ^ wordAt(words, at + 2), 0xc2b2ae3d);
    d = Math.imul(d ^ wordAt(words, at + 3), 0x27d4eb2f);
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  for (; at < words.length; at++) a = mix(a, wordAt(words, at));
  for (let index = words.length * 4; index < aligned.length; index++) {
    b = mix(b, aligned[index] ?? 0);
  }
  return mix(mix(mix(a, b), c), d) >>> 0;
}

function mix(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** The index is within bounds: the checker can't see it, and a `?? 0` costs nothing. */
function wordAt(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
