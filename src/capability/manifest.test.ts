import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GloveboxError, ManifestError } from '../errors';
import { type Manifest, parseManifest } from './manifest';

const whole = {
  version: 1,
  rules: [
    {
      capability: 'world',
      members: ['damage', 'heal*'],
      access: ['call'],
      actors: ['jane', '*.example'],
      args: {
        points: { min: 1, max: 5000 },
        target: { oneOf: ['rat', null, true, 5], matches: 'r*', maxLength: 10 },
      },
      decision: 'allow',
    },
    { capability: '*', decision: 'ask' },
  ],
  budgets: [
    {
      capability: 'world',
      member: 'damage',
      budget: 5000,
      cost: 'points',
      per: 'run',
      refill: { amount: 1, everyMs: 1000 },
    },
    { capability: 'world', member: 'heal', budget: 5, cost: 2.5 },
  ],
} as const;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The whole manifest with another value at a place in it. */
function withAt(keys: readonly (string | number)[], value: unknown): unknown {
  const copy: Json = structuredClone(whole) as unknown as Json;
  const last = keys[keys.length - 1] as string;
  let node = copy as Record<string, Json>;
  for (const key of keys.slice(0, -1)) node = node[key] as Record<string, Json>;
  Object.defineProperty(node, last, { value, enumerable: true, configurable: true });
  return copy;
}

function without(keys: readonly (string | number)[]): unknown {
  const copy = withAt(keys, undefined);
  let node = copy as Record<string, Json>;
  for (const key of keys.slice(0, -1)) node = node[key] as Record<string, Json>;
  delete node[keys[keys.length - 1] as string];
  return copy;
}

function pathOfFault(json: unknown): string {
  try {
    parseManifest(json);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    expect(error.message).toContain(error.path === '' ? 'the manifest' : error.path);
    return error.path;
  }
  throw new Error('nothing was wrong');
}

describe('a manifest', () => {
  test('is a copy of what was given, and does not change', () => {
    const given = JSON.parse(JSON.stringify(whole)) as Manifest;
    const parsed = parseManifest(given);
    expect(parsed).toEqual(whole);
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(parsed)).toBe(true);
    (given.rules as unknown[]).length = 0;
    expect(parsed.rules).toHaveLength(2);
  });

  test('needs a version and rules, and nothing else', () => {
    expect(parseManifest({ version: 1, rules: [] })).toEqual({ version: 1, rules: [] });
    expect(pathOfFault({ rules: [] })).toBe('version');
    expect(pathOfFault({ version: 1 })).toBe('rules');
    for (const version of [0, 2, '1', null, true, [1]]) {
      expect(pathOfFault({ version, rules: [] })).toBe('version');
    }
  });

  test('that is none is a typed error with a stable code', () => {
    for (const json of [undefined, null, 5, 'text', [], true, () => 1, new Map(), Symbol('x')]) {
      expect(() => parseManifest(json)).toThrow(ManifestError);
    }
    const error = new ManifestError('rules[0]', 'is odd');
    expect(error).toBeInstanceOf(GloveboxError);
    expect([error.code, error.name]).toEqual(['MANIFEST', 'ManifestError']);
  });

  test('has no unknown keys anywhere: the error names the place', () => {
    const places: [(string | number)[], string][] = [
      [['rulez'], 'rulez'],
      [['__proto__'], '__proto__'],
      [['constructor'], 'constructor'],
      [['rules', 0, 'member'], 'rules[0].member'],
      [['rules', 1, '__proto__'], 'rules[1].__proto__'],
      [['rules', 0, 'args', 'points', 'mx'], 'rules[0].args.points.mx'],
      [['budgets', 1, 'refil'], 'budgets[1].refil'],
      [['budgets', 0, 'refill', 'everyS'], 'budgets[0].refill.everyS'],
    ];
    for (const [keys, path] of places) expect(pathOfFault(withAt(keys, 1))).toBe(path);
    expect(pathOfFault(JSON.parse('{"version": 1, "rules": [], "__proto__": {}}'))).toBe(
      '__proto__',
    );
  });

  test('lacks no key that is needed: the error names the place', () => {
    const places: [(string | number)[], string][] = [
      [['rules', 1, 'capability'], 'rules[1].capability'],
      [['rules', 0, 'decision'], 'rules[0].decision'],
      [['budgets', 0, 'budget'], 'budgets[0].budget'],
      [['budgets', 0, 'member'], 'budgets[0].member'],
      [['budgets', 0, 'refill', 'everyMs'], 'budgets[0].refill.everyMs'],
    ];
    for (const [keys, path] of places) expect(pathOfFault(without(keys))).toBe(path);
  });

  test('has values of the right types only: the error names the place', () => {
    const wrong: [(string | number)[], unknown[]][] = [
      [['rules'], [{}, 'x', null]],
      [
        ['rules', 0],
        [null, [], 'allow', 5],
      ],
      [
        ['rules', 0, 'capability'],
        [5, '', null, ['world']],
      ],
      [
        ['rules', 0, 'members'],
        ['damage', [], {}, null],
      ],
      [
        ['rules', 0, 'access'],
        ['call', []],
      ],
      [
        ['rules', 0, 'actors'],
        ['jane', [], null],
      ],
      [
        ['rules', 0, 'args'],
        [[], null, 'points'],
      ],
      [
        ['rules', 0, 'args', 'points'],
        [5, null, []],
      ],
      [
        ['rules', 0, 'args', 'points', 'min'],
        ['1', null, Number.NaN, {}],
      ],
      [
        ['rules', 0, 'args', 'points', 'max'],
        [0, '5', true],
      ],
      [
        ['rules', 0, 'args', 'target', 'oneOf'],
        [[], 'rat', [{}], [['rat']], [Number.NaN]],
      ],
      [
        ['rules', 0, 'args', 'target', 'matches'],
        [5, '', /x/, null],
      ],
      [
        ['rules', 0, 'args', 'target', 'maxLength'],
        [-1, 1.5, '5', Infinity],
      ],
      [
        ['rules', 0, 'decision'],
        ['maybe', true, null, ['allow'], 'constructor'],
      ],
      [['budgets'], [{}, 5]],
      [
        ['budgets', 0, 'capability'],
        [5, ''],
      ],
      [
        ['budgets', 0, 'member'],
        [['damage'], ''],
      ],
      [
        ['budgets', 0, 'budget'],
        ['5', -1, Infinity, Number.NaN, null],
      ],
      [
        ['budgets', 0, 'cost'],
        [-1, Number.NaN, '', true, null, {}],
      ],
      [
        ['budgets', 0, 'per'],
        ['day', 1, null],
      ],
      [
        ['budgets', 0, 'refill'],
        [5, [], null],
      ],
      [
        ['budgets', 0, 'refill', 'amount'],
        [-1, '1'],
      ],
      [
        ['budgets', 0, 'refill', 'everyMs'],
        [0, -1, null],
      ],
    ];
    for (const [keys, values] of wrong) {
      const path = keys.reduce<string>(
        (text, key) =>
          typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`,
        '',
      );
      for (const value of values) expect(pathOfFault(withAt(keys, value)), path).toBe(path);
    }
    expect(pathOfFault(withAt(['rules', 0, 'members', 1], 5))).toBe('rules[0].members[1]');
    expect(pathOfFault(withAt(['rules', 0, 'access', 0], 'read'))).toBe('rules[0].access[0]');
    expect(pathOfFault(withAt(['rules', 0, 'actors', 1], {}))).toBe('rules[0].actors[1]');
    expect(pathOfFault(withAt(['rules', 0, 'args', 'a b'], {}))).toBe('rules[0].args.a b');
  });

  test('is not huge', () => {
    const rules = Array.from({ length: 1001 }, () => ({ capability: '*', decision: 'allow' }));
    expect(pathOfFault({ version: 1, rules })).toBe('rules');
    expect(parseManifest({ version: 1, rules: rules.slice(1) }).rules).toHaveLength(1000);
    expect(pathOfFault({ version: 1, rules: new Array(2 ** 32 - 1) })).toBe('rules');
    const members = new Array(1001).fill('x');
    expect(pathOfFault(withAt(['rules', 0, 'members'], members))).toBe('rules[0].members');
    const long = 'x'.repeat(1001);
    expect(pathOfFault(withAt(['rules', 0, 'members', 0], long))).toBe('rules[0].members[0]');
    expect(pathOfFault(withAt(['rules', 0, 'args', 'target', 'oneOf'], [long]))).toBe(
      'rules[0].args.target.oneOf[0]',
    );
    const args = Object.fromEntries(members.map((_, index) => [`p${index}`, { min: 0 }]));
    expect(pathOfFault(withAt(['rules', 0, 'args'], args))).toBe('rules[0].args');
    expect(pathOfFault({ version: 1, rules: [], [long]: 1 })).toBe(`${'x'.repeat(40)}…`);
    expect(pathOfFault(withAt(['rules', 0, 'args', long], {})).length).toBeLessThan(80);
  });

  test('is not deep', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(pathOfFault(deep)).toBe('');
    expect(pathOfFault({ version: 1, rules: deep })).toBe('rules[0]');
    expect(pathOfFault(withAt(['rules', 0, 'args', 'target', 'oneOf'], deep))).toContain('oneOf');
  });

  test('that is any other JSON is a ManifestError and nothing else', () => {
    const mutated = fc
      .tuple(fc.nat(), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([from, length, put]) => {
        const text = JSON.stringify(whole);
        const at = from % text.length;
        return text.slice(0, at) + put + text.slice(at + (length % 8));
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json()), (text) => {
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          return;
        }
        try {
          expect(parseManifest(parseManifest(json))).toEqual(json);
        } catch (error) {
          if (!(error instanceof ManifestError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
