/** Values of every kind that page and guest can exchange, for tests, and what they are after a journey. */
import fc from 'fast-check';
import { GuestDate, GuestRecord, type GuestValue } from '../capability/value';

const text = fc.string({ unit: 'binary', maxLength: 8 });
/** What a string of JavaScript can be and UTF-8 can't. */
const brokenText = fc
  .array(fc.integer({ min: 0xd7fe, max: 0xe001 }), { maxLength: 5 })
  .map((units) => String.fromCharCode(...units));

const key = fc.oneof(text, brokenText, fc.maxSafeInteger(), fc.bigInt());

const date = fc
  .tuple(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), fc.nat(999))
  .map(([ms, microseconds]) =>
    microseconds % 2 === 0 ? new Date(ms) : new GuestDate(ms, microseconds),
  );

export const { value: anyValue } = fc.letrec<{ value: GuestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    text,
    brokenText,
    fc.uint8Array({ maxLength: 12 }),
    date,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(key, { maxLength: 4 }).map((items) => new Set(items)),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    fc
      .tuple(text, fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }))
      .map(([name, fields]) => new GuestRecord(name, fields)),
  ),
}));

/** What a value is after the journey: a bigint that a number can hold comes back as one. */
export function canonical(value: GuestValue): GuestValue {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map) {
    return new Map([...value].map(([name, item]) => [canonical(name), canonical(item)]));
  }
  if (value instanceof Set) return new Set([...value].map(canonical));
  if (value instanceof GuestRecord)
    return new GuestRecord(value.name, canonicalFields(value.fields));
  if (isScalar(value)) return value;
  return new Map(Object.entries(canonicalFields(value as Record<string, GuestValue>)));
}

function canonicalFields(fields: { readonly [name: string]: GuestValue }) {
  const carried = Object.create(null) as Record<string, GuestValue>;
  for (const [name, item] of Object.entries(fields)) carried[name] = canonical(item);
  return carried;
}

function isScalar(value: GuestValue): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    value instanceof Uint8Array ||
    value instanceof Date
  );
}

/** As text that tells apart whatever the codec should. */
export function shown(value: GuestValue): string {
  if (Object.is(value, -0)) return '-0.0';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b'${value.join()}'`;
  if (value instanceof GuestDate) return `${value.getTime()}.${value.microseconds}us`;
  if (value instanceof Date) return `${value.getTime()}ms`;
  if (Array.isArray(value)) return `[${value.map(shown).join()}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([name, item]) => `${shown(name)}:${shown(item)}`).join()}}`;
  }
  // A set keeps no order.
  if (value instanceof Set) return `<${[...value].map(shown).sort().join()}>`;
  if (value instanceof GuestRecord) {
    return `${value.name}(${shown(new Map(Object.entries(value.fields)))})`;
  }
  return String(value);
}
