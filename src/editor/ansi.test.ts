import { describe, expect, test } from 'vitest';
import { AnsiDecoder } from './ansi';

const textOf = (input: string): string =>
  new AnsiDecoder()
    .decode(input)
    .map(({ text }) => text)
    .join('');

describe('escape sequences', () => {
  test('plain text passes as it is', () => {
    expect(new AnsiDecoder().decode('a\tb\nπ 🐍')).toEqual([{ text: 'a\tb\nπ 🐍', style: '' }]);
  });

  test('colours become style names, and end where they are reset', () => {
    expect(new AnsiDecoder().decode('a\u001b[1;31mb\u001b[0mc\u001b[94md')).toEqual([
      { text: 'a', style: '' },
      { text: 'b', style: 'ansi-red ansi-bold' },
      { text: 'c', style: '' },
      { text: 'd', style: 'ansi-blue' },
    ]);
  });

  test('a sequence may be cut anywhere', () => {
    const decoder = new AnsiDecoder();
    const pieces = [...'x\u001b[4;32my'].flatMap((character) => decoder.decode(character));
    expect(pieces).toEqual([
      { text: 'x', style: '' },
      { text: 'y', style: 'ansi-green ansi-underlined' },
    ]);
  });

  test('the numbers of rich colours are not taken for codes of their own', () => {
    expect(new AnsiDecoder().decode('\u001b[38;5;1ma\u001b[38;2;31;32;33mb')).toEqual([
      { text: 'a', style: '' },
      { text: 'b', style: '' },
    ]);
  });

  test('what moves the cursor, sets titles or rings the bell is dropped', () => {
    expect(
      textOf('a\u001b[2J\u001b[10;5Hb\u001b]0;title\u0007c\u001bPdata\u001b\\d\u0007e\u001b(Bf'),
    ).toBe('abcdef');
  });

  test('line ends of other systems become line ends', () => {
    expect(textOf('a\r\nb\rc')).toBe('a\nb\nc');
  });

  test('a sequence without an end keeps little', () => {
    const decoder = new AnsiDecoder();
    decoder.decode(`\u001b[${';'.repeat(1_000_000)}`);
    expect(decoder.decode('mtext')).toEqual([{ text: 'text', style: '' }]);
  });
});
