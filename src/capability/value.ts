/**
 * What travels between page and guest. The table of types both ways, the limits and the format stand in
 * docs/values.md; marshal.ts writes, unmarshal.ts reads, wasm/cpython/glovebox/value*.c are their other side.
 */
import { ValueError } from '../errors';

export type GuestValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | GuestRecord
  | readonly GuestValue[]
  | ReadonlyMap<GuestValue, GuestValue>
  | ReadonlySet<GuestValue>
  | { readonly [key: string]: GuestValue };

/** An instance of a dataclass, or of `glovebox.Record`. */
export class GuestRecord {
  readonly name: string;
  /** Without a prototype: a field may have any name. */
  readonly fields: { readonly [name: string]: GuestValue };

  constructor(name: string, fields: { readonly [name: string]: GuestValue }) {
    this.name = name;
    this.fields = Object.freeze(Object.assign(Object.create(null), fields));
  }
}

/** A datetime that is more precise than a Date. */
export class GuestDate extends Date {
  /** Of its millisecond: 0 to 999. */
  readonly microseconds: number;

  constructor(milliseconds: number, microseconds: number) {
    super(milliseconds);
    if (!(Number.isInteger(microseconds) && microseconds >= 0 && microseconds <= 999)) {
      throw new ValueError(`microseconds of a millisecond are 0 to 999, not ${microseconds}`);
    }
    this.microseconds = microseconds;
  }
}

export interface MarshalLimits {
  /** How many containers may lie around a value. The guest's own limit is 100. */
  readonly maxDepth: number;
  /** Values in one message, containers and their contents each counted. The guest's own limit is 1,000,000. */
  readonly maxValues: number;
  /** Of the message. The guest's own limit is 64 MiB. */
  readonly maxBytes: number;
}

export const GUEST_LIMITS: MarshalLimits = {
  maxDepth: 100,
  maxValues: 1_000_000,
  maxBytes: 64 * 2 ** 20,
};

/** What stands for an object of the page's. */
export interface HandleNumber {
  /** 64 bits. */
  readonly id: bigint;
  /** 32 bits. */
  readonly kind: number;
}

const tag = (letter: string): number => letter.charCodeAt(0);

export const TAGS = {
  none: tag('N'),
  true: tag('T'),
  false: tag('F'),
  int: tag('i'),
  long: tag('l'),
  float: tag('g'),
  bytes: tag('s'),
  text: tag('u'),
  tuple: tag('('),
  list: tag('['),
  dict: tag('{'),
  dictEnd: tag('0'),
  set: tag('<'),
  frozenset: tag('>'),
  // Ours; marshal has no such tags.
  datetime: tag('D'),
  record: tag('R'),
  handle: tag('H'),
} as const;

/** A long int is written in digits of 15 bits. */
export const DIGIT_BITS = 15;
/** Firefox and Safari stop at bigints of 2 ** 20 bits: this is somewhat less. */
export const MOST_DIGITS = 66_666;

/** Python's years 1 to 9999, in milliseconds since 1970. */
export const FIRST_TIME_MS = -62_135_596_800_000;
export const LAST_TIME_MS = 253_402_300_799_999;
