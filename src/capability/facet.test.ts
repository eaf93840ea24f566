import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { OptionError } from '../errors';
import { callOf, refusalOf, use } from '../testing/capability-use';
import { type Bounds, patternTest } from './bounds';
import { attribute, capability, ObjectKind, objectMethod } from './capability';
import { combine, facet } from './facet';
import { meter } from './meter';
import { Attribute, type Invoke, Method, method } from './method';
import { Refusal } from './refusal';

const world = capability({
  damage: method(
    '(target: str, points: int = 1) -> int',
    (_target: string, points: number) => points,
  ),
  heal: method('(target: str) -> None', () => null),
  look: () => 'a hall',
});

interface Sword {
  name: string;
  edge: number;
}

const swords = new ObjectKind('Sword', {
  name: attribute('str', (sword: Sword) => sword.name),
  edge: attribute(
    'int',
    (sword: Sword) => sword.edge,
    (sword: Sword, edge: number) => {
      sword.edge = edge;
    },
  ),
  swing: objectMethod(
    '(at: str, force: int) -> str',
    (sword: Sword, at: string) => `${sword.name} hits ${at}`,
  ),
  describe: objectMethod('() -> str', (sword: Sword) => `a sword, ${sword.name}`),
});

/** A function of one argument under bounds: what refuses it, or `ok`. */
function tried(type: string, bounds: Bounds, value: unknown): string {
  const whole = capability({ f: method(`(x: ${type}) -> None`, () => null) });
  const { f } = facet(whole, { args: { f: { x: bounds } } });
  try {
    // Past the check of types: bounds have to hold by themselves.
    f.invoke(callOf({ args: [value as string] }));
    return 'ok';
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('a facet of a capability', () => {
  test('keeps the names that are named, and no others', () => {
    expect(Object.keys(facet(world, { only: ['damage', 'look'] }))).toEqual(['damage', 'look']);
    expect(Object.keys(facet(world, { except: ['damage'] }))).toEqual(['heal', 'look']);
    const both = facet(world, { only: ['damage', 'look'], except: ['look'] });
    expect(Object.keys(both)).toEqual(['damage']);
    expect(Object.keys(facet(world, { only: [] }))).toEqual([]);
    expect(Object.isFrozen(both)).toBe(true);
  });

  test('is a capability again, with the same signatures and docstrings', () => {
    const narrow = facet(world, { args: { damage: { points: { max: 10 } } } });
    expect(narrow.damage).toBeInstanceOf(Method);
    expect(narrow.damage.signature).toBe(world.damage.signature);
    expect(narrow.look).toBe(world.look);
    expect(use(narrow.damage, ['rat', 10])).toBe(10);
  });

  test('leaves the whole as it was', () => {
    facet(world, { args: { damage: { points: { max: 10 } } } });
    expect(use(world.damage, ['rat', 11])).toBe(11);
  });

  test('refuses as forbidden what a bound excludes, naming parameter and bound, before the function runs', () => {
    const run = vi.fn();
    const whole = capability({ damage: method('(target: str, points: int) -> None', run) });
    const narrow = facet(whole, {
      args: { damage: { points: { min: 1, max: 5000 }, target: { oneOf: ['rat', 'imp'] } } },
    });
    const refused = (...args: unknown[]): string => refusalOf(() => use(narrow.damage, args));
    expect(refused('rat', 5001)).toBe('forbidden: points must be at most 5000');
    expect(refused('rat', 0)).toBe('forbidden: points must be at least 1');
    expect(refused('cat', 5)).toBe('forbidden: target must be one of "rat", "imp"');
    expect(run).not.toHaveBeenCalled();
    use(narrow.damage, ['imp', 5000]);
    expect(run).toHaveBeenCalledOnce();
  });

  test('can be narrowed further, and never widened', () => {
    const ten = facet(world, { args: { damage: { points: { max: 10 } } } });
    const wider = facet(ten, { args: { damage: { points: { min: 0, max: 100 } } } });
    expect(refusalOf(() => use(wider.damage, ['rat', 11]))).toContain('at most 10');
    const five = facet(ten, { args: { damage: { points: { max: 5 } } } });
    expect(refusalOf(() => use(five.damage, ['rat', 6]))).toContain('at most 5');
  });

  test('holds each of the arguments that a starred parameter takes to its bounds', () => {
    const whole = capability({ add: method('(first: int, *more: int) -> None', () => null) });
    const narrow = facet(whole, { args: { add: { more: { max: 9 } } } });
    expect(use(narrow.add, [100])).toBeNull();
    expect(use(narrow.add, [100, 1, 9])).toBeNull();
    expect(refusalOf(() => use(narrow.add, [1, 1, 10]))).toContain('more must be at most 9');
  });

  test('keeps what another capability declares as well', () => {
    const safe = capability({ look: () => '', listen: () => '' });
    expect(Object.keys(facet(world, { like: safe }))).toEqual(['look']);
    expect(Object.keys(facet(world, { like: safe, except: ['look'] }))).toEqual([]);
  });

  test('throws at once for names and parameters that are not there', () => {
    const wrong: object[] = [
      { only: ['damge'] },
      { except: ['damge'] },
      { only: ['constructor'] },
      { except: ['toString'] },
      { args: { damge: {} } },
      { args: { damage: { pionts: { max: 1 } } } },
      { args: { look: { x: { max: 1 } } } },
      { only: ['heal'], args: { damage: { points: { max: 1 } } } },
      { readOnly: true },
      { onyl: ['look'] },
      { args: { damage: null } },
      { args: { damage: undefined } },
      { args: { damage: { points: null } } },
    ];
    for (const options of wrong) expect(() => facet(world, options)).toThrow(OptionError);
  });
});

describe('bounds', () => {
  test('no range has NaN in it', () => {
    for (const bounds of [{ min: 0 }, { max: 0 }, { min: -Infinity }, { max: Infinity }]) {
      expect(tried('float', bounds, Number.NaN)).toContain('forbidden');
    }
    expect(tried('float', { oneOf: [1, 2] }, Number.NaN)).toContain('forbidden');
  });

  test('are kept to at their ends', () => {
    expect(tried('int', { min: 1, max: 3 }, 1)).toBe('ok');
    expect(tried('int', { min: 1, max: 3 }, 3)).toBe('ok');
    expect(tried('int', { min: 1, max: 3 }, 4)).toContain('forbidden');
    expect(tried('float', { max: 3 }, 3.0000000001)).toContain('forbidden');
    expect(tried('float', { max: 3 }, Infinity)).toContain('forbidden');
  });

  test('hold for ints of any size', () => {
    expect(tried('bigint', { max: 5000 }, 5000n)).toBe('ok');
    expect(tried('bigint', { max: 5000 }, 5001n)).toContain('at most 5000');
    expect(tried('bigint', { max: 2n ** 70n }, 2n ** 70n + 1n)).toContain('forbidden');
    expect(tried('bigint', { min: 0 }, -(2n ** 70n))).toContain('at least 0');
    expect(tried('bigint', { oneOf: [1, 2] }, 2n)).toBe('ok');
    expect(tried('bigint', { oneOf: [1, 2] }, 3n)).toContain('one of 1, 2');
  });

  test('exclude every value that they cannot be about', () => {
    for (const value of [null, '5', true, [5], new Map(), undefined]) {
      expect(tried('int | Any', { max: 10 }, value)).toContain('at most 10');
    }
    expect(tried('str | Any', { matches: '*' }, 5)).toContain('match');
    expect(tried('str | Any', { maxLength: 3 }, 5)).toContain('at most 3 long');
    expect(tried('Any', { oneOf: [1] }, true)).toContain('must be 1');
    expect(tried('Any', { oneOf: [null, false] }, undefined)).toContain('one of None, False');
    expect(tried('Any', { oneOf: [null, false] }, null)).toBe('ok');
  });

  test('an expression has to fit the whole string, whatever its flags, each time', () => {
    for (const matches of [/[a-z]+|x/, /[a-z]+/g, /[a-z]+/y, /^[a-z]+$/m, /[a-z]+$|^[a-z]+/gm]) {
      for (let time = 0; time < 3; time++) {
        expect(tried('str', { matches }, 'rat')).toBe('ok');
        expect(tried('str', { matches }, '../rat')).toContain('x must match /');
        expect(tried('str', { matches }, 'rat\n../')).toContain('forbidden');
        expect(tried('str', { matches }, '')).toContain('forbidden');
      }
    }
    expect(tried('str', { matches: /a|ab/ }, 'ab')).toBe('ok');
  });

  test('an expression is tried on 1,000 characters at most, unless a length is given', () => {
    expect(tried('str', { matches: /a*/ }, 'a'.repeat(1000))).toBe('ok');
    expect(tried('str', { matches: /a*/ }, 'a'.repeat(1001))).toContain('at most 1000 long');
    expect(tried('str', { matches: /a*/, maxLength: 2000 }, 'a'.repeat(1001))).toBe('ok');
  });

  test('in a string to match, stars stand for any characters', () => {
    expect(tried('str', { matches: 'sword-*' }, 'sword-1')).toBe('ok');
    expect(tried('str', { matches: 'sword-*' }, 'my sword-1')).toContain('match "sword-*"');
    expect(tried('str', { matches: 'a.c' }, 'abc')).toContain('forbidden');
  });

  test('a pattern with stars fits what the expression of it fits', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(piece, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(patternTest(pattern)(value)).toBe(expression.test(value));
      }),
      { numRuns: 500 },
    );
  });

  test('lengths are of characters as Python counts them, of bytes, and of items', () => {
    expect(tried('str', { maxLength: 2 }, '😀😀')).toBe('ok');
    expect(tried('str', { maxLength: 2 }, '😀😀a')).toContain('at most 2 long');
    expect(tried('str', { maxLength: 2 }, 'abc')).toContain('at most 2 long');
    expect(tried('bytes', { maxLength: 2 }, new Uint8Array(3))).toContain('at most 2 long');
    expect(tried('list[int]', { maxLength: 2 }, [1, 2])).toBe('ok');
    expect(tried('list[int]', { maxLength: 2 }, [1, 2, 3])).toContain('forbidden');
    expect(tried('set[int]', { maxLength: 0 }, new Set([1]))).toContain('forbidden');
    expect(tried('dict[str, int]', { maxLength: 1 }, new Map([['a', 1]]))).toBe('ok');
  });

  test('a message lists ten choices at most', () => {
    const oneOf = Array.from({ length: 500 }, (_, index) => index);
    expect(tried('int', { oneOf }, -1)).toBe(
      'forbidden: x must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …',
    );
  });

  test('that cannot be are refused at once', () => {
    const wrong: unknown[] = [
      { min: Number.NaN },
      { min: '1' },
      { max: null },
      { min: 2, max: 1 },
      { oneOf: [] },
      { oneOf: 'abc' },
      { oneOf: [Number.NaN] },
      { oneOf: [{}] },
      { matches: 5 },
      { maxLength: -1 },
      { maxLength: 1.5 },
      { maxLenght: 5 },
      null,
      5,
      undefined,
    ];
    for (const bounds of wrong) {
      expect(() => tried('Any', bounds as Bounds, 1), JSON.stringify(bounds)).toThrow(OptionError);
    }
  });

  test('that no value of the type could keep to are refused at once', () => {
    expect(() => tried('str', { max: 5 }, '')).toThrow("f: x is str, which can't be at most 5");
    expect(() => tried('int', { matches: '*' }, 1)).toThrow(OptionError);
    expect(() => tried('int', { maxLength: 1 }, 1)).toThrow(OptionError);
    expect(() => tried('int', { oneOf: ['a'] }, 1)).toThrow(OptionError);
    expect(tried('int | None', { max: 5 }, 5)).toBe('ok');
  });

  test('“checkers: rights to call, get, set, per name”: each name, each way, and what may be set', () => {
    const kind = facet(swords, {
      only: ['name', 'edge', 'swing'],
      args: { edge: { value: { max: 9 } } },
    });
    expect(Object.keys(kind.members)).toEqual(['name', 'edge', 'swing']);
    const { edge } = kind.members;
    if (!(edge instanceof Attribute) || edge.set === undefined) throw new Error('edge is settable');
    const target = { name: 'Sting', edge: 3 };
    edge.set(callOf({ target, access: 'set', args: [9] }));
    expect(edge.get(callOf({ target, access: 'get' }))).toBe(9);
    const set = edge.set;
    expect(refusalOf(() => set(callOf({ target, access: 'set', args: [10] })))).toBe(
      'forbidden: value must be at most 9',
    );
    expect(target.edge).toBe(9);
  });
});

describe('a facet of a kind', () => {
  const setterOf = (kind: ObjectKind, name: string): Invoke | undefined => {
    const member = kind.members[name];
    return member instanceof Attribute ? member.set : undefined;
  };

  test('is of the same objects', () => {
    const sword = swords.grant({ name: 'Sting', edge: 3 });
    const kind = facet(swords, { only: ['name'] });
    expect(kind.has(sword)).toBe(true);
    kind.revoke(sword);
    expect(swords.has(sword)).toBe(false);
  });

  test('read-only has no setters, and methods only where they are named', () => {
    const kind = facet(swords, { readOnly: true });
    expect(Object.keys(kind.members)).toEqual(['name', 'edge']);
    expect(setterOf(kind, 'edge')).toBeUndefined();
    const named = facet(swords, { readOnly: true, only: ['edge', 'describe'] });
    expect(Object.keys(named.members)).toEqual(['edge', 'describe']);
    expect(setterOf(named, 'edge')).toBeUndefined();
    expect(setterOf(swords, 'edge')).toBeDefined();
  });

  test('bounds the arguments of methods', () => {
    const kind = facet(swords, { args: { swing: { force: { max: 3 } } } });
    const { swing } = kind.members;
    const target = { name: 'Sting', edge: 3 };
    const swung = (force: number): unknown => use(swing as Method, ['rat', force], { target });
    expect(swung(3)).toBe('Sting hits rat');
    expect(refusalOf(() => swung(4))).toBe('forbidden: force must be at most 3');
  });

  test('sets no bounds for what cannot be set', () => {
    const max = { value: { max: 1 } };
    expect(() => facet(swords, { args: { name: max } })).toThrow(OptionError);
    expect(() => facet(swords, { readOnly: true, args: { edge: max } })).toThrow(OptionError);
    expect(() => facet(swords, { args: { edge: { edge: { max: 1 } } } })).toThrow(OptionError);
  });

  test('like another keeps no setter that the other has not', () => {
    const readable = new ObjectKind('Readable', {
      edge: attribute('int', () => 0),
      weight: attribute('int', () => 0),
    });
    const kind = facet(swords, { like: readable });
    expect(Object.keys(kind.members)).toEqual(['edge']);
    expect(setterOf(kind, 'edge')).toBeUndefined();
    const odd = new ObjectKind('Odd', { edge: objectMethod('() -> int', () => 0) });
    expect(() => facet(swords, { like: odd })).toThrow('edge is an attribute here');
  });
});

describe('facets combined', () => {
  test('“checkers combined (or)”: what one refuses as forbidden is tried on the next', () => {
    const run = vi.fn((_target: string, points: number) => points);
    const whole = capability({ damage: method('(target: str, points: int) -> int', run) });
    const little = facet(whole, { args: { damage: { points: { max: 10 } } } });
    const rats = facet(whole, { args: { damage: { target: { oneOf: ['rat'] } } } });
    const both = combine(little, rats);
    expect(use(both.damage, ['cat', 10])).toBe(10);
    expect(use(both.damage, ['rat', 500])).toBe(500);
    expect(refusalOf(() => use(both.damage, ['cat', 11]))).toBe(
      'forbidden: points must be at most 10, or target must be "rat"',
    );
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('have the names of all', () => {
    const both = combine(facet(world, { only: ['damage'] }), facet(world, { only: ['look'] }));
    expect(Object.keys(both)).toEqual(['damage', 'look']);
    expect(use(both.look, [])).toBe('a hall');
  });

  test('run one function at most: its own refusal is not tried on another', () => {
    const second = vi.fn();
    const a = capability({
      f: method('() -> None', () => {
        throw new Refusal('forbidden', 'not I');
      }),
    });
    const b = capability({ f: method('() -> None', second) });
    expect(refusalOf(() => use(combine(a, b).f, []))).toBe('forbidden: not I');
    expect(second).not.toHaveBeenCalled();
  });

  test('charge the meter of the one that lets the call through, and no other', () => {
    const metered = { ...world, damage: meter(world.damage, { budget: 2 }) };
    const little = facet(metered, { args: { damage: { points: { max: 10 } } } });
    const rats = facet(world, { args: { damage: { target: { oneOf: ['rat'] } } } });
    const both = combine(little, rats);
    for (let time = 0; time < 5; time++) use(both.damage, ['rat', 11]);
    use(both.damage, ['rat', 1]);
    use(both.damage, ['rat', 1]);
    expect(refusalOf(() => use(both.damage, ['rat', 1]))).toMatch(/^budget/);
  });

  test('can be combined and narrowed again', () => {
    const one = facet(world, { only: ['damage'], args: { damage: { points: { max: 1 } } } });
    const three = facet(world, { args: { damage: { points: { min: 3, max: 3 } } } });
    const five = facet(world, { args: { damage: { points: { min: 5, max: 5 } } } });
    const all = facet(combine(combine(one, three), five), {
      args: { damage: { target: { oneOf: ['rat'] } } },
    });
    for (const points of [1, 3, 5]) expect(use(all.damage, ['rat', points])).toBe(points);
    for (const points of [2, 4, 6]) {
      expect(refusalOf(() => use(all.damage, ['rat', points]))).toMatch(/^forbidden/);
    }
    expect(refusalOf(() => use(all.damage, ['cat', 3]))).toMatch(/^forbidden/);
  });

  test('of a kind have getters of all, and setters of those that have one', () => {
    const looking = facet(swords, { readOnly: true });
    const grinding = facet(swords, { only: ['edge'], args: { edge: { value: { max: 9 } } } });
    const kind = combine(looking, grinding);
    expect(Object.keys(kind.members)).toEqual(['name', 'edge']);
    const { edge } = kind.members;
    if (!(edge instanceof Attribute) || edge.set === undefined) throw new Error('edge is settable');
    const { set } = edge;
    const target = { name: 'Sting', edge: 3 };
    set(callOf({ target, args: [9] }));
    expect(edge.get(callOf({ target }))).toBe(9);
    expect(refusalOf(() => set(callOf({ target, args: [10] })))).toContain('at most 9');
    expect(kind.hasObjectsOf(swords)).toBe(true);
  });

  test('have to fit together', () => {
    const other = capability({ damage: method('(target: str) -> int', () => 1) });
    expect(() => combine(world, other)).toThrow('damage is declared in different ways');
    const method1 = new ObjectKind('Sword', swords.members);
    expect(() => combine(swords, method1)).toThrow('not of the same objects');
    const odd = swords.with({ edge: objectMethod('() -> int', () => 0) });
    expect(() => combine(swords, odd)).toThrow('edge is declared in different ways');
    expect(() => combine(...([] as unknown as [ObjectKind]))).toThrow(OptionError);
    expect(() => combine(swords, world as unknown as ObjectKind)).toThrow(OptionError);
    expect(() => combine(world, swords as unknown as typeof world)).toThrow(OptionError);
  });

  test('“multi, from an interface”: each interface brings its own names', () => {
    const named = new ObjectKind('Named', { name: attribute('str', () => '') });
    const weapon = new ObjectKind('Weapon', {
      swing: objectMethod('(at: str, force: int) -> str', () => ''),
    });
    const kind = combine(facet(swords, { like: named }), facet(swords, { like: weapon }));
    expect(Object.keys(kind.members)).toEqual(['name', 'swing']);
  });

  test('“a fixed set of always-safe operations”: one list does for every kind', () => {
    const always = new ObjectKind('Always', {
      name: attribute('str', () => ''),
      describe: objectMethod('() -> str', () => ''),
    });
    const rooms = new ObjectKind('Room', {
      describe: objectMethod('() -> str', () => 'a room'),
      burn: objectMethod('() -> None', () => null),
    });
    expect(Object.keys(facet(rooms, { like: always }).members)).toEqual(['describe']);
    expect(Object.keys(facet(swords, { like: always }).members)).toEqual(['name', 'describe']);
  });
});
