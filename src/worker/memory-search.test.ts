import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findParts } from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import { assemble } from '../testing/wat';
import { searchBinary, searchParts } from './memory-search';

const TEXT = `(module (memory (import "e" "m") 0)
  (func (export "find") (param $at i32) (param $end i32) (param $by i32) (param $wanted i32) (result i32)
    (local $place i32) (local $stop i32)
    (loop $blocks
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $end))))
      (local.set $place (local.get $at))
      (local.set $stop (i32.add (local.get $at) (i32.const 256)))
      (block $done
        (loop $words
          ${[0, 8, 16, 24]
            .map(
              (offset) => `(br_if $done (i64.ne
            (i64.load offset=${offset} (local.get $place))
            (i64.load offset=${offset} (i32.add (local.get $place) (local.get $by)))))`,
            )
            .join('\n')}
          (local.set $place (i32.add (local.get $place) (i32.const 32)))
          (br_if $words (i32.lt_u (local.get $place) (local.get $stop)))))
      (if (i32.eq (i32.lt_u (local.get $place) (local.get $stop)) (local.get $wanted))
        (then (return (local.get $at))))
      (local.set $at (local.get $stop))
      (br $blocks))
    (unreachable)))`;

const PAGES = 12;
const BYTES = PAGES * PAGE_BYTES;
const DEAD = 5 * PAGE_BYTES + 1000;

const writes = fc.array(
  fc.record({ at: fc.nat(BYTES - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 700 }) }),
  { maxLength: 30 },
);

describe('a search through memory', () => {
  test('has the code that its text says', () => {
    expect(Buffer.from(searchBinary())).toEqual(Buffer.from(assemble(TEXT)));
  });

  test('finds what JavaScript finds, and leaves the memory alone but for what nobody reads', () => {
    fc.assert(
      fc.property(
        writes,
        writes,
        fc.constantFrom(PAGES, 9, 6),
        fc.constantFrom(DEAD, 4 * PAGE_BYTES, BYTES, BYTES + 1),
        (before, after, pages, dead) => {
          const original = new Uint8Array(new SharedArrayBuffer(pages * PAGE_BYTES));
          const memory = new WebAssembly.Memory({ initial: PAGES });
          const bytes = new Uint8Array(memory.buffer);
          for (const { at, bytes: some } of before) {
            if (at < original.length) original.set(some.subarray(0, original.length - at), at);
          }
          bytes.set(original);
          for (const { at, bytes: some } of after) bytes.set(some.subarray(0, BYTES - at), at);
          const wanted = findParts(memory.buffer, original.buffer, dead);
          const live = bytes.slice(dead);
          expect(searchParts(memory, original.buffer, dead)).toEqual(wanted);
          expect(Buffer.compare(bytes.slice(dead), live)).toBe(0);
          expect(bytes.subarray(0, 4 * PAGE_BYTES).some((byte) => byte !== 0)).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("is JavaScript's where a module does not say what is dead, and nothing is touched", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    new Uint8Array(memory.buffer).fill(7, 512, 600);
    expect([...searchParts(memory, new ArrayBuffer(0), 0)]).toEqual([512, 256]);
    expect(new Uint8Array(memory.buffer)[512]).toBe(7);
  });
});
