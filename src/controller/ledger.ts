/** What a sandbox may still use up, over all its runs and guests. */
import type { Budget, Limits } from './limits';
import type { LimitScope } from './outcome';
import { type Allowance, addUsed, type BudgetName, NOTHING_USED, type Used } from './watchdog';

const names = Object.keys(NOTHING_USED) as readonly BudgetName[];

export class Ledger {
  readonly #limits: Limits;
  #used: Used = NOTHING_USED;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** By the runs that are over. */
  get used(): Used {
    return this.#used;
  }

  add(used: Used): void {
    this.#used = addUsed(this.#used, used);
  }

  /** The lifetime budget of which nothing is left. */
  get spent(): BudgetName | undefined {
    return names.find((name) => this.#left(name) <= 0);
  }

  /** For the next run: its own budget, or what is left of all if that is less. */
  get allowance(): Allowance {
    const budget: Record<BudgetName, number> = { ...NOTHING_USED };
    for (const name of names) budget[name] = Math.min(this.#limits[name], this.#left(name));
    return { budget: budget satisfies Budget, graceMs: this.#limits.graceMs };
  }

  /** Whose limit a run has reached, given the allowance that it had. */
  scopeOf(limit: BudgetName, { budget }: Allowance): LimitScope {
    return budget[limit] < this.#limits[limit] ? 'lifetime' : 'run';
  }

  #left(name: BudgetName): number {
    return this.#limits.lifetime[name] - this.#used[name];
  }
}
