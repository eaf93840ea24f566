/**
 * Refusals that come before a function runs. They stand apart from what is done afterwards, so that a combination of
 * facets can ask each of them and then runs one function, and so that a meter charges only for what is let through.
 */
import type { Call, Invoke } from './method';
import { Refusal } from './refusal';

/**
 * Throws a `Refusal` with code `forbidden` for a call that it does not let through. Changes nothing: it may be asked
 * more than once about one call.
 */
export type Guard = (call: Call) => void;

interface Parts {
  readonly guard: Guard;
  /** What is done with a call that the guard lets through. */
  readonly admitted: Invoke;
}

const PARTS = Symbol('parts');

type GuardedInvoke = Invoke & { readonly [PARTS]: Parts };

/** Asks the guard, then does it. */
export function guarded(guard: Guard, admitted: Invoke): Invoke {
  const invoke: Invoke = (call) => {
    guard(call);
    return admitted(call);
  };
  return Object.freeze(Object.assign(invoke, { [PARTS]: { guard, admitted } }));
}

function isGuarded(invoke: Invoke): invoke is GuardedInvoke {
  return Object.hasOwn(invoke, PARTS);
}

function partsOf(invoke: Invoke): Parts {
  return isGuarded(invoke) ? invoke[PARTS] : { guard: () => {}, admitted: invoke };
}

/** The same under one more guard. */
export function narrowed(invoke: Invoke, guard: Guard): Invoke {
  const { guard: before, admitted } = partsOf(invoke);
  const both: Guard = (call) => {
    before(call);
    guard(call);
  };
  return guarded(both, admitted);
}

/** Does `before` with each call that the guards let through; where it throws, nothing else is done. */
export function precededBy(before: (call: Call) => void, invoke: Invoke): Invoke {
  const { guard, admitted } = partsOf(invoke);
  return guarded(guard, (call) => {
    before(call);
    return admitted(call);
  });
}

/** The first whose guard lets the call through, and no other. */
export function either(choices: readonly Invoke[]): Invoke {
  const parts = choices.map(partsOf);
  const choose = (call: Call): Invoke => {
    const reasons = new Set<string>();
    for (const { guard, admitted } of parts) {
      try {
        guard(call);
        return admitted;
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'forbidden')) throw error;
        reasons.add(error.message);
      }
    }
    throw new Refusal('forbidden', [...reasons].join(', or '));
  };
  return guarded(choose, (call) => choose(call)(call));
}
