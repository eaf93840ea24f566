/** A worker that has started before a guest needs one: that takes as long as all the rest of a sandbox's start. */
import type { Platform, WorkerHandle } from './platform';

/** After a sandbox's start, which the next worker's would slow down. */
const PAUSE_MS = 50;

interface Spare {
  readonly worker: WorkerHandle;
  onFailure: (message: string) => void;
}

/** Nothing has run in it: it knows no module yet, and no guest. Each is used once. */
export class SpareWorker {
  readonly #platform: Platform;
  #spare: Spare | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#start();
  }

  /** The spare one if there is one, or a new one; another takes its place when `prepare` is called. */
  take(onFailure: (message: string) => void): WorkerHandle {
    const spare = this.#spare;
    if (spare === undefined) return this.#platform.createWorker(onFailure);
    this.#spare = undefined;
    spare.onFailure = onFailure;
    spare.worker.keepAlive(true);
    return spare.worker;
  }

  /** A sandbox has started: soon it is time to think of the next. */
  prepare(): void {
    if (this.#over || this.#spare !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), PAUSE_MS);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#spare?.worker.terminate();
    this.#spare = undefined;
  }

  #start(): void {
    if (this.#over || this.#spare !== undefined) return;
    // One that can't start is not kept: who needs a worker tries by itself, and hears why.
    const lose = (): void => {
      worker.terminate();
      if (this.#spare === spare) this.#spare = undefined;
    };
    const worker = this.#platform.createWorker((message) => spare.onFailure(message));
    const spare: Spare = { worker, onFailure: lose };
    worker.keepAlive(false);
    this.#spare = spare;
  }
}
