import { describe, expect, test } from 'vitest';
import { History } from './history';

describe('the history', () => {
  test('goes back to the oldest entry and forward to the draft', () => {
    const history = new History();
    history.add('one');
    history.add('two');
    expect(history.back('draft')).toBe('two');
    expect(history.back('two')).toBe('one');
    expect(history.back('one')).toBeUndefined();
    expect(history.forward()).toBe('two');
    expect(history.forward()).toBe('draft');
    expect(history.forward()).toBeUndefined();
  });

  test('keeps neither blank entries nor the same one twice in a row', () => {
    const history = new History();
    for (const entry of ['one', 'one', '  ', 'two']) history.add(entry);
    expect(history.back('')).toBe('two');
    expect(history.back('')).toBe('one');
    expect(history.back('')).toBeUndefined();
  });

  test('forgets the oldest when there are too many', () => {
    const history = new History(2);
    for (const entry of ['one', 'two', 'three']) history.add(entry);
    expect([history.back(''), history.back(''), history.back('')]).toEqual([
      'three',
      'two',
      undefined,
    ]);
  });
});
