import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import type { Mistake } from './assist';
import { diagnosticOf } from './code-assist';

const doc = Text.of(['x = 1', '    "é🐍" y', '']);

function marked(place: Partial<Mistake>): string {
  const nowhere = { line: 1, column: 0, endLine: 0, endColumn: 0 };
  const mistake: Mistake = { severity: 'error', message: 'wrong', ...nowhere, ...place };
  const { from, to } = diagnosticOf(doc, mistake);
  return doc.sliceString(from, to);
}

describe('the mark of a mistake', () => {
  it('covers what the compiler means, counted in characters', () => {
    expect(marked({ line: 2, column: 5, endLine: 2, endColumn: 11 })).toBe('"é🐍" y');
    expect(marked({ line: 2, column: 10, endLine: 2, endColumn: 11 })).toBe('y');
  });

  it('is the line without its indentation where there is no column', () => {
    expect(marked({ line: 2 })).toBe('"é🐍" y');
  });

  it('can be seen where the compiler tells no end', () => {
    expect(marked({ line: 1, column: 5, endLine: 1, endColumn: 0 })).toBe('1');
  });

  it('stays within the text, wherever a guest puts it', () => {
    expect(marked({ line: 99, column: 99, endLine: 1, endColumn: 1 })).toBe('');
    expect(marked({ line: 1, column: 2, endLine: 99, endColumn: 99 })).toContain('= 1');
    expect(marked({ line: 99 })).toBe('');
  });
});
