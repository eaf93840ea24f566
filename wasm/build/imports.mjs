// The exact imports of a WebAssembly module, with their types.
import { Sections } from './sections.mjs';

const VALUE_TYPES = { 127: 'i32', 126: 'i64', 125: 'f32', 124: 'f64', 123: 'v128' };

/** [{ module, name, kind, type }], sorted; a memory also has minimumPages and maximumPages. `walker`: see walker.mjs. */
export function listImports(bytes, walker) {
  const sections = new Sections(bytes, walker);
  const types = sections.types().map((type) => type.map(describeValues).join(' -> '));
  const imports = sections.imports().map(({ module, name, type, limits }) =>
    limits === undefined
      ? { module, name, kind: 'function', type: types[type] }
      : {
          module,
          name,
          kind: 'memory',
          minimumPages: limits.initialPages,
          maximumPages: limits.maximumPages ?? null,
        },
  );
  const sortKey = (entry) => `${entry.module}\0${entry.name}`;
  return imports.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** The values that a function takes, or gives. */
function describeValues(values) {
  return `(${Array.from(values, (value) => VALUE_TYPES[value]).join(', ')})`;
}

/** What differs between two import lists, a line each. How much memory is needed may change. */
export function compareImports(expected, actual) {
  const describe = ({ module, name, kind, type = '' }) =>
    `${module}.${name} ${kind} ${type}`.trim();
  const before = new Set(expected.map(describe));
  const after = new Set(actual.map(describe));
  return [
    ...[...after].filter((line) => !before.has(line)).map((line) => `not expected: ${line}`),
    ...[...before].filter((line) => !after.has(line)).map((line) => `missing: ${line}`),
  ];
}
