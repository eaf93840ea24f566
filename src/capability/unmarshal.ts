/** Bytes of the guest's as values: whatever it wrote, this ends, and with a typed error if at all. */
import { ValueError } from '../errors';
import {
  DIGIT_BITS,
  FIRST_TIME_MS,
  GUEST_LIMITS,
  GuestDate,
  GuestRecord,
  type GuestValue,
  LAST_TIME_MS,
  type MarshalLimits,
  MOST_DIGITS,
  TAGS,
} from './value';
import { decodeText } from './value-text';

export interface UnmarshalOptions {
  readonly limits?: Partial<MarshalLimits>;
  /** The object that a handle of the guest's stands for; its caller knows it from a plain object. What it throws passes through. */
  readonly objectOf?: ((id: bigint) => object) | undefined;
}

/** So many digits make a number that is exact. */
const SAFE_DIGITS = 3;

/** `bytes` are the guest's: anything that is not one whole value throws `ValueError`. */
export function unmarshal(bytes: Uint8Array, options: UnmarshalOptions = {}): GuestValue {
  const reader = new Reader(bytes, options);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

function malformed(why: string): ValueError {
  return new ValueError(`not a value: ${why}`);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: MarshalLimits;
  readonly #objectOf: UnmarshalOptions['objectOf'];
  #offset = 0;
  #values = 0;

  constructor(bytes: Uint8Array, { limits, objectOf }: UnmarshalOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = { ...GUEST_LIMITS, ...limits };
    this.#objectOf = objectOf;
    if (bytes.length > this.#limits.maxBytes) throw malformed('too many bytes');
  }

  expectEnd(): void {
    if (this.#offset !== this.#bytes.length) throw malformed('bytes after it');
  }

  value(depth: number): GuestValue {
    if (depth > this.#limits.maxDepth) throw malformed('nested too deeply');
    if (++this.#values > this.#limits.maxValues) throw malformed('too many values');
    const kind = this.#bytes[this.#take(1)] ?? 0;
    switch (kind) {
      case TAGS.none:
        return null;
      case TAGS.true:
        return true;
      case TAGS.false:
        return false;
      case TAGS.int:
        return this.#view.getInt32(this.#take(4), true);
      case TAGS.long:
        return this.#long();
      case TAGS.float:
        return this.#view.getFloat64(this.#take(8), true);
      case TAGS.bytes:
        return this.#blob().slice();
      case TAGS.text:
        return decodeText(this.#blob());
      case TAGS.tuple:
      case TAGS.list:
        return this.#items(depth);
      case TAGS.set:
      case TAGS.frozenset:
        return new Set(this.#items(depth));
      case TAGS.dict:
        return this.#dict(depth);
      case TAGS.datetime:
        return this.#date();
      case TAGS.record:
        return this.#record(depth);
      case TAGS.handle:
        return this.#handle();
      default:
        throw malformed(`an unknown tag ${kind}`);
    }
  }

  #dict(depth: number): Map<GuestValue, GuestValue> {
    const dict = new Map<GuestValue, GuestValue>();
    while (this.#bytes[this.#take(1)] !== TAGS.dictEnd) {
      this.#offset--;
      const key = this.value(depth + 1);
      dict.set(key, this.value(depth + 1));
    }
    return dict;
  }

  /** Grows with what is really there: the declared length is only a claim. */
  #items(depth: number): GuestValue[] {
    const count = this.#uint32();
    const items: GuestValue[] = [];
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
    return items;
  }

  #date(): Date {
    const microseconds = this.#view.getBigInt64(this.#take(8), true);
    const rest = Number(((microseconds % 1000n) + 1000n) % 1000n);
    const milliseconds = Number((microseconds - BigInt(rest)) / 1000n);
    if (milliseconds < FIRST_TIME_MS || milliseconds > LAST_TIME_MS) {
      throw malformed('a datetime outside of the years 1 to 9999');
    }
    return rest === 0 ? new Date(milliseconds) : new GuestDate(milliseconds, rest);
  }

  #record(depth: number): GuestRecord {
    const name = this.#name();
    const count = this.#uint32();
    const fields = Object.create(null) as Record<string, GuestValue>;
    for (let index = 0; index < count; index++) {
      const field = this.#name();
      if (field in fields) throw malformed('a record with two fields of one name');
      fields[field] = this.value(depth + 1);
    }
    return new GuestRecord(name, fields);
  }

  #name(): string {
    if (this.#bytes[this.#take(1)] !== TAGS.text) throw malformed('a name that is no text');
    return decodeText(this.#blob());
  }

  /** Whoever gave `objectOf` knows what it gives; for all others it is one more object. */
  #handle(): GuestValue {
    const start = this.#take(12);
    if (this.#objectOf === undefined) throw new ValueError('a handle has no meaning here');
    return this.#objectOf(this.#view.getBigUint64(start, true)) as GuestValue;
  }

  #long(): number | bigint {
    const size = this.#view.getInt32(this.#take(4), true);
    const count = Math.abs(size);
    if (count > MOST_DIGITS) throw malformed('an int of too many digits');
    const start = this.#take(count * 2);
    const digitAt = (index: number): number => this.#view.getUint16(start + index * 2, true);
    if (count > 0 && digitAt(count - 1) === 0) throw malformed('an int with a leading zero');
    if (count <= SAFE_DIGITS) {
      let number = 0;
      for (let index = count - 1; index >= 0; index--) {
        number = number * 2 ** DIGIT_BITS + checkedDigit(digitAt(index));
      }
      return size < 0 ? -number : number;
    }
    // Through text in a base of 2: shifting a growing bigint digit by digit would take square time.
    let bits = '';
    for (let index = count - 1; index >= 0; index--) {
      bits += checkedDigit(digitAt(index)).toString(2).padStart(DIGIT_BITS, '0');
    }
    const magnitude = BigInt(`0b${bits}`);
    const value = size < 0 ? -magnitude : magnitude;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #blob(): Uint8Array {
    const length = this.#uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #take(bytes: number): number {
    const start = this.#offset;
    if (start + bytes > this.#bytes.length) throw malformed('cut short');
    this.#offset = start + bytes;
    return start;
  }
}

function checkedDigit(digit: number): number {
  if (digit >= 2 ** DIGIT_BITS) throw malformed('a digit of an int out of range');
  return digit;
}
