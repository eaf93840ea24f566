import { beforeEach, describe, expect, test } from 'vitest';
import * as binary from '../src/controller/wasm-binary';
import * as instructions from '../src/controller/wasm-instructions';
import * as rareCode from '../src/protocol/rare-code';
import { assemble } from '../src/testing/wat';

/** A part of the guest's build, which is not type-checked. */
const BUILDER = '../wasm/build/rare-code.mjs';
const { leaveOutRareCode } = (await import(BUILDER)) as {
  leaveOutRareCode(
    bytes: Uint8Array,
    isRare: (name: string) => boolean,
    parts: unknown,
  ): { main: Uint8Array<ArrayBuffer>; rare: Uint8Array<ArrayBuffer>; count: number };
};

const walker = { ...binary, ...instructions, ...rareCode };

/** So that a function is worth being taken out. */
const LONG = '(nop) '.repeat(50);

/** So that it is not copied where it is called. */
const VERY_LONG = '(nop) '.repeat(250);

const TEXT = `(module
  (import "env" "memory" (memory 1 4))
  (import "env" "note" (func $note (param i32)))
  (table $pointers 3 3 funcref)
  (global $level (mut i32) (i32.const 7))
  (global $other (mut i64) (i64.const 9))
  (elem (i32.const 0) $rare_double $add $note)
  (data (i32.const 16) "data")
  (func $add (param i32 i32) (result i32) ${VERY_LONG} (i32.add (local.get 0) (local.get 1)))
  (func $small (param i32) (result i32) (i32.add (local.get 0) (i32.load (i32.const 32))))
  (func $rare_double (param i32) (result i32) (local i64) ${LONG}
    (call $note (local.get 0))
    (global.set $level (i32.add (global.get $level) (i32.const 1)))
    (i32.store (i32.const 32) (local.get 0))
    (call $add (call $small (i32.const 0)) (call $rare_same (local.get 0))))
  (func $rare_same (param i32) (result i32) ${LONG}
    (call_indirect (type 0) (local.get 0) (i32.const 0) (i32.const 1)))
  (type $two (func (param i32 i32) (result i32)))
  (func $rare_mixed (param f64 i64) (result f64) ${LONG}
    (f64.add (local.get 0) (f64.convert_i64_s (i64.add (local.get 1) (global.get $other)))))
  (func $rare_unused (param i32) (result i32) ${LONG} (local.get 0))
  (func $rare_short (result i32) (i32.const 5))
  (func (export "double") (param i32) (result i32) (call $rare_double (local.get 0)))
  (func (export "through") (param i32 i32) (result i32)
    (call_indirect (param i32) (result i32) (local.get 0) (local.get 1)))
  (func (export "mixed") (param f64 i64) (result f64) (call $rare_mixed (local.get 0) (local.get 1)))
  (func (export "short") (result i32) (call $rare_short))
  (func $rare_exported (export "rareExported") (result i32) ${LONG} (global.get $level))
  (func (export "plain") (param i32) (result i32) (call $add (local.get 0) (i32.const 1))))`.replace(
  '(call_indirect (type 0)',
  '(call_indirect (param i32 i32) (result i32)',
);

const isRare = (name: string): boolean => name.startsWith('rare');

type Exports = Record<string, (...values: (number | bigint)[]) => number>;

interface Running {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
  readonly noted: number[];
  /** How often the rest of the code was asked for. */
  readonly loads: () => number;
}

function runWhole(text: string): Running {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const noted: number[] = [];
  const note = (value: number): unknown => noted.push(value);
  const module = new WebAssembly.Module(assemble(text));
  const { exports } = new WebAssembly.Instance(module, { env: { memory, note } });
  return { exports: exports as Exports, memory, noted, loads: () => 0 };
}

function runDivided(text: string, rarely = isRare): Running & { readonly count: number } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const noted: number[] = [];
  const note = (value: number): unknown => noted.push(value);
  const { main, rare, count } = leaveOutRareCode(assemble(text, { names: true }), rarely, walker);
  let loads = 0;
  const { module, name } = rareCode.RARE_CODE;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(main), {
    env: { memory, note },
    [module]: {
      [name]: () => {
        loads++;
        new WebAssembly.Instance(new WebAssembly.Module(rare), {
          [rareCode.MAIN_CODE]: { ...exports, memory },
        });
      },
    },
  });
  return { exports: exports as Exports, memory, noted, loads: () => loads, count };
}

describe('code that is rarely called', () => {
  let whole: Running;
  let divided: ReturnType<typeof runDivided>;

  beforeEach(() => {
    whole = runWhole(TEXT);
    divided = runDivided(TEXT);
  });

  const call = (name: string, ...values: (number | bigint)[]): number => {
    const expected = whole.exports[name]?.(...values);
    const result = divided.exports[name]?.(...values);
    expect(result).toBe(expected);
    expect(divided.noted).toEqual(whole.noted);
    expect(new Uint8Array(divided.memory.buffer)).toEqual(new Uint8Array(whole.memory.buffer));
    return result as number;
  };

  test('leaves the module: but for what is short, and what is called from outside', () => {
    expect(divided.count).toBe(4);
  });

  test('is asked for once, before its first call', () => {
    expect(call('plain', 4)).toBe(5);
    expect(divided.loads()).toBe(0);
    expect(call('double', 21)).toBe(42);
    expect(call('double', 3)).toBe(6);
    expect(call('mixed', 1.5, 2n)).toBe(12.5);
    expect(divided.loads()).toBe(1);
  });

  test('calls back, and shares memory, globals and pointers', () => {
    call('double', 8);
    expect(call('rareExported')).toBe(8);
    expect(divided.noted).toEqual([8]);
  });

  test('is there for calls through pointers', () => {
    const pointers = divided.exports['rare.pointers'] as unknown as WebAssembly.Table;
    const before = pointers.get(0);
    expect(call('through', 4, 0)).toBe(8);
    expect(divided.loads()).toBe(1);
    // From then on they lead there at once.
    expect(pointers.get(0)).not.toBe(before);
    expect(call('through', 5, 0)).toBe(10);
    expect(divided.loads()).toBe(1);
    for (const { exports } of [whole, divided]) {
      expect(() => exports.through?.(4, 1)).toThrow(WebAssembly.RuntimeError);
    }
  });

  test('stays where it is too short', () => {
    expect(call('short')).toBe(5);
    expect(divided.loads()).toBe(0);
  });

  test('may be none, or all', () => {
    for (const rarely of [() => false, () => true]) {
      divided = runDivided(TEXT, rarely);
      whole = runWhole(TEXT);
      expect(call('double', 5)).toBe(10);
      expect(call('mixed', 0.5, -3n)).toBe(6.5);
    }
  });
});

const MEMORY = '(import "env" "memory" (memory 1))';

test.each([
  ['several tables', `${MEMORY} (table 1 funcref) (table 1 funcref)`],
  [
    'neither a function nor the memory',
    `${MEMORY} (import "env" "global" (global i32)) (table 1 funcref)`,
  ],
  ['does not import its memory', '(memory 1) (table 1 funcref)'],
  [
    'address of a function',
    `${MEMORY} (table 1 funcref) (elem (i32.const 0) $rare)
     (func $rare ${LONG} (drop (ref.func $rare)))`,
  ],
  [
    'uses segments',
    `${MEMORY} (table 1 funcref) (data $passive "x")
     (func $rare ${LONG} (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1)))`,
  ],
  [
    'elements that is not known',
    `${MEMORY} (table 1 funcref) (func $f) (elem declare func $f)
     (func $g (drop (ref.func $f)))`,
  ],
])('a module is refused that has or does what is not known: %s', (message, fields) => {
  const bytes = assemble(`(module ${fields})`, { names: true });
  expect(() => leaveOutRareCode(bytes, isRare, walker)).toThrow(message);
});

test('does not join the module of another build', () => {
  const [one, other] = [TEXT, TEXT.replace('i32.const 7', 'i32.const 8')].map((text) =>
    leaveOutRareCode(assemble(text, { names: true }), isRare, walker),
  );
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const { module, name } = rareCode.RARE_CODE;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(one?.main as BufferSource), {
    env: { memory, note: () => undefined },
    [module]: {
      [name]: () => {
        const parts = { [rareCode.MAIN_CODE]: { ...exports, memory } };
        new WebAssembly.Instance(new WebAssembly.Module(other?.rare as BufferSource), parts);
      },
    },
  });
  expect(() => (exports as Exports).double?.(1)).toThrow(WebAssembly.LinkError);
});

test('a module without names is refused', () => {
  expect(() => leaveOutRareCode(assemble(TEXT), isRare, walker)).toThrow('no names');
});
