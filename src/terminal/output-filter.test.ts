import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputFilter } from './output-filter';

const utf8 = new TextEncoder();

function filter(text: string, colors = true): string {
  return new OutputFilter({ colors, movement: false }).write(utf8.encode(text));
}

/** What was shown of pieces, and of an end that lets go what was held back. */
function filterPieces(pieces: readonly Uint8Array[], colors = true): string {
  const target = new OutputFilter({ colors, movement: false });
  return [...pieces, utf8.encode('.')].map((piece) => target.write(piece)).join('');
}

describe('output to a terminal', () => {
  test.each([
    ['text', 'plain äöü 日本 🙂\n', 'plain äöü 日本 🙂\n'],
    ['what text needs', 'a\tb\rc\bd\r\n', 'a\tb\rc\bd\r\n'],
    ['a colour', '\u001b[31mred\u001b[0m', '\u001b[31mred\u001b[0m'],
    ['a colour with many numbers', '\u001b[38;2;1;2;3;4:5m', '\u001b[38;2;1;2;3;4:5m'],
    ['the shortest colour', '\u001b[m', '\u001b[m'],
  ])('lets %s through', (_title, text, shown) => {
    expect(filter(text)).toBe(shown);
  });

  test.each([
    ['clearing the screen', '\u001b[2J', '\\x1b[2J'],
    ['moving the cursor', '\u001b[1;1H', '\\x1b[1;1H'],
    ['a question to the terminal', '\u001b[6n', '\\x1b[6n'],
    ['a private mode', '\u001b[?1049h', '\\x1b[?1049h'],
    ['a private colour', '\u001b[>4;2m', '\\x1b[>4;2m'],
    ['a title', '\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['a link', '\u001b]8;;http://x\u001b\\y', '\\x1b]8;;http://x\\x1b\\y'],
    ['a clipboard', '\u001b]52;c;YQ==\u0007', '\\x1b]52;c;YQ==\\x07'],
    ['a device string', '\u001bP1$q\u001b\\', '\\x1bP1$q\\x1b\\'],
    ['a reset', '\u001bc', '\\x1bc'],
    ['two escapes', '\u001b\u001b[31m', '\\x1b\u001b[31m'],
    ['C1: CSI', '\u009b31m', '\\x9b31m'],
    ['C1: OSC', '\u009d0;t\u009c', '\\x9d0;t\\x9c'],
    ['NUL, bell, shift out, delete', '\0\u0007\u000e\u007f', '\\x00\\x07\\x0e\\x7f'],
    ['vertical tab and form feed', '\u000b\u000c', '\\x0b\\x0c'],
    ['a colour that is cut by text', '\u001b[31 m', '\\x1b[31 m'],
  ])('shows %s instead of obeying', (_title, text, shown) => {
    expect(filter(text)).toBe(shown);
  });

  test('shows bytes that are no text as such', () => {
    const shown = new OutputFilter({ colors: true, movement: false }).write(
      Uint8Array.of(0x9b, 0x33, 0xff, 0x41),
    );
    expect(shown).toBe('\ufffd3\ufffdA');
  });

  test('has no colours where none are wanted', () => {
    expect(filter('\u001b[1;31mred\u001b[m \u001b[2J', false)).toBe('red \\x1b[2J');
  });

  test('waits for the rest of a character or a colour, not for more', () => {
    const target = new OutputFilter({ colors: true, movement: false });
    expect(target.write(utf8.encode('ä').subarray(0, 1))).toBe('');
    expect(target.write(utf8.encode('ä').subarray(1))).toBe('ä');
    expect(target.write(utf8.encode('a\u001b'))).toBe('a');
    expect(target.write(utf8.encode('[3'))).toBe('');
    expect(target.write(utf8.encode('1mb'))).toBe('\u001b[31mb');
    expect(target.write(utf8.encode('\u001b['))).toBe('');
    expect(target.write(utf8.encode('2J'))).toBe('\\x1b[2J');
  });

  test('does not hold back what grows longer than any colour', () => {
    const target = new OutputFilter({ colors: true, movement: false });
    let shown = target.write(utf8.encode('\u001b['));
    for (let time = 0; time < 1000; time++) shown += target.write(utf8.encode('1;'));
    expect(shown.length).toBeGreaterThan(1900);
    expect(shown.startsWith('\\x1b[1;1;')).toBe(true);
    const start = performance.now();
    filter(`\u001b[${'1;'.repeat(50_000)}`.repeat(4));
    expect(performance.now() - start).toBeLessThan(1000);
  });

  const piece = fc.oneof(
    fc.constantFrom('\u001b', '[', '31', ';', 'm', 'J', ']', '\u0007', 'text', 'ä', '\u009b', '\n'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const output = fc.array(piece, { maxLength: 30 }).map((pieces) => utf8.encode(pieces.join('')));

  test('is the same in whatever pieces it comes', () => {
    const cut = fc.tuple(output, fc.array(fc.nat(100), { maxLength: 8 }), fc.boolean());
    fc.assert(
      fc.property(cut, ([bytes, cuts, colors]) => {
        const sorted = [0, ...cuts.map((at) => Math.min(at, bytes.length)), bytes.length];
        sorted.sort((a, b) => a - b);
        const pieces = sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
        expect(filterPieces(pieces, colors)).toBe(filterPieces([bytes], colors));
      }),
      { numRuns: 2000 },
    );
  });

  test('has no control sequence but colours, whatever the guest writes', () => {
    fc.assert(
      fc.property(output, (bytes) => {
        const shown = filterPieces([bytes]).replace(
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that may be there
          /\u001b\[[0-9;:]*m/g,
          '',
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
        expect(shown).not.toMatch(/[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('output where a prompt is drawn', () => {
  const drawn = (text: string): string =>
    new OutputFilter({ colors: true, movement: true }).write(utf8.encode(text));

  test.each([
    ['movements', '\u001b[A\u001b[2B\u001b[3C\u001b[4D\u001b[12;40H\u001b[5G'],
    ['erasing', '\u001b[J\u001b[1J\u001b[2J\u001b[K\u001b[2K\u001b[3P\u001b[2@'],
    ['the cursor, seen or not', '\u001b[?25l\u001b[?25h'],
    ['the mark around what is pasted', '\u001b[?2004h\u001b[?2004l'],
  ])('lets %s through', (_title, text) => {
    expect(drawn(text)).toBe(text);
  });

  test.each([
    ['what was scrolled out of sight taken away', '\u001b[3J'],
    ['a question for the cursor', '\u001b[6n'],
    ['a question for what the terminal is', '\u001b[c'],
    ['a second screen', '\u001b[?1049h'],
    ['the mouse', '\u001b[?1000h'],
    ['two modes, one of them harmless', '\u001b[?25;1000h'],
    ['other keys', '\u001b[?1h'],
    ['a window of another size', '\u001b[8;1;1t'],
    ['a number that is no place', '\u001b[2147483647B'],
    ['scrolling', '\u001b[9999S'],
    ['lines put in', '\u001b[9999L'],
    ['characters again and again', '\u001b[9999b'],
    ['a reset', '\u001b[!p'],
    ['a title', '\u001b]0;title\u0007'],
    ['a link', '\u001b]8;;http://x\u001b\\'],
    ['the clipboard', '\u001b]52;c;YQ==\u0007'],
    ['a device string', '\u001bP$qm\u001b\\'],
    ['another set of characters', '\u001b(0'],
    ['a place kept', '\u001b7'],
  ])('shows %s instead of obeying', (_title, text) => {
    expect(drawn(text)).toBe(text.replaceAll('\u001b', '\\x1b').replaceAll('\u0007', '\\x07'));
  });
});
