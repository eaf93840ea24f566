/** Budgets: how much of something all calls together may use up. */
import { OptionError } from '../errors';
import { charged } from './guard';
import { type Call, Method } from './method';
import { Refusal } from './refusal';

// biome-ignore lint/suspicious/noExplicitAny: what an argument is, the method's signature says.
export type Cost = (this: Call, ...args: any[]) => number;

export interface MeterOptions {
  /** How much there is at first: a finite number, 0 or more. */
  readonly budget: number;
  /** Whether each run of the sandbox begins with the whole budget, or one budget is for all. Default: `lifetime`. */
  readonly per?: 'run' | 'lifetime';
  /**
   * What comes back with time, `amount` at the end of each `everyMs`, as long as no more than the budget is there.
   * Default: nothing.
   */
  readonly refill?: { readonly amount: number; readonly everyMs: number };
  /** Milliseconds, from any beginning. Default: `performance.now`. */
  readonly now?: () => number;
}

interface Purse {
  left: number;
  /** When the last refill was due. */
  since: number;
}

/**
 * A budget that methods draw on. Each call is charged before its function runs, and what is charged stays charged
 * where the function refuses or fails: a guest that makes calls fail on purpose gets none of them for nothing. (The
 * page may `add` what it wants to give back.) What a policy, a signature or a facet refuses costs
 * nothing; where a method is on several meters and one of them has not enough, none is charged.
 *
 * The budget belongs to this object, wherever it is used: methods that are `on` it share it, and so do sandboxes that
 * are given such methods.
 */
export class Meter {
  readonly #budget: number;
  readonly #perRun: boolean;
  readonly #refill: { readonly amount: number; readonly everyMs: number } | undefined;
  readonly #now: () => number;
  /** Of the latest run that was charged; without runs the only one. */
  #purse: Purse;
  /** None yet where no run has been charged. */
  #purses: WeakMap<object, Purse> | undefined;

  /** Throws `OptionError`. */
  constructor({ budget, per = 'lifetime', refill, now = () => performance.now() }: MeterOptions) {
    requireAmount('budget', budget);
    if (per !== 'run' && per !== 'lifetime') {
      throw new OptionError("per must be 'run' or 'lifetime'");
    }
    if (refill !== undefined) {
      requireAmount('refill.amount', refill.amount);
      if (!(isAmount(refill.everyMs) && refill.everyMs >= 1)) {
        throw new OptionError('refill.everyMs must be a finite number, 1 or more');
      }
    }
    this.#budget = budget;
    this.#perRun = per === 'run';
    this.#refill = refill && { amount: refill.amount, everyMs: refill.everyMs };
    this.#now = now;
    this.#purse = { left: budget, since: now() };
  }

  /** What can be used up now: of a meter per run, in the latest run that used it. */
  get left(): number {
    return this.#refilled(this.#purse).left;
  }

  /** Gives more, past the budget too; of a meter per run to the latest run. Throws `OptionError`. */
  add(amount: number): void {
    requireAmount('what is added', amount);
    const purse = this.#refilled(this.#purse);
    purse.left = sumDown(purse.left, amount);
  }

  /**
   * The same method, on this meter; throws `OptionError` for what is none. What `cost` gives for a call has to be a finite number, 0 or more: else the call
   * is refused as over budget. Without it each call costs 1.
   */
  on(method: Method, cost: Cost = () => 1): Method {
    if (!(method instanceof Method)) throw new OptionError('what is metered must be a method');
    if (typeof cost !== 'function') throw new OptionError('cost must be a function');
    const charge = (call: Call): (() => void) =>
      this.#charge(call, cost.apply(call, [...call.args]));
    return method.with(charged(method.invoke, charge));
  }

  #charge(call: Call, cost: unknown): () => void {
    if (!isAmount(cost)) throw new Refusal('budget', 'the call has no cost that can be charged');
    const purse = this.#refilled(this.#purseOf(call.run));
    if (cost > purse.left) {
      throw new Refusal('budget', `the call costs ${cost}, and ${purse.left} is left`);
    }
    purse.left = sumDown(purse.left, -cost);
    return () => {
      purse.left = sumDown(purse.left, cost);
    };
  }

  /** Each run of each sandbox has the whole budget, and no other run's. */
  #purseOf(run: object): Purse {
    if (!this.#perRun) return this.#purse;
    const known = this.#purses?.get(run);
    // What the page added before the first run is that one's.
    const purse =
      known ??
      (this.#purses === undefined ? this.#purse : { left: this.#budget, since: this.#now() });
    this.#purses ??= new WeakMap();
    this.#purses.set(run, purse);
    this.#purse = purse;
    return purse;
  }

  #refilled(purse: Purse): Purse {
    if (this.#refill === undefined) return purse;
    const { amount, everyMs } = this.#refill;
    const times = Math.floor((this.#now() - purse.since) / everyMs);
    if (!(times >= 1 && times < Infinity)) return purse;
    purse.since += times * everyMs;
    if (purse.left < this.#budget) {
      const more = sumDown(purse.left, productDown(times, amount));
      purse.left = Math.min(this.#budget, more);
    }
    return purse;
  }
}

/** `method` on a meter that nothing else is on. Throws `OptionError`. */
export function meter(
  method: Method,
  { cost, ...options }: MeterOptions & { readonly cost?: Cost },
): Method {
  return new Meter(options).on(method, cost);
}

function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && Number(value) >= 0;
}

function requireAmount(name: string, value: number): void {
  if (!isAmount(value)) throw new OptionError(`${name} must be a finite number, 0 or more`);
}

/**
 * `a + b` for an `a` of 0 or more and a sum that is no less. Where no number is the sum, the next one below: so no
 * sequence of fractions adds up to more than there was.
 */
function sumDown(a: number, b: number): number {
  const sum = a + b;
  if (sum > Number.MAX_VALUE) return Number.MAX_VALUE;
  // What rounding took away or added, exactly (Knuth, TAOCP 2, 4.2.2).
  const share = sum - a;
  const error = a - (sum - share) + (b - share);
  return error < 0 ? nextBelow(sum) : sum;
}

/** `times * amount`, or less where no number is that. */
function productDown(times: number, amount: number): number {
  const product = Math.min(times * amount, Number.MAX_VALUE);
  const isExact = Number.isSafeInteger(amount) && Number.isSafeInteger(product);
  return isExact || times === 1 ? product : nextBelow(product);
}

/** For a number of which 2 ** -53 is one too: sums that are smaller are exact. */
function nextBelow(value: number): number {
  return value * (1 - Number.EPSILON / 2);
}
