/**
 * What comes before a function runs: refusals, and charges. They stand apart from what is done afterwards, so that a
 * combination of facets can ask each of them and then runs one function, that a meter charges only for what is let
 * through, and that several meters charge all or none.
 */
import type { Call, Invoke } from './method';
import { Refusal } from './refusal';

/**
 * Throws a `Refusal` with code `forbidden` for a call that it does not let through. Changes nothing.
 */
export type Guard = (call: Call) => void;

/** Takes what the call costs, or throws and takes nothing. Gives what gives it back. */
export type Charge = (call: Call) => () => void;

/** What follows for a call that was let through. */
interface Admission {
  readonly charge: Charge;
  /** What is done when it has been paid for. */
  readonly run: Invoke;
}

/** Throws a `Refusal` for a call that is not let through, and changes nothing. */
type Admit = (call: Call) => Admission;

const ADMIT = Symbol('admit');

type GuardedInvoke = Invoke & { readonly [ADMIT]: Admit };

const nothing = (): void => {};

function isGuarded(invoke: Invoke): invoke is GuardedInvoke {
  return Object.hasOwn(invoke, ADMIT);
}

function admitOf(invoke: Invoke): Admit {
  if (isGuarded(invoke)) return invoke[ADMIT];
  const free: Admission = { charge: () => nothing, run: invoke };
  return () => free;
}

function assembled(admit: Admit): Invoke {
  const invoke: Invoke = (call) => {
    const { charge, run } = admit(call);
    charge(call);
    return run(call);
  };
  return Object.freeze(Object.assign(invoke, { [ADMIT]: admit }));
}

/** The same under one more guard. */
export function narrowed(invoke: Invoke, guard: Guard): Invoke {
  const admit = admitOf(invoke);
  return assembled((call) => {
    const admission = admit(call);
    guard(call);
    return admission;
  });
}

/** The same at one more charge. */
export function charged(invoke: Invoke, charge: Charge): Invoke {
  const admit = admitOf(invoke);
  return assembled((call) => {
    const { charge: others, run } = admit(call);
    return { charge: (paid) => chargeBoth(charge, others, paid), run };
  });
}

function chargeBoth(first: Charge, second: Charge, call: Call): () => void {
  const giveBack = first(call);
  try {
    const giveBackOther = second(call);
    return () => {
      giveBackOther();
      giveBack();
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The first whose guard lets the call through, and no other. */
export function either(choices: readonly Invoke[]): Invoke {
  const all = choices.map(admitOf);
  return assembled((call) => {
    const reasons = new Set<string>();
    for (const admit of all) {
      try {
        return admit(call);
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'forbidden')) throw error;
        reasons.add(error.message);
      }
    }
    throw new Refusal('forbidden', [...reasons].join(', or '));
  });
}
