/**
 * Instructions copied one by one, with the functions that they name renumbered. Only what follows an
 * opcode is known of each, no meaning: an engine checks the copy. (WebAssembly core specification,
 * "Binary Format", "Instructions"; of release 3.0 all but garbage collection's.)
 */

import { InvalidModuleError } from '../errors';
import type { WasmReader, WasmWriter } from './wasm-binary';

export const opcode = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  call: 0x10,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32Eqz: 0x45,
  i32Sub: 0x6b,
} as const;

/** A block's type that stands for no value. */
export const NO_VALUE = 0x40;

const CALLS: ReadonlySet<number> = new Set([
  0x10, // call
  0x11, // call_indirect
  0x12, // return_call
  0x13, // return_call_indirect
  0x14, // call_ref
  0x15, // return_call_ref
]);

export function isCall(code: number): boolean {
  return CALLS.has(code);
}

/** What follows an opcode: a count of numbers (LEB128), of bytes, or a form of its own. */
type Immediates =
  | { readonly numbers: number }
  | { readonly bytes: number }
  | 'function'
  | 'memory'
  | 'branches'
  | 'types'
  | 'handlers'
  | 'bulk'
  | 'vector'
  | 'atomic';

const NOTHING: Immediates = { bytes: 0 };
const ONE: Immediates = { numbers: 1 };
const TWO: Immediates = { numbers: 2 };

function range(first: number, last: number, immediates: Immediates): [number, Immediates][] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, immediates]);
}

const IMMEDIATES: readonly (Immediates | undefined)[] = (() => {
  const table: (Immediates | undefined)[] = new Array(256);
  for (const [code, immediates] of [
    ...range(0x00, 0x01, NOTHING), // unreachable, nop
    ...range(0x02, 0x04, ONE), // block, loop, if
    ...range(0x05, 0x05, NOTHING), // else
    ...range(0x06, 0x09, ONE), // try, catch, throw, rethrow
    ...range(0x0a, 0x0b, NOTHING), // throw_ref, end
    ...range(0x0c, 0x0d, ONE), // br, br_if
    ...range(0x0e, 0x0e, 'branches'), // br_table
    ...range(0x0f, 0x0f, NOTHING), // return
    ...range(0x10, 0x10, 'function'), // call
    ...range(0x11, 0x11, TWO), // call_indirect
    ...range(0x12, 0x12, 'function'), // return_call
    ...range(0x13, 0x13, TWO), // return_call_indirect
    ...range(0x14, 0x15, ONE), // call_ref, return_call_ref
    ...range(0x18, 0x18, ONE), // delegate
    ...range(0x19, 0x1b, NOTHING), // catch_all, drop, select
    ...range(0x1c, 0x1c, 'types'), // select of a type
    ...range(0x1f, 0x1f, 'handlers'), // try_table
    ...range(0x20, 0x26, ONE), // local, global and table, get and set
    ...range(0x28, 0x3e, 'memory'), // loads and stores
    ...range(0x3f, 0x42, ONE), // memory.size, memory.grow, i32.const, i64.const
    ...range(0x43, 0x43, { bytes: 4 }), // f32.const
    ...range(0x44, 0x44, { bytes: 8 }), // f64.const
    ...range(0x45, 0xc4, NOTHING), // arithmetic
    ...range(0xd0, 0xd0, ONE), // ref.null
    ...range(0xd1, 0xd1, NOTHING), // ref.is_null
    ...range(0xd2, 0xd2, 'function'), // ref.func
    ...range(0xd3, 0xd4, NOTHING), // ref.eq, ref.as_non_null
    ...range(0xd5, 0xd6, ONE), // br_on_null, br_on_non_null
    ...range(0xfc, 0xfc, 'bulk'),
    ...range(0xfd, 0xfd, 'vector'),
    ...range(0xfe, 0xfe, 'atomic'),
  ] satisfies [number, Immediates][]) {
    table[code] = immediates;
  }
  return table;
})();

/** By the second opcode behind 0xfc: 8 truncations, then memories and tables. */
const BULK_NUMBERS = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** Returns the opcode. `renumber`: from the index of a function to what it is in the copy. */
export function copyInstruction(
  reader: WasmReader,
  writer: WasmWriter,
  renumber: (functionIndex: number) => number,
): number {
  const start = reader.offset;
  const code = reader.byte();
  const immediates = IMMEDIATES[code];
  if (immediates === undefined) throw unknown(code);
  if (immediates === 'function') {
    writer.byte(code);
    writer.u32(renumber(reader.u32()));
    return code;
  }
  skipImmediates(reader, immediates, code);
  writer.append(reader.bytes, start, reader.offset);
  return code;
}

/** The types of a function's variables, which come before its instructions. */
export function skipLocals(body: WasmReader): void {
  for (let groups = body.u32(); groups > 0; groups--) {
    body.u32();
    skipType(body);
  }
}

/** An expression that gives a constant, up to and with its end. */
export function copyConstant(
  reader: WasmReader,
  writer: WasmWriter,
  renumber: (functionIndex: number) => number,
): void {
  while (copyInstruction(reader, writer, renumber) !== opcode.end);
}

function skipImmediates(
  reader: WasmReader,
  immediates: Exclude<Immediates, 'function'>,
  code: number,
): void {
  switch (immediates) {
    case 'memory':
      skipMemoryArgument(reader);
      break;
    case 'branches':
      for (let left = reader.u32() + 1; left > 0; left--) reader.skipNumber();
      break;
    case 'types':
      for (let left = reader.u32(); left > 0; left--) skipType(reader);
      break;
    case 'handlers':
      reader.skipNumber();
      for (let left = reader.u32(); left > 0; left--) {
        // Of the four kinds of handlers the first two name a tag; all name a label.
        if (reader.byte() < 2) reader.skipNumber();
        reader.skipNumber();
      }
      break;
    case 'bulk': {
      const second = reader.u32();
      const numbers = BULK_NUMBERS[second];
      if (numbers === undefined) throw unknown(code, second);
      skipNumbers(reader, numbers);
      break;
    }
    case 'vector':
      skipVector(reader);
      break;
    case 'atomic':
      // 3 is the fence, the only one that names no place in memory.
      if (reader.u32() === 3) reader.skip(1);
      else skipMemoryArgument(reader);
      break;
    default:
      if ('bytes' in immediates) reader.skip(immediates.bytes);
      else skipNumbers(reader, immediates.numbers);
  }
}

function skipNumbers(reader: WasmReader, count: number): void {
  for (let left = count; left > 0; left--) reader.skipNumber();
}

/** A value type's code; references to a type name it behind. */
export function skipType(reader: WasmReader): void {
  const type = reader.byte();
  if (type === 0x63 || type === 0x64) reader.skipNumber();
}

function skipMemoryArgument(reader: WasmReader): void {
  // Bit 6 of the alignment says that the memory's index follows.
  if ((reader.u32() & 0x40) !== 0) reader.skipNumber();
  reader.skipNumber();
}

function skipVector(reader: WasmReader): void {
  const second = reader.u32();
  if (second <= 11 || second === 92 || second === 93) skipMemoryArgument(reader);
  else if (second === 12 || second === 13) reader.skip(16);
  else if (second >= 21 && second <= 34) reader.skip(1);
  else if (second >= 84 && second <= 91) {
    skipMemoryArgument(reader);
    reader.skip(1);
  }
}

function unknown(...codes: number[]): InvalidModuleError {
  const text = codes.map((code) => code.toString(16).padStart(2, '0')).join(' ');
  return new InvalidModuleError(`an instruction that is not known: 0x${text}`);
}
