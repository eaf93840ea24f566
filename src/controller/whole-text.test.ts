import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOutput, WholeText } from './whole-text';

const utf8 = new TextEncoder();

const ESC = '\u001b';

/** Each of these must come in one piece. */
const units = [
  'a',
  'ä',
  '€',
  '😀',
  `${ESC}[1;31m`,
  `${ESC}[0m`,
  `${ESC}[2J`,
  `${ESC}(B`,
  `${ESC}M`,
];
units.push(`${ESC}]0;a title\u0007`, `${ESC}]8;;http://x/${ESC}\\`, `${ESC}P1$r0m${ESC}\\`, '\n');

/** The text in pieces of so many bytes. */
function pieces(text: string, size: number): string[] {
  const whole = new WholeText();
  const bytes = utf8.encode(text);
  const written: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    written.push(whole.write(bytes.subarray(at, at + size)));
  }
  return written;
}

describe('whole text', () => {
  test.each(units)('keeps %j together, wherever it is cut', (unit) => {
    const written = pieces(`x${unit}y`, 1).filter((piece) => piece !== '');
    expect(written.join('')).toBe(`x${unit}y`);
    expect(written.some((piece) => piece.includes(unit))).toBe(true);
  });

  test('loses nothing, whatever the pieces', () => {
    const property = fc.property(
      fc.array(fc.constantFrom(...units), { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (parts, size) => {
        const text = parts.join('');
        expect(pieces(`${text}.`, size).join('')).toBe(`${text}.`);
      },
    );
    fc.assert(property);
  });

  test('does not wait for a sequence without end', () => {
    const flood = `${ESC}]0;${'x'.repeat(20_000)}`;
    const written = pieces(flood, 1000).join('');
    expect(written.length).toBeGreaterThan(10_000);
  });

  test('takes bytes that are no text for replacement characters', () => {
    expect(new WholeText().write(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb');
  });

  test('keeps the streams apart, and tells of nothing but text', () => {
    const told: string[] = [];
    const output = textOutput((text, stream) => told.push(`${stream} ${text}`));
    output(Uint8Array.of(0xc3), 'stdout');
    output(utf8.encode('e'), 'stderr');
    output(Uint8Array.of(0xa4), 'stdout');
    expect(told).toEqual(['stderr e', 'stdout ä']);
  });
});
