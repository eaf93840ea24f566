import { describe, expect, test } from 'vitest';
import { geometricMean, judge, median, type ProgramTimes, ratios, spread } from './statistics.mjs';

/** Programs with these medians, in milliseconds, by engine. */
function timed(...medians: Readonly<Record<string, number>>[]): ProgramTimes[] {
  return medians.map((byEngine, index) => ({
    name: `p${index}`,
    engines: Object.fromEntries(
      Object.entries(byEngine).map(([engine, medianMs]) => [engine, spread([medianMs])]),
    ),
  }));
}

describe('the statistics', () => {
  test('take the middle of an odd number of times and between the middle two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([])).toBeNaN();
  });

  test('leave the order of the times alone', () => {
    const times = [3, 1, 2];
    median(times);
    expect(times).toEqual([3, 1, 2]);
  });

  test('mean ratios so that twice as slow and twice as fast cancel out', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1);
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(geometricMean([])).toBeNaN();
  });

  test('tell how far the times stray, one far away not counted', () => {
    expect(spread([10, 11, 12, 13, 500])).toEqual({
      medianMs: 12,
      minMs: 10,
      maxMs: 500,
      deviationMs: 1,
      runs: 5,
    });
  });

  test('compare two engines by the programs that both have run', () => {
    const programs = timed({ native: 10, node: 15 }, { native: 10 }, { node: 7 });
    expect(ratios(programs, 'node', 'native')).toEqual([{ name: 'p0', ratio: 1.5 }]);
  });
});

describe('the verdicts', () => {
  const verdictOf = (programs: readonly ProgramTimes[], start: string) =>
    judge(programs).find(({ claim }) => claim.startsWith(start));

  test('hold at the target itself and not beyond it', () => {
    expect(verdictOf(timed({ native: 10, node: 18 }), 'Node')).toMatchObject({ holds: true });
    expect(verdictOf(timed({ native: 10, node: 18.1 }), 'Node')).toMatchObject({ holds: false });
    expect(verdictOf(timed({ native: 10, chromium: 15.1 }), 'Chromium: at most')).toMatchObject({
      holds: false,
    });
    expect(verdictOf(timed({ native: 10, firefox: 21 }), 'Firefox')).toMatchObject({ holds: true });
  });

  test('judge one slow program by itself, however fast the others are', () => {
    const programs = timed({ chromium: 10, pyodide: 30 }, { chromium: 12, pyodide: 10 });
    expect(verdictOf(programs, 'Chromium: at least')).toMatchObject({ holds: true, programs: 2 });
    const worst = verdictOf(programs, 'Chromium: no program');
    expect(worst?.holds).toBe(false);
    expect(worst?.value).toBeCloseTo(1.2);
  });

  test('hold for nothing that was not measured', () => {
    const verdicts = judge(timed({ native: 10 }));
    expect(verdicts).toHaveLength(5);
    expect(verdicts.every(({ holds, programs }) => holds === undefined && programs === 0)).toBe(
      true,
    );
  });
});
