/** What the user did on a canvas, until the guest comes for it. */

export type CanvasEventKind = 'press' | 'release' | 'motion' | 'keydown' | 'keyup';

/** What, where (in pixels of the canvas), and the button's number or the key's name. */
export type CanvasEvent = readonly [kind: CanvasEventKind, x: number, y: number, detail: string];

/** A guest that does not come for them has lost the oldest. */
const MOST_EVENTS = 256;
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export class EventQueue {
  #events: CanvasEvent[] = [];
  readonly #waiting = new Set<() => void>();

  push(event: CanvasEvent): void {
    const last = this.#events.at(-1);
    // Of moves only the last one counts.
    if (event[0] === 'motion' && last?.[0] === 'motion') this.#events.pop();
    this.#events.push(event);
    if (this.#events.length > MOST_EVENTS) this.#events.shift();
    this.#wake();
  }

  take(): CanvasEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Nobody waits any more: what is waited for is not told to who does not hear it. */
  close(): void {
    this.#wake();
  }

  /**
   * Until something happens, or the time is up. Where `signal` is aborted nothing is taken, so that the next one who
   * asks has it. `timeoutMs`: infinite for as long as it takes.
   */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<CanvasEvent[]> {
    if (this.#events.length === 0 && timeoutMs > 0 && !signal.aborted) {
      await this.#something(Math.min(timeoutMs, LONGEST_WAIT_MS), signal);
    }
    return signal.aborted ? [] : this.take();
  }

  #something(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      signal.addEventListener('abort', end);
      this.#waiting.add(end);
    });
  }

  #wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}
