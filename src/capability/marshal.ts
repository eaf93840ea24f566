/** Values of the page's as bytes for the guest. */
import { GloveboxError, ValueError } from '../errors';
import {
  DIGIT_BITS,
  FIRST_TIME_MS,
  GUEST_LIMITS,
  GuestDate,
  GuestRecord,
  type GuestValue,
  type HandleNumber,
  LAST_TIME_MS,
  type MarshalLimits,
  MOST_DIGITS,
  TAGS,
} from './value';
import { encodeText } from './value-text';

export interface MarshalOptions {
  readonly limits?: Partial<MarshalLimits>;
  /** Asked of each object first: the number of the handle that the guest gets in its place, if it does. */
  readonly handleOf?: ((object: object) => HandleNumber | undefined) | undefined;
}

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const DIGIT_MASK = 2 ** DIGIT_BITS - 1;

/**
 * Throws `ValueError`, which says where, for what can't be carried: functions, symbols, undefined, instances of
 * classes, cycles, what is past a limit, what throws when it is read. An error of ours that `handleOf` throws
 * passes through.
 */
export function marshal(value: GuestValue, options: MarshalOptions = {}): Uint8Array {
  const writer = new Writer(options);
  try {
    writer.value(value, 0, false);
    return writer.finish();
  } catch (error) {
    if (error instanceof GloveboxError) throw error;
    throw new ValueError(`${writer.where} can't be read`, { cause: error });
  }
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #values = 0;
  /** The way to what is being written; it stays as it is when something throws. */
  readonly #way: (string | number)[] = [];
  readonly #limits: MarshalLimits;
  readonly #handleOf: MarshalOptions['handleOf'];

  constructor({ limits, handleOf }: MarshalOptions) {
    this.#limits = { ...GUEST_LIMITS, ...limits };
    this.#handleOf = handleOf;
  }

  get where(): string {
    const steps = this.#way.map((step) => `[${JSON.stringify(step)}]`);
    if (steps.length > 10) steps.splice(5, steps.length - 10, ' ... ');
    return `value${steps.join('')}`;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** `hashable`: it is a key or a member, or in one. */
  value(value: GuestValue, depth: number, hashable: boolean): void {
    if (depth > this.#limits.maxDepth) throw this.#refusal('is nested too deeply, or in a cycle');
    if (++this.#values > this.#limits.maxValues) {
      throw this.#refusal(`is past the ${this.#limits.maxValues} values of a message`);
    }
    if (value === null) return this.#byte(TAGS.none);
    switch (typeof value) {
      case 'boolean':
        return this.#byte(value ? TAGS.true : TAGS.false);
      case 'number':
        // -0 is a float: an int would lose its sign.
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.#integer(value);
        return this.#float(value);
      case 'bigint':
        return this.#long(value);
      case 'string':
        return this.#text(value);
      case 'object':
        return this.#object(value, depth, hashable);
      default:
        throw this.#refusal(`is of type ${typeof value}, which the guest has not`);
    }
  }

  #refusal(why: string): ValueError {
    return new ValueError(`${this.where} ${why}`);
  }

  #object(value: object, depth: number, hashable: boolean): void {
    const handle = this.#handleOf?.(value);
    if (handle !== undefined) return this.#handle(handle);
    if (value instanceof Uint8Array) return this.#blob(TAGS.bytes, value);
    if (Array.isArray(value)) return this.#array(value, depth, hashable);
    if (value instanceof Set) return this.#set(value, depth, hashable);
    if (value instanceof Date) return this.#date(value);
    if (value instanceof GuestRecord) return this.#record(value, depth, hashable);
    if (hashable) throw this.#refusal('is a dict, which Python has for no key and in no set');
    this.#dict(
      value instanceof Map ? Map.prototype.entries.call(value) : this.#plain(value),
      depth,
    );
  }

  #array(value: readonly GuestValue[], depth: number, hashable: boolean): void {
    const { length } = value;
    // A Proxy can say anything.
    if (!(Number.isInteger(length) && length >= 0)) throw this.#refusal('has no length');
    this.#sized(hashable ? TAGS.tuple : TAGS.list, length);
    // Not its iterator: that could be any, and of any length.
    for (let index = 0; index < length; index++) {
      this.#way.push(index);
      this.value(value[index] as GuestValue, depth + 1, hashable);
      this.#way.pop();
    }
  }

  #set(value: ReadonlySet<GuestValue>, depth: number, hashable: boolean): void {
    const members = [...(Set.prototype.values.call(value) as Iterable<GuestValue>)];
    this.#sized(hashable ? TAGS.frozenset : TAGS.set, members.length);
    this.#way.push('member');
    for (const member of members) this.value(member, depth + 1, true);
    this.#way.pop();
  }

  #dict(entries: Iterable<[GuestValue, GuestValue]>, depth: number): void {
    this.#byte(TAGS.dict);
    for (const [key, item] of entries) {
      this.#way.push(typeof key === 'string' || typeof key === 'number' ? key : typeof key);
      this.value(key, depth + 1, true);
      this.value(item, depth + 1, false);
      this.#way.pop();
    }
    this.#byte(TAGS.dictEnd);
  }

  #plain(value: object): [string, GuestValue][] {
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (prototype !== Object.prototype && prototype !== null) {
      throw this.#refusal('is an instance of a class, which the guest has not');
    }
    return Object.entries(value);
  }

  #record(value: GuestRecord, depth: number, hashable: boolean): void {
    const fields = Object.entries(value.fields);
    this.#byte(TAGS.record);
    this.#text(value.name);
    this.#uint32(fields.length);
    for (const [name, item] of fields) {
      this.#text(name);
      this.#way.push(name);
      this.value(item, depth + 1, hashable);
      this.#way.pop();
    }
  }

  #date(value: Date): void {
    const milliseconds = Date.prototype.getTime.call(value);
    if (!(milliseconds >= FIRST_TIME_MS && milliseconds <= LAST_TIME_MS)) {
      throw this.#refusal("is a Date outside of Python's years 1 to 9999");
    }
    const microseconds = value instanceof GuestDate ? value.microseconds : 0;
    this.#byte(TAGS.datetime);
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, BigInt(milliseconds) * 1000n + BigInt(microseconds), true);
    this.#length += 8;
  }

  #handle({ id, kind }: HandleNumber): void {
    this.#byte(TAGS.handle);
    this.#reserve(12);
    this.#view.setBigUint64(this.#length, id, true);
    this.#view.setUint32(this.#length + 8, kind, true);
    this.#length += 12;
  }

  #integer(value: number): void {
    if (value < INT32_MIN || value > INT32_MAX) return this.#long(BigInt(value));
    this.#byte(TAGS.int);
    this.#reserve(4);
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  #long(value: bigint): void {
    const magnitude = value < 0n ? -value : value;
    if (magnitude >> BigInt(MOST_DIGITS * DIGIT_BITS) !== 0n) {
      throw this.#refusal(`is an int of more than ${MOST_DIGITS * DIGIT_BITS} bits`);
    }
    const digits = magnitude === 0n ? [] : digitsOf(magnitude.toString(16));
    this.#byte(TAGS.long);
    this.#reserve(4 + digits.length * 2);
    this.#view.setInt32(this.#length, value < 0n ? -digits.length : digits.length, true);
    this.#length += 4;
    for (const digit of digits) {
      this.#view.setUint16(this.#length, digit, true);
      this.#length += 2;
    }
  }

  #float(value: number): void {
    this.#byte(TAGS.float);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #text(value: string): void {
    // Each unit takes a byte at least: what is too long is not encoded first.
    this.#expectRoom(value.length);
    this.#blob(TAGS.text, encodeText(value));
  }

  #blob(kind: number, bytes: Uint8Array): void {
    const size = byteLengthOf(bytes);
    this.#sized(kind, size);
    this.#reserve(size);
    this.#bytes.set(bytes, this.#length);
    this.#length += size;
  }

  #sized(kind: number, size: number): void {
    // Nothing takes less than a byte, so that huge arrays of nothing end here.
    this.#expectRoom(size);
    this.#byte(kind);
    this.#uint32(size);
  }

  #uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #expectRoom(bytes: number): void {
    if (this.#length + bytes <= this.#limits.maxBytes) return;
    throw this.#refusal(`is past the ${this.#limits.maxBytes} bytes of a message`);
  }

  #reserve(bytes: number): void {
    this.#expectRoom(bytes);
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Whatever a subclass says of its own length. */
function byteLengthOf(bytes: Uint8Array): number {
  return Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength', bytes) as number;
}

/** From hexadecimal text: shifting a huge bigint digit by digit would take square time. */
function digitsOf(hexadecimal: string): number[] {
  const digits: number[] = [];
  let held = 0;
  let heldBits = 0;
  for (let index = hexadecimal.length - 1; index >= 0; index--) {
    held |= Number.parseInt(hexadecimal[index] ?? '0', 16) << heldBits;
    heldBits += 4;
    if (heldBits < DIGIT_BITS) continue;
    digits.push(held & DIGIT_MASK);
    held >>= DIGIT_BITS;
    heldBits -= DIGIT_BITS;
  }
  if (held !== 0) digits.push(held);
  return digits;
}
