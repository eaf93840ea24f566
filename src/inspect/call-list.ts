/** The calls of an account as a view has them: those that came so far, and of these the ones that are wanted. */
import { type CallFilter, createFilter } from '../controller/account-filter';
import type { AccountedCall } from '../controller/accounted-call';
import { formatHostCall } from '../controller/host-call-text';

/** As `Sandbox` has it. */
export interface CallSource {
  calls(options?: { readonly after?: number }): Iterable<AccountedCall>;
}

export interface ListFilter extends Pick<CallFilter, 'name' | 'errno' | 'path'> {
  /** In the call's line, capitals or not. */
  readonly text?: string | undefined;
}

/** Calls that are looked at between two looks at the clock. */
const BATCH = 64;

export class CallList {
  readonly #most: number;
  readonly #onCall: (call: AccountedCall) => void;
  #calls: AccountedCall[] = [];
  #wanted: AccountedCall[] = [];
  #isWanted: (call: AccountedCall) => boolean = () => true;
  /** So many of the calls have been asked whether they are wanted. */
  #asked = 0;
  #last = 0;

  /** `most`: how many of the last calls it keeps. `onCall` hears of each that comes. */
  constructor(most: number, onCall: (call: AccountedCall) => void = () => undefined) {
    this.#most = most;
    this.#onCall = onCall;
  }

  /** The oldest first. */
  get calls(): readonly AccountedCall[] {
    return this.#calls;
  }

  get wanted(): readonly AccountedCall[] {
    return this.#wanted;
  }

  /** Whether all have been asked. */
  get isSettled(): boolean {
    return this.#asked === this.#calls.length;
  }

  /** Takes what is new in the account, and drops what the account has dropped. Whether anything has changed. */
  pull(source: CallSource): boolean {
    const before = this.#last;
    for (const call of source.calls({ after: before })) {
      this.#calls.push(call);
      this.#onCall(call);
      this.#last = call.number;
    }
    return this.#drop(oldestOf(source)) || this.#last !== before;
  }

  clear(): void {
    this.#calls = [];
    this.#wanted = [];
    this.#asked = 0;
    this.#last = 0;
  }

  /** All have to be asked again. Throws `OptionError` for a filter that can't be. */
  filter({ text, ...rest }: ListFilter): void {
    const matches = createFilter(rest);
    const wanted = text?.toLowerCase() ?? '';
    this.#isWanted =
      wanted === ''
        ? matches
        : (call) => matches(call) && formatHostCall(call).toLowerCase().includes(wanted);
    this.#wanted = [];
    this.#asked = 0;
  }

  /** Asks for so long, then leaves the rest for the next time. */
  advance(budgetMs: number, now: () => number = () => performance.now()): void {
    const deadline = now() + budgetMs;
    while (!this.isSettled) {
      const end = Math.min(this.#calls.length, this.#asked + BATCH);
      for (const call of this.#calls.slice(this.#asked, end)) {
        if (this.#isWanted(call)) this.#wanted.push(call);
      }
      this.#asked = end;
      if (now() >= deadline) return;
    }
  }

  #drop(oldest: number): boolean {
    const surplus = this.#calls.length - this.#most;
    const first = Math.max(oldest, this.#calls[surplus]?.number ?? 0);
    const gone = countBefore(this.#calls, first);
    if (gone === 0) return false;
    this.#calls.splice(0, gone);
    this.#asked = Math.max(0, this.#asked - gone);
    this.#wanted.splice(0, countBefore(this.#wanted, first));
    return true;
  }
}

/** Number of the oldest call that the account keeps; past all, where it keeps none. */
function oldestOf(source: CallSource): number {
  for (const { number } of source.calls()) return number;
  return Number.POSITIVE_INFINITY;
}

/** How many of the calls have a smaller number. */
function countBefore(calls: readonly AccountedCall[], number: number): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((calls[middle]?.number ?? number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a call is among others, by its number; undefined where it is not. */
export function indexOfCall(calls: readonly AccountedCall[], number: number): number | undefined {
  const index = countBefore(calls, number);
  return calls[index]?.number === number ? index : undefined;
}
