/** The rules of a manifest, made ready for calls: who and what each of them fits. */
import { ManifestError, OptionError } from '../errors';
import { type ArgumentBounds, patternTest, type Violation, violationOf } from './bounds';
import type { Capability, KindMembers, ObjectKind } from './capability';
import type { Manifest, ManifestRule } from './manifest';
import { type Access, type Attribute, type Call, Method, nameOfActor } from './method';
import { parametersOf } from './parameters';

/** What a manifest speaks of: by the name of the capability or kind, and the member's. */
export type Members = ReadonlyMap<string, ReadonlyMap<string, Method | Attribute>>;

/** Throws `OptionError` where two have one name. */
export function membersOf(
  capabilities: Readonly<Record<string, Capability>>,
  kinds: readonly ObjectKind[],
): Members {
  const owners: [string, KindMembers][] = [
    ...Object.entries(capabilities),
    ...kinds.map(({ name, members }): [string, KindMembers] => [name, members]),
  ];
  const all = new Map(owners.map(([name, members]) => [name, new Map(Object.entries(members))]));
  if (all.size === owners.length) return all;
  throw new OptionError('two of the capabilities and kinds have one name');
}

export class CompiledRule {
  readonly decision: ManifestRule['decision'];
  readonly #rule: ManifestRule;
  readonly #isOwner: (name: string) => boolean;
  readonly #isMember: (name: string) => boolean;
  readonly #isActor: (name: string) => boolean;
  /** By access and member: what has no entry has not all the parameters. Nothing: arguments don't matter. */
  readonly #violations: ReadonlyMap<string, Violation> | undefined;

  /** Throws `ManifestError` for names that `members` lacks, `OptionError` where it needs them and has none. */
  constructor(rule: ManifestRule, members: Members | undefined, path: string) {
    this.decision = rule.decision;
    this.#rule = rule;
    this.#isOwner = patternTest(rule.capability);
    this.#isMember = anyPattern(rule.members);
    this.#isActor = anyPattern(rule.actors);
    if (members !== undefined) this.#checkNames(members, path);
    this.#violations = rule.args && this.#compile(rule.args, members, path);
  }

  fits({ capability, member, access, actor, args }: Call): boolean {
    if (!this.concerns(capability, member, access) || !this.#isBy(actor)) return false;
    if (this.#violations === undefined) return true;
    const violation = this.#violations.get(placeOf(capability, member, access));
    return violation !== undefined && violation(args) === undefined;
  }

  /** Whether it fits such calls, or some of them. */
  concerns(capability: string, member: string, access: Access): boolean {
    if (!this.#isNamed(capability, member) || !this.#isWay(access)) return false;
    return this.#violations?.has(placeOf(capability, member, access)) ?? true;
  }

  /** Whether it fits all calls that it concerns. */
  get isUnconditional(): boolean {
    return this.#rule.actors === undefined && this.#violations === undefined;
  }

  #isNamed(capability: string, member: string): boolean {
    return this.#isOwner(capability) && this.#isMember(member);
  }

  #isWay(access: Access): boolean {
    return this.#rule.access?.includes(access) ?? true;
  }

  #isBy(actor: unknown): boolean {
    if (this.#rule.actors === undefined) return true;
    const name = nameOfActor(actor);
    return name !== undefined && this.#isActor(name);
  }

  /** A name that nothing has is a mistake: something else would be open or closed than was meant. */
  #checkNames(members: Members, path: string): void {
    const owners = [...members].filter(([name]) => this.#isOwner(name));
    if (owners.length === 0) {
      throw new ManifestError(`${path}.capability`, 'is no capability or kind that is given');
    }
    const names = owners.flatMap(([, all]) => [...all.keys()]);
    for (const [index, pattern] of (this.#rule.members ?? []).entries()) {
      if (names.some(patternTest(pattern))) continue;
      throw new ManifestError(`${path}.members[${index}]`, 'is no member of what it is said of');
    }
  }

  #compile(
    args: ArgumentBounds,
    members: Members | undefined,
    path: string,
  ): ReadonlyMap<string, Violation> {
    if (members === undefined) {
      throw new OptionError(`${path} names arguments: give the capabilities that it is for`);
    }
    const violations = new Map<string, Violation>();
    const missing = new Set(Object.keys(args));
    for (const [owner, all] of members) {
      for (const [name, member] of all) {
        const way = member instanceof Method ? 'call' : 'set';
        if (!this.#isNamed(owner, name) || !this.#isWay(way)) continue;
        const names = new Set(parametersOf(member).map((parameter) => parameter.name));
        for (const parameter of names) missing.delete(parameter);
        if (!Object.keys(args).every((parameter) => names.has(parameter))) continue;
        violations.set(placeOf(owner, name, way), boundsAt(member, args, `${path}.args`));
      }
    }
    const [parameter] = missing;
    if (parameter === undefined) return violations;
    throw new ManifestError(`${path}.args.${parameter}`, 'is no parameter of what it is said of');
  }
}

export function compileRules(
  { rules }: Manifest,
  members: Members | undefined,
): readonly CompiledRule[] {
  return rules.map((rule, index) => new CompiledRule(rule, members, `rules[${index}]`));
}

/** Whether any call of the kind could come to anything but "never". */
export function isGrantable(
  rules: readonly CompiledRule[],
  capability: string,
  member: string,
  access: Access,
): boolean {
  for (const rule of rules) {
    if (!rule.concerns(capability, member, access)) continue;
    if (rule.decision !== 'forbid') return true;
    if (rule.isUnconditional) return false;
  }
  return false;
}

export function placeOf(capability: string, member: string, access: Access): string {
  return `${access} ${capability}.${member}`;
}

/** Without patterns all fit. */
function anyPattern(patterns: readonly string[] | undefined): (text: string) => boolean {
  if (patterns === undefined) return () => true;
  const tests = patterns.map(patternTest);
  return (text) => tests.some((test) => test(text));
}

function boundsAt(member: Method | Attribute, args: ArgumentBounds, path: string): Violation {
  try {
    return violationOf(member, args, path);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new ManifestError(path, `can't be used: ${error.message}`);
  }
}
