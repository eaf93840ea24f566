import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FuelGauge } from './fuel';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => vi.useRealTimers());

/** Takes all that is granted, `stepMs` each, until so many steps are done; gives the longest portion in ms. */
function run(gauge: FuelGauge, steps: number, stepMs: number): number {
  let longestMs = 0;
  for (let done = 0; done < steps; ) {
    const portion = Math.min(gauge.grant, steps - done);
    done += portion;
    vi.advanceTimersByTime(portion * stepMs);
    longestMs = Math.max(longestMs, portion * stepMs);
    gauge.burn(portion);
  }
  return longestMs;
}

test('a guest whose steps are fast is asked rarely', () => {
  const gauge = new FuelGauge();
  gauge.start(Number.POSITIVE_INFINITY);
  expect(run(gauge, 100_000, 0.000_02)).toBeCloseTo(4096 * 0.000_02);
});

test('a guest whose steps are slow is soon asked as often as others, and again rarely afterwards', () => {
  const gauge = new FuelGauge();
  gauge.start(Number.POSITIVE_INFINITY);
  run(gauge, 10_000, 0.000_02);
  expect(gauge.grant).toBe(4096);
  run(gauge, 4096, 0.5);
  expect(run(gauge, 10_000, 0.5)).toBeLessThan(20);
  run(gauge, 20_000, 0.000_02);
  expect(gauge.grant).toBe(4096);
});

test('the steps are the same, however they are portioned', () => {
  for (const stepMs of [0.000_02, 0.01, 3]) {
    const gauge = new FuelGauge();
    gauge.start(50_000);
    let told = 0;
    while (told === 0) {
      vi.advanceTimersByTime(gauge.grant * stepMs);
      if (gauge.burn(gauge.grant)) told = gauge.burnt;
    }
    expect(told).toBe(50_000);
  }
});
