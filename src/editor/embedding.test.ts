import { describe, expect, it } from 'vitest';
import { dedent } from './embedding';

describe('a program in a tag', () => {
  it('loses the indentation of the page, and keeps its own', () => {
    expect(dedent('\n      if x:\n          y()\n\n      z()\n    ')).toBe(
      'if x:\n    y()\n\nz()\n',
    );
  });

  it('may stand on the line of the tag', () => {
    expect(dedent('print(1)')).toBe('print(1)\n');
  });

  it('may be nothing', () => {
    expect(dedent('\n   \n')).toBe('');
  });
});
