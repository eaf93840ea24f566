import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidModuleError } from '../errors';
import { STOP_CHECK } from '../protocol/stop-check';
import { assemble } from '../testing/wat';
import { addStopChecks } from './stop-checks';

class Stopped extends Error {}

interface Started {
  readonly exports: Record<string, (...values: number[]) => number>;
  readonly checks: () => number;
}

/** `stopAt`: the check that throws, as the engine would in a worker that was terminated. */
function start(text: string, stopAt = Number.POSITIVE_INFINITY): Started {
  let checks = 0;
  const module = new WebAssembly.Module(addStopChecks(assemble(text)));
  const instance = new WebAssembly.Instance(module, {
    env: { twice: (value: number) => 2 * value, base: 40 },
    [STOP_CHECK.module]: {
      [STOP_CHECK.name]: () => {
        checks++;
        if (checks >= stopAt) throw new Stopped();
      },
    },
  });
  return { exports: instance.exports as Started['exports'], checks: () => checks };
}

describe('a module with stop checks', () => {
  test.for([
    ['a loop without end', '(func (export "run") (loop (br 0)))'],
    ['a loop with a value', '(func (export "run") (drop (loop (result i32) (br 0))))'],
    [
      'calls that grow like a tree, without a loop',
      `(func $tree (export "run") (param i32)
        (if (i32.eqz (local.get 0)) (then (return)))
        (call $tree (i32.sub (local.get 0) (i32.const 1)))
        (call $tree (i32.sub (local.get 0) (i32.const 1))))`,
    ],
    [
      'calls through a table',
      `(type $visit (func (param i32)))
      (table 1 funcref) (elem (i32.const 0) $tree)
      (func $tree (export "run") (type $visit)
        (if (i32.eqz (local.get 0)) (then (return)))
        (call_indirect (type $visit) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
        (call_indirect (type $visit) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))`,
    ],
  ])('can be stopped in %s', ([, text]) => {
    const { exports, checks } = start(`(module ${text})`, 3);
    expect(() => exports.run?.(100)).toThrow(Stopped);
    expect(checks()).toBe(3);
  });

  test('checks once in so many turns, whatever it calls', () => {
    const { exports, checks } = start(`(module
      (func (export "run") (param i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
    exports.run?.(100_000);
    expect(checks()).toBe(5);
  });

  test('does what it did: imports, tables, globals, exports and start keep their functions', () => {
    const { exports } = start(`(module
      (import "env" "twice" (func $twice (param i32) (result i32)))
      (import "env" "base" (global $base i32))
      (type $number (func (param i32) (result i32)))
      (memory 1)
      (data (i32.const 8) "*")
      (table 5 funcref)
      (elem (i32.const 0) $twice $half)
      (elem (i32.const 3) func $third)
      (elem $spare func $third)
      (elem declare func $half)
      (global $counter (mut i32) (i32.const 0))
      (global $kept funcref (ref.func $third))
      (func $half (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 2)))
      (func $third (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))
      (func $begin (global.set $counter (i32.add (global.get $base) (i32.const 2))))
      (start $begin)
      (export "twice" (func $twice))
      (func (export "through") (param i32 i32) (result i32)
        (call_indirect (type $number) (local.get 1) (local.get 0)))
      (func (export "held") (param i32) (result i32)
        (table.set (i32.const 4) (ref.func $half))
        (call_indirect (type $number) (local.get 0) (i32.const 4)))
      (func (export "kept") (param i32) (result i32)
        (table.set (i32.const 4) (global.get $kept))
        (call_indirect (type $number) (local.get 0) (i32.const 4)))
      (func (export "spare") (param i32) (result i32)
        (table.init $spare (i32.const 2) (i32.const 0) (i32.const 1))
        (call_indirect (type $number) (local.get 0) (i32.const 2)))
      (func (export "count") (result i32) (global.get $counter))
      (func (export "choose") (param i32) (result i32)
        (block $c (block $b (block $a (br_table $a $b $c (local.get 0)))
          (return (i32.const 10))) (return (i32.const 11))) (i32.const 12))
      (func (export "read") (result i32)
        (memory.copy (i32.const 0) (i32.const 8) (i32.const 1))
        (memory.fill (i32.const 1) (i32.const 0) (i32.const 3))
        (i32.load (i32.const 0)))
      (func (export "numbers") (result i32)
        (i32.add
          (i32.trunc_sat_f64_s (f64.add (f64.const 1.5) (f64.promote_f32 (f32.const 2.5))))
          (i32.wrap_i64 (i64.const -0x123456789)))))`);
    expect(exports.twice?.(21)).toBe(42);
    expect([0, 1, 3].map((index) => exports.through?.(index, 60))).toEqual([120, 30, 20]);
    expect(exports.held?.(60)).toBe(30);
    expect(exports.kept?.(60)).toBe(20);
    expect(exports.spare?.(60)).toBe(20);
    expect(exports.count?.()).toBe(42);
    expect([0, 1, 2, 9].map((index) => exports.choose?.(index))).toEqual([10, 11, 12, 12]);
    expect(exports.read?.()).toBe(42);
    expect(exports.numbers?.()).toBe(4 + Number(BigInt.asIntN(32, -0x123456789n)));
  });

  test('keeps handlers of exceptions, atomics, vectors and tail calls apart', () => {
    const { exports } = start(`(module
      (memory 1)
      (tag $thrown (param i32))
      (func $throws (param i32) (throw $thrown (local.get 0)))
      (func (export "caught") (param i32) (result i32)
        (try (result i32)
          (do (call $throws (local.get 0)) (i32.const 0))
          (catch $thrown)))
      (func (export "atomic") (result i32)
        (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 42)))
        (atomic.fence)
        (i32.atomic.load (i32.const 4)))
      (func (export "vector") (param i32) (result i32)
        (v128.store (i32.const 16) (i8x16.splat (local.get 0)))
        (v128.store8_lane 3 (i32.const 32) (i32x4.add
          (v128.load (i32.const 16)) (v128.const i32x4 1 2 3 4)))
        (i8x16.extract_lane_u 15 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
          (v128.const i32x4 0 0 0 0) (v128.load (i32.const 16)))))
      (func $count (export "tail") (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
        (return_call $count (i32.sub (local.get 0) (i32.const 1)))))`);
    expect(exports.caught?.(5)).toBe(5);
    expect(exports.atomic?.()).toBe(42);
    expect(exports.vector?.(9)).toBe(9);
    expect(exports.tail?.(1_000_000)).toBe(7);
  });

  test('may handle exceptions in the way that this Node does not know yet', () => {
    const bytes = assemble(`(module
      (tag $thrown)
      (func (export "caught")
        (block $found (try_table (catch $thrown $found) (catch_all $found) (throw $thrown)))))`);
    expect(addStopChecks(bytes).length).toBeGreaterThan(bytes.length);
  });

  test('may have nothing in it', () => {
    expect(start('(module)').exports).toEqual({});
  });
});

describe('bytes that are no module, or not one that is known here', () => {
  const whole = assemble(`(module (memory 1) (table 1 funcref) (elem (i32.const 0) $run)
    (func $run (export "run") (loop (br_if 0 (i32.const 0)))))`);

  test('are refused: cut short anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      // One that ends behind a section may be whole without the others.
      if (WebAssembly.validate(cut as BufferSource)) continue;
      expect(
        () => new WebAssembly.Module(addStopChecks(cut) as BufferSource),
        `${length}`,
      ).toThrow();
    }
  });

  test('are refused or rewritten, never anything else, when any byte is another', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (index, byte) => {
        const other = whole.slice();
        other[index] = byte;
        try {
          addStopChecks(other);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidModuleError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.for([
    ['an instruction that is not known', [0xfb, 0x00]],
    ['a second opcode that is not known', [0xfc, 0x40]],
  ])('are refused: %s', ([, code]) => {
    const body = [0, ...(code as number[]), 0x0b];
    const bytes = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[3, 2, 1, 0],
      ...[10, body.length + 2, 1, body.length, ...body],
    ]);
    expect(() => addStopChecks(bytes)).toThrow(InvalidModuleError);
  });
});
