import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../errors';
import { type GuestValue, marshal, unmarshal } from './marshal';

const key = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.bigInt());

const { value: anyValue } = fc.letrec<{ value: GuestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(key, { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

/** What a value is after the journey: a bigint that a number can hold comes back as one. */
function canonical(value: GuestValue): GuestValue {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map) {
    return new Map([...value].map(([name, item]) => [canonical(name), canonical(item)]));
  }
  if (value instanceof Set) return new Set([...value].map(canonical));
  return value;
}

describe('marshalled values', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(unmarshal(marshal(value))).toEqual(canonical(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('keep lone surrogates, as Python can have them', () => {
    for (const text of ['\ud800', 'a\udfffb', '\udc00\ud800', '\ud83d\ude00\ud800']) {
      expect(unmarshal(marshal(text))).toBe(text);
    }
  });

  test('keep the sign of a negative zero', () => {
    expect(Object.is(unmarshal(marshal(-0)), -0)).toBe(true);
  });

  test('take a plain object for a dict with string keys', () => {
    expect(unmarshal(marshal({ a: 1, __proto__x: null }))).toEqual(
      new Map<GuestValue, GuestValue>([
        ['a', 1],
        ['__proto__x', null],
      ]),
    );
  });

  test.each([
    ['a function', () => 1],
    ['undefined', undefined],
    ['a symbol', Symbol('x')],
    ['a Date', new Date(0)],
    ['an instance of a class', new (class Thing {})()],
  ])('refuse %s', (_title, value) => {
    expect(() => marshal(value as unknown as GuestValue)).toThrow(ValueError);
  });

  test('refuse a cycle', () => {
    const list: GuestValue[] = [];
    list.push(list);
    expect(() => marshal(list)).toThrow(ValueError);
  });

  test('mean the same to Python', () => {
    const values: GuestValue = [
      null,
      true,
      -1,
      2 ** 31,
      -(2n ** 100n),
      0.1,
      'ä\ud800',
      Uint8Array.of(0, 255),
      new Map<GuestValue, GuestValue>([['k', [1]]]),
      new Set([1, 2]),
    ];
    // The same format is read by any CPython: the build machine's own will do.
    const program = 'import marshal,sys; print(ascii(marshal.loads(sys.stdin.buffer.read())))';
    const shown = execFileSync('python3', ['-c', program], { input: marshal(values) }).toString();
    expect(shown.trim()).toBe(
      "[None, True, -1, 2147483648, -1267650600228229401496703205376, 0.1, '\\xe4\\ud800', " +
        "b'\\x00\\xff', {'k': [1]}, {1, 2}]",
    );
  });
});

describe('hostile bytes', () => {
  test('are refused with ValueError wherever they are cut or changed, never with anything else', () => {
    const whole = marshal([1, 'text', 2n ** 80n, new Map([['a', Uint8Array.of(1, 2)]]), 0.5]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => unmarshal(whole.subarray(0, length))).toThrow(ValueError);
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = whole.slice();
        changed[at] = byte;
        try {
          unmarshal(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          unmarshal(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('that claim huge sizes allocate nothing of the kind', () => {
    for (const kind of ['(', '[', '<', '>', 's', 'u']) {
      const bytes = Uint8Array.of(kind.charCodeAt(0), 0xff, 0xff, 0xff, 0x7f);
      expect(() => unmarshal(bytes)).toThrow(ValueError);
    }
    expect(() => unmarshal(Uint8Array.of(0x6c, 0, 0, 0, 0x80))).toThrow(ValueError);
  });

  test('that nest without end are refused', () => {
    const bytes = new Uint8Array(500_000).fill(0x5b);
    expect(() => unmarshal(bytes)).toThrow(ValueError);
  });

  test('that hold more values than allowed are refused', () => {
    const bytes = marshal(Array.from({ length: 100 }, () => null));
    expect(() => unmarshal(bytes, { maxDepth: 10, maxValues: 50 })).toThrow('too many values');
  });
});
