/** What the guest is told of what it was given: names, signatures, docstrings; and the same as type hints. */
import type { Capability, ObjectKind } from './capability';
import { Attribute, type Method, parseWholeType } from './method';
import { Signature } from './signature';

export interface MethodDescription {
  readonly name: string;
  /** As Python has it. */
  readonly signature: string;
  /** The names of its parameters as they are passed on: the last one with a star where it takes any number. */
  readonly passes: string;
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
    } else methods.push(describeMethod(key, member, 'self'));
  }
  return { name, doc, methods, attributes };
}

/** `self`: for the method of a kind. */
function describeMethod(
  name: string,
  { signature, doc }: Method,
  self?: 'self',
): MethodDescription {
  const declared = signature ?? '(*args: Any) -> Any';
  const parsed = Signature.parse(declared, anyKind);
  const names = parsed.parameters.map((parameter) => parameter.name);
  if (parsed.rest !== undefined) names.push(`*${parsed.rest.name}`);
  const { isAsync } = parsed;
  return { name, signature: parsed.toString(self), passes: names.join(', '), isAsync, doc };
}

/**
 * Type hints (`.pyi`) for what `import name` gives in the guest, for the editors and checkers of those who write
 * for it.
 */
export function typeHints(capability: Capability, kinds: readonly ObjectKind[] = []): string {
  const functions = describeMethods(capability).flatMap((method) => hintOf(method, ''));
  const classes = kinds.map(describeKind).flatMap((kind) => {
    const attributes = kind.attributes.flatMap(([name, type, settable, doc]) => {
      if (settable) return [`    ${name}: ${type}`, ...docLines(doc, '    ')];
      const getter = [`    @property`, `    def ${name}(self) -> ${type}:`];
      return [...getter, ...docLines(doc, '        '), '        ...'];
    });
    const methods = kind.methods.flatMap((method) => hintOf(method, '    '));
    const body = [...docLines(kind.doc, '    '), ...attributes, ...methods];
    return [`class ${kind.name}:`, ...(body.length > 0 ? body : ['    ...']), ''];
  });
  const imports = ['from datetime import datetime', 'from typing import Any', ''];
  return [...imports, ...classes, ...functions, ''].join('\n');
}

function hintOf({ name, signature, doc }: MethodDescription, indent: string): string[] {
  const head = `${indent}def ${name}${signature}:`;
  return [head, ...docLines(doc, `${indent}    `), `${indent}    ...`];
}

function docLines(doc: string, indent: string): string[] {
  if (doc === '') return [];
  const text = doc.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  return `"""${text}"""`.split('\n').map((line) => `${indent}${line}`.trimEnd());
}
