// Takes the tables of some of CPython's modules out of the WebAssembly module: tables.h says which. A page loads a module's
// data, and copies it into each guest's memory, though few programs read these.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './cache.mjs';
import { listOf, readBytes, Sections, writeBytes, writeSigned } from './sections.mjs';

/** Leaving out fewer zeros would cost more than they take. */
const LEAST_ZEROS = 64;
const DIRECTORY = 'glovebox_tables';

/**
 * Writes them beside the module as `<name>.tables`, and tells the module where they belong. `map`: the linker's, `list`: the
 * text of tables.h, `walker`: see walker.mjs. Zeros are left out as well, as a guest's memory begins with nothing else.
 */
export function takeTablesOut({ folder, module, map, list, walker }) {
  const symbols = readMap(readFileSync(map, 'utf8'));
  const tables = tableNames(list).map((name) => ({ name, ...placeOf(symbols, name) }));
  const path = join(folder, module);
  const sections = new Sections(new Uint8Array(readFileSync(path)), walker);
  const { start, bytes } = readData(sections, walker);
  for (const { name, address, length } of tables) {
    const content = bytes.subarray(address - start, address - start + length);
    if (content.length !== length) throw new BuildError(`${name} has no data in the module`);
    writeFileSync(join(folder, fileOf(name)), content);
    content.fill(0);
  }
  const segments = [...segmentsOf(bytes, start), directoryOf(symbols, tables)];
  const count = new walker.WasmWriter(8);
  count.u32(segments.length);
  const changed = new Map([
    [walker.section.data, listOf(segments, segmentWriter(walker), walker)],
    [walker.section.dataCount, count.bytes],
  ]);
  writeFileSync(path, sections.write(changed, { keepsCustom: true }));
}

/** The files that it writes. */
export function tableFiles(list) {
  return tableNames(list).map(fileOf);
}

function fileOf(name) {
  return `${name}.tables`;
}

function tableNames(list) {
  return Array.from(list.matchAll(/^ +X\((\w+)\)/gm), ([, name]) => name);
}

/** Constants and variables: where they are in memory. */
function readMap(text) {
  const rows = text.matchAll(
    /^ *(?<at>[0-9a-f]+) +[0-9a-f]+ +(?<length>[0-9a-f]+) +(?<from>\S+):\(\.(?<kind>rodata|data)\.(?<symbol>[^)]+)\)$/gm,
  );
  return Array.from(rows, ({ groups: { at, length, from, kind, symbol } }) => ({
    address: Number.parseInt(at, 16),
    end: Number.parseInt(at, 16) + Number.parseInt(length, 16),
    object: /(\w+)\.o\)?$/.exec(from)?.[1],
    kind,
    symbol,
  }));
}

/** From the first of a module's tables to the end of its last. */
function placeOf(symbols, module) {
  // Those with a name that the compiler made are texts, which lie elsewhere, together with those of all others.
  const tables = symbols.filter(
    ({ object, kind, symbol }) =>
      object === module && kind === 'rodata' && !symbol.startsWith('.L'),
  );
  if (tables.length === 0) throw new BuildError(`the linker knows no tables of ${module}`);
  const address = Math.min(...tables.map((table) => table.address));
  const end = Math.max(...tables.map((table) => table.end));
  const stranger = symbols.find(
    (symbol) => symbol.object !== module && symbol.address < end && symbol.end > address,
  );
  if (stranger) throw new BuildError(`${stranger.symbol} lies among the tables of ${module}`);
  return { address, length: end - address };
}

/** What the module finds where it has its list of tables: two numbers for each. */
function directoryOf(symbols, tables) {
  const place = symbols.find(({ symbol }) => symbol === DIRECTORY);
  const bytes = Buffer.alloc(tables.length * 8);
  if (place?.end - place?.address !== bytes.length) {
    throw new BuildError(`${DIRECTORY} is not what tables.h lists`);
  }
  for (const [index, { address, length }] of tables.entries()) {
    bytes.writeUInt32LE(address, index * 8);
    bytes.writeUInt32LE(length, index * 8 + 4);
  }
  return { address: place.address, bytes };
}

/** All of the module's data, as it lies in memory from `start` on. */
function readData(sections, { section, opcode }) {
  const segments = sections.list(section.data, (reader) => {
    if (reader.u32() !== 0 || reader.byte() !== opcode.i32Const) {
      throw new BuildError('a data segment has no fixed place');
    }
    const address = reader.u32();
    if (reader.byte() !== opcode.end) throw new BuildError('a data segment has no fixed place');
    return { address, bytes: readBytes(reader) };
  });
  const start = Math.min(...segments.map(({ address }) => address));
  const end = Math.max(...segments.map(({ address, bytes }) => address + bytes.length));
  const all = Buffer.alloc(end - start);
  for (const { address, bytes } of segments) all.set(bytes, address - start);
  return { start, bytes: all };
}

/** What is there between long runs of zeros. */
function* segmentsOf(bytes, start) {
  let from = 0;
  let zeros = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (bytes[at] === 0) {
      zeros++;
      continue;
    }
    const isOver = at === bytes.length;
    if (isOver || zeros >= LEAST_ZEROS) {
      if (at - zeros > from) {
        yield { address: start + from, bytes: bytes.subarray(from, at - zeros) };
      }
      from = at;
    }
    zeros = 0;
  }
}

function segmentWriter({ opcode }) {
  return (writer, { address, bytes }) => {
    writer.append(Uint8Array.of(0, opcode.i32Const));
    writeSigned(writer, address);
    writer.byte(opcode.end);
    writeBytes(writer, bytes);
  };
}
