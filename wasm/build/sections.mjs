// A WebAssembly module as the lists that its sections are. `walker`: see walker.mjs.
import { BuildError } from './cache.mjs';

const FUNCTION_TYPE = 0x60;

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

  /** Custom sections by name, as readers of what follows it. */
  custom(name) {
    for (const { id, body } of this.#sections) {
      if (id !== this.#walker.section.custom) continue;
      const reader = new this.#walker.WasmReader(body.bytes, body.offset, body.end);
      if (new TextDecoder().decode(readBytes(reader)) === name) return reader;
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
