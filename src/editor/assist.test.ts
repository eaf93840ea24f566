import { describe, expect, it } from 'vitest';
import type { GuestValue } from '../index';
import { mistakesOf, suggestionsOf } from './assist';

const entry = (fields: Record<string, GuestValue>): GuestValue => new Map(Object.entries(fields));

describe('an answer about source', () => {
  it('is read where it is one', () => {
    const place = { line: 2, column: 3, end_line: 2, end_column: 5 };
    expect(mistakesOf([entry({ severity: 'warning', message: 'odd', ...place })])).toEqual([
      { severity: 'warning', message: 'odd', line: 2, column: 3, endLine: 2, endColumn: 5 },
    ]);
    const suggestion = { label: 'sqrt', kind: 'function', detail: '', info: 'Root.' };
    const answer = entry({ length: 2, suggestions: [entry(suggestion)] });
    expect(suggestionsOf(answer)).toEqual({ length: 2, suggestions: [suggestion] });
  });

  it.each<[string, GuestValue]>([
    ['nothing', null],
    ['a number', 7],
    ['text', 'mistakes'],
    ['a map of something else', new Map([[1, 2]])],
  ])('that is %s says nothing', (_what, answer) => {
    expect(mistakesOf(answer)).toEqual([]);
    expect(suggestionsOf(answer)).toEqual({ length: 0, suggestions: [] });
  });

  it('is bounded, and made of what it should be, whatever the guest says', () => {
    const hostile = entry({
      ...{ severity: '<b>', message: 'x'.repeat(10_000), line: -5, column: 1.5 },
      ...{ end_line: Number.NaN, end_column: 'six' },
    });
    const mistakes = mistakesOf([7, null, ...Array.from({ length: 10_000 }, () => hostile)]);
    expect(mistakes.length).toBeLessThanOrEqual(500);
    expect(mistakes[0]).toEqual({
      ...{ severity: 'error', message: 'x'.repeat(300) },
      ...{ line: 1, column: 0, endLine: 0, endColumn: 0 },
    });
  });
});
