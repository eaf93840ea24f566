// Lets large functions call through pointers by way of small ones. V8 bets on what a call_indirect has reached so far, and
// throws a function's better code away when it reaches something else: for the evaluation loop it takes some 0.4 s to make
// that again. A small function here is shared by all calls of one type, and so has reached too much to bet on; V8 inlines
// it, so that nothing is lost by it.
import { readFileSync, writeFileSync } from 'node:fs';
import { BuildError } from './cache.mjs';

/** Of a function's code. What is smaller is compiled again soon enough. */
const LARGE_BYTES = 16 * 1024;

const CALL_INDIRECT = 0x11;
const FUNCTION_TYPE = 0x60;
const LOCAL_GET = 0x20;
const I32 = 0x7f;

/** Gives how many calls were changed, in how many functions. */
export function shareIndirectCalls(path, walker) {
  const module = new Module(new Uint8Array(readFileSync(path)), walker);
  const counts = module.rewrite();
  writeFileSync(path, module.write());
  return counts;
}

class Module {
  #walker;
  #sections;
  /** As `[parameters, results]`, each a list of bytes; by their place. */
  #types;
  #functionTypes;
  #importedFunctions;
  #bodies;
  /** From a type to the function that calls through pointers to functions of that type. */
  #callers = new Map();

  constructor(bytes, walker) {
    this.#walker = walker;
    this.#sections = [...walker.readSections(bytes)];
    const { section } = walker;
    this.#types = this.#list(section.type, (reader) => {
      if (reader.byte() !== FUNCTION_TYPE) throw new BuildError('a type that is no function');
      return [readBytes(reader), readBytes(reader)];
    });
    const imports = [...walker.readImports(this.#read(section.import))];
    this.#importedFunctions = imports.filter(({ kind }) => kind === 'function').length;
    this.#functionTypes = this.#list(section.function, (reader) => reader.u32());
    this.#bodies = this.#list(section.code, (reader) => readBytes(reader));
  }

  rewrite() {
    const counts = { functions: 0, calls: 0 };
    this.#bodies = this.#bodies.map((body) => {
      if (body.length < LARGE_BYTES) return body;
      const { code, calls } = this.#rewriteBody(body);
      counts.functions += calls === 0 ? 0 : 1;
      counts.calls += calls;
      return code;
    });
    for (const type of this.#callers.keys()) {
      const [parameters, results] = this.#types[type];
      this.#functionTypes.push(this.#typeOf([[...parameters, I32], results]));
      this.#bodies.push(this.#callerOf(type, parameters.length));
    }
    return counts;
  }

  write() {
    const { HEADER, WasmWriter, section } = this.#walker;
    const module = new WasmWriter(HEADER.length);
    module.append(HEADER);
    const changed = new Map([
      [section.type, this.#writeList(this.#types, writeType)],
      [section.function, this.#writeList(this.#functionTypes, (writer, type) => writer.u32(type))],
      [section.code, this.#writeList(this.#bodies, writeBytes)],
    ]);
    for (const { id, body } of this.#sections) {
      module.section(id, changed.get(id) ?? body.bytes.subarray(body.offset, body.end));
    }
    return module.bytes;
  }

  #rewriteBody(body) {
    const { WasmReader, WasmWriter, skipLocals, copyInstruction, opcode } = this.#walker;
    const reader = new WasmReader(body);
    const writer = new WasmWriter(body.length);
    let calls = 0;
    skipLocals(reader);
    writer.append(body, 0, reader.offset);
    while (!reader.ended) {
      if (body[reader.offset] !== CALL_INDIRECT) {
        copyInstruction(reader, writer, (index) => index);
        continue;
      }
      reader.byte();
      const type = reader.u32();
      if (reader.u32() !== 0) throw new BuildError('a call through another table');
      writer.byte(opcode.call);
      writer.u32(this.#callerIndex(type));
      calls++;
    }
    return { code: writer.bytes, calls };
  }

  #callerIndex(type) {
    const index =
      this.#callers.get(type) ?? this.#importedFunctions + this.#bodies.length + this.#callers.size;
    this.#callers.set(type, index);
    return index;
  }

  /** Takes what a call_indirect takes: the arguments, then the function's place in the table. */
  #callerOf(type, parameters) {
    const { WasmWriter, opcode } = this.#walker;
    const writer = new WasmWriter(32);
    writer.u32(0);
    for (let index = 0; index <= parameters; index++) {
      writer.byte(LOCAL_GET);
      writer.u32(index);
    }
    writer.byte(CALL_INDIRECT);
    writer.u32(type);
    writer.u32(0);
    writer.byte(opcode.end);
    return writer.bytes;
  }

  #typeOf(wanted) {
    const name = JSON.stringify(wanted.map((list) => [...list]));
    const found = this.#types.findIndex(
      (type) => JSON.stringify(type.map((list) => [...list])) === name,
    );
    return found >= 0 ? found : this.#types.push(wanted) - 1;
  }

  #writeList(entries, write) {
    const writer = new this.#walker.WasmWriter(64);
    writer.u32(entries.length);
    for (const entry of entries) write(writer, entry);
    return writer.bytes;
  }

  #list(id, read) {
    const reader = this.#read(id);
    return Array.from({ length: reader.u32() }, () => read(reader));
  }

  #read(id) {
    const { body } = this.#sections.find((one) => one.id === id);
    return new this.#walker.WasmReader(body.bytes, body.offset, body.end);
  }
}

function readBytes(reader) {
  const part = reader.part(reader.u32());
  return part.bytes.subarray(part.offset, part.end);
}

function writeType(writer, type) {
  writer.byte(FUNCTION_TYPE);
  for (const list of type) writeBytes(writer, Uint8Array.from(list));
}

function writeBytes(writer, bytes) {
  writer.u32(bytes.length);
  writer.append(bytes);
}
