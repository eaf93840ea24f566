/** A worker that has started before a guest needs one: that takes as long as all the rest of a sandbox's start. */
import type { InstanceOptions } from '../protocol/control';
import { GuestWorker } from './guest-worker';
import type { Platform } from './platform';

/** After a sandbox's start, and what it is for in the first place (a first prompt), which the next worker's would slow down. */
export const PAUSE_MS = 150;

/**
 * Nothing of a guest's has run in it. Each is used once. After the first it has an instance made as the last one was: most
 * pages make sandboxes that are alike.
 */
export class SpareWorker {
  readonly #platform: Pick<Platform, 'createWorker'>;
  #spare: GuestWorker | undefined;
  #last: InstanceOptions | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(platform: Pick<Platform, 'createWorker'>) {
    this.#platform = platform;
    this.#start();
  }

  /** The spare one if there is one; another takes its place when `prepare` is called. `wanted`: what it is for. */
  take(wanted: InstanceOptions): GuestWorker | undefined {
    this.#last = wanted;
    const spare = this.#spare;
    this.#spare = undefined;
    spare?.keepAlive(true);
    return spare;
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
    this.#spare?.end();
    this.#spare = undefined;
  }

  #start(): void {
    if (this.#over || this.#spare !== undefined) return;
    // One that can't start is not kept: who needs a worker tries by itself, and hears why.
    const worker = new GuestWorker(this.#platform, () => {
      worker.end();
      if (this.#spare === worker) this.#spare = undefined;
    });
    worker.keepAlive(false);
    this.#spare = worker;
    if (this.#last !== undefined) void worker.prepare(this.#last);
  }
}
