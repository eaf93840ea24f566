/** Calls that go on beside the guest, until it waits for one of them. */
import type { Maybe } from '../protocol/maybe';
import { Refusal } from './refusal';
import { Waiting } from './waiting';

/** So many may a guest have at a time. */
const MAX_STARTED = 1000;

/** Longest wait that timers take. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The number of a call that is over, and its answer in the codec's form. */
export type SettledCall = readonly [number, Uint8Array];

interface Started {
  readonly over: Promise<void>;
  /** It is wanted as long as the guest lives. */
  readonly waiting: Waiting;
  answer: Uint8Array | undefined;
}

export class StartedCalls {
  readonly #calls = new Map<number, Started>();
  #last = 0;
  #listener: (() => void) | undefined;

  /** `run` never rejects. Gives its number. */
  start(run: (waiting: Waiting) => Promise<Uint8Array>): number {
    if (this.#calls.size >= MAX_STARTED) throw new Refusal('size', 'too many calls are going on');
    // One for each: engines warn of a signal that many listen to.
    const waiting = new Waiting();
    const over = run(waiting).then((answer) => {
      call.answer = answer;
      const listener = this.#listener;
      this.#listener = undefined;
      listener?.();
    });
    const call: Started = { over, waiting, answer: undefined };
    this.#calls.set(++this.#last, call);
    return this.#last;
  }

  /**
   * Those of `numbers` that are over, once one is, or none when the time is up or nobody waits any more. What was
   * never started here, in a guest that has moved from elsewhere, is not among them: a `Refusal` says so.
   */
  settle(seconds: unknown, numbers: unknown, waiting: Waiting): Maybe<readonly SettledCall[]> {
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
    return this.#wait(calls, seconds * 1000, waiting.signal).then(() => this.#take(calls));
  }

  /** Calls back once, when the next one is over, or at once if one is. */
  onSettled(listener: () => void): void {
    const isOver = [...this.#calls.values()].some(({ answer }) => answer !== undefined);
    if (isOver) listener();
    else this.#listener = listener;
  }

  close(): void {
    this.#listener = undefined;
    for (const { waiting } of this.#calls.values()) waiting.end();
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
