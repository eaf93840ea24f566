import { describe, expect, test } from 'vitest';
import type { EngineName } from './engines.mjs';
import type { Problem, Series } from './measure.mjs';
import { lineOfSlowest, lineOfStarts, linesOfVerdicts, problems, tableOfTimes } from './report.mjs';
import { spread } from './statistics.mjs';

function failed(engine: EngineName, kind: Problem['kind']): Series {
  return { program: 'p', engine, timesMs: [], startMs: [], problem: { kind, text: 'why' } };
}

describe('the report', () => {
  test('takes a peer that can not run a program for no failure, but a wrong result of anyone', () => {
    const { unable, failures } = problems([
      failed('micropython', 'error'),
      failed('pyodide', 'wrong'),
      failed('firefox', 'error'),
      failed('native', 'error'),
    ]);
    expect(unable).toEqual(['p in micropython: why']);
    expect(failures).toEqual(['p in pyodide: why', 'p in firefox: why', 'p in native: why']);
  });

  test('shows ratios to native with their noise, and what was not measured as such', () => {
    const programs = [
      { name: 'queens', engines: { native: spread([100]), node: spread([150, 180, 210]) } },
    ];
    const [, line, means] = tableOfTimes(programs, ['native', 'node', 'firefox']);
    expect(line?.split(/\s{2,}/)).toEqual(['queens', '100 ms ± 0 %', '×1.80 ±17 %', '·']);
    expect(means?.split(/\s{2,}/)).toEqual(['geometric mean', '×1.00 of 1', '×1.80 of 1', '·']);
  });

  test('shows times where native was not measured', () => {
    const [, line] = tableOfTimes([{ name: 'p', engines: { node: spread([7]) } }], ['node']);
    expect(line).toContain('7 ms');
  });

  test('does not call a verdict held or broken without measurements', () => {
    const verdict = { claim: 'fast', value: Number.NaN, holds: undefined, programs: 0 };
    expect(linesOfVerdicts([verdict])).toEqual(['? fast: not measured']);
  });

  test('tells the starts of those that have started', () => {
    const started = { program: 'p', engine: 'node' as const, timesMs: [1], startMs: [30, 50, 40] };
    expect(lineOfStarts([started, failed('firefox', 'error')], ['node', 'firefox'])).toBe(
      'start of an interpreter: node 40 ms',
    );
  });

  test('names first the program that Pyodide is best at', () => {
    const programs = [
      { name: 'a', engines: { chromium: spread([10]), pyodide: spread([20]) } },
      { name: 'b', engines: { chromium: spread([30]), pyodide: spread([20]) } },
    ];
    expect(lineOfSlowest(programs)).toEqual(['slowest against Pyodide: b 1.50, a 0.50']);
    expect(lineOfSlowest([])).toEqual([]);
  });
});
