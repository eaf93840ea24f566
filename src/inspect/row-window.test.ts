import { expect, test } from 'vitest';
import { rowsInView, scrollToSee } from './row-window';

test('of 100,000 rows those in view are drawn, and some around them', () => {
  const { first, end } = rowsInView(1_000_000, 280, 28, 100_000);
  expect(first).toBeLessThanOrEqual(35_714);
  expect(end).toBeGreaterThanOrEqual(35_725);
  expect(end - first).toBeLessThan(60);
});

test('a window never leaves the list', () => {
  expect(rowsInView(0, 280, 28, 3)).toEqual({ first: 0, end: 3 });
  expect(rowsInView(5_000, 280, 28, 3)).toEqual({ first: 2, end: 3 });
  expect(rowsInView(0, 0, 28, 0)).toEqual({ first: 0, end: 0 });
});

test('a list scrolls no further than is needed to see a row', () => {
  expect(scrollToSee(5, 0, 280, 28)).toBe(0);
  expect(scrollToSee(10, 0, 280, 28)).toBe(28);
  expect(scrollToSee(2, 280, 280, 28)).toBe(56);
});
