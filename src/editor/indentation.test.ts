import { describe, expect, test } from 'vitest';
import { type Edit, indent, newLine, outdent, type Selection } from './indentation';

/** Runs an edit on a text in which `|` marks the caret, or `[` and `]` the selection. */
function edited(marked: string, edit: (text: string, selection: Selection) => Edit): string {
  const start = marked.search(/[|[]/);
  const end = marked.includes(']') ? marked.indexOf(']') - 1 : start;
  const text = marked.replace(/[|[\]]/g, '');
  const { from, to, text: replacement, selection } = edit(text, { start, end });
  const result = text.slice(0, from) + replacement + text.slice(to);
  const [before, between, after] = [
    result.slice(0, selection.start),
    result.slice(selection.start, selection.end),
    result.slice(selection.end),
  ];
  return selection.start === selection.end ? `${before}|${after}` : `${before}[${between}]${after}`;
}

describe('Tab', () => {
  test('goes to the next stop', () => {
    expect(edited('ab|', indent)).toBe('ab  |');
    expect(edited('|ab', indent)).toBe('    |ab');
  });

  test('moves every selected line, but no blank one', () => {
    expect(edited('a\nb[b\n\nc]c\nd', indent)).toBe('a\n[    bb\n\n    cc]\nd');
  });

  test('leaves a line alone that the selection only reaches', () => {
    expect(edited('[a\nb\n]c', indent)).toBe('[    a\n    b]\nc');
  });

  test('takes a step back with Shift', () => {
    expect(edited('x\n      a|b', outdent)).toBe('x\n  a|b');
    expect(edited('  [a\n    b]', outdent)).toBe('[a\nb]');
    expect(edited('|a', outdent)).toBe('|a');
  });
});

describe('Enter', () => {
  test('keeps the indentation', () => {
    expect(edited('    a = 1|', newLine)).toBe('    a = 1\n    |');
  });

  test('goes in after a colon, comment or not', () => {
    expect(edited('for x in y:|', newLine)).toBe('for x in y:\n    |');
    expect(edited('  if a:  # why|', newLine)).toBe('  if a:  # why\n      |');
  });

  test('goes out after a statement that leaves the block', () => {
    expect(edited('        return x|', newLine)).toBe('        return x\n    |');
    expect(edited('        return f(|', newLine)).toBe('        return f(\n        |');
  });
});
