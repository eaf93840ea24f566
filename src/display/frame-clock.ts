/** When the page paints: what a guest does faster than that has to wait for it. */

/** Longest that nothing is painted and things go on all the same: a page in the background paints nothing. */
const HIDDEN_FRAME_MS = 250;
const NODE_FRAME_MS = 16;

/** After the next paint, or after a while where nothing is painted. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestAnimationFrame !== 'function') {
      setTimeout(resolve, NODE_FRAME_MS);
      return;
    }
    const timer = setTimeout(() => {
      cancelAnimationFrame(frame);
      resolve();
    }, HIDDEN_FRAME_MS);
    const frame = requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A frame that comes as late as this says that the page is busy, most likely with what is shown. */
const LATE_FRAME_MS = 50;

/** A frame; after one that was late the page gets as long for all else. */
export async function frameWithRest(frame: () => Promise<void> = nextFrame): Promise<void> {
  const startedAt = performance.now();
  await frame();
  const tookMs = performance.now() - startedAt;
  if (tookMs > LATE_FRAME_MS) await new Promise((resolve) => setTimeout(resolve, tookMs));
}

/**
 * So much may be done in a frame. What is more is done at once too, but who asks has to wait for as many frames as it
 * takes to make up for it: a single large thing is shown without delay, and a thousand of them don't stop the page.
 */
export class Pace {
  readonly #perFrame: number;
  readonly #frame: () => Promise<void>;
  #left: number;
  #waiting: Promise<void> | undefined;

  constructor(perFrame: number, frame: () => Promise<void> = () => frameWithRest()) {
    this.#perFrame = perFrame;
    this.#frame = frame;
    this.#left = perFrame;
  }

  /** Nothing: there is time left in this frame. */
  spend(cost: number): Promise<void> | undefined {
    this.#left -= cost;
    this.#waiting ??= this.#refill();
    return this.#left > 0 ? undefined : this.#waiting;
  }

  async #refill(): Promise<void> {
    do {
      await this.#frame();
      this.#left += this.#perFrame;
    } while (this.#left <= 0);
    this.#left = this.#perFrame;
    this.#waiting = undefined;
  }
}
