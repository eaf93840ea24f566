/** What the guest is told of what it was given: names, signatures, docstrings; and the same as type hints. */
import type { Capability, ObjectKind } from './capability';
import { Attribute, type Method, parseWholeType } from './method';
import { type Parameter, Signature, valueOfLiteral } from './signature';
import type { GuestValue } from './value';

/** Name, type; and the default of a parameter that has one. */
type ParameterDescription = readonly [string, string] | readonly [string, string, GuestValue];

export interface MethodDescription {
  readonly name: string;
  readonly parameters: readonly ParameterDescription[];
  /** Takes whatever comes after the others. */
  readonly rest: ParameterDescription | null;
  readonly returns: string;
  readonly isAsync: boolean;
  readonly doc: string;
}

/** Name, type, whether it can be set, docstring. */
type AttributeDescription = readonly [string, string, boolean, string];

export interface KindDescription {
  readonly name: string;
  readonly doc: string;
  readonly methods: readonly MethodDescription[];
  readonly attributes: readonly AttributeDescription[];
}

const anyKind = (): boolean => false;

export function describeMethods(capability: Capability): readonly MethodDescription[] {
  return Object.entries(capability).map(([name, method]) => describeMethod(name, method));
}

export function describeKind({ name, doc, members }: ObjectKind): KindDescription {
  const methods: MethodDescription[] = [];
  const attributes: AttributeDescription[] = [];
  for (const [key, member] of Object.entries(members)) {
    if (member instanceof Attribute) {
      const { text } = parseWholeType(member.type, anyKind);
      attributes.push([key, text, member.set !== undefined, member.doc]);
    } else methods.push(describeMethod(key, member));
  }
  return { name, doc, methods, attributes };
}

function describeMethod(name: string, method: Method): MethodDescription {
  const { isAsync, parameters, rest, returns } = signatureOf(method);
  return {
    name,
    parameters: parameters.map(describeParameter),
    rest: rest === undefined ? null : describeParameter(rest),
    returns: returns.text,
    isAsync,
    doc: method.doc,
  };
}

function describeParameter({ name, type, fallback }: Parameter): ParameterDescription {
  return fallback === undefined ? [name, type.text] : [name, type.text, valueOfLiteral(fallback)];
}

/** A method without one takes any arguments. */
function signatureOf({ signature }: Method): Signature {
  return Signature.parse(signature ?? '(*args: Any) -> Any', anyKind);
}

/**
 * Type hints (`.pyi`) for what `import name` gives in the guest, for the editors and checkers of those who write
 * for it.
 */
export function typeHints(capability: Capability, kinds: readonly ObjectKind[] = []): string {
  const functions = Object.entries(capability).flatMap(([name, method]) =>
    hintOf(name, method, ''),
  );
  const classes = kinds.flatMap(({ name, doc, members }) => {
    const body = Object.entries(members).flatMap(([key, member]) =>
      member instanceof Attribute
        ? hintOfAttribute(key, member)
        : hintOf(key, member, '    ', 'self'),
    );
    const all = [...docLines(doc, '    '), ...body];
    return [`class ${name}:`, ...(all.length > 0 ? all : ['    ...']), ''];
  });
  const imports = ['from datetime import datetime', 'from typing import Any', ''];
  return [...imports, ...classes, ...functions, ''].join('\n');
}

function hintOf(name: string, method: Method, indent: string, self?: 'self'): string[] {
  const head = `${indent}def ${name}${signatureOf(method).toString(self)}:`;
  return [head, ...docLines(method.doc, `${indent}    `), `${indent}    ...`];
}

function hintOfAttribute(name: string, { type, set, doc }: Attribute): string[] {
  const { text } = parseWholeType(type, anyKind);
  if (set !== undefined) return [`    ${name}: ${text}`, ...docLines(doc, '    ')];
  const getter = ['    @property', `    def ${name}(self) -> ${text}:`];
  return [...getter, ...docLines(doc, '        '), '        ...'];
}

function docLines(doc: string, indent: string): string[] {
  if (doc === '') return [];
  const text = doc.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  return `"""${text}"""`.split('\n').map((line) => `${indent}${line}`.trimEnd());
}
