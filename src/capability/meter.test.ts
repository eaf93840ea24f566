import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { OptionError } from '../errors';
import { refusalOf, use } from '../testing/capability-use';
import { attribute, capability, objectMethod } from './capability';
import { combine, facet } from './facet';
import { Meter, type MeterOptions, meter } from './meter';
import { type Method, method } from './method';
import { Refusal } from './refusal';

const points = (_target: string, given: number): number => given;

function damageOn(
  options: Partial<MeterOptions> = {},
  run: (...args: never[]) => unknown = points,
) {
  const whole = method('(target: str, points: float) -> Any', run as typeof points);
  const purse = new Meter({ budget: 10, ...options });
  return { purse, damage: purse.on(whole, points), whole };
}

const runs = new Map<number, object>();

function run(number: number): object {
  const known = runs.get(number) ?? {};
  runs.set(number, known);
  return known;
}

describe('a meter', () => {
  test('“more than 5000 points of damage”: they are dealt up to there, and refused from there on', () => {
    let dealt = 0;
    const world = capability({
      damage: method('(target: str, points: int) -> None', (_target: string, given: number) => {
        dealt += given;
      }),
    });
    const damage = meter(world.damage, { budget: 5000, cost: points });
    use(damage, ['troll', 4000]);
    expect(refusalOf(() => use(damage, ['troll', 1001]))).toBe(
      'budget: the call costs 1001, and 1000 is left',
    );
    use(damage, ['troll', 1000]);
    expect(refusalOf(() => use(damage, ['troll', 1]))).toBe(
      'budget: the call costs 1, and 0 is left',
    );
    expect(dealt).toBe(5000);
  });

  test('makes a method that looks the same to the guest', () => {
    const whole = method('async (target: str) -> int', () => 7, 'Docs.');
    const { signature, doc } = meter(whole, { budget: 1 });
    expect([signature, doc]).toEqual([whole.signature, 'Docs.']);
    expect(use(meter(whole, { budget: 1 }), ['rat'])).toBe(7);
  });

  test('charges 1 for a call, for the lifetime, unless something else is said', () => {
    const purse = new Meter({ budget: 2 });
    const ping = purse.on(method('() -> None', () => null));
    use(ping, [], { run: run(1) });
    use(ping, [], { run: run(2) });
    expect(refusalOf(() => use(ping, [], { run: run(3) }))).toMatch(/^budget/);
    expect(purse.left).toBe(0);
  });

  test('is shared by all methods that are on it', () => {
    const purse = new Meter({ budget: 10 });
    const hit = purse.on(
      method('(n: int) -> None', () => null),
      (n: number) => n,
    );
    const curse = purse.on(
      method('() -> None', () => null),
      () => 4,
    );
    use(hit, [5]);
    use(curse, []);
    expect(purse.left).toBe(1);
    expect(refusalOf(() => use(curse, []))).toMatch(/^budget/);
    use(hit, [1]);
  });

  test('is shared by two sandboxes that are given the same metered method', () => {
    const { damage } = damageOn();
    use(damage, ['rat', 6], { actor: 'jane' });
    expect(refusalOf(() => use(damage, ['rat', 6], { actor: 'bob' }))).toMatch(/^budget/);
  });

  test('tells a cost function the call, and of an object only its own arguments', () => {
    const target = { weight: 3 };
    const lift = meter(
      objectMethod('(times: int) -> None', () => null),
      {
        budget: 10,
        cost(times: number) {
          return (this.target as typeof target).weight * times;
        },
      },
    );
    use(lift, [3], { target });
    expect(refusalOf(() => use(lift, [1], { target }))).toContain('1 is left');
  });

  test('refuses what has no cost that can be charged, and charges nothing for it', () => {
    const run = vi.fn();
    const wrong: unknown[] = [
      Number.NaN,
      Infinity,
      -Infinity,
      -1,
      -0.001,
      '1',
      1n,
      null,
      undefined,
    ];
    wrong.push(Promise.resolve(1), {}, [1], true);
    for (const cost of wrong) {
      const purse = new Meter({ budget: 5 });
      const metered = purse.on(method('() -> None', run), () => cost as number);
      expect(refusalOf(() => use(metered, []))).toMatch(/^budget: the call has no cost/);
      expect(purse.left).toBe(5);
    }
    expect(run).not.toHaveBeenCalled();
  });

  test('runs nothing and charges nothing where the cost function fails', () => {
    const run = vi.fn();
    const purse = new Meter({ budget: 5 });
    const metered = purse.on(method('() -> None', run), () => {
      throw new Error('no idea');
    });
    expect(() => use(metered, [])).toThrow('no idea');
    expect(purse.left).toBe(5);
    expect(run).not.toHaveBeenCalled();
  });

  test('lets through what costs nothing, when it is used up too', () => {
    const { damage, purse } = damageOn({ budget: 0 });
    use(damage, ['rat', 0]);
    use(damage, ['rat', -0]);
    expect(purse.left).toBe(0);
  });

  test('charges before the function runs', () => {
    const seen: number[] = [];
    const { damage, purse } = damageOn({}, () => seen.push(purse.left));
    use(damage, ['rat', 4]);
    expect(seen).toEqual([6]);
  });

  test('keeps what was charged where the function refuses, throws or rejects', async () => {
    const fails = [
      () => {
        throw new Refusal('busy');
      },
      () => {
        throw new Error('broken');
      },
      () => Promise.reject(new Error('later')),
    ];
    for (const fail of fails) {
      const { damage, purse } = damageOn({}, fail);
      await expect((async () => use(damage, ['rat', 4]))()).rejects.toThrow();
      expect(purse.left).toBe(6);
    }
  });

  test('charges nothing for what a facet refuses, wherever the facet is', () => {
    const max = { args: { damage: { points: { max: 5 } } } };
    const inner = new Meter({ budget: 10 });
    const { whole } = damageOn();
    const outside = inner.on(facet({ damage: whole }, max).damage, points);
    expect(refusalOf(() => use(outside, ['rat', 6]))).toMatch(/^forbidden/);
    const around = facet({ damage: inner.on(whole, points) }, max).damage;
    expect(refusalOf(() => use(around, ['rat', 6]))).toMatch(/^forbidden/);
    expect(inner.left).toBe(10);
    use(outside, ['rat', 5]);
    use(around, ['rat', 5]);
    expect(inner.left).toBe(0);
  });

  test('charges nothing where another meter on the method has not enough, in any order', () => {
    const whole = method('(n: int) -> None', () => null);
    const [great, small] = [new Meter({ budget: 100 }), new Meter({ budget: 5 })];
    const cost = (n: number): number => n;
    for (const both of [
      great.on(small.on(whole, cost), cost),
      small.on(great.on(whole, cost), cost),
      great.on(combine({ f: small.on(whole, cost) }).f, cost),
    ]) {
      expect(refusalOf(() => use(both, [6]))).toContain('5 is left');
      expect([great.left, small.left]).toEqual([100, 5]);
    }
    use(small.on(great.on(whole, cost), cost), [5]);
    expect([great.left, small.left]).toEqual([95, 0]);
  });

  test('charges twice for a method that is on it twice, and is not overdrawn by that', () => {
    const purse = new Meter({ budget: 3 });
    const twice = purse.on(purse.on(method('() -> None', () => null)));
    use(twice, []);
    expect(refusalOf(() => use(twice, []))).toMatch(/^budget/);
    expect(purse.left).toBe(1);
  });

  test('is not overdrawn by calls that go on at the same time', async () => {
    let dealt = 0;
    const { damage, purse } = damageOn({}, (async (_target: string, given: number) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      dealt += given;
    }) as never);
    const calls = Array.from({ length: 20 }, async () => use(damage, ['rat', 3]));
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(dealt).toBe(9);
    expect(purse.left).toBe(1);
  });

  test('can be given more, past its budget too', () => {
    const { damage, purse } = damageOn();
    use(damage, ['rat', 10]);
    purse.add(25);
    expect(purse.left).toBe(25);
    use(damage, ['rat', 25]);
    for (const amount of [-1, Number.NaN, Infinity, '5' as unknown as number]) {
      expect(() => purse.add(amount)).toThrow(OptionError);
    }
    expect(purse.left).toBe(0);
    purse.add(Number.MAX_VALUE);
    purse.add(Number.MAX_VALUE);
    expect(purse.left).toBe(Number.MAX_VALUE);
  });

  test('throws at once for options that cannot be', () => {
    const wrong: object[] = [
      {},
      { budget: Number.NaN },
      { budget: Infinity },
      { budget: -1 },
      { budget: '5' },
      { budget: 5n },
      { budget: 5, per: 'day' },
      { budget: 5, refill: { amount: -1, everyMs: 10 } },
      { budget: 5, refill: { amount: 1 } },
      { budget: 5, refill: { amount: 1, everyMs: 0 } },
      { budget: 5, refill: { amount: 1, everyMs: Infinity } },
    ];
    for (const options of wrong) {
      expect(() => new Meter(options as MeterOptions)).toThrow(OptionError);
    }
    const { whole, purse } = damageOn();
    expect(() => purse.on(whole, 5 as never)).toThrow(OptionError);
    expect(() => purse.on((() => 1) as unknown as Method)).toThrow(OptionError);
    expect(() => meter(attribute('int', () => 1) as unknown as Method, { budget: 1 })).toThrow(
      OptionError,
    );
  });
});

describe('a meter per run', () => {
  test('has the whole budget again in each run', () => {
    const { damage, purse } = damageOn({ per: 'run' });
    use(damage, ['rat', 10], { run: run(4) });
    expect(refusalOf(() => use(damage, ['rat', 1], { run: run(4) }))).toMatch(/^budget/);
    use(damage, ['rat', 7], { run: run(5) });
    expect(purse.left).toBe(3);
  });

  test('keeps what the page added before the first run, and takes it away with the run', () => {
    const { damage, purse } = damageOn({ per: 'run' });
    purse.add(5);
    use(damage, ['rat', 15], { run: run(1) });
    purse.add(5);
    use(damage, ['rat', 1], { run: run(2) });
    expect(purse.left).toBe(9);
  });

  test('has a budget of its own for each run of each sandbox', () => {
    const { damage } = damageOn({ per: 'run' });
    use(damage, ['rat', 10], { run: run(7) });
    use(damage, ['rat', 8], { run: run(3) });
    expect(refusalOf(() => use(damage, ['rat', 1], { run: run(7) }))).toMatch(/^budget/);
    expect(refusalOf(() => use(damage, ['rat', 3], { run: run(3) }))).toMatch(/^budget/);
    use(damage, ['rat', 2], { run: run(3) });
  });
});

describe('a refill', () => {
  const refill = { amount: 3, everyMs: 100 };

  test('comes at the end of each interval, and never lifts the meter past its budget', () => {
    let now = 5000;
    const { damage, purse } = damageOn({ refill, now: () => now });
    use(damage, ['rat', 10]);
    now += 99;
    expect(purse.left).toBe(0);
    now += 1;
    expect(purse.left).toBe(3);
    now += 250;
    expect(purse.left).toBe(9);
    now += 50;
    expect(purse.left).toBe(10);
    now += 1e9;
    expect(purse.left).toBe(10);
    use(damage, ['rat', 10]);
    expect(refusalOf(() => use(damage, ['rat', 1]))).toMatch(/^budget/);
  });

  test('does not take away what was added past the budget', () => {
    let now = 0;
    const { purse } = damageOn({ refill, now: () => now });
    purse.add(90);
    now += 1000;
    expect(purse.left).toBe(100);
  });

  test('is not owed for the time in which the meter was full', () => {
    let now = 0;
    const { damage, purse } = damageOn({ refill, now: () => now });
    now += 1000;
    use(damage, ['rat', 10]);
    expect(purse.left).toBe(0);
  });

  test('of a meter per run begins with the run', () => {
    let now = 0;
    const { damage, purse } = damageOn({ per: 'run', refill, now: () => now });
    use(damage, ['rat', 10], { run: run(1) });
    now += 90;
    use(damage, ['rat', 10], { run: run(2) });
    now += 20;
    expect(purse.left).toBe(0);
    now += 80;
    expect(purse.left).toBe(3);
  });

  test('is not made by a clock that goes back, stands still or fails', () => {
    const times = [0, -1e9, 0, Number.NaN, -Infinity, Infinity, 50];
    const { damage, purse } = damageOn({ refill, now: () => times.shift() ?? 99 });
    use(damage, ['rat', 10]);
    for (let time = 0; time < 8; time++) expect(purse.left).toBe(0);
  });

  test('uses the machine’s clock where no other is given', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { damage, purse } = damageOn({ refill });
      use(damage, ['rat', 10]);
      vi.advanceTimersByTime(100);
      expect(purse.left).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });
});

/** A finite number of 0 or more as a whole number of 2 ** -1074: exactly. */
function exact(value: number): bigint {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const exponent = bits >> 52n;
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
}

const amount = fc.oneof(
  fc.nat({ max: 100 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 0.2, 0.3, 1e-300, 5e-324, 2 ** 53, 2 ** 53 + 2),
);

const step = fc.oneof(
  fc.record({ kind: fc.constant('call' as const), amount, after: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('call' as const), amount, after: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('add' as const), amount }),
  fc.record({ kind: fc.constant('time' as const), amount: fc.integer({ min: -50, max: 500 }) }),
);

describe('whatever is asked of a meter', () => {
  test('it never gives out more than its budget and what was refilled and added', async () => {
    await fc.assert(
      fc.asyncProperty(
        amount,
        fc.option(fc.record({ amount, everyMs: fc.integer({ min: 1, max: 100 }) }), {
          nil: undefined,
        }),
        fc.array(step, { maxLength: 60 }),
        async (budget, refill, steps) => {
          let now = 0;
          let latest = 0;
          let given = 0n;
          let allowed = exact(budget);
          const purse = new Meter({ budget, ...(refill && { refill }), now: () => now });
          const draw = purse.on(
            method('(cost: float, after: int) -> None', async (cost: number, after: number) => {
              for (let turn = 0; turn < after; turn++) await Promise.resolve();
              given += exact(cost);
            }),
            (cost: number) => cost,
          );
          const calls: Promise<unknown>[] = [];
          for (const one of steps) {
            if (one.kind === 'call') {
              calls.push((async () => use(draw, [one.amount, one.after]))());
            } else if (one.kind === 'add') {
              purse.add(one.amount);
              allowed += exact(one.amount);
            } else {
              now += one.amount;
              latest = Math.max(latest, now);
            }
          }
          await Promise.allSettled(calls);
          if (refill !== undefined) {
            allowed += exact(refill.amount) * BigInt(Math.floor(latest / refill.everyMs));
          }
          expect(given + exact(purse.left) <= allowed).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('several refills at once are no more than one by one', () => {
    let now = 0;
    const refill = { amount: 0.1, everyMs: 1 };
    const { damage, purse } = damageOn({ budget: 1, refill, now: () => now });
    use(damage, ['rat', 1]);
    now = 3;
    expect(exact(purse.left) <= exact(0.1) * 3n).toBe(true);
    expect(purse.left).toBeCloseTo(0.3, 15);
  });

  test('fractions are not lost in a great budget', () => {
    const { damage, purse } = damageOn({ budget: 2 ** 60 });
    use(damage, ['rat', 0.25]);
    expect(purse.left).toBeLessThan(2 ** 60);
  });
});
