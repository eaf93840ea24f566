import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidModuleError, UnknownImportsError } from '../errors';
import { PAGE_BYTES } from '../protocol/numbers';
import { RARE_CODE } from '../protocol/rare-code';
import { assemble, compile } from '../testing/wat';
import { capModuleMemory, checkImports, readModuleMemory } from './wasm-module';

const GROW = '(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))';
const OWN =
  assemble(`(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
  (memory (export "memory") 2) ${GROW})`);
const BOUNDED = assemble(`(module (memory (export "memory") 2 5) ${GROW})`);
const IMPORTED =
  assemble(`(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
  (import "env" "memory" (memory 3 300)) ${GROW})`);
const NONE = assemble('(module (func (export "_start")))');

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const bytes = (...body: number[]): Uint8Array => Uint8Array.from([...header, ...body]);

async function grower(module: Uint8Array): Promise<(pages: number) => number> {
  const { instance } = await WebAssembly.instantiate(module as BufferSource, {
    wasi_snapshot_preview1: { fd_close: () => 0 },
  });
  return instance.exports.grow as (pages: number) => number;
}

describe('the memory of a module', () => {
  test('is found, its own or imported', () => {
    expect(readModuleMemory(OWN)).toEqual({
      imported: false,
      initialPages: 2,
      maximumPages: undefined,
    });
    expect(readModuleMemory(BOUNDED)).toEqual({
      imported: false,
      initialPages: 2,
      maximumPages: 5,
    });
    expect(readModuleMemory(IMPORTED)).toEqual({
      imported: true,
      initialPages: 3,
      maximumPages: 300,
    });
    expect(readModuleMemory(NONE)).toBeUndefined();
    expect(readModuleMemory(bytes())).toBeUndefined();
  });

  test('of its own grows to the cap and not over it', async () => {
    const grow = await grower(capModuleMemory(OWN, 1000));
    expect([grow(998), grow(1), grow(0)]).toEqual([2, -1, 1000]);
  });

  test('of its own keeps a maximum that is lower', async () => {
    const grow = await grower(capModuleMemory(BOUNDED, 1000));
    expect([grow(3), grow(1)]).toEqual([2, -1]);
    expect(readModuleMemory(capModuleMemory(BOUNDED, 1000))?.maximumPages).toBe(5);
  });

  test('that is imported, or that there is not, leaves the module as it is', () => {
    expect(capModuleMemory(IMPORTED, 10)).toBe(IMPORTED);
    expect(capModuleMemory(NONE, 10)).toBe(NONE);
  });

  test.each([
    ['two of its own', '(module (memory 1) (memory 1))'],
    ['two that are imported', '(module (import "a" "b" (memory 1)) (import "a" "c" (memory 1)))'],
    ['an imported one and its own', '(module (import "a" "b" (memory 1)) (memory 1))'],
  ])('is one: %s are refused', (_title, text) => {
    const module = assemble(text);
    expect(() => readModuleMemory(module)).toThrow(InvalidModuleError);
    expect(() => capModuleMemory(module, 10)).toThrow('several memories');
  });

  test.each([
    ['shared', '(module (memory 1 2 shared))'],
    ['of 64 bits', '(module (memory i64 1))'],
    ['shared and imported', '(module (import "a" "b" (memory 1 2 shared)))'],
  ])('that is %s is refused', (_title, text) => {
    expect(() => readModuleMemory(assemble(text))).toThrow('shared or 64-bit');
  });
});

describe('bytes that are no module', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('not wasm, but long enough')],
    ['a component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)],
    ['another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)],
    ['a section without a size', bytes(5)],
    ['a size that never ends', bytes(5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80)],
    ['a size beyond the file', bytes(0, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a count of memories without an end', bytes(5, 5, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a count of imports without an end', bytes(2, 5, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['an import name without an end', bytes(2, 6, 1, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['an import of no known kind', bytes(2, 4, 1, 0, 0, 9)],
  ])('are refused: %s', (_title, module) => {
    expect(() => readModuleMemory(module)).toThrow(InvalidModuleError);
    expect(() => capModuleMemory(module, 10)).toThrow(InvalidModuleError);
  });

  test('cut short anywhere, are refused here unless they end between two sections', () => {
    for (const whole of [OWN, BOUNDED, IMPORTED, NONE]) {
      let accepted = 0;
      for (let length = 0; length < whole.length; length++) {
        try {
          capModuleMemory(whole.subarray(0, length), 10);
          accepted++;
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidModuleError);
        }
      }
      expect(accepted).toBeLessThan(10);
    }
  });

  test('damaged anywhere, never give a memory over the cap', () => {
    let lived = 0;
    const change = fc.tuple(fc.nat(OWN.length - 1), fc.nat(255));
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const damaged = OWN.slice();
      for (const [at, byte] of changes) damaged[at] = byte;
      let capped: Uint8Array;
      try {
        capped = capModuleMemory(damaged, 20);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidModuleError);
        return;
      }
      const memory = memoryOf(capped);
      if (memory === undefined) return;
      lived++;
      const pages = memory.buffer.byteLength / PAGE_BYTES;
      expect(() => memory.grow(21 - pages)).toThrow();
    });
    fc.assert(property, { numRuns: 2000 });
    expect(lived).toBeGreaterThan(20);
  });
});

/** Of a module that the engine takes, under whatever name. */
function memoryOf(bytes: Uint8Array): WebAssembly.Memory | undefined {
  try {
    const module = new WebAssembly.Module(bytes as BufferSource);
    const imports: WebAssembly.Imports = {};
    for (const wanted of WebAssembly.Module.imports(module)) {
      imports[wanted.module] = { ...imports[wanted.module], [wanted.name]: () => 0 };
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    return Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  } catch {
    return undefined;
  }
}

describe('the imports of a module', () => {
  test('are fine when the table has them, and a memory', () => {
    expect(() => checkImports(new WebAssembly.Module(IMPORTED))).not.toThrow();
  });

  test('may be the one that loads code that was left out, of the interpreter only', () => {
    const { module: from, name } = RARE_CODE;
    const module = compile(`(module (import "${from}" "${name}" (func)))`);
    expect(() => checkImports(module, true)).not.toThrow();
    expect(() => checkImports(module)).toThrow(UnknownImportsError);
  });

  test.each([
    [
      '(import "wasi_snapshot_preview1" "fd_nonsense" (func))',
      ['wasi_snapshot_preview1.fd_nonsense'],
    ],
    ['(import "env" "fd_write" (func))', ['env.fd_write']],
    ['(import "__proto__" "toString" (func))', ['__proto__.toString']],
    ['(import "a" "t" (table 1 funcref))', ['a.t']],
    ['(import "a" "g" (global i32))', ['a.g']],
    ['(import "a" "g" (func)) (import "b" "h" (func))', ['a.g', 'b.h']],
  ])('are named, each that is missing: %s', (imports, missing) => {
    const module = compile(`(module ${imports})`);
    expect(() => checkImports(module)).toThrow(UnknownImportsError);
    try {
      checkImports(module);
    } catch (error) {
      expect((error as UnknownImportsError).missing).toEqual(missing);
    }
  });
});
