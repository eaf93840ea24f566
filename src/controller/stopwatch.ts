/** Measures how long a guest runs, its waits for the user left out, and rings at a limit. */
export class Stopwatch {
  #running = false;
  #ranMs = 0;
  #startedAt: number | undefined;
  /** Those of this run: what is left of an earlier one has no say. */
  readonly #pauses = new Set<symbol>();
  #limitMs = Number.POSITIVE_INFINITY;
  #onLimit: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get elapsedMs(): number {
    return this.#ranMs + (this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt);
  }

  start(limitMs: number, onLimit: () => void): void {
    this.stop();
    this.#running = true;
    this.#ranMs = 0;
    this.#limitMs = limitMs;
    this.#onLimit = onLimit;
    this.#go();
  }

  stop(): void {
    this.#halt();
    this.#running = false;
    this.#pauses.clear();
  }

  /** Takes back time that was not the guest's. */
  exclude(durationMs: number): void {
    this.#ranMs -= durationMs;
  }

  /** Stands still until the returned function is called, or the run ends. Pauses may overlap. */
  pause(): () => void {
    const pause = Symbol('pause');
    this.#halt();
    this.#pauses.add(pause);
    return () => {
      if (this.#pauses.delete(pause) && this.#pauses.size === 0 && this.#running) this.#go();
    };
  }

  #go(): void {
    this.#startedAt = performance.now();
    const left = this.#limitMs - this.#ranMs;
    // Timers can't hold more than 2^31 - 1 ms; a run that long needs no precise end.
    if (Number.isFinite(left)) {
      this.#timer = setTimeout(() => this.#ring(), Math.min(left, 2 ** 31 - 1));
    }
  }

  #ring(): void {
    if (this.elapsedMs >= this.#limitMs) return this.#onLimit();
    // Time was taken back meanwhile.
    this.#halt();
    this.#go();
  }

  #halt(): void {
    clearTimeout(this.#timer);
    if (this.#startedAt !== undefined) this.#ranMs += performance.now() - this.#startedAt;
    this.#startedAt = undefined;
  }
}
