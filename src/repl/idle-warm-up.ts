/** Lets Python warm up while the user of an element has not asked for anything yet. */
import type { PythonGuest } from '../index';

/** After which nobody who has just got a prompt is expected to press a key at once. */
const QUIET_MS = 1_000;

/** In all, however often the user comes between. */
const WHOLE_MS = 1_000;

/** What is left to do for the guests of this page: its elements share them. */
const left = new WeakMap<PythonGuest, number>();

export class IdleWarmUp {
  readonly #guest: PythonGuest;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = new AbortController();

  constructor(guest: PythonGuest) {
    this.#guest = guest;
  }

  /** From now on there is nothing to do. */
  begin(): void {
    clearTimeout(this.#timer);
    // Where there is one core it would only stand in the way of what is to come.
    if (navigator.hardwareConcurrency === 1) return;
    this.#timer = setTimeout(() => void this.#warmUp(), QUIET_MS);
  }

  /** Something goes on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  async #warmUp(): Promise<void> {
    const ms = left.get(this.#guest) ?? WHOLE_MS;
    if (ms <= 0) return;
    // Nobody else's business until it is given back.
    left.set(this.#guest, 0);
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    const startedAt = performance.now();
    try {
      const { warmUp } = await import('../page/warm-up');
      await warmUp({ guest: this.#guest, ms, signal });
    } catch {
      // It would only have been sooner.
    }
    if (signal.aborted) left.set(this.#guest, ms - (performance.now() - startedAt));
  }
}
