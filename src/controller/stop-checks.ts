/**
 * A module that can be stopped where the engine's `terminate` does not stop one by itself (see
 * `protocol/stop-check`): the head of each loop, and of each function that calls another, counts down,
 * and at nought calls the import. Nothing else can run for long: what has neither loops nor calls ends.
 */

import { InvalidModuleError } from '../errors';
import { STOP_CHECK } from '../protocol/stop-check';
import {
  external,
  HEADER,
  readImport,
  readImports,
  readLimits,
  readSections,
  section,
  WasmReader,
  WasmWriter,
} from './wasm-binary';
import {
  copyConstant,
  copyInstruction,
  isCall,
  NO_VALUE,
  opcode,
  skipLocals,
  skipType,
} from './wasm-instructions';

/** Loops and calls between two checks: some 0.1 ms, and longer where each moves a lot of memory. */
const BETWEEN_CHECKS = 20_000;

const FUNCTION_TYPE = 0x60;
const MUTABLE_I32 = [0x7f, 0x01];

/** In the order that the format wants; custom ones are left out: names and the like. */
const ORDER = [
  section.type,
  section.import,
  section.function,
  section.table,
  section.memory,
  section.tag,
  section.global,
  section.export,
  section.start,
  section.element,
  section.dataCount,
  section.code,
  section.data,
];

/** Throws `InvalidModuleError` for what is no module, or has parts that are not known here. */
export function addStopChecks(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = new Map<number, WasmReader>();
  for (const { id, body } of readSections(bytes)) {
    if (id === section.custom) continue;
    if (!ORDER.includes(id as never) || sections.has(id)) {
      throw new InvalidModuleError(`a section that is not known or there twice: ${id}`);
    }
    sections.set(id, body);
  }
  return new Rewriter(sections).rewrite(bytes.length);
}

class Rewriter {
  readonly #sections: ReadonlyMap<number, WasmReader>;
  readonly #importedFunctions: number;
  readonly #check: Uint8Array;

  constructor(sections: ReadonlyMap<number, WasmReader>) {
    this.#sections = sections;
    let functions = 0;
    let globals = 0;
    for (const { kind } of readImports(this.#read(section.import))) {
      if (kind === 'function') functions++;
      if (kind === 'global') globals++;
    }
    this.#importedFunctions = functions;
    this.#check = checkCode(functions, globals + this.#read(section.global).u32());
  }

  rewrite(bytes: number): Uint8Array<ArrayBuffer> {
    const module = new WasmWriter(2 * bytes + 256);
    const body = new WasmWriter(bytes + 256);
    module.append(HEADER);
    for (const id of ORDER) {
      const reader = this.#read(id);
      body.clear();
      if (this.#write(id, reader, body)) {
        if (!reader.ended) throw new InvalidModuleError(`a section that is too long: ${id}`);
        module.section(id, body.bytes);
      }
    }
    return module.bytes;
  }

  /** From its start; of a section that is missing, one without entries. */
  #read(id: number): WasmReader {
    const body = this.#sections.get(id);
    return body === undefined
      ? new WasmReader(Uint8Array.of(0))
      : new WasmReader(body.bytes, body.offset, body.end);
  }

  /** False: nothing to be written. */
  #write(id: number, reader: WasmReader, writer: WasmWriter): boolean {
    switch (id) {
      case section.type:
        copyList(reader, writer, () => copy(reader, writer, skipFunctionType), 1);
        writer.append(Uint8Array.of(FUNCTION_TYPE, 0, 0));
        return true;
      case section.import:
        copyList(reader, writer, () => copy(reader, writer, readImport), 1);
        writer.append(importEntry(this.#read(section.type).u32()));
        return true;
      case section.global:
        this.#globals(reader, writer);
        return true;
    }
    if (!this.#sections.has(id)) return false;
    switch (id) {
      case section.table:
        copyList(reader, writer, () => copy(reader, writer, skipTable));
        break;
      case section.export:
        copyList(reader, writer, () => this.#export(reader, writer));
        break;
      case section.start:
        writer.u32(this.#renumber(reader.u32()));
        break;
      case section.element:
        copyList(reader, writer, () => this.#element(reader, writer));
        break;
      case section.code:
        this.#code(reader, writer);
        break;
      default:
        // Names no function: a start in memory is no place for one.
        copy(reader, writer, () => reader.skip(reader.end - reader.offset));
    }
    return true;
  }

  /** The import takes the place behind the other imports, where the module's own functions began. */
  readonly #renumber = (index: number): number =>
    index < this.#importedFunctions ? index : index + 1;

  #globals(reader: WasmReader, writer: WasmWriter): void {
    const copyGlobal = (): void => {
      copy(reader, writer, () => {
        skipType(reader);
        reader.skip(1);
      });
      copyConstant(reader, writer, this.#renumber);
    };
    copyList(reader, writer, copyGlobal, 1);
    writer.append(Uint8Array.of(...MUTABLE_I32, opcode.i32Const));
    // Numbers of i32.const are signed; this one's sign fits in its last byte.
    writer.u32(BETWEEN_CHECKS);
    writer.byte(opcode.end);
  }

  #export(reader: WasmReader, writer: WasmWriter): void {
    copy(reader, writer, () => reader.skip(reader.u32()));
    const kind = reader.byte();
    const index = reader.u32();
    writer.byte(kind);
    writer.u32(kind === external.function ? this.#renumber(index) : index);
  }

  /** Its flags: bit 0, passive or only declared; bit 1, a table or a type is named; bit 2, expressions. */
  #element(reader: WasmReader, writer: WasmWriter): void {
    const flags = reader.u32();
    if (flags > 7) throw new InvalidModuleError('a kind of elements that is not known');
    writer.u32(flags);
    const active = (flags & 1) === 0;
    const named = (flags & 2) !== 0;
    if (active && named) writer.u32(reader.u32());
    if (active) copyConstant(reader, writer, this.#renumber);
    if (!active || named) copy(reader, writer, skipType);
    copyList(reader, writer, () => {
      if ((flags & 4) !== 0) copyConstant(reader, writer, this.#renumber);
      else writer.u32(this.#renumber(reader.u32()));
    });
  }

  #code(reader: WasmReader, writer: WasmWriter): void {
    const code = new WasmWriter(64 * 1024);
    copyList(reader, writer, () => {
      const body = reader.part(reader.u32());
      const start = body.offset;
      skipLocals(body);
      const behindLocals = body.offset;
      code.clear();
      const atEntry = this.#instructions(body, code) ? this.#check : new Uint8Array();
      writer.u32(behindLocals - start + atEntry.length + code.bytes.length);
      writer.append(body.bytes, start, behindLocals);
      writer.append(atEntry);
      writer.append(code.bytes);
    });
  }

  /** Whether any of them calls a function. */
  #instructions(reader: WasmReader, writer: WasmWriter): boolean {
    let calls = false;
    while (!reader.ended) {
      const code = copyInstruction(reader, writer, this.#renumber);
      if (code === opcode.loop) writer.append(this.#check);
      else if (isCall(code)) calls = true;
    }
    return calls;
  }
}

function importEntry(typeIndex: number): Uint8Array {
  const entry = new WasmWriter(64);
  entry.name(STOP_CHECK.module);
  entry.name(STOP_CHECK.name);
  entry.byte(external.function);
  entry.u32(typeIndex);
  return entry.bytes;
}

/** Leaves the stack as it finds it, so that it fits in anywhere. */
function checkCode(functionIndex: number, globalIndex: number): Uint8Array {
  const code = new WasmWriter(64);
  const put = (instruction: number, immediate?: number): void => {
    code.byte(instruction);
    if (immediate !== undefined) code.u32(immediate);
  };
  put(opcode.globalGet, globalIndex);
  put(opcode.i32Const, 1);
  put(opcode.i32Sub);
  put(opcode.globalSet, globalIndex);
  put(opcode.globalGet, globalIndex);
  put(opcode.i32Eqz);
  put(opcode.if, NO_VALUE);
  put(opcode.i32Const, BETWEEN_CHECKS);
  put(opcode.globalSet, globalIndex);
  put(opcode.call, functionIndex);
  put(opcode.end);
  return code.bytes;
}

/** A list's length and entries. `more` are to follow. */
function copyList(reader: WasmReader, writer: WasmWriter, copyEntry: () => void, more = 0): void {
  const count = reader.u32();
  writer.u32(count + more);
  for (let left = count; left > 0; left--) copyEntry();
}

/** As it is. */
function copy(reader: WasmReader, writer: WasmWriter, skip: (reader: WasmReader) => unknown): void {
  const start = reader.offset;
  skip(reader);
  writer.append(reader.bytes, start, reader.offset);
}

function skipFunctionType(reader: WasmReader): void {
  // Types of garbage collection come in groups, which would make the number of the last one unsure.
  if (reader.byte() !== FUNCTION_TYPE) throw new InvalidModuleError('a type that is not known');
  for (let lists = 2; lists > 0; lists--) {
    for (let types = reader.u32(); types > 0; types--) skipType(reader);
  }
}

function skipTable(reader: WasmReader): void {
  // 0x40 is a table with a first value, which would follow.
  if (reader.bytes[reader.offset] === NO_VALUE) {
    throw new InvalidModuleError('a table with a value to fill it');
  }
  skipType(reader);
  readLimits(reader);
}
