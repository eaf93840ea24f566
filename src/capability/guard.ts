/**
 * What comes before a function runs: refusals, and charges. They stand apart from what is done afterwards, so that a
 * combination of facets can ask each of them and then runs one function, that a meter charges only for what is let
 * through, and that several meters charge all or none.
 */
import type { Call, Invoke } from './method';
import { Refusal } from './refusal';

/**
 * Throws a `Refusal` with code `forbidden` for a call that it does not let through. Changes nothing: it may be asked
 * more than once about one call.
 */
export type Guard = (call: Call) => void;

/** Takes what the call costs, or throws and takes nothing. Gives what gives it back. */
export type Charge = (call: Call) => () => void;

interface Parts {
  readonly guard: Guard;
  readonly charge: Charge;
  /** What is done with a call that was let through and paid for. */
  readonly admitted: Invoke;
}

const PARTS = Symbol('parts');

type GuardedInvoke = Invoke & { readonly [PARTS]: Parts };

const nothing = (): void => {};

function isGuarded(invoke: Invoke): invoke is GuardedInvoke {
  return Object.hasOwn(invoke, PARTS);
}

function partsOf(invoke: Invoke): Parts {
  if (isGuarded(invoke)) return invoke[PARTS];
  return { guard: nothing, charge: () => nothing, admitted: invoke };
}

function assembled(parts: Parts): Invoke {
  const { guard, charge, admitted } = parts;
  const invoke: Invoke = (call) => {
    guard(call);
    charge(call);
    return admitted(call);
  };
  return Object.freeze(Object.assign(invoke, { [PARTS]: parts }));
}

/** The same under one more guard. */
export function narrowed(invoke: Invoke, guard: Guard): Invoke {
  const parts = partsOf(invoke);
  const both: Guard = (call) => {
    parts.guard(call);
    guard(call);
  };
  return assembled({ ...parts, guard: both });
}

/** The same at one more charge. */
export function charged(invoke: Invoke, charge: Charge): Invoke {
  const parts = partsOf(invoke);
  const both: Charge = (call) => {
    const giveBack = charge(call);
    try {
      const giveBackOther = parts.charge(call);
      return () => {
        giveBackOther();
        giveBack();
      };
    } catch (error) {
      giveBack();
      throw error;
    }
  };
  return assembled({ ...parts, charge: both });
}

/** The first whose guard lets the call through, and no other. */
export function either(choices: readonly Invoke[]): Invoke {
  const all = choices.map(partsOf);
  const choose = (call: Call): Parts => {
    const reasons = new Set<string>();
    for (const parts of all) {
      try {
        parts.guard(call);
        return parts;
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'forbidden')) throw error;
        reasons.add(error.message);
      }
    }
    throw new Refusal('forbidden', [...reasons].join(', or '));
  };
  return assembled({
    guard: choose,
    charge: (call) => choose(call).charge(call),
    admitted: (call) => choose(call).admitted(call),
  });
}
