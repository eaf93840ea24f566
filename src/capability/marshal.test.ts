import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BusyError, ValueError } from '../errors';
import { anyValue, canonical, shown } from '../testing/any-value';
import { marshal } from './marshal';
import { unmarshal } from './unmarshal';
import { GuestDate, GuestRecord, type GuestValue } from './value';

/** What no type of ours has, as a page might give it all the same. */
const strange = (value: unknown): GuestValue => value as GuestValue;

describe('marshalled values', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(shown(unmarshal(marshal(value)))).toBe(shown(canonical(value)));
      }),
      { numRuns: 2000 },
    );
  });

  test('keep lone surrogates, as Python can have them', () => {
    for (const text of ['\ud800', 'a\udfffb', '\udc00\ud800', '\ud83d\ude00\ud800']) {
      expect(unmarshal(marshal(text))).toBe(text);
    }
  });

  test('may be millions of lone surrogates', () => {
    const text = 'a\ud800\u{1f40d}ä'.repeat(1_000_000);
    expect(unmarshal(marshal(text)) === text).toBe(true);
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

  test('keep the microseconds of a datetime, and are a Date where there are none', () => {
    const carried = unmarshal(marshal([new Date(-1), new GuestDate(-1, 999)])) as GuestDate[];
    expect(carried.map((date) => date.getTime())).toEqual([-1, -1]);
    expect(carried[0]).not.toBeInstanceOf(GuestDate);
    expect(carried[1]?.microseconds).toBe(999);
    expect(() => new GuestDate(0, 1000)).toThrow(ValueError);
  });

  test('keep the name and the fields of a record, whatever the fields are called', () => {
    const record = unmarshal(marshal(new GuestRecord('Point', { x: 1, ['__proto__']: [2] })));
    expect(record).toBeInstanceOf(GuestRecord);
    const { name, fields } = record as GuestRecord;
    expect([name, Object.entries(fields)]).toEqual([
      'Point',
      [
        ['x', 1],
        ['__proto__', [2]],
      ],
    ]);
  });

  test('are tuples and frozensets in keys and sets, which Python has to hash', () => {
    const tags = (value: GuestValue) =>
      [...marshal(value)]
        .map((byte) => String.fromCharCode(byte))
        .filter((c) => '[(<>{R'.includes(c));
    expect(tags([[], new Set()])).toEqual(['[', '[', '<']);
    expect(tags(new Map([[[[], new Set()], []]]))).toEqual(['{', '(', '(', '>', '[']);
    expect(tags(new Set([new GuestRecord('', { x: [] })]))).toEqual(['<', 'R', '(']);
    expect(() => marshal(new Set([new Map()]))).toThrow(ValueError);
  });

  test('read the getters of an object once', () => {
    let reads = 0;
    const object = {
      get x(): number {
        reads++;
        return 1;
      },
    };
    expect(unmarshal(marshal(object))).toEqual(new Map([['x', 1]]));
    expect(reads).toBe(1);
  });

  test.each([
    ['a function', () => 1],
    ['undefined', undefined],
    ['undefined in an object', { a: undefined }],
    ['a symbol', Symbol('x')],
    ['an invalid Date', new Date(Number.NaN)],
    ['a Date before the year 1', new Date(-62_135_596_800_001)],
    ['a Date after the year 9999', new Date(253_402_300_800_000)],
    ['an instance of a class', new (class Thing {})()],
    ['a boxed number', Object(1)],
    ['a promise', Promise.resolve(1)],
    ['an error', new Error('secret')],
    ['another typed array', new Float64Array(1)],
    ['what only claims to be a Map', Object.create(Map.prototype)],
    ['what only claims to be a Uint8Array', Object.create(Uint8Array.prototype)],
    ['an array with a hole', Object.assign([], { 1: 1 })],
    ['a huge array of nothing', new Array(4_000_000_000)],
    ['a huge int', 1n << 1_000_000n],
    [
      'a getter that throws',
      {
        get x() {
          throw new Error('secret');
        },
      },
    ],
    [
      'a Proxy that throws',
      new Proxy(
        {},
        {
          getPrototypeOf() {
            throw new Error('secret');
          },
        },
      ),
    ],
    ['an array that lies about its length', new Proxy([], { get: () => -1 })],
  ])('refuse %s', (_title, value) => {
    expect(() => marshal(strange(value))).toThrow(ValueError);
    expect(() => marshal(strange([value]))).toThrow(ValueError);
    expect(() => marshal(strange(value))).not.toThrow('secret');
  });

  test('refuse a Proxy that has been revoked', () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(() => marshal(strange([proxy]))).toThrow(ValueError);
  });

  test('that are refused say where they were', () => {
    const deep = (depth: number): GuestValue =>
      depth === 0 ? strange(() => 1) : [deep(depth - 1)];
    expect(() => marshal([0, { a: new Map([[3, strange(() => 1)]]) }])).toThrow(
      'value[1]["a"][3] is of type function, which the guest has not',
    );
    expect(() => marshal(deep(50))).toThrow('value[0][0][0][0][0] ... [0][0][0][0][0] is of type');
  });

  test('stop at the limits of a message', () => {
    const many = Array.from({ length: 100 }, () => 'text');
    expect(() => marshal(many, { limits: { maxValues: 100 } })).toThrow('100 values');
    expect(() => marshal(many, { limits: { maxBytes: 900 } })).toThrow('900 bytes');
    expect(() => marshal('x'.repeat(2 ** 26 + 1))).toThrow(ValueError);
    expect(() => unmarshal(marshal(many), { limits: { maxBytes: 900 } })).toThrow(ValueError);
  });

  test('refuse a cycle', () => {
    const list: GuestValue[] = [];
    list.push(list);
    expect(() => marshal(list)).toThrow(ValueError);
  });

  test('hold huge ints without taking square time', () => {
    const huge = (1n << 999_990n) - 1n;
    expect(unmarshal(marshal([huge, -huge]))).toEqual([huge, -huge]);
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

describe('handles', () => {
  const sword = { secret: 'never read' };
  const number = { id: 2n ** 64n - 2n, kind: 7 };
  const handleOf = (object: object) => (object === sword ? number : undefined);

  test('stand for the objects that the page names', () => {
    const bytes = marshal([sword, { in: sword }], { handleOf });
    const objectOf = (id: bigint) => (id === number.id ? sword : {});
    const [one, other] = unmarshal(bytes, { objectOf }) as [object, Map<string, object>];
    expect(one).toBe(sword);
    expect(other.get('in')).toBe(sword);
    expect(new TextDecoder().decode(bytes)).not.toContain('secret');
  });

  test('mean nothing without somebody who knows them', () => {
    const bytes = marshal([sword], { handleOf });
    expect(() => unmarshal(bytes)).toThrow(ValueError);
  });

  test('that are refused by a typed error are refused by just that one', () => {
    const refuse = () => {
      throw new BusyError();
    };
    expect(() => marshal([sword], { handleOf: refuse })).toThrow(BusyError);
    expect(() => unmarshal(marshal(sword, { handleOf }), { objectOf: refuse })).toThrow(BusyError);
  });
});

describe('hostile bytes', () => {
  test('are refused with ValueError wherever they are cut or changed, never with anything else', () => {
    const whole = marshal([
      ...[1, 'text', 2n ** 80n, new Map([['a', Uint8Array.of(1, 2)]]), 0.5, new Date(0)],
      new GuestRecord('R', { x: new Set([1]) }),
    ]);
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
    expect(() => unmarshal(bytes, { limits: { maxValues: 50 } })).toThrow('too many values');
  });

  test.each([
    ['an int with a leading zero', [0x6c, 2, 0, 0, 0, 1, 0, 0, 0]],
    ['a digit of 16 bits', [0x6c, 1, 0, 0, 0, 0, 0x80]],
    ['half a surrogate', [0x75, 2, 0, 0, 0, 0xed, 0xa0]],
    ['a surrogate that goes on wrongly', [0x75, 3, 0, 0, 0, 0xed, 0xa0, 0x20]],
    ['a datetime of no year', [0x44, 0, 0, 0, 0, 0, 0, 0, 0x80]],
    ['a record whose name is none', [0x52, 0x4e, 0, 0, 0, 0]],
    [
      'two fields of one name',
      [0x52, 0x75, 0, 0, 0, 0, 2, 0, 0, 0, ...[1, 2].flatMap(() => [0x75, 0, 0, 0, 0, 0x4e])],
    ],
    ['an end of a dict', [0x30]],
  ])('that hold %s are refused', (_title, bytes) => {
    expect(() => unmarshal(Uint8Array.from(bytes))).toThrow(ValueError);
  });
});
