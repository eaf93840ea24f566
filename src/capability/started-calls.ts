/** Calls that go on beside the guest, until it waits for one of them. */
import type { Maybe } from '../protocol/maybe';
import { Refusal } from './refusal';

/** So many may a guest have at a time. */
const MAX_STARTED = 1000;

/** Longest wait that timers take. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The number of a call that is over, and its answer in the codec's form. */
export type SettledCall = readonly [number, Uint8Array];

interface Started {
  readonly over: Promise<void>;
  answer: Uint8Array | undefined;
}

export class StartedCalls {
  readonly #calls = new Map<number, Started>();
  readonly #abort = new AbortController();
  #last = 0;

  /** `run` never rejects. Gives its number. */
  start(run: (signal: AbortSignal) => Promise<Uint8Array>): number {
    if (this.#calls.size >= MAX_STARTED) throw new Refusal('size', 'too many calls are going on');
    const over = run(this.#abort.signal).then((answer) => {
      call.answer = answer;
    });
    const call: Started = { over, answer: undefined };
    this.#calls.set(++this.#last, call);
    return this.#last;
  }

  /**
   * Those of `numbers` that are over, once one is, or none when the time is up or nobody waits any more. What was
   * never started here, in a guest that has moved from elsewhere, is not among them: a `Refusal` says so.
   */
  settle(seconds: unknown, numbers: unknown, signal: AbortSignal): Maybe<readonly SettledCall[]> {
    if (typeof seconds !== 'number' || !(seconds >= 0) || !Array.isArray(numbers)) {
      throw new Refusal('type', 'settle takes seconds, and numbers of calls');
    }
    const calls = numbers.map((number: unknown): [number, Started] => {
      const call = typeof number === 'number' ? this.#calls.get(number) : undefined;
      if (call === undefined) throw new Refusal('revoked', 'there is no such call');
      return [number as number, call];
    });
    const over = this.#take(calls);
    if (over.length > 0 || seconds === 0) return over;
    return this.#wait(calls, seconds * 1000, signal).then(() => this.#take(calls));
  }

  abort(): void {
    this.#abort.abort();
    this.#calls.clear();
  }

  #take(calls: readonly [number, Started][]): SettledCall[] {
    return calls.flatMap(([number, { answer }]): SettledCall[] => {
      if (answer === undefined) return [];
      this.#calls.delete(number);
      return [[number, answer]];
    });
  }

  #wait(calls: readonly [number, Started][], ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = ms > MAX_TIMEOUT_MS ? undefined : setTimeout(end, ms);
      signal.addEventListener('abort', end);
      for (const [, { over }] of calls) void over.then(end);
    });
  }
}
