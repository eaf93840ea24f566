import { expect, it } from 'vitest';
import { within, wrongWith } from './file-actions';

it.each(['a.py', 'a/b.py', ' odd name ', '...', 'é🐍.txt'])('%j is a name for a file', (path) => {
  expect(wrongWith(path)).toBeUndefined();
});

it.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a\0b', 'x\ud800', 'é'.repeat(128)])(
  '%j is none',
  (path) => {
    expect(wrongWith(path)).toBeTypeOf('string');
  },
);

it('a path goes below a folder, or to the root', () => {
  expect([within('', 'a'), within('b/c', 'a')]).toEqual(['a', 'b/c/a']);
});
