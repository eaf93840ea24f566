import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureMemory, findParts, restoreMemory, shareImage } from './memory-image';
import { PAGE_BYTES } from './numbers';

/** Writes at random places, as a guest would. */
const writes = fc.array(
  fc.record({
    at: fc.nat(3 * PAGE_BYTES - 1),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
  }),
  { maxLength: 30 },
);

function apply(memory: Uint8Array, all: readonly { at: number; bytes: Uint8Array }[]): void {
  for (const { at, bytes } of all) memory.set(bytes.subarray(0, memory.length - at), at);
}

describe('an image of a memory', () => {
  test('makes of the original what was captured, whatever was written', () => {
    fc.assert(
      fc.property(writes, writes, fc.constantFrom(2, 3), (before, after, originalPages) => {
        const original = new Uint8Array(originalPages * PAGE_BYTES);
        apply(
          original,
          before.filter(({ at }) => at < original.length),
        );
        const memory = new Uint8Array(3 * PAGE_BYTES);
        memory.set(original);
        apply(memory, after);

        const image = captureMemory(memory.buffer, findParts(memory.buffer, original.buffer));
        expect(image.pages).toBe(3);
        const restored = new Uint8Array(3 * PAGE_BYTES);
        restored.set(original);
        restoreMemory(image, restored.buffer);
        expect(Buffer.compare(restored, memory)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('holds what the guest set back to zero, and nothing of what it left alone', () => {
    const original = new Uint8Array(PAGE_BYTES).fill(7);
    const memory = original.slice();
    memory.fill(0, 1024, 1280);
    const { parts, bytes } = captureMemory(
      memory.buffer,
      findParts(memory.buffer, original.buffer),
    );
    expect([...parts]).toEqual([1024, 256]);
    expect(bytes).toEqual(new Uint8Array(256));
  });

  test('has nothing of what nobody will read', () => {
    const memory = new Uint8Array(PAGE_BYTES).fill(1);
    const { parts } = captureMemory(
      memory.buffer,
      findParts(memory.buffer, new ArrayBuffer(PAGE_BYTES), 5000),
    );
    expect([...parts]).toEqual([4864, PAGE_BYTES - 4864]);
  });

  test('is the same in memory that workers share', () => {
    const memory = new Uint8Array(PAGE_BYTES);
    memory.set([1, 2, 3], 300);
    const image = shareImage(
      captureMemory(memory.buffer, findParts(memory.buffer, new ArrayBuffer(PAGE_BYTES))),
    );
    expect(image.bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
    const restored = new Uint8Array(PAGE_BYTES);
    restoreMemory(image, restored.buffer);
    expect(restored).toEqual(memory);
  });

  test('is a copy: the guest goes on', () => {
    const memory = new Uint8Array(PAGE_BYTES);
    memory[5] = 1;
    const { bytes } = captureMemory(
      memory.buffer,
      findParts(memory.buffer, new ArrayBuffer(PAGE_BYTES)),
    );
    memory[5] = 2;
    expect(bytes[5]).toBe(1);
  });
});
