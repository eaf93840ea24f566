/** The line that tells what the guest is doing, and what its last run took. */

export type Activity = 'starting' | 'ready' | 'running' | 'input' | 'stopping' | 'failed';

const LABELS: Readonly<Record<Activity, string>> = {
  starting: 'Starting Python …',
  ready: 'Ready',
  running: 'Running',
  input: 'Waiting for input',
  stopping: 'Stopping …',
  failed: 'Not available',
};

const TICK_MS = 100;

export class StatusLine {
  readonly #element: HTMLElement;
  readonly #label: HTMLElement;
  readonly #details: HTMLElement;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#label = document.createElement('span');
    this.#label.className = 'status-label';
    // Only the activity is announced: a clock that is read out ten times a second helps nobody.
    this.#label.setAttribute('role', 'status');
    this.#details = document.createElement('span');
    this.#details.className = 'status-details';
    element.replaceChildren(this.#label, this.#details);
  }

  show(activity: Activity): void {
    this.#element.dataset.activity = activity;
    this.#label.textContent = LABELS[activity];
  }

  /** Shows the time as it passes, until `ran`. */
  runs(): void {
    const startedMs = performance.now();
    this.#timer ??= setInterval(() => {
      this.#details.textContent = duration(performance.now() - startedMs);
    }, TICK_MS);
  }

  ran(wallMs: number, heapBytes: number): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const heap = `${(heapBytes / 2 ** 20).toFixed(0)} MiB`;
    this.#details.textContent = `last run ${duration(wallMs)} · memory ${heap}`;
  }
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
