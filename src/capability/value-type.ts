/**
 * Types of values as Python writes them, `list[int] | None`: what a capability declares, and what each value that
 * goes in or out is checked against.
 *
 *     None bool str bytes Any      null, boolean, string, Uint8Array, whatever the codec carries
 *     int                          a number that is a safe integer
 *     bigint                       any int, as a bigint (`int` for the guest)
 *     float                        a finite number
 *     datetime                     Date
 *     list[T] set[T] dict[K, V]    Array, Set, Map
 *     tuple[T, U] tuple[T, ...]    Array, of that length or of any
 *     A | B                        one or the other, the first that fits
 *     any other name               a kind of objects: the page's own object, which the guest has a handle of
 */
import type { GuestValue } from './value';

/** What travels: the codec's values, and in the place of handles the page's objects. */
export type HostValue = GuestValue | object;

export interface ValueType {
  /** As Python has it, for signatures and type hints. */
  readonly text: string;
  /** The value as a host function gets it; `undefined` where it is none of this type. */
  accept(value: unknown): HostValue | undefined;
}

/** Whether an object of the page's is of the kind that has this name. */
export type KindTest = (kind: string, object: object) => boolean;

const simple = (
  text: string,
  accept: (value: unknown) => HostValue | undefined,
): (() => ValueType) => {
  return () => ({ text, accept });
};

const keepIf =
  (test: (value: unknown) => boolean) =>
  (value: unknown): HostValue | undefined =>
    test(value) ? (value as HostValue) : undefined;

function toBigint(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

const SIMPLE: ReadonlyMap<string, () => ValueType> = new Map(
  Object.entries({
    None: simple(
      'None',
      keepIf((value) => value === null),
    ),
    bool: simple(
      'bool',
      keepIf((value) => typeof value === 'boolean'),
    ),
    int: simple('int', keepIf(Number.isSafeInteger)),
    bigint: simple('int', toBigint),
    float: simple('float', keepIf(Number.isFinite)),
    str: simple(
      'str',
      keepIf((value) => typeof value === 'string'),
    ),
    bytes: simple(
      'bytes',
      keepIf((value) => value instanceof Uint8Array),
    ),
    datetime: simple(
      'datetime',
      keepIf((value) => value instanceof Date),
    ),
    Any: simple(
      'Any',
      keepIf((value) => value !== undefined),
    ),
  }),
);

/** The types that have others in brackets, by how many: `undefined` for any number of them. */
const GENERIC: ReadonlyMap<string, (inner: readonly ValueType[], open: boolean) => ValueType> =
  new Map([
    ['list', (inner) => ofItems('list', inner, Array.isArray, (items) => items)],
    ['set', (inner) => ofItems('set', inner, isSet, (items) => new Set(items))],
    ['dict', (inner) => ofPairs(inner)],
    ['tuple', (inner, open) => (open ? openTuple(inner) : closedTuple(inner))],
  ]);

function isSet(value: unknown): value is Iterable<unknown> {
  return value instanceof Set;
}

/** All that `accept` takes, or nothing if it refuses one. */
function acceptAll(values: Iterable<unknown>, type: ValueType): GuestValue[] | undefined {
  const accepted: GuestValue[] = [];
  for (const value of values) {
    const one = type.accept(value);
    if (one === undefined) return undefined;
    accepted.push(one as GuestValue);
  }
  return accepted;
}

function only(name: string, inner: readonly ValueType[], count: number): readonly ValueType[] {
  if (inner.length !== count) throw new SyntaxError(`${name} takes ${count} in brackets`);
  return inner;
}

function ofItems(
  name: string,
  inner: readonly ValueType[],
  test: (value: unknown) => value is Iterable<unknown>,
  make: (items: GuestValue[]) => HostValue,
): ValueType {
  const [item] = only(name, inner, 1) as [ValueType];
  return {
    text: `${name}[${item.text}]`,
    accept: (value) => {
      const items = test(value) ? acceptAll(value, item) : undefined;
      return items === undefined ? undefined : make(items);
    },
  };
}

function ofPairs(inner: readonly ValueType[]): ValueType {
  const [key, item] = only('dict', inner, 2) as [ValueType, ValueType];
  return {
    text: `dict[${key.text}, ${item.text}]`,
    accept: (value) => {
      if (!(value instanceof Map)) return undefined;
      const keys = acceptAll(value.keys(), key);
      const items = acceptAll(value.values(), item);
      if (keys === undefined || items === undefined) return undefined;
      return new Map(keys.map((one, index) => [one, items[index] as GuestValue]));
    },
  };
}

function openTuple(inner: readonly ValueType[]): ValueType {
  const [item] = only('tuple', inner, 1) as [ValueType];
  return {
    text: `tuple[${item.text}, ...]`,
    accept: (value) => (Array.isArray(value) ? acceptAll(value, item) : undefined),
  };
}

function closedTuple(inner: readonly ValueType[]): ValueType {
  return {
    text: `tuple[${inner.map(({ text }) => text).join(', ')}]`,
    accept: (value) => {
      if (!Array.isArray(value) || value.length !== inner.length) return undefined;
      const accepted = inner.map((type, index) => type.accept(value[index]));
      return accepted.includes(undefined) ? undefined : (accepted as GuestValue[]);
    },
  };
}

function ofKind(name: string, isOfKind: KindTest): ValueType {
  return {
    text: name,
    accept: keepIf((value) => typeof value === 'object' && value !== null && isOfKind(name, value)),
  };
}

function union(types: readonly ValueType[]): ValueType {
  const [first] = types;
  if (types.length === 1 && first !== undefined) return first;
  return {
    text: types.map(({ text }) => text).join(' | '),
    accept: (value) => {
      for (const type of types) {
        const accepted = type.accept(value);
        if (accepted !== undefined) return accepted;
      }
      return undefined;
    },
  };
}

/** Whether the name is that of a type, and no kind's. */
export function isTypeName(name: string): boolean {
  return SIMPLE.has(name) || GENERIC.has(name);
}

/** What a declaration is made of: names, numbers, strings, and single characters. */
export class Tokens {
  /** The names of kinds that were met. */
  readonly kinds = new Set<string>();
  readonly #tokens: readonly string[];
  #next = 0;

  /** Throws `SyntaxError` for what Python's tokens are not. */
  constructor(text: string) {
    const pattern =
      /\s*(->|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|'(?:[^'\\\n]|\\['\\])*'|[()[\],:=|*])/y;
    const tokens: string[] = [];
    const end = text.trimEnd().length;
    while (pattern.lastIndex < end) {
      const from = pattern.lastIndex;
      const token = pattern.exec(text)?.[1];
      if (token === undefined) throw new SyntaxError(`what is ${text.slice(from).trim()}?`);
      tokens.push(token);
    }
    this.#tokens = tokens;
  }

  get peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  take(): string {
    const token = this.peek;
    this.#next++;
    return token;
  }

  /** Whether it was the next one: then it is taken. */
  skip(token: string): boolean {
    if (this.peek !== token) return false;
    this.#next++;
    return true;
  }

  /** Throws `SyntaxError`. */
  expect(token: string): void {
    if (this.skip(token)) return;
    const found = this.peek === '' ? 'the end' : this.peek;
    throw new SyntaxError(`${found} where there should be ${token === '' ? 'the end' : token}`);
  }

  name(): string {
    const token = this.take();
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxError(`${token || 'nothing'} is no name`);
    return token;
  }
}

/** Throws `SyntaxError`. */
export function parseType(tokens: Tokens, isOfKind: KindTest): ValueType {
  const types = [];
  do types.push(parseOne(tokens, isOfKind));
  while (tokens.skip('|'));
  return union(types);
}

function parseOne(tokens: Tokens, isOfKind: KindTest): ValueType {
  const name = tokens.name();
  const known = SIMPLE.get(name);
  if (known !== undefined) return known();
  const generic = GENERIC.get(name);
  if (generic === undefined) {
    tokens.kinds.add(name);
    return ofKind(name, isOfKind);
  }
  tokens.expect('[');
  const inner = [parseType(tokens, isOfKind)];
  let open = false;
  while (!open && tokens.skip(',')) {
    if (tokens.skip('...')) open = true;
    else inner.push(parseType(tokens, isOfKind));
  }
  tokens.expect(']');
  if (open && name !== 'tuple') throw new SyntaxError(`${name} takes no ...`);
  return generic(inner, open);
}
