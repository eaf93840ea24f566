/** Less than the whole: a facet of a capability or of an object kind, and facets put together. */
import { OptionError } from '../errors';
import { type ArgumentBounds, violationOf } from './bounds';
import { type Capability, type KindMembers, ObjectKind } from './capability';
import { either, type Guard, narrowed } from './guard';
import { Attribute, Method } from './method';
import { Refusal } from './refusal';

/** What stays. Names that are not there are an `OptionError`, and so are other options: they would leave it whole. */
export interface FacetOptions<Only extends string = string, Except extends string = string> {
  /** These names and no others. */
  readonly only?: readonly Only[];
  /** All but these. */
  readonly except?: readonly Except[];
  /**
   * For kinds: attributes can't be set, and methods stay only where `only` names them, as nothing else tells which of
   * them change nothing.
   */
  readonly readOnly?: boolean;
  /** What arguments have to keep to, by member and parameter. Else the call is refused as forbidden. */
  readonly args?: Readonly<Record<string, ArgumentBounds>>;
}

/** What a capability of these names declares as well. */
interface LikeCapability<Like extends string> {
  readonly like?: Readonly<Record<Like, Method>>;
}

interface LikeKind {
  /**
   * What this declares as well stays, an attribute's setter only where both have one. What it declares besides is
   * nobody's, so that one list of what is safe does for many kinds. Signatures are not compared.
   */
  readonly like?: ObjectKind | Capability;
}

type Members = Readonly<Record<string, Method | Attribute>>;

/**
 * A narrowed capability, or a kind that does less with the same objects. Everything is checked at once: throws
 * `OptionError`.
 */
export function facet<
  Name extends string,
  Only extends Name = Name,
  Except extends Name = never,
  Like extends string = Name,
>(
  whole: Readonly<Record<Name, Method>>,
  options: FacetOptions<Only, Except> & LikeCapability<Like>,
): Readonly<Record<Extract<Exclude<Only, Except>, Like>, Method>>;
export function facet(whole: ObjectKind, options: FacetOptions & LikeKind): ObjectKind;
export function facet(
  whole: Capability | ObjectKind,
  options: FacetOptions & LikeKind,
): Capability | ObjectKind {
  if (whole instanceof ObjectKind) return whole.with(narrow(whole.members, options));
  if (options.readOnly === true) {
    throw new OptionError('readOnly is for object kinds: name what a capability keeps by only');
  }
  return narrow(whole, options) as Capability;
}

function narrow(members: Members, options: FacetOptions & LikeKind): Members {
  const { only, except = [], readOnly = false, like, args = {}, ...unknown } = options;
  const [odd] = Object.keys(unknown);
  if (odd !== undefined) throw new OptionError(`${odd} is no option of a facet`);
  for (const name of [...(only ?? []), ...except, ...Object.keys(args)]) {
    if (!Object.hasOwn(members, name)) throw new OptionError(`there is no ${name} to narrow`);
  }
  const others = like instanceof ObjectKind ? like.members : like;
  const kept = new Map<string, Method | Attribute>();
  for (const [name, member] of Object.entries(members)) {
    if (except.includes(name) || only?.includes(name) === false) continue;
    if (readOnly && only === undefined && member instanceof Method) continue;
    const agreed = others === undefined ? member : agreedWith(others, name, member);
    if (agreed !== undefined) kept.set(name, readOnly ? withoutSetter(agreed) : agreed);
  }
  for (const [name, bounds] of Object.entries(args)) {
    const member = kept.get(name);
    if (member === undefined) throw new OptionError(`${name} has bounds, but does not stay`);
    if (typeof bounds !== 'object' || bounds === null) {
      throw new OptionError(`the bounds of ${name} must be given by parameter`);
    }
    const violation = violationOf(member, bounds, name);
    const guard: Guard = (call) => {
      const reason = violation(call.args);
      if (reason !== undefined) throw new Refusal('forbidden', reason);
    };
    kept.set(name, guardedMember(member, guard));
  }
  return Object.freeze(Object.fromEntries(kept));
}

function agreedWith(
  others: Members,
  name: string,
  member: Method | Attribute,
): Method | Attribute | undefined {
  const other = Object.hasOwn(others, name) ? others[name] : undefined;
  if (other === undefined) return undefined;
  if (member instanceof Attribute !== other instanceof Attribute) {
    throw new OptionError(`${name} is an attribute here and a method there`);
  }
  return other instanceof Attribute && other.set === undefined ? withoutSetter(member) : member;
}

function withoutSetter(member: Method | Attribute): Method | Attribute {
  return member instanceof Attribute ? member.with(member.get) : member;
}

/** An attribute's guard is asked where it is set. */
function guardedMember(member: Method | Attribute, guard: Guard): Method | Attribute {
  if (member instanceof Method) return member.with(narrowed(member.invoke, guard));
  return member.with(member.get, member.set && narrowed(member.set, guard));
}

type NamesOf<T> = T extends unknown ? Extract<keyof T, string> : never;

/**
 * What any of these allows. Where several have a method of one name they have declared it alike; a use of it that one
 * refuses as forbidden, by the bounds of a facet, is tried on the next one, in the order given. One function runs at
 * most: what it refuses itself is final, and so is a meter that is used up. Kinds have to be facets of one kind.
 * Throws `OptionError`.
 */
export function combine<All extends readonly [Capability, ...Capability[]]>(
  ...all: All
): Readonly<Record<NamesOf<All[number]>, Method>>;
export function combine(...all: readonly [ObjectKind, ...ObjectKind[]]): ObjectKind;
export function combine(...all: readonly (Capability | ObjectKind)[]): Capability | ObjectKind {
  const [first] = all;
  if (first === undefined) throw new OptionError('there is nothing to combine');
  if (!(first instanceof ObjectKind)) return unite(all.map(membersOfCapability)) as Capability;
  return first.with(unite(all.map((one) => membersOfKind(one, first))));
}

function membersOfCapability(one: Capability | ObjectKind): Members {
  if (one instanceof ObjectKind) throw new OptionError(`${one.name} is a kind, and no capability`);
  return one;
}

function membersOfKind(one: Capability | ObjectKind, first: ObjectKind): KindMembers {
  if (!(one instanceof ObjectKind)) throw new OptionError('a kind combines with kinds only');
  if (!one.hasObjectsOf(first)) {
    throw new OptionError(`${one.name} is not of the same objects as ${first.name}`);
  }
  return one.members;
}

function unite(all: readonly Members[]): Members {
  const names = new Set(all.flatMap((members) => Object.keys(members)));
  const united = [...names].map((name): [string, Method | Attribute] => {
    const choices = all.flatMap((members) => {
      const member = Object.hasOwn(members, name) ? members[name] : undefined;
      return member === undefined ? [] : [member];
    });
    return [name, uniteMembers(name, choices)];
  });
  return Object.freeze(Object.fromEntries(united));
}

function uniteMembers(name: string, choices: readonly (Method | Attribute)[]): Method | Attribute {
  const methods = choices.filter((member) => member instanceof Method);
  const attributes = choices.filter((member) => member instanceof Attribute);
  const [method] = methods;
  const [attribute] = attributes;
  if (new Set(choices.map(declarationOf)).size > 1 || (method && attribute)) {
    throw new OptionError(`${name} is declared in different ways`);
  }
  if (method !== undefined) return method.with(either(methods.map(({ invoke }) => invoke)));
  const setters = attributes.flatMap(({ set }) => (set === undefined ? [] : [set]));
  return (attribute as Attribute).with(
    either(attributes.map(({ get }) => get)),
    setters.length > 0 ? either(setters) : undefined,
  );
}

function declarationOf(member: Method | Attribute): string | undefined {
  return member instanceof Method ? member.signature : member.type;
}
