/**
 * Who may use a guest, one after another. What the page asks for is refused while something of its own is going on;
 * what goes on by itself between two runs makes the page wait instead, as the page can't know of it; and events
 * wait for their turn.
 */
import { BusyError } from '../errors';

/** Events that may wait. */
const MAX_WAITING = 1000;

/** What the page asked for and can be interrupted, while it waits. */
interface Asked {
  wasInterrupted: boolean;
  /** Settles when it is over, not only its wait. */
  over: Promise<unknown> | undefined;
}

/** `wasInterrupted`: while the task waited. */
type AskedTask<T> = (wasInterrupted: boolean) => Promise<T>;

export class Lane {
  /** Settles when what is going on is over. */
  #running: Promise<unknown> | undefined;
  /** Whether that is nothing that the page asked for. */
  #isBackground = false;
  /** What waits of that. */
  readonly #asked = new Set<Asked>();
  /** Events. */
  #waiting = 0;

  /** What the page asked for and is going on. */
  get running(): Promise<unknown> | undefined {
    return this.#isBackground ? undefined : this.#running;
  }

  /** Whatever is going on. */
  get occupied(): Promise<unknown> | undefined {
    return this.#running;
  }

  /**
   * An interrupt is for what goes on, and for what the page asked for and waits until that is over. Gives when all of it is
   * over; undefined where nothing is there.
   */
  interrupt(): Promise<unknown> | undefined {
    if (this.#running === undefined && this.#asked.size === 0) return undefined;
    for (const asked of this.#asked) asked.wasInterrupted = true;
    return Promise.all([this.#running, ...[...this.#asked].map(({ over }) => over)]);
  }

  /**
   * `patient`: waits for whatever is going on; otherwise throws `BusyError` where that is something else of the page's.
   * Default false.
   */
  async enter<T>(task: AskedTask<T>, { patient = false } = {}): Promise<T> {
    const asked: Asked = { wasInterrupted: false, over: undefined };
    const result = this.#whenFree(task, asked, patient);
    asked.over = result.catch(() => undefined);
    return result;
  }

  /** An event: after all that is going on or waits. Throws `BusyError` where too much waits. */
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

  async #whenFree<T>(task: AskedTask<T>, asked: Asked, patient: boolean): Promise<T> {
    this.#asked.add(asked);
    try {
      while (this.#running !== undefined) {
        if (!patient && !this.#isBackground) throw new BusyError();
        await this.#running;
      }
    } finally {
      this.#asked.delete(asked);
    }
    return this.#take(() => task(asked.wasInterrupted), false);
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
