/** Watches what the library makes of workers and timers, to see that it takes all of it back. */

export class Leftovers {
  readonly #Worker = globalThis.Worker;
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  readonly #workers = new Set<Worker>();
  readonly #timers = new Map<unknown, number>();

  constructor() {
    const { pending, workers } = { pending: this.#timers, workers: this.#workers };
    const [set, clear] = [this.#setTimeout, this.#clearTimeout];
    globalThis.Worker = class extends this.#Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.add(this);
      }

      override terminate(): void {
        workers.delete(this);
        super.terminate();
      }
    };
    const setTimeout = (action: () => void, delayMs = 0): unknown => {
      const timer: unknown = set(() => {
        pending.delete(timer);
        action();
      }, delayMs);
      pending.set(timer, delayMs);
      return timer;
    };
    const clearTimeout = (timer: Parameters<typeof clear>[0]): void => {
      pending.delete(timer);
      clear(timer);
    };
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }

  /** What is there still. */
  found(): string[] {
    const timers = [...this.#timers.values()].map((delayMs) => `a timer of ${delayMs} ms`);
    return [...timers, ...[...this.#workers].map(() => 'a worker')];
  }

  stop(): void {
    globalThis.Worker = this.#Worker;
    Object.assign(globalThis, { setTimeout: this.#setTimeout, clearTimeout: this.#clearTimeout });
  }
}
