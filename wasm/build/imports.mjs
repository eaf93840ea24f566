// The exact imports of a WebAssembly module, with their types.
import { ByteReader, readSections } from './binary.mjs';

const VALUE_TYPES = { 127: 'i32', 126: 'i64', 125: 'f32', 124: 'f64', 123: 'v128' };
const TYPE_SECTION = 1;
const IMPORT_SECTION = 2;

/** [{ module, name, kind, type }], sorted; a memory also has minimumPages and maximumPages. */
export function listImports(bytes) {
  const read = (section, readEntry) => {
    const { content } = readSections(bytes).find(({ id }) => id === section);
    const reader = new ByteReader(content);
    return reader.list(() => readEntry(reader));
  };
  const types = read(TYPE_SECTION, readFunctionType);
  const imports = read(IMPORT_SECTION, (reader) => readImport(reader, types));
  const sortKey = (entry) => `${entry.module}\0${entry.name}`;
  return imports.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function readFunctionType(reader) {
  reader.byte();
  const values = () => reader.list(() => VALUE_TYPES[reader.byte()]).join(', ');
  return `(${values()}) -> (${values()})`;
}

function readImport(reader, types) {
  const entry = { module: reader.name(), name: reader.name() };
  const kind = reader.byte();
  if (kind === 0) return { ...entry, kind: 'function', type: types[reader.number()] };
  if (kind === 2) {
    const hasMaximum = (reader.byte() & 1) === 1;
    const minimumPages = reader.number();
    const maximumPages = hasMaximum ? reader.number() : null;
    return { ...entry, kind: 'memory', minimumPages, maximumPages };
  }
  throw new Error(`import ${entry.module}.${entry.name} is neither function nor memory`);
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
