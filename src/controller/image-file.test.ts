import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../errors';
import { decodeImage, encodeImage } from './image-file';

const image = {
  id: 'f00',
  pages: 4,
  parts: Uint32Array.of(0, 256, 4096, 512, 65_536, 256),
  bytes: Uint8Array.from({ length: 1024 }, (_, index) => index),
};
const BUILD = 'c0ffee';
const file = encodeImage(image, BUILD);

function faultOf(bytes: Uint8Array, build = BUILD): string {
  try {
    decodeImage(bytes, build);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return (error as ImageError).reason;
  }
}

/** The file with another header. */
function withHeader(fields: Record<string, unknown>): Uint8Array {
  const text = JSON.stringify({
    buildId: BUILD,
    id: 'f00',
    pages: 4,
    parts: 3,
    bytes: 1024,
    ...fields,
  });
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const length = new DataView(file.buffer).getUint32(12, true);
  const changed = new Uint8Array(16 + header.length + (file.length - 16 - length));
  changed.set(file.subarray(0, 16));
  new DataView(changed.buffer).setUint32(12, header.length, true);
  changed.set(header, 16);
  changed.set(file.subarray(16 + length), 16 + header.length);
  return changed;
}

describe('an image as a file', () => {
  test('comes back as it was, wherever it lies in memory', () => {
    expect(decodeImage(file, BUILD)).toEqual(image);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeImage(shifted.subarray(3), BUILD)).toEqual(image);
  });

  test('of another build is refused, and the message names both', () => {
    expect(() => decodeImage(file, 'other')).toThrow(/c0ffee.*other/);
    expect(faultOf(file, 'other')).toBe('build');
  });

  test('of a newer format is refused', () => {
    const newer = file.slice();
    newer[8] = 2;
    expect(faultOf(newer)).toBe('version');
  });

  test('that is none is refused', () => {
    expect(faultOf(new Uint8Array(0))).toBe('foreign');
    expect(faultOf(new TextEncoder().encode('<!doctype html><p>Not found'))).toBe('foreign');
  });

  test('is refused wherever it is cut off', () => {
    for (let length = 0; length < file.length; length++) {
      expect(faultOf(file.subarray(0, length))).not.toBe('none');
    }
    expect(faultOf(Uint8Array.of(...file, 0))).toBe('damaged');
  });

  test.each([
    ['more pages than there can be', { pages: 65_537 }],
    ['bytes of 4 GiB', { bytes: 2 ** 32 }],
    ['parts of 4 GiB', { parts: 2 ** 32 }],
    ['a fraction', { parts: 2.5 }],
    ['less than nothing', { pages: -1 }],
    ['text', { bytes: '1024' }],
    ['too small a memory', { pages: 1 }],
    ['no build', { buildId: 7 }],
  ])('is refused with %s in its header', (_title, fields) => {
    expect(faultOf(withHeader(fields))).toBe('damaged');
  });

  test.each([
    ['overlap', [0, 512, 256, 256, 65_536, 256]],
    ['are not in order', [4096, 512, 0, 256, 65_536, 256]],
    ['are empty', [0, 256, 4096, 768, 65_536, 0]],
    ['are longer than their bytes', [0, 256, 4096, 512, 65_536, 512]],
    ['reach beyond the memory', [0, 256, 4096, 512, 2 ** 32 - 256, 256]],
  ])('is refused when its parts %s', (_title, parts) => {
    expect(faultOf(encodeImage({ ...image, parts: Uint32Array.from(parts) }, BUILD))).toBe(
      'damaged',
    );
  });

  test('never makes anything but an image within its memory, or an ImageError', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (changes) => {
          const changed = file.slice();
          for (const [at, value] of changes) changed[at] = value;
          try {
            const { pages, parts, bytes } = decodeImage(changed, BUILD);
            let total = 0;
            for (let index = 0; index < parts.length; index += 2) {
              const [start = 0, length = 0] = [parts[index], parts[index + 1]];
              expect(start + length).toBeLessThanOrEqual(pages * 65_536);
              total += length;
            }
            expect(total).toBe(bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(ImageError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
