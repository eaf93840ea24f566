// A WebAssembly module as the lists that its sections are. `walker`: see walker.mjs.
import { BuildError } from './cache.mjs';

const FUNCTION_TYPE = 0x60;
const FUNCTION_NAMES = 1;

export class Sections {
  #walker;
  #sections;

  constructor(bytes, walker) {
    this.#walker = walker;
    this.#sections = [...walker.readSections(bytes)];
  }

  has(id) {
    return this.#sections.some((one) => one.id === id);
  }

  /** From its start; of a section that is missing, one without entries. */
  read(id) {
    const found = this.#sections.find((one) => one.id === id);
    if (found === undefined) return new this.#walker.WasmReader(Uint8Array.of(0));
    const { bytes, offset, end } = found.body;
    return new this.#walker.WasmReader(bytes, offset, end);
  }

  list(id, read) {
    const reader = this.read(id);
    return Array.from({ length: reader.u32() }, () => read(reader));
  }

  /** As `[parameters, results]`, each a list of bytes. */
  types() {
    return this.list(this.#walker.section.type, (reader) => {
      if (reader.byte() !== FUNCTION_TYPE) throw new BuildError('a type that is no function');
      return [readBytes(reader), readBytes(reader)];
    });
  }

  /** As `{ module, name }`: of a function with its `type`, of the memory with its `limits`. */
  imports() {
    const { section, external } = this.#walker;
    return this.list(section.import, (reader) => {
      const entry = { module: readName(reader), name: readName(reader) };
      const kind = reader.byte();
      if (kind === external.function) return { ...entry, type: reader.u32() };
      if (kind === external.memory) return { ...entry, limits: this.#limits(reader) };
      throw new BuildError(`${entry.module}.${entry.name} is neither a function nor the memory`);
    });
  }

  /** The one that pointers to functions are places in: its type, in the format's bytes. */
  table() {
    const tables = this.list(this.#walker.section.table, (reader) => {
      const start = reader.offset;
      this.#walker.skipType(reader);
      this.#walker.readLimits(reader);
      return bytesSince(reader, start);
    });
    if (tables.length !== 1) throw new BuildError('a module with several tables, or none');
    return tables[0];
  }

  /** In the format's bytes. */
  globalTypes() {
    const { section, copyConstant, WasmWriter, skipType } = this.#walker;
    return this.list(section.global, (reader) => {
      const start = reader.offset;
      skipType(reader);
      reader.skip(1);
      const type = bytesSince(reader, start);
      copyConstant(reader, new WasmWriter(16), (index) => index);
      return type;
    });
  }

  exports() {
    return this.list(this.#walker.section.export, (reader) => ({
      name: readName(reader),
      kind: reader.byte(),
      index: reader.u32(),
    }));
  }

  /** By a function's index. */
  names() {
    const reader = this.#custom('name');
    if (reader === undefined) throw new BuildError('a module whose functions have no names');
    while (!reader.ended) {
      const kind = reader.byte();
      const part = reader.part(reader.u32());
      if (kind !== FUNCTION_NAMES) continue;
      const read = () => [part.u32(), readName(part)];
      return new Map(Array.from({ length: part.u32() }, read));
    }
    return new Map();
  }

  /** Read, and as the format has them. */
  #limits(reader) {
    const start = reader.offset;
    const pages = this.#walker.readLimits(reader);
    return { ...pages, bytes: bytesSince(reader, start) };
  }

  /** A custom section by its name, as a reader of what follows that. */
  #custom(name) {
    for (const { id, body } of this.#sections) {
      if (id !== this.#walker.section.custom) continue;
      const reader = new this.#walker.WasmReader(body.bytes, body.offset, body.end);
      if (readName(reader) === name) return reader;
    }
    return undefined;
  }

  /** The module with other contents of some sections, by id. `keepsCustom`: names and the like. */
  write(changed, { keepsCustom }) {
    const { HEADER, WasmWriter, section } = this.#walker;
    const module = new WasmWriter(HEADER.length);
    module.append(HEADER);
    for (const { id, body } of this.#sections) {
      if (id === section.custom && !keepsCustom) continue;
      module.section(id, changed.get(id) ?? body.bytes.subarray(body.offset, body.end));
    }
    return module.bytes;
  }
}

export function readBytes(reader) {
  const part = reader.part(reader.u32());
  return part.bytes.subarray(part.offset, part.end);
}

function readName(reader) {
  return new TextDecoder().decode(readBytes(reader));
}

function bytesSince(reader, start) {
  return reader.bytes.subarray(start, reader.offset);
}

/** LEB128 of a constant that is not negative. */
export function writeSigned(writer, value) {
  let rest = value;
  for (; rest >= 0x40; rest = Math.floor(rest / 128)) writer.byte((rest % 128) | 0x80);
  writer.byte(rest);
}

export function writeBytes(writer, bytes) {
  writer.u32(bytes.length);
  writer.append(bytes);
}

/** What `[parameters, results]` is in a list of types. */
export function writeType(writer, type) {
  writer.byte(FUNCTION_TYPE);
  for (const list of type) writeBytes(writer, Uint8Array.from(list));
}

/** Its place in the list, at whose end it comes if it is new. */
export function typeIndex(types, wanted) {
  const name = JSON.stringify(wanted.map((list) => [...list]));
  const found = types.findIndex((type) => JSON.stringify(type.map((list) => [...list])) === name);
  return found >= 0 ? found : types.push(wanted) - 1;
}

/** A section's content: how many entries, and each as `write` writes it. */
export function listOf(entries, write, { WasmWriter }) {
  const writer = new WasmWriter(64);
  writer.u32(entries.length);
  for (const [index, entry] of entries.entries()) write(writer, entry, index);
  return writer.bytes;
}
