/**
 * Capabilities: what the page lets a guest do. One is a record of methods, which the guest imports as a module; an
 * object kind is a record of what objects of the page's let a guest do that has a handle of one.
 */
import { OptionError } from '../errors';
import { Attribute, type Call, type HostFunction, Method, plainMethod } from './method';
import { isPlainName } from './signature';
import { isTypeName } from './value-type';

/** By name. Made of others by taking some: `{ ...world, damage: meter(world.damage, …) }`. */
export type Capability = Readonly<Record<string, Method>>;

/** A method that was declared with `method`, or just a function. */
export type Declared = Method | HostFunction;

/** A capability of these functions. Throws `OptionError` for names that Python can't have. */
export function capability<const Name extends string>(
  members: Readonly<Record<Name, Declared>>,
): Readonly<Record<Name, Method>> {
  const methods: Partial<Record<Name, Method>> = {};
  for (const [name, declared] of Object.entries<Declared>(members)) {
    requireName(name);
    methods[name as Name] = declared instanceof Method ? declared : plainMethod(declared);
  }
  return Object.freeze(methods) as Readonly<Record<Name, Method>>;
}

/** Methods get the object as their first argument. */
export type KindMembers = Readonly<Record<string, Method | Attribute>>;

// biome-ignore lint/suspicious/noExplicitAny: objects of a kind are of the page's own types.
type Of = any;

/** Reads an attribute of the object, and sets it where `set` is given. */
export function attribute(
  type: string,
  get: (this: Call, object: Of) => unknown,
  set?: (this: Call, object: Of, value: Of) => unknown,
  doc = '',
): Attribute {
  const setter = set && ((call: Call) => set.call(call, call.target, call.args[0]));
  return new Attribute(type, doc, (call) => get.call(call, call.target), setter);
}

/** As `method`, for an object's kind: `run` gets the object first. */
export function objectMethod(
  signature: string,
  run: (this: Call, object: Of, ...args: Of[]) => unknown,
  doc = '',
): Method {
  return new Method(signature, doc, (call) => run.call(call, call.target, ...call.args));
}

/**
 * A kind of objects that guests may have handles of. What they can do with one is what is declared here; the object
 * itself never leaves the page.
 */
export class ObjectKind {
  readonly name: string;
  readonly doc: string;
  readonly members: KindMembers;
  readonly #grants: Grants;

  /**
   * `onDropped` is called with an object each time that a sandbox has let go of it: its program has, or it has ended.
   * Throws `OptionError` for names that Python can't have.
   */
  constructor(
    name: string,
    members: KindMembers,
    doc = '',
    onDropped: (object: Of) => void = () => {},
    grants = new Grants(onDropped),
  ) {
    requireName(name);
    if (isTypeName(name)) throw new OptionError(`${name} is a type already, and can't be a kind`);
    for (const member of Object.keys(members)) requireName(member);
    this.name = name;
    this.doc = doc;
    this.members = Object.freeze({ ...members });
    this.#grants = grants;
  }

  /** The same objects, with other members: those that only look, say. */
  with(members: KindMembers): ObjectKind {
    const grants = this.#grants;
    return new ObjectKind(this.name, members, this.doc, grants.onDropped, grants);
  }

  /** Whether both look at the same objects, each in its own way. */
  hasObjectsOf(other: ObjectKind): boolean {
    return this.#grants === other.#grants;
  }

  /**
   * Lets guests have it. Not needed for what a method declares to return: that is granted as it is returned, unless
   * it was revoked.
   */
  grant<T extends object>(object: T): T {
    this.#grants.add(object);
    return object;
  }

  /** From now on every handle of it is dead, in every sandbox, until it is granted again. */
  revoke(object: object): void {
    this.#grants.revoke(object);
  }

  /** Whether guests may have it. */
  has(object: object): boolean {
    return this.#grants.has(object);
  }

  /** As a method returns it. False: it was revoked. */
  adopt(object: object): boolean {
    return this.#grants.adopt(object);
  }

  /** A sandbox has no handle of it any more. */
  drop(object: object): void {
    this.#grants.onDropped(object);
  }
}

/** Which objects are of a kind: all that look at a kind in their own way share them. */
class Grants {
  readonly onDropped: (object: object) => void;
  readonly #granted = new WeakSet<object>();
  readonly #revoked = new WeakSet<object>();

  constructor(onDropped: (object: object) => void) {
    this.onDropped = onDropped;
  }

  add(object: object): void {
    this.#revoked.delete(object);
    this.#granted.add(object);
  }

  revoke(object: object): void {
    this.#granted.delete(object);
    this.#revoked.add(object);
  }

  has(object: object): boolean {
    return this.#granted.has(object);
  }

  adopt(object: object): boolean {
    if (this.#revoked.has(object)) return false;
    this.#granted.add(object);
    return true;
  }
}

function requireName(name: string): void {
  if (isPlainName(name)) return;
  throw new OptionError(`${JSON.stringify(name)} can't be a name in Python`);
}
