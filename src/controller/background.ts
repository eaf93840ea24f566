/** When a program that waits for timers, or for calls that go on, is to be run again. */
import type { Waits } from './turn';

/** Longest delay that timers take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export interface BackgroundOptions {
  /** Runs what is due, and plans what comes after. */
  readonly advance: () => void;
  /** Calls back once, when a call that goes on is over. */
  readonly onSettled: (listener: () => void) => void;
}

export class Background {
  readonly #options: BackgroundOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the plans: what was planned before does not count any more. */
  #plan = 0;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Nothing: the program waits for nothing. */
  plan(waits: Waits | undefined): void {
    this.clear();
    if (waits === undefined) return;
    const plan = this.#plan;
    const { advance, onSettled } = this.#options;
    if (waits.seconds !== undefined) {
      this.#timer = setTimeout(advance, Math.min(waits.seconds * 1000, MAX_DELAY_MS));
    }
    if (!waits.calls) return;
    onSettled(() => {
      // Not at once: it may be over already, while the turn that left it is not.
      if (plan === this.#plan) this.#timer = setTimeout(advance);
    });
  }

  clear(): void {
    this.#plan++;
    clearTimeout(this.#timer);
  }
}
