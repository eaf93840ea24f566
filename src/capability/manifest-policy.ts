/** What a manifest comes to: a policy, and capabilities that have in them only what it could ever allow. */
import { ManifestError, OptionError } from '../errors';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Capability, ObjectKind } from './capability';
import { type Manifest, type ManifestBudget, parseManifest } from './manifest';
import {
  type CompiledRule,
  compileRules,
  isGrantable,
  type Members,
  membersOf,
  placeOf,
} from './manifest-rules';
import { type Cost, meter } from './meter';
import { type Access, type Attribute, type Call, Method } from './method';
import { parametersOf } from './parameters';
import type { Decision, Policy } from './policy';

export interface ManifestOptions {
  /**
   * Answers for rules that say `ask`, when the page likes: only `true` allows the call, anything else is
   * `unauthorized`, and one that throws forbids. Required where a rule says so.
   */
  readonly ask?: (call: Call) => boolean | Promise<boolean>;
  /**
   * `sandbox`: an answer counts for each later use of the same member in the same way by the same actor under the same
   * rule, whatever its arguments are, as long as the policy is there; so each sandbox should have a policy of its own.
   * Until there is an answer, other such uses wait for the same one. Default: the page is asked each time.
   */
  readonly remember?: 'sandbox';
  /** The kinds of objects that the manifest speaks of. Default: none. */
  readonly kinds?: readonly ObjectKind[];
}

/**
 * The policy that a manifest declares. With `capabilities`, by the names that they are given under, every name in the
 * rules is checked; a manifest that names arguments needs them. Throws `ManifestError`, and `OptionError` where `ask`
 * or `capabilities` is lacking.
 */
export function policyFrom(
  manifest: Manifest,
  options: ManifestOptions & { readonly capabilities?: Readonly<Record<string, Capability>> } = {},
): Policy {
  const { capabilities, kinds = [] } = options;
  const members = capabilities && membersOf(capabilities, kinds);
  return policyOf(compileRules(parseManifest(manifest), members), options);
}

function policyOf(rules: readonly CompiledRule[], options: ManifestOptions): Policy {
  const ask = askerOf(rules, options);
  return (call) => {
    const index = rules.findIndex((rule) => rule.fits(call));
    const decision = rules[index]?.decision ?? 'forbid';
    if (decision !== 'ask') return decision;
    // It may be allowed: who only wonders whether it is must not bother anybody.
    return call.isProbe ? 'allow' : drive(answered(ask, call, index));
  };
}

export interface AppliedManifest<Name extends string = string> {
  /** Metered, and without what no rule could ever allow. Those of which nothing stays are not there. */
  readonly capabilities: Readonly<Partial<Record<Name, Capability>>>;
  /** As `capabilities`, for the same objects as the kinds given and in their order. None is left out. */
  readonly kinds: readonly ObjectKind[];
  readonly policy: Policy;
}

/**
 * Declarations in the place of code: what to give to a sandbox so that the manifest holds in it. Its meters are new
 * ones. Throws as `policyFrom` does, and `ManifestError` for a budget of what is not there.
 */
export function applyManifest<Name extends string>(
  manifest: Manifest,
  capabilities: Readonly<Record<Name, Capability>>,
  options: ManifestOptions = {},
): AppliedManifest<Name> {
  const checked = parseManifest(manifest);
  const { kinds = [] } = options;
  const members = membersOf(capabilities, kinds);
  const rules = compileRules(checked, members);
  const metered = withMeters(checked.budgets ?? [], members);
  const keptOf = (owner: string): Readonly<Record<string, Method | Attribute>> =>
    Object.freeze(Object.fromEntries(keepGrantable(rules, owner, metered.get(owner))));
  const kept: Partial<Record<Name, Capability>> = {};
  for (const name of Object.keys(capabilities) as Name[]) {
    const methods = keptOf(name) as Capability;
    if (Object.keys(methods).length > 0) kept[name] = methods;
  }
  return {
    capabilities: Object.freeze(kept),
    kinds: kinds.map((kind) => kind.with(keptOf(kind.name))),
    policy: policyOf(rules, options),
  };
}

/** The rule is known by its place. */
type Ask = (call: Call, rule: number) => Maybe<boolean>;

function askerOf(rules: readonly CompiledRule[], { ask, remember }: ManifestOptions): Ask {
  if (remember !== undefined && remember !== 'sandbox') {
    throw new OptionError("remember must be 'sandbox', or not given");
  }
  const asking = rules.findIndex(({ decision }) => decision === 'ask');
  if (asking < 0) return () => false;
  if (ask === undefined) throw new OptionError(`rules[${asking}] asks: give the function ask`);
  return remember === undefined ? (call) => ask(call) : remembering(ask);
}

function remembering(ask: (call: Call) => Maybe<boolean>): Ask {
  const byActor = new Map<unknown, Map<string, Maybe<boolean>>>();
  return (call, rule) => {
    const answers = byActor.get(call.actor) ?? new Map<string, Maybe<boolean>>();
    byActor.set(call.actor, answers);
    const question = `${rule} ${placeOf(call.capability, call.member, call.access)}`;
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = ask(call);
    answers.set(question, answer);
    // A question that failed was not answered.
    if (answer instanceof Promise) answer.catch(() => answers.delete(question));
    return answer;
  };
}

function* answered(ask: Ask, call: Call, rule: number): Steps<Decision> {
  const answer: unknown = yield* settle(ask(call, rule));
  return answer === true ? 'allow' : 'unauthorized';
}

function withMeters(budgets: readonly ManifestBudget[], members: Members): Members {
  const metered = new Map([...members].map(([owner, all]) => [owner, new Map(all)]));
  for (const [index, { capability, member, cost = 1, ...options }] of budgets.entries()) {
    const path = `budgets[${index}]`;
    const owner = metered.get(capability);
    if (owner === undefined) {
      throw new ManifestError(`${path}.capability`, 'is no capability or kind that is given');
    }
    const method = owner.get(member);
    if (!(method instanceof Method)) throw new ManifestError(`${path}.member`, 'is no method');
    owner.set(member, meter(method, { ...options, cost: costOf(method, cost, `${path}.cost`) }));
  }
  return metered;
}

function costOf(method: Method, cost: number | string, path: string): Cost {
  if (typeof cost === 'number') return () => cost;
  const parameters = parametersOf(method);
  const index = parameters.findIndex(({ name }) => name === cost);
  const parameter = parameters[index];
  // The codec's own numbers: a bigint could not be charged.
  if (parameter === undefined || parameter.isRest || parameter.type.accept(0) !== 0) {
    throw new ManifestError(path, 'is no parameter that takes a number');
  }
  return (...args: unknown[]) => args[index] as number;
}

function keepGrantable(
  rules: readonly CompiledRule[],
  owner: string,
  members: ReadonlyMap<string, Method | Attribute> = new Map(),
): [string, Method | Attribute][] {
  return [...members].flatMap(([name, member]): [string, Method | Attribute][] => {
    const may = (access: Access): boolean => isGrantable(rules, owner, name, access);
    if (member instanceof Method) return may('call') ? [[name, member]] : [];
    if (member.set !== undefined && may('set')) return [[name, member]];
    return may('get') ? [[name, member.with(member.get)]] : [];
  });
}
