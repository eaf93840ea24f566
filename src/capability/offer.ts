/** Whether what a page gives a guest can be given: said when the sandbox is made, not when a program first tries. */
import { OptionError } from '../errors';
import type { Capability, ObjectKind } from './capability';
import { Attribute, Method } from './method';
import { isPlainName, Signature } from './signature';

/** The guest's own. */
const TAKEN = 'glovebox';

/** Throws `OptionError`. */
export function checkOffer(
  capabilities: Readonly<Record<string, Capability>>,
  kinds: readonly ObjectKind[],
): void {
  const names = kinds.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new OptionError(`kinds: two have the name ${twice}`);
  const known = new Set(names);
  for (const [name, capability] of Object.entries(capabilities)) {
    if (!isPlainName(name) || name === TAKEN) {
      throw new OptionError(`capabilities: ${name} can't be a module's name`);
    }
    for (const [member, method] of Object.entries<unknown>(capability)) {
      const isMethod = method instanceof Method;
      if (!isMethod) throw new OptionError(`${name}.${member} is no method: see capability()`);
      checkKinds(`${name}.${member}`, method, known);
    }
  }
  for (const { name, members } of kinds) {
    for (const [key, member] of Object.entries(members))
      checkKinds(`${name}.${key}`, member, known);
  }
}

function checkKinds(what: string, member: Method | Attribute, known: ReadonlySet<string>): void {
  const text = member instanceof Attribute ? `() -> ${member.type}` : member.signature;
  if (text === undefined) return;
  for (const kind of Signature.parse(text, () => false).kinds) {
    if (!known.has(kind))
      throw new OptionError(`${what} names the kind ${kind}, which is not given`);
  }
}
