import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Stopwatch } from './stopwatch';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function started(limitMs: number): { watch: Stopwatch; rings: () => number } {
  let rings = 0;
  const watch = new Stopwatch();
  watch.start(limitMs, () => rings++);
  return { watch, rings: () => rings };
}

describe('a stopwatch', () => {
  test('rings once, at its limit', () => {
    const { watch, rings } = started(100);
    vi.advanceTimersByTime(99);
    expect(rings()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(rings()).toBe(1);
    expect(watch.elapsedMs).toBe(1099);
  });

  test('stands still in a pause, and gives what was left afterwards', () => {
    const { watch, rings } = started(100);
    vi.advanceTimersByTime(60);
    const resume = watch.pause();
    vi.advanceTimersByTime(10_000);
    expect([watch.elapsedMs, rings()]).toEqual([60, 0]);
    resume();
    vi.advanceTimersByTime(39);
    expect(rings()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(rings()).toBe(1);
  });

  test('goes on when the last of several pauses ends, each counted once', () => {
    const { watch } = started(1000);
    const one = watch.pause();
    const two = watch.pause();
    one();
    one();
    vi.advanceTimersByTime(50);
    expect(watch.elapsedMs).toBe(0);
    two();
    vi.advanceTimersByTime(50);
    expect(watch.elapsedMs).toBe(50);
  });

  test('is not set going, nor confused, by a pause of an earlier run that ends late', () => {
    const { watch } = started(1000);
    const late = watch.pause();
    watch.stop();
    late();
    vi.advanceTimersByTime(100);
    expect(watch.elapsedMs).toBe(0);

    const later = watch.pause();
    watch.start(1000, () => undefined);
    later();
    const resume = watch.pause();
    vi.advanceTimersByTime(100);
    expect(watch.elapsedMs).toBe(0);
    resume();
    vi.advanceTimersByTime(100);
    expect(watch.elapsedMs).toBe(100);
  });

  test('neither counts nor rings once it is stopped', () => {
    const { watch, rings } = started(100);
    vi.advanceTimersByTime(40);
    watch.stop();
    vi.advanceTimersByTime(1000);
    expect([watch.elapsedMs, rings(), vi.getTimerCount()]).toEqual([40, 0, 0]);
  });

  test('begins anew with each start', () => {
    const { watch, rings } = started(100);
    vi.advanceTimersByTime(90);
    watch.start(100, () => undefined);
    vi.advanceTimersByTime(90);
    expect([watch.elapsedMs, rings()]).toEqual([90, 0]);
  });

  test('without a limit sets no timer', () => {
    started(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
  });
});
