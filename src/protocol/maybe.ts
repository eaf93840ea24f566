/**
 * Answers that come at once or later, and code that is written once for both.
 *
 * A host call over a volume in memory must not wait for a turn of the event loop (that would cost
 * more than the call), while one over a slow store has to. Steps are written as generators which
 * `yield*` each answer through `settle`; `drive` runs them straight through as long as answers are
 * at hand, and goes on asynchronously from the first one that is not.
 */
export type Maybe<T> = T | Promise<T>;

export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

export function isLater<T>(value: Maybe<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** What `next` makes of an answer, at once if it is there: for code too hot for generators. */
export function andThen<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return isLater(value) ? value.then(next) : next(value);
}

/** The value of an answer, waiting for it only if it is not there yet. */
export function* settle<T>(value: Maybe<T>): Generator<Promise<unknown>, T, unknown> {
  return isLater(value) ? ((yield value) as T) : value;
}

export function drive<T>(steps: Steps<T>): Maybe<T> {
  const next = steps.next();
  return next.done ? next.value : goOn(steps, next.value);
}

async function goOn<T>(steps: Steps<T>, first: Promise<unknown>): Promise<T> {
  let waitingFor = first;
  for (;;) {
    const arrived = await waitingFor.then(
      (value) => () => steps.next(value),
      (error: unknown) => () => steps.throw(error),
    );
    const next = arrived();
    if (next.done) return next.value;
    waitingFor = next.value;
  }
}
