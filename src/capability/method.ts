/**
 * What a capability is made of: methods, and for objects attributes as well. Each can be narrowed, metered or
 * combined into another one, as all that it is for the guest's calls is `invoke`.
 */
import { OptionError } from '../errors';
import { Signature } from './signature';
import { type HostValue, type KindTest, parseType, Tokens, type ValueType } from './value-type';

export type Access = 'call' | 'get' | 'set';

/** One use of a capability: what is asked for, and by whom. A host function has it as `this`. */
export interface Call {
  /** The name that the capability was given under, or that of the object's kind. */
  readonly capability: string;
  readonly member: string;
  readonly access: Access;
  /** Checked against the signature. */
  readonly args: readonly HostValue[];
  /** Of a kind's member: the page's own object. */
  readonly target: object | undefined;
  /** Who acts: `actor` of the sandbox's options. */
  readonly actor: unknown;
  /** Another one in each run of each sandbox. */
  readonly run: object;
  /** Aborted when nobody waits for the result any more: the run was stopped, or the guest has ended. */
  readonly signal: AbortSignal;
  /**
   * The real time of the run stands still until what it gives is called, or the run is over: for as long as a person
   * makes up his mind. (A host call that takes its time is none of the run's CPU time anyway.)
   */
  readonly pauseClocks: () => () => void;
  /** Only whether it would be allowed is asked (`can_call`): nothing is done, and nobody should be prompted. */
  readonly isProbe: boolean;
}

/** What an actor is called: the text that it is, or its `name`. */
export function nameOfActor(actor: unknown): string | undefined {
  const name = typeof actor === 'object' && actor !== null && 'name' in actor ? actor.name : actor;
  return typeof name === 'string' ? name : undefined;
}

/** Does what is asked, at once or later. Refuses by throwing a `Refusal`. */
export type Invoke = (call: Call) => unknown;

// biome-ignore lint/suspicious/noExplicitAny: what an argument is, its signature says; the function says it to the compiler.
export type HostFunction = (this: Call, ...args: any[]) => unknown;

/** Signatures name kinds: which objects are of them is known where the method is given to a guest. */
const NO_KIND: KindTest = () => false;

export class Method {
  /** As it was declared; nothing: any arguments are taken. */
  readonly signature: string | undefined;
  readonly doc: string;
  readonly invoke: Invoke;

  /** Throws `OptionError` for a signature that is none. */
  constructor(signature: string | undefined, doc: string, invoke: Invoke) {
    if (signature !== undefined) Signature.parse(signature, NO_KIND);
    this.signature = signature;
    this.doc = doc;
    this.invoke = invoke;
    Object.freeze(this);
  }

  /** The same to the guest, done in another way. */
  with(invoke: Invoke): Method {
    return new Method(this.signature, this.doc, invoke);
  }
}

/**
 * Declares a host function: its signature as Python writes it (`(target: str, points: int = 1) -> int`, `async`
 * before it if the guest may await it), and its docstring. Arguments are checked before it is called.
 */
export function method(signature: string, run: HostFunction, doc = ''): Method {
  return new Method(signature, doc, (call) => run.apply(call, [...call.args]));
}

/** A function without a signature takes whatever the codec carries. */
export function plainMethod(run: HostFunction): Method {
  return new Method(undefined, '', (call) => run.apply(call, [...call.args]));
}

/** What an object has besides methods: a value that can be read, and set where there is a setter. */
export class Attribute {
  /** As it was declared. */
  readonly type: string;
  readonly doc: string;
  readonly get: Invoke;
  readonly set: Invoke | undefined;

  /** Throws `OptionError` for a type that is none. */
  constructor(type: string, doc: string, get: Invoke, set?: Invoke) {
    parseWholeType(type, NO_KIND);
    this.type = type;
    this.doc = doc;
    this.get = get;
    this.set = set;
    Object.freeze(this);
  }

  /** The same to the guest, done in another way. Without `set` it can only be read. */
  with(get: Invoke, set?: Invoke): Attribute {
    return new Attribute(this.type, this.doc, get, set);
  }
}

/** Throws `OptionError`. */
export function parseWholeType(text: string, isOfKind: KindTest): ValueType {
  try {
    const tokens = new Tokens(text);
    const type = parseType(tokens, isOfKind);
    tokens.expect('');
    return type;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OptionError(`the type ${JSON.stringify(text)}: ${error.message}`);
  }
}
