/**
 * Who may use a guest, one after another. What the page asks for is refused while something of its own is going on;
 * what goes on by itself between two runs makes the page wait instead, as the page can't know of it; and events
 * wait for their turn.
 */
import { BusyError } from '../errors';

/** Events that may wait. */
const MAX_WAITING = 1000;

export class Lane {
  /** Settles when what is going on is over. */
  #running: Promise<unknown> | undefined;
  /** Whether that is nothing that the page asked for. */
  #isBackground = false;
  #waiting = 0;

  /** What the page asked for and is going on. */
  get running(): Promise<unknown> | undefined {
    return this.#isBackground ? undefined : this.#running;
  }

  /** Whatever is going on. */
  get occupied(): Promise<unknown> | undefined {
    return this.#running;
  }

  /** Throws `BusyError` where something else of the page's is going on. */
  async enter<T>(task: () => Promise<T>): Promise<T> {
    while (this.#running !== undefined) {
      if (!this.#isBackground) throw new BusyError();
      await this.#running;
    }
    return this.#take(task, false);
  }

  /** After all that is going on or waits. Throws `BusyError` where too much waits. */
  async queue<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new BusyError();
    this.#waiting++;
    try {
      while (this.#running !== undefined) await this.#running;
    } finally {
      this.#waiting--;
    }
    return this.#take(task, false);
  }

  /** By itself, when nothing else is going on. */
  async background<T>(task: () => Promise<T>): Promise<T> {
    while (this.#running !== undefined) await this.#running;
    return this.#take(task, true);
  }

  async #take<T>(task: () => Promise<T>, isBackground: boolean): Promise<T> {
    const running = task();
    this.#isBackground = isBackground;
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }
}
