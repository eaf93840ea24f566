// Takes the functions that are rarely called out of a WebAssembly module: into a second one, whose instance joins the first's
// when it is needed. So a page loads, and its engine compiles, less before a first prompt. The first module calls such a
// function through a small one of its own, which has the second module's instance made before the first call; the second
// calls back through a table that both have. How the two meet: src/protocol/rare-code.ts.
import { createHash } from 'node:crypto';
import { BuildError } from './cache.mjs';
import {
  listOf,
  readBytes,
  Sections,
  typeIndex,
  writeBytes,
  writeSigned,
  writeType,
} from './sections.mjs';

/** Of a function's code: what is smaller takes as much here as there. */
const LEAST_BYTES = 40;
/** Functions up to this size that stay are copied where they are called: memory's, and what engines make parts of their callers. */
const COPIED_BYTES = 200;

const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const RETURN_CALL = 0x12;
const RETURN_CALL_INDIRECT = 0x13;
const LOCAL_GET = 0x20;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const TABLE_GET = 0x25;
const REF_IS_NULL = 0xd1;
const BULK = 0xfc;
/** Of those behind `BULK`: memory.init, data.drop, table.init, elem.drop. */
const OF_SEGMENTS = [8, 9, 12, 13];
const FUNCTIONS = 0x70;

/** What the first module exports for the second, besides its globals and the table of both. */
const POINTERS = 'rare.pointers';
const MEMORY = 'memory';

const OTHER_TABLE = 1;

/**
 * `isRare`: of a function's name, which the module says. Gives both modules, without names, and how many functions left the
 * first.
 */
export function leaveOutRareCode(bytes, isRare, walker) {
  return new Division(bytes, isRare, walker).divide();
}

class Division {
  #walker;
  #sections;
  #types;
  #functionTypes;
  #importedFunctions;
  /** Its limits, as the format has them. */
  #memory;
  #bodies;
  /** Of the main module, by the index of a function that stays: what it is there. Imports come first, and one is new. */
  #kept = new Map();
  /** Of the rare one, the same for those that leave. */
  #rare = new Map();
  /** Functions that leave and are called by those that stay: each has a place in the table, and stands for itself here. */
  #stubs = new Map();
  /** Functions that stay and are called by those that leave: their places come behind. */
  #calledBack = new Map();
  /** The name of the table of both: with another build's module none can be linked. */
  #places;
  /** Of functions that leave, as `[place, index]`: where pointers to them lead in the table that pointers are places in. */
  #pointers = [];
  /** Globals that code which leaves uses. */
  #globals = new Map();

  constructor(bytes, isRare, walker) {
    this.#walker = walker;
    this.#sections = new Sections(bytes, walker);
    this.#places = `rare.places.${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
    const { section } = walker;
    this.#types = this.#sections.types();
    const imports = this.#sections.imports();
    this.#memory = imports.find(({ limits }) => limits !== undefined)?.limits.bytes;
    if (this.#memory === undefined)
      throw new BuildError('a module that does not import its memory');
    const functions = imports.flatMap(({ type }) => type ?? []);
    const imported = functions.length;
    this.#importedFunctions = imported;
    this.#functionTypes = [
      ...functions,
      ...this.#sections.list(section.function, (reader) => reader.u32()),
    ];
    this.#bodies = this.#sections.list(section.code, readBytes);
    const names = this.#sections.names();
    const entries = this.#entries();
    for (let index = 0; index < imported; index++) this.#kept.set(index, index);
    for (const [place, body] of this.#bodies.entries()) {
      const index = imported + place;
      const leaves =
        body.length >= LEAST_BYTES && !entries.has(index) && isRare(names.get(index) ?? '');
      // Behind the import that is new.
      if (leaves) this.#rare.set(index, this.#rare.size);
      else this.#kept.set(index, this.#kept.size + 1);
    }
  }

  divide() {
    const staying = [];
    for (const [place, body] of this.#bodies.entries()) {
      if (this.#kept.has(this.#importedFunctions + place)) staying.push(this.#mainBody(body));
    }
    const elements = this.#elements();
    const leaving = [];
    // Copies come behind, and may lead to others.
    for (const index of this.#rare.keys()) {
      leaving.push(this.#rareBody(this.#bodies[index - this.#importedFunctions]));
    }
    // What they need is known only now.
    return {
      main: this.#mainModule(staying, elements),
      rare: this.#rareModule(leaving),
      count: this.#bodies.length - staying.length,
    };
  }

  #mainModule(bodies, elements) {
    const { section, external } = this.#walker;
    const loader = typeIndex(this.#types, [[], []]);
    const stubs = [...this.#stubs.keys()];
    const list = (entries, write) => listOf(entries, write, this.#walker);
    const kept = [...this.#kept.keys()].filter((index) => index >= this.#importedFunctions);
    const functions = [...kept, ...stubs].map((index) => this.#functionTypes[index]);
    const all = [...bodies, ...stubs.map((index) => this.#stub(index))];
    const exported = [
      ...this.#sections.exports(),
      { name: POINTERS, kind: external.table, index: 0 },
      { name: this.#places, kind: external.table, index: OTHER_TABLE },
      ...[...this.#globals.keys()].map((index) => ({
        name: nameOfGlobal(index),
        kind: external.global,
        index,
      })),
    ];
    const changed = new Map([
      [section.type, list(this.#types, writeType)],
      [section.import, this.#withLoader(loader)],
      [section.function, list(functions, (writer, type) => writer.u32(type))],
      [
        section.table,
        list([this.#sections.table(), this.#placesType()], (writer, table) => writer.append(table)),
      ],
      [
        section.export,
        list(exported, (writer, { name, kind, index }) => {
          writer.name(name);
          writer.byte(kind);
          writer.u32(kind === external.function ? this.#inMain(index) : index);
        }),
      ],
      [section.start, this.#start()],
      [section.element, elements(this.#calledBackElements())],
      [section.code, list(all, writeBytes)],
    ]);
    return this.#sections.write(changed, { keepsCustom: false });
  }

  #rareModule(bodies) {
    const { HEADER, WasmWriter, section, external, opcode, MAIN_CODE } = this.#walker;
    const module = new WasmWriter(HEADER.length);
    const list = (entries, write) => listOf(entries, write, this.#walker);
    const imports = [
      { name: MEMORY, kind: external.memory, type: this.#memory },
      { name: POINTERS, kind: external.table, type: this.#sections.table() },
      { name: this.#places, kind: external.table, type: this.#placesType() },
      ...[...this.#globals.keys()].map((index) => ({
        name: nameOfGlobal(index),
        kind: external.global,
        type: this.#sections.globalTypes()[index],
      })),
    ];
    const writeImport = (writer, { name, kind, type }) => {
      writer.name(MAIN_CODE);
      writer.name(name);
      writer.byte(kind);
      writer.append(type);
    };
    const writeFunctions = (writer, functions) =>
      writer.append(list(functions, (inner, index) => inner.u32(this.#rare.get(index))));
    const writeElements = (writer, { start, functions }) => {
      if (start === undefined) {
        writer.append(Uint8Array.of(2, OTHER_TABLE, opcode.i32Const, 0, opcode.end, 0));
      } else {
        writer.append(Uint8Array.of(0, opcode.i32Const));
        writeSigned(writer, start);
        writer.byte(opcode.end);
      }
      writeFunctions(writer, functions);
    };
    const functionTypes = [...this.#rare.keys()].map((index) => this.#functionTypes[index]);
    module.append(HEADER);
    module.section(section.type, list(this.#types, writeType));
    module.section(section.import, list(imports, writeImport));
    module.section(
      section.function,
      list(functionTypes, (writer, type) => writer.u32(type)),
    );
    // From then on pointers lead to the functions themselves, not to what stands for them.
    const elements = [{ functions: [...this.#stubs.keys()] }, ...runsOf(this.#pointers)];
    module.section(section.element, list(elements, writeElements));
    module.section(section.code, list(bodies, writeBytes));
    return module.bytes;
  }

  #mainBody(body) {
    return this.#rewrite(body, (reader, writer) => {
      this.#walker.copyInstruction(reader, writer, (index) => this.#inMain(index));
    });
  }

  #rareBody(body) {
    const fail = () => {
      throw new BuildError('rare code that takes the address of a function');
    };
    return this.#rewrite(body, (reader, writer) => {
      const code = body[reader.offset];
      if (code === CALL || code === RETURN_CALL) {
        reader.byte();
        this.#rareCall(writer, reader.u32(), code);
      } else if (code === GLOBAL_GET || code === GLOBAL_SET) {
        writer.byte(reader.byte());
        writer.u32(placeIn(this.#globals, reader.u32()));
      } else if (code === BULK && OF_SEGMENTS.includes(body[reader.offset + 1])) {
        throw new BuildError('rare code that uses segments');
      } else {
        this.#walker.copyInstruction(reader, writer, fail);
      }
    });
  }

  #rareCall(writer, index, code) {
    const body = this.#bodies[index - this.#importedFunctions];
    if (this.#rare.has(index) || (body !== undefined && body.length <= COPIED_BYTES)) {
      writer.byte(code);
      writer.u32(placeIn(this.#rare, index));
      return;
    }
    const place = this.#stubs.size + placeIn(this.#calledBack, index);
    writer.byte(this.#walker.opcode.i32Const);
    writeSigned(writer, place);
    writer.byte(code === CALL ? CALL_INDIRECT : RETURN_CALL_INDIRECT);
    writer.u32(this.#functionTypes[index]);
    writer.u32(OTHER_TABLE);
  }

  #rewrite(body, copy) {
    const { WasmReader, WasmWriter, skipLocals } = this.#walker;
    const reader = new WasmReader(body);
    const writer = new WasmWriter(body.length);
    skipLocals(reader);
    writer.append(body, 0, reader.offset);
    while (!reader.ended) copy(reader, writer);
    return writer.bytes;
  }

  /** Of a function that leaves: what stands for it. */
  #inMain(index) {
    return this.#kept.get(index) ?? this.#kept.size + 1 + placeIn(this.#stubs, index);
  }

  /** Whether the other instance is there, the first place tells. */
  #stub(index) {
    const { WasmWriter, opcode, NO_VALUE } = this.#walker;
    const writer = new WasmWriter(32);
    writer.append(Uint8Array.of(0, opcode.i32Const, 0, TABLE_GET, OTHER_TABLE, REF_IS_NULL));
    writer.append(Uint8Array.of(opcode.if, NO_VALUE, opcode.call));
    writer.u32(this.#importedFunctions);
    writer.byte(opcode.end);
    const type = this.#functionTypes[index];
    for (const parameter of this.#types[type][0].keys()) {
      writer.byte(LOCAL_GET);
      writer.u32(parameter);
    }
    writer.byte(opcode.i32Const);
    writeSigned(writer, this.#stubs.get(index));
    writer.byte(CALL_INDIRECT);
    writer.u32(type);
    writer.u32(OTHER_TABLE);
    writer.byte(opcode.end);
    return writer.bytes;
  }

  /** The imports, and the one that has the other module's instance made. */
  #withLoader(type) {
    const { section, external, RARE_CODE, WasmWriter } = this.#walker;
    const reader = this.#sections.read(section.import);
    const count = reader.u32();
    const writer = new WasmWriter(reader.end - reader.offset);
    writer.u32(count + 1);
    writer.append(reader.bytes, reader.offset, reader.end);
    writer.name(RARE_CODE.module);
    writer.name(RARE_CODE.name);
    writer.byte(external.function);
    writer.u32(type);
    return writer.bytes;
  }

  /** The one of what both modules call in each other. */
  #placesType() {
    const { WasmWriter, writeLimits } = this.#walker;
    const writer = new WasmWriter(16);
    const size = this.#stubs.size + this.#calledBack.size;
    writer.byte(FUNCTIONS);
    writeLimits(writer, size, size);
    return writer.bytes;
  }

  #start() {
    const reader = this.#sections.read(this.#walker.section.start);
    const writer = new this.#walker.WasmWriter(8);
    writer.u32(this.#inMain(reader.u32()));
    return writer.bytes;
  }

  /** Functions that are called from outside. */
  #entries() {
    const { section, external } = this.#walker;
    const exported = this.#sections.exports().filter(({ kind }) => kind === external.function);
    const start = this.#sections.has(section.start)
      ? [this.#sections.read(section.start).u32()]
      : [];
    return new Set([...exported.map(({ index }) => index), ...start]);
  }

  /** What gives the section, with one more of its entries. */
  #elements() {
    const { section, opcode, WasmWriter } = this.#walker;
    const entries = this.#sections.list(section.element, (reader) => {
      if (reader.u32() !== 0 || reader.byte() !== opcode.i32Const) {
        throw new BuildError('a kind of elements that is not known');
      }
      const writer = new WasmWriter(64);
      writer.append(Uint8Array.of(0, opcode.i32Const));
      const start = reader.u32();
      writeSigned(writer, start);
      writer.byte(reader.byte());
      const count = reader.u32();
      writer.u32(count);
      for (let place = start; place < start + count; place++) {
        const index = reader.u32();
        if (this.#rare.has(index)) this.#pointers.push([place, index]);
        writer.u32(this.#inMain(index));
      }
      return writer.bytes;
    });
    return (last) =>
      listOf([...entries, last], (writer, entry) => writer.append(entry), this.#walker);
  }

  #calledBackElements() {
    const { WasmWriter, opcode } = this.#walker;
    const writer = new WasmWriter(64);
    writer.u32(2);
    writer.u32(OTHER_TABLE);
    writer.byte(opcode.i32Const);
    writeSigned(writer, this.#stubs.size);
    writer.append(Uint8Array.of(opcode.end, 0));
    writer.u32(this.#calledBack.size);
    for (const index of this.#calledBack.keys()) writer.u32(this.#inMain(index));
    return writer.bytes;
  }
}

function nameOfGlobal(index) {
  return `rare.global${index}`;
}

/** Places that follow each other, together. */
function runsOf(pointers) {
  const runs = [];
  for (const [place, index] of pointers) {
    const last = runs.at(-1);
    if (last !== undefined && place === last.start + last.functions.length) {
      last.functions.push(index);
    } else {
      runs.push({ start: place, functions: [index] });
    }
  }
  return runs;
}

/** Of a key, which comes last if it is new. */
function placeIn(places, key) {
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
}
