// Lets large functions call through pointers by way of small ones. V8 bets on what a call_indirect has reached so far, and
// throws a function's better code away when it reaches something else: for the evaluation loop it takes some 0.4 s to make
// that again. A small function here is shared by all calls of one type, and so has reached too much to bet on; V8 inlines
// it, so that nothing is lost by it.
import { BuildError } from './cache.mjs';
import { listOf, readBytes, Sections, typeIndex, writeBytes, writeType } from './sections.mjs';

/** Of a function's code. What is smaller is compiled again soon enough. */
const LARGE_BYTES = 16 * 1024;

const CALL_INDIRECT = 0x11;
const LOCAL_GET = 0x20;
const I32 = 0x7f;

/** The module with its large functions rewritten, and how many calls were changed, in how many functions. */
export function shareIndirectCalls(bytes, walker) {
  const module = new Module(bytes, walker);
  const counts = module.rewrite();
  return { bytes: module.write(), ...counts };
}

class Module {
  #walker;
  #sections;
  #types;
  #functionTypes;
  #importedFunctions;
  #bodies;
  /** From a type to the function that calls through pointers to functions of that type. */
  #callers = new Map();

  constructor(bytes, walker) {
    this.#walker = walker;
    this.#sections = new Sections(bytes, walker);
    const { section } = walker;
    this.#types = this.#sections.types();
    this.#importedFunctions = this.#sections
      .imports()
      .filter(({ type }) => type !== undefined).length;
    this.#functionTypes = this.#sections.list(section.function, (reader) => reader.u32());
    this.#bodies = this.#sections.list(section.code, readBytes);
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
      this.#functionTypes.push(typeIndex(this.#types, [[...parameters, I32], results]));
      this.#bodies.push(this.#callerOf(type, parameters.length));
    }
    return counts;
  }

  write() {
    const { section } = this.#walker;
    const list = (entries, write) => listOf(entries, write, this.#walker);
    const changed = new Map([
      [section.type, list(this.#types, writeType)],
      [section.function, list(this.#functionTypes, (writer, type) => writer.u32(type))],
      [section.code, list(this.#bodies, writeBytes)],
    ]);
    return this.#sections.write(changed, { keepsCustom: true });
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
}
