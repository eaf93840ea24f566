import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { countPlaywright, countsOf, countVitest, sum, summary } from './lib/counts.mjs';

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((of) => ({ status: of })),
});

describe('counts of the test runners', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-counts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function report(content: string): string {
    const path = join(folder, 'report.json');
    writeFileSync(path, content);
    return path;
  }

  test("add up Vitest's files", () => {
    const testResults = [file('passed', 'passed', 'passed'), file('failed', 'failed', 'pending')];
    expect(countVitest({ testResults })).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  test('take a file that cannot be loaded for a failure', () => {
    expect(countVitest({ testResults: [file('failed')] }).failed).toBe(1);
  });

  test('take a flaky test and an error outside of tests for failures', () => {
    const stats = { expected: 3, unexpected: 0, flaky: 1, skipped: 2 };
    const counts = countPlaywright({ stats, errors: [{}] });
    expect(counts).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test('say one failed when the runner failed without a failed test', () => {
    const path = report(JSON.stringify({ testResults: [file('passed', 'passed')] }));
    expect(countsOf(path, countVitest, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(countsOf(path, countVitest, 0).failed).toBe(0);
  });

  test('say one failed when the report is missing or cut', () => {
    expect(countsOf(join(folder, 'none.json'), countVitest, 0).failed).toBe(1);
    expect(countsOf(report('{"testRes'), countVitest, 0).failed).toBe(1);
  });

  test('read as a plain line', () => {
    const some = { passed: 3, failed: 0, skipped: 0 };
    expect(summary(some)).toBe('3 passed, 0 failed');
    expect(summary(sum(some, { passed: 1, failed: 2, skipped: 4 }))).toBe(
      '4 passed, 2 failed, 4 skipped',
    );
  });
});
