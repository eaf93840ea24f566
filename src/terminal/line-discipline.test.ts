import { describe, expect, test } from 'vitest';
import { FakeScreen } from '../testing/fake-screen';
import { LineDiscipline } from './line-discipline';

/** What the reader gets of the keys, and what is seen on the terminal. */
function typed(keys: string): { read: (string | null)[]; seen: string } {
  const screen = new FakeScreen();
  const line = new LineDiscipline((text) => screen.write(text));
  const read = [...keys].map((key) => line.take(key)).filter((piece) => piece !== undefined);
  return { read, seen: screen.text };
}

describe('a line at a terminal', () => {
  test.each([
    ['is read when it ends', 'ab\ncd\n', ['ab\n', 'cd\n'], 'ab\ncd\n'],
    ['is not read before', 'ab', [], 'ab'],
    ['loses its last character by backspace', 'abc\u007f\bd\n', ['ad\n'], 'ad\n'],
    ['loses nothing before its start', 'a\u007f\u007f\u007fb\n', ['b\n'], 'b\n'],
    ['loses its last word by Ctrl-W', 'one  two \u0017x\n', ['one  x\n'], 'one  x\n'],
    ['is erased by Ctrl-U', 'one two\u0015x\n', ['x\n'], 'x\n'],
    ['is read unfinished at Ctrl-D', 'ab\u0004', ['ab'], 'ab'],
    ['that is empty ends the input at Ctrl-D', '\u0004a\n', [null, 'a\n'], 'a\n'],
    ['shows control characters', 'a\u0001\u001b\n', ['a\u0001\u001b\n'], 'a^A^[\n'],
    ['erases as many columns as it took', 'a日\u0001\u007f\u007fb\n', ['ab\n'], 'ab\n'],
    ['does not count what stands on another character', 'e\u0301\u007f\u007f\n', ['\n'], '\n'],
  ] as const)('%s', (_title, keys, read, seen) => {
    const result = typed(keys);
    expect(result.read).toEqual(read);
    expect(result.seen.split('\n').map((line) => line.trimEnd())).toEqual(seen.split('\n'));
  });

  test('does not get longer than there is room for', () => {
    const [line = ''] = typed(`${'x'.repeat(70_000)}\n`).read;
    expect(line?.length).toBe(65_537);
  });
});
