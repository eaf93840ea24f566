/**
 * What a sandbox may still use up, over all its runs and guests. What a program does by itself after a run is
 * within the limits of one run more, until the page runs something again: timers give nobody time without end.
 */
import type { Budget, Limits } from './limits';
import type { LimitScope } from './outcome';
import { type Allowance, addUsed, type BudgetName, NOTHING_USED, type Used } from './watchdog';

const names = Object.keys(NOTHING_USED) as readonly BudgetName[];

export interface RunAllowance extends Allowance {
  /** Whose limit it is that the run reaches. */
  readonly scopeOf: (limit: BudgetName) => LimitScope;
}

/** Who wants a run: the page, the program that goes on by itself, or a user who types at the prompt. */
export type Cause = 'page' | 'background' | 'prompt';

export class Ledger {
  readonly #limits: Limits;
  #used: Used = NOTHING_USED;
  /** By what went on by itself since the page's last run. */
  #background: Used = NOTHING_USED;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** By the runs that are over. */
  get used(): Used {
    return this.#used;
  }

  add(used: Used, cause: Cause): void {
    this.#used = addUsed(this.#used, used);
    // Keys are no run, and so give the program no time anew.
    if (cause === 'prompt') return;
    this.#background = cause === 'page' ? NOTHING_USED : addUsed(this.#background, used);
  }

  /** Whose budget has nothing left for such a run, and of what. */
  spent(cause: Cause): { readonly limit: BudgetName; readonly scope: LimitScope } | undefined {
    const limit = names.find((name) => this.#left(name) <= 0);
    if (limit !== undefined) return { limit, scope: 'lifetime' };
    if (cause !== 'background') return undefined;
    const own = names.find((name) => this.#background[name] > 0 && this.#ofRun(name, cause) <= 0);
    return own === undefined ? undefined : { limit: own, scope: 'run' };
  }

  /** For the next run: its own budget, or what is left of all if that is less. `narrower`: its own has that at most. */
  allowance(cause: Cause, narrower: Partial<Budget> = {}): RunAllowance {
    const budget: Record<BudgetName, number> = { ...NOTHING_USED };
    const lifetime = new Set<BudgetName>();
    for (const name of names) {
      const own = Math.min(this.#ofRun(name, cause), narrower[name] ?? Number.POSITIVE_INFINITY);
      budget[name] = Math.min(own, this.#left(name));
      if (budget[name] < own) lifetime.add(name);
    }
    const scopeOf = (limit: BudgetName): LimitScope => (lifetime.has(limit) ? 'lifetime' : 'run');
    return { budget: budget satisfies Budget, graceMs: this.#limits.graceMs, scopeOf };
  }

  #ofRun(name: BudgetName, cause: Cause): number {
    return this.#limits[name] - (cause === 'background' ? this.#background[name] : 0);
  }

  #left(name: BudgetName): number {
    return this.#limits.lifetime[name] - this.#used[name];
  }
}
