/** One request and its response, from the first byte out to the last one in, and all that can end it before. */
import { Refusal } from './refusal';

/** Longest wait that timers take. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Exchange {
  readonly #controller = new AbortController();
  readonly #deadline: ReturnType<typeof setTimeout>;
  readonly #onClose: () => void;
  #end: Refusal | undefined;

  /** `onClose` is called once. */
  constructor(timeoutMs: number, onClose: () => void) {
    this.#onClose = onClose;
    this.#deadline = setTimeout(
      () => this.close(new Refusal('timeout', 'it took too long')),
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
  }

  /** Aborted when it is over, one way or another. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why there is nothing more to come, if so. */
  get end(): Refusal | undefined {
    return this.#end;
  }

  close(why = new Refusal('network', 'the response is closed')): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    clearTimeout(this.#deadline);
    this.#controller.abort();
    this.#onClose();
  }

  /**
   * What `work` comes to, unless it takes longer than `seconds`, the exchange is over before, or nobody waits any
   * more: then a `Refusal` is thrown, and the work goes on. Its own failure is a refusal too.
   */
  during<T>(work: Promise<T>, nobodyWaits: AbortSignal, seconds: number | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const own = this.#controller.signal;
      const over = (settle: () => void): void => {
        clearTimeout(timer);
        own.removeEventListener('abort', ended);
        nobodyWaits.removeEventListener('abort', stopped);
        settle();
      };
      const refuse = (refusal: Refusal): void => over(() => reject(refusal));
      const ended = (): void => refuse(this.#end ?? new Refusal('network'));
      const stopped = (): void => refuse(new Refusal('network', 'nobody waits for it'));
      const timer =
        seconds === null
          ? undefined
          : setTimeout(
              () => refuse(new Refusal('timeout', `nothing came for ${seconds} seconds`)),
              Math.min(Math.max(seconds, 0) * 1000, MAX_TIMER_MS),
            );
      own.addEventListener('abort', ended);
      nobodyWaits.addEventListener('abort', stopped);
      if (own.aborted) ended();
      else if (nobodyWaits.aborted) stopped();
      work.then(
        (value) => over(() => resolve(value)),
        (error: unknown) => refuse(this.#end ?? refusalFor(error)),
      );
    });
  }
}

/** The engine's words may name what the page would rather not. */
export function refusalFor(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('network', 'the connection failed');
}
