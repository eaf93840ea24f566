/** Counts the interpreter's steps as the guest tells them, and how many it may take before it asks again. */

/** What the guest itself never exceeds between two polls. */
const MOST_STEPS_PER_POLL = 4096;

export class FuelGauge {
  #burnt = 0;
  #limit = Number.POSITIVE_INFINITY;
  #spent = false;

  /** Steps since the last `start`. */
  get burnt(): number {
    return this.#burnt;
  }

  start(limit: number): void {
    this.#burnt = 0;
    this.#limit = limit;
    this.#spent = false;
  }

  /** True once: when these steps have used up what there was. */
  burn(steps: number): boolean {
    this.#burnt += steps;
    if (this.#spent || this.#burnt < this.#limit) return false;
    this.#spent = true;
    return true;
  }

  /** Exactly up to the limit; what runs after it is cleaning up. */
  get grant(): number {
    const left = this.#limit - this.#burnt;
    return left > 0 ? Math.min(left, MOST_STEPS_PER_POLL) : MOST_STEPS_PER_POLL;
  }
}
