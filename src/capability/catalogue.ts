/** What a guest was given, looked up by the names that it sends: nothing else is there. */
import type { Capability, KindMembers } from './capability';
import { describeKind, describeMethods } from './description';
import type { HandleTable } from './handle-table';
import { type Access, type Attribute, type Invoke, Method, parseWholeType } from './method';
import { Refusal } from './refusal';
import { Signature } from './signature';
import type { HostValue, KindTest, ValueType } from './value-type';

/** How something is done that the guest may ask for. */
export interface Use {
  readonly capability: string;
  readonly target: object | undefined;
  readonly invoke: Invoke;
  /** The arguments as the function gets them. Throws a `Refusal`. */
  readonly check: (args: readonly unknown[]) => readonly HostValue[];
  /** Nothing: whatever the codec carries. */
  readonly returns: ValueType | undefined;
}

type Done = Pick<Use, 'invoke' | 'check' | 'returns'>;

const NOTHING_TO: Readonly<Record<Access, string>> = {
  call: 'there is no such function',
  get: 'there is no such attribute',
  set: 'that can not be set',
};

/** What a setter returns is nobody's. */
const NOTHING: ValueType = { text: 'None', accept: () => null };

export class Catalogue {
  readonly #capabilities: ReadonlyMap<string, ReadonlyMap<string, Method>>;
  readonly #given: Readonly<Record<string, Capability>>;
  readonly #handles: HandleTable;
  /** By member: a signature is read once. */
  readonly #done = new Map<Method | Attribute, Partial<Record<Access, Done>>>();
  readonly #isOfKind: KindTest;
  readonly #isResult: KindTest;

  constructor(given: Readonly<Record<string, Capability>>, handles: HandleTable) {
    this.#given = { ...given };
    this.#capabilities = new Map(
      Object.entries(given).map(([name, methods]) => [name, new Map(Object.entries(methods))]),
    );
    this.#handles = handles;
    this.#isOfKind = (name, object) => handles.kindNamed(name)?.has(object) ?? false;
    this.#isResult = (name, object) => handles.kindNamed(name)?.adopt(object) ?? false;
  }

  /** `subject`: the name of a capability, or an object that the guest has. Throws a `Refusal`. */
  find(subject: unknown, name: unknown, access: Access): Use {
    if (typeof name !== 'string') throw new Refusal('type', 'a name is text');
    if (typeof subject === 'object' && subject !== null) {
      const { kind, object } = this.#handles.heldBy(subject);
      const done = this.#how(own(kind.members, name), access);
      if (done !== undefined) return { capability: kind.name, target: object, ...done };
      throw new Refusal('forbidden', `${kind.name}.${name}: ${NOTHING_TO[access]} here`);
    }
    if (typeof subject !== 'string') throw new Refusal('type', 'no capability and no object');
    const done = this.#how(this.#capabilities.get(subject)?.get(name), access);
    if (done !== undefined) return { capability: subject, target: undefined, ...done };
    throw new Refusal('forbidden', `${subject}.${name}: ${NOTHING_TO[access]} here`);
  }

  /** Of a capability by its name; without one, of all kinds. Throws a `Refusal`. */
  describe(subject: unknown): unknown {
    if (subject === null) return this.#handles.kinds.map(describeKind);
    if (typeof subject === 'string' && this.#capabilities.has(subject)) {
      return describeMethods(this.#given[subject] ?? {});
    }
    throw new Refusal('forbidden', 'there is nothing of that name');
  }

  #how(member: Method | Attribute | undefined, access: Access): Done | undefined {
    if (member === undefined) return undefined;
    let known = this.#done.get(member);
    if (known === undefined) {
      known = member instanceof Method ? this.#ofMethod(member) : this.#ofAttribute(member);
      this.#done.set(member, known);
    }
    return known[access];
  }

  #ofMethod({ signature, invoke }: Method): Partial<Record<Access, Done>> {
    if (signature === undefined) {
      return {
        call: { invoke, check: (args) => args as readonly HostValue[], returns: undefined },
      };
    }
    const { returns } = Signature.parse(signature, this.#isResult);
    const declared = Signature.parse(signature, this.#isOfKind);
    return { call: { invoke, check: (args) => declared.check(args), returns } };
  }

  #ofAttribute({ type, get, set }: Attribute): Partial<Record<Access, Done>> {
    const returns = parseWholeType(type, this.#isResult);
    const none = Signature.parse('() -> Any', this.#isOfKind);
    const getter: Done = { invoke: get, check: (args) => none.check(args), returns };
    if (set === undefined) return { get: getter };
    const one = Signature.parse(`(value: ${type}) -> Any`, this.#isOfKind);
    return {
      get: getter,
      set: { invoke: set, check: (args) => one.check(args), returns: NOTHING },
    };
  }
}

function own(members: KindMembers, name: string): Method | Attribute | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
