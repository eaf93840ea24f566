/** When what was changed goes to the store: soon after the changes end, or when somebody waits. */
import type { Durability } from './indexeddb-database';

/** No change for this long, looked at as often: within twice that the changes are on their way. */
const IDLE_MS = 40;

/** A program that changes something all the time does not keep it from being written. */
const MAX_AGE_MS = 1000;

export class WriteBack {
  readonly #commit: (durability: Durability) => Promise<void>;
  readonly #onFailure: (failure: unknown) => void;
  /** Jobs that have not ended: one runs, the others wait for the one before them. */
  #jobs = 0;
  #last: Promise<unknown> = Promise.resolve();
  /** The commit that has not begun and that all share who ask meanwhile. */
  #queued: { durability: Durability; readonly done: Promise<void> } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstChangeAt = 0;
  #lastChangeAt = 0;

  /** `onFailure` hears of commits that nobody waited for. */
  constructor(
    commit: (durability: Durability) => Promise<void>,
    onFailure: (failure: unknown) => void,
  ) {
    this.#commit = commit;
    this.#onFailure = onFailure;
  }

  /** Something is on its way: it may fail yet, and may not be as durable as one wants. */
  get busy(): boolean {
    return this.#jobs > 0;
  }

  /** Something has changed. */
  touch(): void {
    this.#lastChangeAt = performance.now();
    if (this.#timer !== undefined) return;
    this.#firstChangeAt = this.#lastChangeAt;
    this.#timer = setTimeout(() => this.#look(), IDLE_MS);
  }

  /** Commits all that has changed until now. Those who ask while one is under way share the next. */
  request(durability: Durability): Promise<void> {
    // Before all else: what is queued has not begun, even if nothing runs at this very moment.
    if (this.#queued !== undefined) {
      if (durability === 'strict') this.#queued.durability = durability;
      return this.#queued.done;
    }
    if (this.#jobs === 0) return this.exclusive(() => this.#run(durability));
    const done = this.exclusive(() => {
      const asked = this.#queued?.durability ?? durability;
      this.#queued = undefined;
      return this.#run(asked);
    });
    this.#queued = { durability, done };
    return done;
  }

  /** Runs the job when all before it have ended, and nothing else until it has. */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#jobs++ === 0 ? job() : this.#last.then(job);
    const ended = (): void => {
      this.#jobs--;
    };
    this.#last = done.then(ended, ended);
    return done;
  }

  /** The same, for nobody who waits. */
  start(): void {
    if (this.#queued === undefined) this.request('relaxed').catch(this.#onFailure);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(durability: Durability): Promise<void> {
    this.stop();
    return this.#commit(durability);
  }

  #look(): void {
    const now = performance.now();
    this.#timer = undefined;
    if (now - this.#lastChangeAt >= IDLE_MS || now - this.#firstChangeAt >= MAX_AGE_MS) {
      this.start();
    } else this.#timer = setTimeout(() => this.#look(), IDLE_MS);
  }
}
