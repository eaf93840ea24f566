/**
 * Values between page and guest, in Python's `marshal` format, version 2: a small closed set of
 * types, written and read by C code in the guest. (Source of the format: CPython, Python/marshal.c.)
 *
 *     Python                    JavaScript
 *     None                      null
 *     bool                      boolean
 *     int                       number when it is a safe integer, bigint otherwise
 *     float                     number
 *     str                       string
 *     bytes                     Uint8Array
 *     list, tuple               Array
 *     dict                      Map
 *     set, frozenset            Set
 *
 * From JavaScript, a whole number that is a safe integer becomes an int (other numbers a float),
 * an Array a list, and a plain object a dict with its own enumerable string keys.
 */
import { ValueError } from '../errors';

export type GuestValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly GuestValue[]
  | ReadonlyMap<GuestValue, GuestValue>
  | ReadonlySet<GuestValue>
  | { readonly [key: string]: GuestValue };

export interface MarshalLimits {
  readonly maxDepth: number;
  /** Values in one message, containers and their contents each counted. */
  readonly maxValues: number;
}

const DEFAULT_LIMITS: MarshalLimits = { maxDepth: 100, maxValues: 1_000_000 };

const DIGIT_BITS = 15n;
const DIGIT_MASK = 0x7fffn;
const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

const tag = (letter: string): number => letter.charCodeAt(0);
const NONE = tag('N');
const TRUE = tag('T');
const FALSE = tag('F');
const INT = tag('i');
const LONG = tag('l');
const FLOAT = tag('g');
const BYTES = tag('s');
const TEXT = tag('u');
const TUPLE = tag('(');
const LIST = tag('[');
const DICT = tag('{');
const DICT_END = tag('0');
const SET = tag('<');
const FROZEN_SET = tag('>');

/** Cycles and other things that can't be marshalled throw `ValueError`. */
export function marshal(value: GuestValue, limits: MarshalLimits = DEFAULT_LIMITS): Uint8Array {
  const writer = new Writer(limits);
  writer.value(value, 0);
  return writer.finish();
}

/** `bytes` are the guest's: anything that is not one whole value throws `ValueError`. */
export function unmarshal(bytes: Uint8Array, limits: MarshalLimits = DEFAULT_LIMITS): GuestValue {
  const reader = new Reader(bytes, limits);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #values = 0;
  readonly #limits: MarshalLimits;

  constructor(limits: MarshalLimits) {
    this.#limits = limits;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  value(value: GuestValue, depth: number): void {
    if (depth > this.#limits.maxDepth) throw new ValueError('nested too deeply, or a cycle');
    if (++this.#values > this.#limits.maxValues) throw new ValueError('too many values');
    if (value === null) return this.#byte(NONE);
    switch (typeof value) {
      case 'boolean':
        return this.#byte(value ? TRUE : FALSE);
      case 'number':
        // -0 is a float: an int would lose its sign.
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.#integer(value);
        return this.#float(value);
      case 'bigint':
        return this.#long(value);
      case 'string':
        return this.#blob(TEXT, encodeText(value));
      case 'object':
        return this.#object(value, depth);
      default:
        throw new ValueError(`a ${typeof value} can't be given to the guest`);
    }
  }

  #object(value: object, depth: number): void {
    if (value instanceof Uint8Array) return this.#blob(BYTES, value);
    if (Array.isArray(value)) {
      this.#sized(LIST, value.length);
      for (const item of value as GuestValue[]) this.value(item, depth + 1);
      return;
    }
    if (value instanceof Set) {
      this.#sized(SET, value.size);
      for (const item of value as Set<GuestValue>) this.value(item, depth + 1);
      return;
    }
    const entries = value instanceof Map ? value : plainEntries(value);
    this.#byte(DICT);
    for (const [key, item] of entries as Iterable<[GuestValue, GuestValue]>) {
      this.value(key, depth + 1);
      this.value(item, depth + 1);
    }
    this.#byte(DICT_END);
  }

  #integer(value: number): void {
    if (value < INT32_MIN || value > INT32_MAX) return this.#long(BigInt(value));
    this.#byte(INT);
    this.#reserve(4);
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  #long(value: bigint): void {
    const digits: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= DIGIT_BITS) {
      digits.push(Number(rest & DIGIT_MASK));
    }
    this.#byte(LONG);
    this.#reserve(4 + digits.length * 2);
    this.#view.setInt32(this.#length, value < 0n ? -digits.length : digits.length, true);
    this.#length += 4;
    for (const digit of digits) {
      this.#view.setUint16(this.#length, digit, true);
      this.#length += 2;
    }
  }

  #float(value: number): void {
    this.#byte(FLOAT);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #blob(kind: number, bytes: Uint8Array): void {
    this.#sized(kind, bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #sized(kind: number, size: number): void {
    if (size > INT32_MAX) throw new ValueError('too large for the guest');
    this.#byte(kind);
    this.#reserve(4);
    this.#view.setUint32(this.#length, size, true);
    this.#length += 4;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function plainEntries(value: object): [string, GuestValue][] {
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ValueError(`a ${value.constructor.name} can't be given to the guest`);
  }
  return Object.entries(value) as [string, GuestValue][];
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: MarshalLimits;
  #offset = 0;
  #values = 0;

  constructor(bytes: Uint8Array, limits: MarshalLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
  }

  expectEnd(): void {
    if (this.#offset !== this.#bytes.length) throw new ValueError('bytes after the value');
  }

  value(depth: number): GuestValue {
    if (depth > this.#limits.maxDepth) throw new ValueError('nested too deeply');
    if (++this.#values > this.#limits.maxValues) throw new ValueError('too many values');
    const kind = this.#bytes[this.#take(1)] ?? 0;
    switch (kind) {
      case NONE:
        return null;
      case TRUE:
        return true;
      case FALSE:
        return false;
      case INT:
        return this.#view.getInt32(this.#take(4), true);
      case LONG:
        return this.#long();
      case FLOAT:
        return this.#view.getFloat64(this.#take(8), true);
      case BYTES:
        return this.#blob().slice();
      case TEXT:
        return decodeText(this.#blob());
      case TUPLE:
      case LIST:
        return this.#items(depth);
      case SET:
      case FROZEN_SET:
        return new Set(this.#items(depth));
      case DICT:
        return this.#dict(depth);
      default:
        throw new ValueError(`unknown kind of value ${kind}`);
    }
  }

  #dict(depth: number): Map<GuestValue, GuestValue> {
    const dict = new Map<GuestValue, GuestValue>();
    while (this.#bytes[this.#take(1)] !== DICT_END) {
      this.#offset--;
      const key = this.value(depth + 1);
      dict.set(key, this.value(depth + 1));
    }
    return dict;
  }

  /** Grows with what is really there: the declared length is only a claim. */
  #items(depth: number): GuestValue[] {
    const count = this.#view.getUint32(this.#take(4), true);
    const items: GuestValue[] = [];
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
    return items;
  }

  #long(): number | bigint {
    const size = this.#view.getInt32(this.#take(4), true);
    const count = Math.abs(size);
    const start = this.#take(count * 2);
    // Through hexadecimal text: shifting a growing bigint digit by digit would take square time.
    let bits = '';
    for (let index = count - 1; index >= 0; index--) {
      const digit = this.#view.getUint16(start + index * 2, true);
      if (digit > Number(DIGIT_MASK)) throw new ValueError('a digit out of range');
      bits += digit.toString(2).padStart(Number(DIGIT_BITS), '0');
    }
    const magnitude = bits === '' ? 0n : BigInt(`0b${bits}`);
    const value = size < 0 ? -magnitude : magnitude;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #blob(): Uint8Array {
    const length = this.#view.getUint32(this.#take(4), true);
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #take(bytes: number): number {
    const start = this.#offset;
    if (start + bytes > this.#bytes.length) throw new ValueError('cut short');
    this.#offset = start + bytes;
    return start;
  }
}

const utf8Encoder = new TextEncoder();

/** UTF-8 with lone surrogates let through, as Python's `surrogatepass` has them. */
function encodeText(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return utf8Encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      bytes.push(...utf8Encoder.encode(character));
    }
  }
  return Uint8Array.from(bytes);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes);
  }
}

function decodeWithSurrogates(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let start = 0;
  const flush = (end: number): void => {
    try {
      text += decoder.decode(bytes.subarray(start, end));
    } catch {
      throw new ValueError('text that is not UTF-8');
    }
  };
  for (let index = 0; index + 2 < bytes.length; index++) {
    const [first, second, third] = [bytes[index], bytes[index + 1], bytes[index + 2]];
    if (first !== 0xed || second === undefined || third === undefined || second < 0xa0) continue;
    flush(index);
    text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    start = index + 3;
    index += 2;
  }
  flush(bytes.length);
  return text;
}
