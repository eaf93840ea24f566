/** Counts the interpreter's steps as the guest tells them, and says how many it may take before it asks again. */

/** What the guest itself never exceeds between two polls. */
const MOST_STEPS = 4096;

const LEAST_STEPS = 32;

/** A run begins so, until it has shown how fast its steps are. */
const FIRST_STEPS = 256;

/** A guest whose steps are slow, because they make host calls, is to look for signals this often. */
const POLL_MS = 8;

export class FuelGauge {
  #burnt = 0;
  #limit = Number.POSITIVE_INFINITY;
  #spent = false;
  #pace = FIRST_STEPS;
  #polledAt = 0;

  /** Steps since the last `start`. */
  get burnt(): number {
    return this.#burnt;
  }

  start(limit: number): void {
    this.#burnt = 0;
    this.#limit = limit;
    this.#spent = false;
    this.#pace = FIRST_STEPS;
    this.#polledAt = performance.now();
  }

  /** True once: when these steps have used up what there was. */
  burn(steps: number): boolean {
    this.#burnt += steps;
    this.#adaptPace();
    if (this.#spent || this.#burnt < this.#limit) return false;
    this.#spent = true;
    return true;
  }

  /** Exactly up to the limit; what runs after it is cleaning up. */
  get grant(): number {
    const left = this.#limit - this.#burnt;
    return left > 0 ? Math.min(left, this.#pace) : this.#pace;
  }

  /** How the steps are portioned changes nothing of their number. */
  #adaptPace(): void {
    const now = performance.now();
    const tookMs = now - this.#polledAt;
    this.#polledAt = now;
    if (tookMs > 2 * POLL_MS) {
      this.#pace = Math.max(LEAST_STEPS, Math.floor((this.#pace * POLL_MS) / tookMs));
    } else if (tookMs < POLL_MS) this.#pace = Math.min(MOST_STEPS, this.#pace * 2);
  }
}
