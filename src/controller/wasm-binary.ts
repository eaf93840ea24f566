/**
 * The pieces that a WebAssembly binary is made of, read and written.
 * (WebAssembly core specification, "Binary Format".)
 */

import { InvalidModuleError } from '../errors';
import { grow } from '../protocol/grow';

export const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

export const section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

export const external = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

const CUT_SHORT = 'a WebAssembly module that is cut short';

export class WasmReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    if (end > bytes.length) throw new InvalidModuleError(CUT_SHORT);
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get ended(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    const byte = this.offset < this.end ? this.bytes[this.offset++] : undefined;
    if (byte === undefined) throw new InvalidModuleError(CUT_SHORT);
    return byte;
  }

  skip(bytes: number): void {
    this.offset += bytes;
    if (this.offset > this.end) throw new InvalidModuleError(CUT_SHORT);
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

  /** LEB128 of any width and sign: its value is of no interest here. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  /** What the next bytes are read by, which end with them. */
  part(bytes: number): WasmReader {
    const start = this.offset;
    this.skip(bytes);
    return new WasmReader(this.bytes, start, this.offset);
  }
}

export class WasmWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#need(1);
    this.#bytes[this.#length++] = value;
  }

  /** LEB128. */
  u32(value: number): void {
    this.#need(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  append(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#need(end - start);
    // Most runs are short, and a view for each would cost more than its bytes.
    if (end - start < 16) {
      for (let offset = start; offset < end; offset++) {
        this.#bytes[this.#length++] = bytes[offset] as number;
      }
      return;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  /** UTF-8, its length first. */
  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.append(bytes);
  }

  section(id: number, body: Uint8Array): void {
    this.byte(id);
    this.u32(body.length);
    this.append(body);
  }

  #need(bytes: number): void {
    if (this.#length + bytes > this.#bytes.length) {
      this.#bytes = grow(this.#bytes, this.#length + bytes);
    }
  }
}

const LIMIT_HAS_MAXIMUM = 1;

export interface PageLimits {
  readonly initialPages: number;
  /** Undefined: as large as the address space. */
  readonly maximumPages: number | undefined;
}

export function readLimits(reader: WasmReader): PageLimits {
  const flags = reader.byte();
  if (flags > LIMIT_HAS_MAXIMUM) throw new InvalidModuleError('a shared or 64-bit memory');
  const initialPages = reader.u32();
  return { initialPages, maximumPages: flags === LIMIT_HAS_MAXIMUM ? reader.u32() : undefined };
}

export function writeLimits(writer: WasmWriter, initialPages: number, maximumPages: number): void {
  writer.byte(LIMIT_HAS_MAXIMUM);
  writer.u32(initialPages);
  writer.u32(maximumPages);
}

export type ImportKind = keyof typeof external;

export interface Import {
  readonly kind: ImportKind;
  /** The limits of one that is a memory. */
  readonly memory?: PageLimits;
}

export function readImport(reader: WasmReader): Import {
  reader.skip(reader.u32());
  reader.skip(reader.u32());
  switch (reader.byte()) {
    case external.function:
      reader.u32();
      return { kind: 'function' };
    case external.table:
      reader.byte();
      readLimits(reader);
      return { kind: 'table' };
    case external.memory:
      return { kind: 'memory', memory: readLimits(reader) };
    case external.global:
      reader.skip(2);
      return { kind: 'global' };
    case external.tag:
      reader.skip(1);
      reader.u32();
      return { kind: 'tag' };
    default:
      throw new InvalidModuleError('a kind of import that is not known');
  }
}

export function* readImports(reader: WasmReader): Generator<Import> {
  for (let left = reader.u32(); left > 0; left--) yield readImport(reader);
}

export interface Section {
  readonly id: number;
  /** Where its head begins. */
  readonly start: number;
  readonly body: WasmReader;
}

export function* readSections(bytes: Uint8Array): Generator<Section> {
  if (HEADER.some((byte, index) => bytes[index] !== byte)) {
    throw new InvalidModuleError('not a WebAssembly module');
  }
  const reader = new WasmReader(bytes, HEADER.length);
  while (!reader.ended) {
    const start = reader.offset;
    const id = reader.byte();
    yield { id, start, body: reader.part(reader.u32()) };
  }
}
