/** Who may do what: asked for each use of a capability, after its arguments were checked. */
import { OptionError } from '../errors';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Call } from './method';

/** `forbid`: never. `unauthorized`: not this actor, or not now. The guest can tell one from the other. */
export type Decision = 'allow' | 'forbid' | 'unauthorized';

/**
 * Decides at once or later: while it makes up its mind, asking a user perhaps, the guest waits and its clocks stand
 * still. One that throws forbids.
 */
export type Policy = (call: Call) => Decision | Promise<Decision>;

/** The paranoid one. */
export const denyAll: Policy = () => 'forbid';

/** The permissive one: whatever was given may be used. */
export const allowAll: Policy = () => 'allow';

/**
 * Allows what one of them allows; they are asked in turn, up to that one. Else it is `unauthorized` if one of them
 * said so, and forbidden if none did. Throws `OptionError` without any.
 */
export function anyOf(...policies: readonly Policy[]): Policy {
  requireSome(policies);
  return (call) => drive(decideAny(policies, call));
}

function* decideAny(policies: readonly Policy[], call: Call): Steps<Decision> {
  let refusal: Decision = 'forbid';
  for (const policy of policies) {
    const decision = known(yield* settle(policy(call)));
    if (decision === 'allow') return decision;
    if (decision === 'unauthorized') refusal = decision;
  }
  return refusal;
}

/**
 * Allows what all of them allow; they are asked in turn, up to one that does not, and that one's decision it is.
 * Throws `OptionError` without any.
 */
export function allOf(...policies: readonly Policy[]): Policy {
  requireSome(policies);
  return (call) => drive(decideAll(policies, call));
}

function* decideAll(policies: readonly Policy[], call: Call): Steps<Decision> {
  for (const policy of policies) {
    const decision = known(yield* settle(policy(call)));
    if (decision !== 'allow') return decision;
  }
  return 'allow';
}

/** A decision that was made. */
export interface DecisionEntry {
  readonly call: Call;
  readonly decision: Decision;
  /** How long it took, a user's answer included. */
  readonly ms: number;
  /** What the policy threw, where it threw: then the decision is `forbid`. */
  readonly error?: unknown;
}

/**
 * The same policy, each of its decisions told to `listener` before the call goes on. Nothing is done that is not in
 * the log: a listener that throws forbids.
 */
export function logged(policy: Policy, listener: (entry: DecisionEntry) => void): Policy {
  return (call) => drive(decideAloud(policy, listener, call));
}

function* decideAloud(
  policy: Policy,
  listener: (entry: DecisionEntry) => void,
  call: Call,
): Steps<Decision> {
  const start = performance.now();
  let decision: Decision;
  try {
    decision = known(yield* settle(policy(call)));
  } catch (error) {
    listener({ call, decision: 'forbid', ms: performance.now() - start, error });
    throw error;
  }
  listener({ call, decision, ms: performance.now() - start });
  return decision;
}

/** What a page's code may answer besides is no decision. */
function known(decision: Maybe<Decision>): Decision {
  return decision === 'allow' || decision === 'unauthorized' ? decision : 'forbid';
}

function requireSome(policies: readonly Policy[]): void {
  if (policies.length === 0) throw new OptionError('at least one policy has to be given');
}
