/** What a member takes, by name: for bounds and costs, which speak of arguments. */
import { Attribute, type Method, parseWholeType } from './method';
import { Signature } from './signature';
import type { ValueType } from './value-type';

export interface NamedParameter {
  readonly name: string;
  readonly type: ValueType;
  /** Whether it is all arguments from its place on. */
  readonly isRest: boolean;
}

/**
 * In the order of arguments. A settable attribute takes a `value`; a method without a signature has no names for what
 * it takes. Objects of kinds are of no type here.
 */
export function parametersOf(member: Method | Attribute): readonly NamedParameter[] {
  const noKind = (): boolean => false;
  if (member instanceof Attribute) {
    if (member.set === undefined) return [];
    return [{ name: 'value', type: parseWholeType(member.type, noKind), isRest: false }];
  }
  if (member.signature === undefined) return [];
  const { parameters, rest } = Signature.parse(member.signature, noKind);
  const all = parameters.map(({ name, type }) => ({ name, type, isRest: false }));
  return rest === undefined ? all : [...all, { name: rest.name, type: rest.type, isRest: true }];
}
