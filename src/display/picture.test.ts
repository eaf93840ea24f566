import { describe, expect, test } from 'vitest';
import { refusalOf } from '../testing/capability-use';
import { gifOf, jpegHead, pngHead } from '../testing/picture-bytes';
import { checkPicture, pictureAddress } from './picture';

const MOST = 1_000_000;

describe('a picture', () => {
  test.each([
    ['png', pngHead(640, 480)],
    ['jpeg', jpegHead(640, 480)],
    ['gif', gifOf(640, 480, [10, 10])],
  ])('is known by its first bytes, and its size read: %s', (kind, bytes) => {
    expect(checkPicture(bytes, MOST)).toEqual({ kind, size: { width: 640, height: 480 } });
  });

  test.each([
    ['a page', new TextEncoder().encode('<html><script>alert(1)</script>')],
    ['an SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['nothing', new Uint8Array(0)],
    ['a bitmap', Uint8Array.of(0x42, 0x4d, 0, 0)],
  ])('is not %s', (_, bytes) => {
    expect(refusalOf(() => checkPicture(bytes, MOST))).toMatch(/^type: .*neither/);
  });

  test.each([
    ['a PNG of a few bytes', pngHead(100_000, 100_000)],
    ['a PNG with one long side', pngHead(0xffffffff, 1)],
    ['a JPEG', jpegHead(65_000, 65_000)],
    ['a GIF', gifOf(65_000, 65_000)],
    ['a GIF with one frame that is larger than the whole', gifOf(1, 1, [10, 10], [60_000, 60_000])],
    ['a GIF with frames without end', gifOf(1, 1, ...Array(1001).fill([1, 1]))],
  ])('that would become too many pixels is refused: %s', (_, bytes) => {
    expect(refusalOf(() => checkPicture(bytes, MOST))).toMatch(/^size: /);
  });

  test.each([
    ['png', pngHead(9, 9), 24],
    ['jpeg', jpegHead(9, 9), 18],
    ['gif', gifOf(9, 9, [9, 9]), gifOf(9, 9, [9, 9]).length],
  ])('that ends too early, at any byte, is refused: %s', (_, whole, needed) => {
    for (let length = 0; length < needed; length++) {
      expect(refusalOf(() => checkPicture(whole.slice(0, length), MOST))).toMatch(/^type: /);
    }
    expect(() => checkPicture(whole.slice(0, needed), MOST)).not.toThrow();
  });

  test('without a size is refused', () => {
    expect(refusalOf(() => checkPicture(pngHead(0, 5), MOST))).toBe('type: the png has no size');
  });

  test('becomes an address that holds all of it', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);
    const [head = '', body = ''] = pictureAddress('png', bytes).split(',');
    expect(head).toBe('data:image/png;base64');
    expect(Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))).toEqual(bytes);
  });
});
