/**
 * What must be known of a module before it runs: which imports it wants, and how large its memory
 * may become. An engine tells the names of imports but not the size of a memory, and a module that
 * defines its own memory also says its maximum itself, so the binary is read here, and its maximum
 * lowered to the limit. (Format: WebAssembly core specification, "Binary Format", "Modules".)
 */

import { InvalidModuleError, UnknownImportsError } from '../errors';
import { findHostCall } from '../protocol/table';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION_IMPORT = 2;
const SECTION_MEMORY = 5;
const EXTERNAL_FUNCTION = 0;
const EXTERNAL_TABLE = 1;
const EXTERNAL_MEMORY = 2;
const EXTERNAL_GLOBAL = 3;
const EXTERNAL_TAG = 4;
const LIMIT_HAS_MAXIMUM = 1;

const CUT_SHORT = 'a WebAssembly module that is cut short';

export interface ModuleMemory {
  readonly imported: boolean;
  readonly initialPages: number;
  /** Undefined: as large as the address space. */
  readonly maximumPages: number | undefined;
}

/** Throws `UnknownImportsError` if the host-call table lacks any import of the module. */
export function checkImports(module: WebAssembly.Module): void {
  const missing = WebAssembly.Module.imports(module)
    .filter(({ module: group, name, kind }) =>
      kind === 'function' ? findHostCall(group, name) === undefined : kind !== 'memory',
    )
    .map(({ module: group, name }) => `${group}.${name}`);
  if (missing.length > 0) throw new UnknownImportsError(missing);
}

/** Throws `InvalidModuleError` for bytes that are no module, or one with several or other memories. */
export function readModuleMemory(bytes: Uint8Array): ModuleMemory | undefined {
  return findMemory(bytes)?.memory;
}

/** A copy of the module whose own memory can't grow over the limit; the same bytes if it imports it. */
export function capModuleMemory(bytes: Uint8Array, maximumPages: number): Uint8Array {
  const found = findMemory(bytes);
  if (found === undefined || found.memory.imported) return bytes;
  const { memory, section } = found;
  const maximum = Math.min(memory.maximumPages ?? maximumPages, maximumPages);
  const body = [1, LIMIT_HAS_MAXIMUM, ...leb(memory.initialPages), ...leb(maximum)];
  const replacement = [SECTION_MEMORY, ...leb(body.length), ...body];
  const capped = new Uint8Array(bytes.length - (section.end - section.start) + replacement.length);
  capped.set(bytes.subarray(0, section.start));
  capped.set(replacement, section.start);
  capped.set(bytes.subarray(section.end), section.start + replacement.length);
  return capped;
}

interface Found {
  readonly memory: ModuleMemory;
  /** The whole section, its head included. */
  readonly section: { readonly start: number; readonly end: number };
}

function findMemory(bytes: Uint8Array): Found | undefined {
  if (HEADER.some((byte, index) => bytes[index] !== byte)) {
    throw new InvalidModuleError('not a WebAssembly module');
  }
  const reader = new Reader(bytes, HEADER.length);
  let found: Found | undefined;
  while (!reader.ended) {
    const start = reader.offset;
    const id = reader.byte();
    const size = reader.u32();
    const end = reader.offset + size;
    for (const memory of memoriesIn(reader, id)) {
      // All of them are looked for: one beside the first would be without a limit.
      if (found !== undefined) throw new InvalidModuleError('a module with several memories');
      found = { memory, section: { start, end } };
    }
    reader.offset = end;
  }
  if (reader.offset > bytes.length) throw new InvalidModuleError(CUT_SHORT);
  return found;
}

function* memoriesIn(reader: Reader, section: number): Generator<ModuleMemory> {
  if (section === SECTION_IMPORT) yield* importedMemories(reader);
  else if (section === SECTION_MEMORY) {
    for (let left = reader.u32(); left > 0; left--) yield { imported: false, ...limits(reader) };
  }
}

function* importedMemories(reader: Reader): Generator<ModuleMemory> {
  for (let left = reader.u32(); left > 0; left--) {
    reader.skip(reader.u32());
    reader.skip(reader.u32());
    switch (reader.byte()) {
      case EXTERNAL_FUNCTION:
        reader.u32();
        break;
      case EXTERNAL_TABLE:
        reader.byte();
        limits(reader);
        break;
      case EXTERNAL_MEMORY:
        yield { imported: true, ...limits(reader) };
        break;
      case EXTERNAL_GLOBAL:
        reader.skip(2);
        break;
      case EXTERNAL_TAG:
        reader.skip(1);
        reader.u32();
        break;
      default:
        throw new InvalidModuleError('a kind of import that is not known');
    }
  }
}

function limits(reader: Reader): { initialPages: number; maximumPages: number | undefined } {
  const flags = reader.byte();
  if (flags > LIMIT_HAS_MAXIMUM) throw new InvalidModuleError('a shared or 64-bit memory');
  const initialPages = reader.u32();
  return { initialPages, maximumPages: flags === LIMIT_HAS_MAXIMUM ? reader.u32() : undefined };
}

class Reader {
  offset: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  get ended(): boolean {
    return this.offset >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new InvalidModuleError(CUT_SHORT);
    return byte;
  }

  skip(bytes: number): void {
    this.offset += bytes;
  }

  /** LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new InvalidModuleError('a number that is too long');
  }
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte | 0x80 : byte);
  } while (rest > 0);
  return bytes;
}
