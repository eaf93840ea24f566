import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { ManifestError, OptionError } from '../errors';
import { callOf, refusalOf, use } from '../testing/capability-use';
import { attribute, capability, ObjectKind, objectMethod } from './capability';
import { type Manifest, type ManifestRule, parseManifest } from './manifest';
import { applyManifest, type ManifestOptions, policyFrom } from './manifest-policy';
import { Attribute, type Call, method } from './method';

const world = capability({
  damage: method('(target: str, points: int = 1) -> int', (_target: string, n: number) => n),
  heal: method('(target: str) -> None', () => null),
  look: () => 'a hall',
});

const swords = new ObjectKind('Sword', {
  name: attribute('str', () => 'Sting'),
  edge: attribute(
    'int',
    () => 3,
    () => undefined,
  ),
  swing: objectMethod('(at: str, force: int) -> str', (_sword, at: string) => `hits ${at}`),
});

const all = { capabilities: { world }, kinds: [swords] };

function manifest(...rules: ManifestRule[]): Manifest {
  return { version: 1, rules };
}

/** What the rules decide, with everything given. */
function decided(rules: ManifestRule[], call: Partial<Call>, options: ManifestOptions = {}) {
  return policyFrom(manifest(...rules), { ...all, ...options })(callOf(call));
}

const allowWorld: ManifestRule = { capability: 'world', decision: 'allow' };

describe('a policy from a manifest', () => {
  test('forbids what no rule names', () => {
    expect(decided([], {})).toBe('forbid');
    expect(decided([allowWorld], { capability: 'Sword', member: 'swing' })).toBe('forbid');
    const look: ManifestRule = { ...allowWorld, members: ['look'] };
    expect(decided([look], { member: 'damage' })).toBe('forbid');
    expect(decided([look], { member: 'look' })).toBe('allow');
  });

  test('“Forbidden (never) and Unauthorized (not you, not now)”: the first rule that fits decides', () => {
    const rules: ManifestRule[] = [
      { capability: 'world', members: ['heal'], decision: 'forbid' },
      { capability: 'world', actors: ['jane'], decision: 'allow' },
      { capability: 'world', decision: 'unauthorized' },
      { capability: '*', decision: 'allow' },
    ];
    expect(decided(rules, { actor: 'jane' })).toBe('allow');
    expect(decided(rules, { actor: 'jane', member: 'heal' })).toBe('forbid');
    expect(decided(rules, { actor: 'bob' })).toBe('unauthorized');
    expect(decided(rules, { capability: 'Sword', member: 'swing' })).toBe('allow');
  });

  test('takes stars in names for any characters', () => {
    const rule: ManifestRule = { capability: 'w*d', members: ['d*', '*ok'], decision: 'allow' };
    expect(decided([rule], { member: 'damage' })).toBe('allow');
    expect(decided([rule], { member: 'look' })).toBe('allow');
    expect(decided([rule], { member: 'heal' })).toBe('forbid');
    expect(decided([rule], { capability: 'Sword', member: 'damage' })).toBe('forbid');
  });

  test('tells calling, reading and setting apart', () => {
    const rule: ManifestRule = { capability: 'Sword', access: ['get', 'call'], decision: 'allow' };
    const edge = { capability: 'Sword', member: 'edge' };
    expect(decided([rule], { ...edge, access: 'get' })).toBe('allow');
    expect(decided([rule], { ...edge, access: 'set', args: [5] })).toBe('forbid');
    expect(decided([rule], { ...edge, member: 'swing' })).toBe('allow');
  });

  test('“interactions and participations: who is acting”: an actor is matched by its string or its name', () => {
    const rule: ManifestRule = { ...allowWorld, actors: ['jane', '*@home'] };
    class Member {
      get name(): string {
        return 'jane';
      }
    }
    for (const actor of ['jane', 'bob@home', { name: 'jane' }, new Member()]) {
      expect(decided([rule], { actor })).toBe('allow');
    }
    const others: unknown[] = [undefined, null, '', 'Jane', 'jane2', 5, ['jane'], { name: 5 }, {}];
    others.push({ name: { toString: () => 'jane' } }, new String('jane'), () => 'jane');
    for (const actor of others) expect(decided([rule], { actor })).toBe('forbid');
  });

  test('with a star for actors fits those that have a name; without the key it fits everybody', () => {
    const named: ManifestRule = { ...allowWorld, actors: ['*'] };
    expect(decided([named], { actor: 'anybody' })).toBe('allow');
    expect(decided([named], { actor: undefined })).toBe('forbid');
    expect(decided([allowWorld], { actor: undefined })).toBe('allow');
  });

  test('fits arguments that keep to all bounds of the rule, and tries the next rule for others', () => {
    const rules: ManifestRule[] = [
      {
        capability: 'world',
        members: ['damage'],
        args: { points: { max: 10 }, target: { matches: 'r*' } },
        decision: 'allow',
      },
      { capability: 'world', args: { points: { max: 100 } }, decision: 'unauthorized' },
    ];
    expect(decided(rules, { args: ['rat', 10] })).toBe('allow');
    expect(decided(rules, { args: ['rat', 11] })).toBe('unauthorized');
    expect(decided(rules, { args: ['cat', 10] })).toBe('unauthorized');
    expect(decided(rules, { args: ['rat', 101] })).toBe('forbid');
    expect(decided(rules, { args: ['rat', Number.NaN] })).toBe('forbid');
    expect(decided(rules, { args: [] })).toBe('forbid');
    expect(decided(rules, { member: 'heal', args: ['rat'] })).toBe('forbid');
  });

  test('bounds what attributes are set to', () => {
    const rule: ManifestRule = {
      capability: 'Sword',
      members: ['edge'],
      args: { value: { max: 9 } },
      decision: 'allow',
    };
    const set: Partial<Call> = { capability: 'Sword', member: 'edge', access: 'set' };
    expect(decided([rule], { ...set, args: [9] })).toBe('allow');
    expect(decided([rule], { ...set, args: [10] })).toBe('forbid');
    expect(decided([rule], { ...set, access: 'get' })).toBe('forbid');
  });

  test('decides at once, without a promise, where nobody is asked', () => {
    expect(decided([allowWorld], {})).toBe('allow');
  });

  test('needs no capabilities where rules name no arguments', () => {
    const policy = policyFrom(manifest({ ...allowWorld, members: ['anything'] }));
    expect(policy(callOf({ member: 'anything' }))).toBe('allow');
    const bounded = manifest({ ...allowWorld, args: { points: { max: 1 } } });
    expect(() => policyFrom(bounded)).toThrow(OptionError);
  });

  test('checks the manifest once more', () => {
    const odd = { version: 1, rules: [{ capability: 'world', decision: 'allow', if: 'x' }] };
    expect(() => policyFrom(odd as unknown as Manifest)).toThrow(ManifestError);
    expect(() => applyManifest(odd as unknown as Manifest, { world })).toThrow(ManifestError);
  });

  test('names nothing that is not there, if it knows what is: the error names the place', () => {
    const wrong: [ManifestRule, string][] = [
      [{ capability: 'wrld', decision: 'forbid' }, 'rules[1].capability'],
      [{ ...allowWorld, members: ['look', 'damge'] }, 'rules[1].members[1]'],
      [{ ...allowWorld, members: ['x*'] }, 'rules[1].members[0]'],
      [{ ...allowWorld, members: ['swing'] }, 'rules[1].members[0]'],
      [{ ...allowWorld, args: { pionts: { max: 1 } } }, 'rules[1].args.pionts'],
      [{ ...allowWorld, members: ['look'], args: { x: { max: 1 } } }, 'rules[1].args.x'],
      [{ ...allowWorld, access: ['get'], args: { points: { max: 1 } } }, 'rules[1].args.points'],
      [
        { capability: 'Sword', members: ['name'], args: { value: {} }, decision: 'allow' },
        'rules[1].args.value',
      ],
      [{ ...allowWorld, args: { target: { max: 1 } } }, 'rules[1].args'],
    ];
    for (const [rule, path] of wrong) {
      try {
        policyFrom(manifest(allowWorld, rule), all);
        expect.unreachable(path);
      } catch (error) {
        expect(error).toBeInstanceOf(ManifestError);
        expect(error).toHaveProperty('path', path);
      }
    }
  });
});

describe('a rule that asks', () => {
  const asks: ManifestRule = { capability: 'world', decision: 'ask' };

  test('allows what the page answers true to, now or later, and nothing else', async () => {
    expect(decided([asks], {}, { ask: () => true })).toBe('allow');
    expect(await decided([asks], {}, { ask: async () => true })).toBe('allow');
    for (const answer of [false, undefined, 1, 'yes', {}]) {
      expect(decided([asks], {}, { ask: () => answer as boolean })).toBe('unauthorized');
      expect(await decided([asks], {}, { ask: async () => answer as boolean })).toBe(
        'unauthorized',
      );
    }
  });

  test('tells the page the call, and asks it only about calls that the rule fits', () => {
    const ask = vi.fn(() => true);
    const policy = policyFrom(manifest({ ...asks, members: ['damage'] }, allowWorld), { ask });
    const call = callOf({ args: ['rat', 5], actor: 'jane' });
    policy(call);
    policy(callOf({ member: 'look' }));
    expect(ask.mock.calls).toEqual([[call]]);
  });

  test('throws what the question throws: such a policy forbids', async () => {
    const ask = (): boolean => {
      throw new Error('closed');
    };
    expect(() => decided([asks], {}, { ask })).toThrow('closed');
    const later = async (): Promise<boolean> => ask();
    await expect(decided([asks], {}, { ask: later })).rejects.toThrow('closed');
  });

  test('remembers nothing, unless it is told to', async () => {
    const ask = vi.fn(async () => true);
    const policy = policyFrom(manifest(asks), { ask });
    await policy(callOf());
    await policy(callOf());
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('lets who only wonders whether something is allowed bother nobody', () => {
    const ask = vi.fn(() => false);
    const rules = [{ capability: 'world', decision: 'ask' }];
    const policy = policyFrom(parseManifest({ version: 1, rules }), { ask });
    expect(policy(callOf({ isProbe: true }))).toBe('allow');
    expect(ask).not.toHaveBeenCalled();
    expect(policy(callOf())).toBe('unauthorized');
  });

  test('told to remember asks once for each member, access and actor, yes or no', async () => {
    for (const answer of [true, false]) {
      const ask = vi.fn(async () => answer);
      const policy = policyFrom(manifest({ ...asks, capability: '*' }), {
        ask,
        remember: 'sandbox',
      });
      const calls: Partial<Call>[] = [
        { args: ['rat', 1] },
        { args: ['cat', 9] },
        { member: 'heal' },
        { actor: 'jane' },
        { actor: 'jane' },
        { capability: 'Sword', member: 'edge', access: 'get' },
        { capability: 'Sword', member: 'edge', access: 'set' },
        {},
      ];
      for (const call of calls) {
        expect(await policy(callOf(call))).toBe(answer ? 'allow' : 'unauthorized');
      }
      expect(ask).toHaveBeenCalledTimes(5);
    }
  });

  test('told to remember does not take the answer to one rule for another’s', () => {
    const ask = vi.fn((call: Call) => Number(call.args[1]) <= 10);
    const little: ManifestRule = { ...asks, args: { points: { max: 10 } } };
    const policy = policyFrom(manifest(little, asks), { ...all, ask, remember: 'sandbox' });
    expect(policy(callOf({ args: ['rat', 10] }))).toBe('allow');
    expect(policy(callOf({ args: ['rat', 11] }))).toBe('unauthorized');
    expect(policy(callOf({ args: ['rat', 5] }))).toBe('allow');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('told to remember lets uses at the same time wait for one answer', async () => {
    let answer: (yes: boolean) => void = () => {};
    const ask = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
    const policy = policyFrom(manifest(asks), { ask, remember: 'sandbox' });
    const decisions = [policy(callOf()), policy(callOf()), policy(callOf())];
    answer(true);
    expect(await Promise.all(decisions)).toEqual(['allow', 'allow', 'allow']);
    expect(ask).toHaveBeenCalledOnce();
  });

  test('told to remember asks again where the question failed', async () => {
    let fails = true;
    const ask = vi.fn(async () => {
      if (fails) throw new Error('closed');
      return true;
    });
    const policy = policyFrom(manifest(asks), { ask, remember: 'sandbox' });
    await expect(policy(callOf())).rejects.toThrow('closed');
    fails = false;
    expect(await policy(callOf())).toBe('allow');
  });

  test('remembers in one policy only: each has its own', () => {
    const ask = vi.fn(() => true);
    for (let sandbox = 0; sandbox < 2; sandbox++) {
      policyFrom(manifest(asks), { ask, remember: 'sandbox' })(callOf());
    }
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('needs somebody to ask, and a memory that there is', () => {
    expect(() => policyFrom(manifest(asks))).toThrow('rules[0] asks');
    expect(() => applyManifest(manifest(asks), { world })).toThrow(OptionError);
    const odd = { remember: 'forever' } as unknown as ManifestOptions;
    expect(() => policyFrom(manifest(allowWorld), odd)).toThrow(OptionError);
  });
});

describe('“declarations instead of code”: a manifest that is applied', () => {
  const budget = { capability: 'world', member: 'damage', budget: 5000, cost: 'points' };

  test('“more than 5000 points of damage”: its budgets are meters, charged by an argument', () => {
    const applied = applyManifest(
      { version: 1, rules: [allowWorld], budgets: [{ ...budget, per: 'lifetime' }] },
      { world },
    );
    const damage = applied.capabilities.world?.damage;
    expect(use(damage, ['troll', 5000])).toBe(5000);
    expect(refusalOf(() => use(damage, ['troll', 1]))).toBe(
      'budget: the call costs 1, and 0 is left',
    );
    expect(refusalOf(() => use(damage, ['troll', -1]))).toMatch(/^budget/);
    expect(use(world.damage, ['troll', 5001])).toBe(5001);
  });

  test('“objects brought from Jane’s server to Bob’s, run under Bob’s rules”: one object, two manifests', () => {
    const at = (points: number): ReturnType<typeof applyManifest<'world'>> =>
      applyManifest(
        { version: 1, rules: [allowWorld], budgets: [{ ...budget, budget: points }] },
        { world },
      );
    const [home, abroad] = [at(1_000_000), at(5000)];
    expect(use(home.capabilities.world?.damage, ['troll', 9000])).toBe(9000);
    expect(refusalOf(() => use(abroad.capabilities.world?.damage, ['troll', 9000]))).toMatch(
      /^budget/,
    );
  });

  test('has meters per run, with refills, for a fixed cost, and several on one method', () => {
    const applied = applyManifest(
      {
        version: 1,
        rules: [{ capability: '*', decision: 'allow' }],
        budgets: [
          { capability: 'world', member: 'heal', budget: 4, cost: 2, per: 'run' },
          { capability: 'world', member: 'heal', budget: 3, refill: { amount: 1, everyMs: 1e9 } },
          { capability: 'Sword', member: 'swing', budget: 1 },
        ],
      },
      { world },
      { kinds: [swords] },
    );
    const heal = applied.capabilities.world?.heal;
    const [run1, run2, run3] = [{}, {}, {}];
    for (let time = 0; time < 2; time++) use(heal, ['rat'], { run: run1 });
    expect(refusalOf(() => use(heal, ['rat'], { run: run1 }))).toContain('costs 2, and 0 is left');
    use(heal, ['rat'], { run: run2 });
    expect(refusalOf(() => use(heal, ['rat'], { run: run2 }))).toContain('costs 1, and 0 is left');
    expect(refusalOf(() => use(heal, ['rat'], { run: run3 }))).toContain('costs 1, and 0 is left');
    const swing = applied.kinds[0]?.members.swing;
    if (swing === undefined || swing instanceof Attribute) throw new Error('swing is a method');
    use(swing, ['rat', 1]);
    expect(refusalOf(() => use(swing, ['rat', 1]))).toMatch(/^budget/);
  });

  test('leaves out what no rule could ever allow, and no more', () => {
    const applied = applyManifest(
      manifest(
        { capability: 'world', members: ['heal'], decision: 'forbid' },
        { capability: 'world', members: ['look'], actors: ['bob'], decision: 'forbid' },
        { capability: 'world', members: ['damage'], actors: ['jane'], decision: 'unauthorized' },
        { capability: 'world', members: ['look', 'heal'], decision: 'allow' },
        { capability: 'Sword', access: ['get'], decision: 'allow' },
      ),
      { world, closed: capability({ gone: () => null }) },
      { kinds: [swords] },
    );
    expect(Object.keys(applied.capabilities)).toEqual(['world']);
    expect(Object.keys(applied.capabilities.world ?? {})).toEqual(['damage', 'look']);
    const [kind] = applied.kinds;
    expect(Object.keys(kind?.members ?? {})).toEqual(['name', 'edge']);
    const edge = kind?.members.edge;
    expect(edge instanceof Attribute && edge.set).toBeUndefined();
    expect(kind?.hasObjectsOf(swords)).toBe(true);
  });

  test('keeps setters that a rule could allow, and kinds of which nothing stays', () => {
    const set: ManifestRule = { capability: 'Sword', access: ['set'], decision: 'ask' };
    const { kinds } = applyManifest(manifest(set), {}, { kinds: [swords], ask: () => true });
    expect(Object.keys(kinds[0]?.members ?? {})).toEqual(['edge']);
    const none = applyManifest(manifest(), { world }, { kinds: [swords] });
    expect(none.capabilities).toEqual({});
    expect(none.kinds.map(({ name, members }) => [name, members])).toEqual([['Sword', {}]]);
  });

  test('has the policy of its rules', async () => {
    const bounded: ManifestRule = { ...allowWorld, args: { points: { max: 5 } } };
    const asks: ManifestRule = { ...allowWorld, decision: 'ask' };
    const { policy } = applyManifest(
      manifest(bounded, asks),
      { world },
      { ask: async () => false },
    );
    expect(policy(callOf({ args: ['rat', 5] }))).toBe('allow');
    expect(await policy(callOf({ args: ['rat', 6] }))).toBe('unauthorized');
  });

  test('has budgets for what is there only: the error names the place', () => {
    const precise = capability({
      burn: method('(exactly: bigint, *times: int) -> None', () => null),
    });
    const wrong: [object, string][] = [
      [{ ...budget, capability: 'wrld' }, 'budgets[0].capability'],
      [{ ...budget, capability: '*' }, 'budgets[0].capability'],
      [{ ...budget, member: 'damge' }, 'budgets[0].member'],
      [{ ...budget, capability: 'Sword', member: 'edge' }, 'budgets[0].member'],
      [{ ...budget, cost: 'pionts' }, 'budgets[0].cost'],
      [{ ...budget, cost: 'target' }, 'budgets[0].cost'],
      [{ ...budget, member: 'look', cost: 'x' }, 'budgets[0].cost'],
      [{ ...budget, capability: 'precise', member: 'burn', cost: 'exactly' }, 'budgets[0].cost'],
      [{ ...budget, capability: 'precise', member: 'burn', cost: 'times' }, 'budgets[0].cost'],
    ];
    for (const [one, path] of wrong) {
      const given = { version: 1, rules: [], budgets: [one] } as unknown as Manifest;
      try {
        applyManifest(given, { world, precise }, { kinds: [swords] });
        expect.unreachable(path);
      } catch (error) {
        expect(error).toBeInstanceOf(ManifestError);
        expect(error).toHaveProperty('path', path);
      }
    }
  });

  test('is as the documentation has it', async () => {
    const text = await readFile(new URL('../../docs/capabilities.md', import.meta.url), 'utf8');
    const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
    const listing = capability({ ...world, list_rooms: () => [] });
    const { capabilities, policy } = applyManifest(
      parseManifest(JSON.parse(json)),
      { world: listing },
      { kinds: [swords], ask: () => false },
    );
    expect(Object.keys(capabilities.world ?? {})).toEqual(['damage', 'look', 'list_rooms']);
    const damage: Partial<Call> = { args: ['rat', 5000], actor: 'bob@home' };
    expect(policy(callOf(damage))).toBe('allow');
    expect(policy(callOf({ ...damage, actor: 'bob' }))).toBe('unauthorized');
  });

  test('has one meaning for a name', () => {
    expect(() => applyManifest(manifest(), { Sword: world }, { kinds: [swords] })).toThrow(
      OptionError,
    );
  });
});
