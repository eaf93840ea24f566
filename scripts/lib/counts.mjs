/** How many tests passed, from the reports that the test runners write. */
import { readFileSync, rmSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts} */
export function noTests() {
  return { passed: 0, failed: 0, skipped: 0 };
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function sum(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** @param {Counts} counts */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} VitestFile
 * @param {{ testResults: VitestFile[] }} report
 * @returns {Counts}
 */
export function countVitest(report) {
  const counts = noTests();
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    counts.passed += passed;
    counts.skipped += statuses.length - passed - failed;
    // A file that could not even be loaded has no test that failed.
    counts.failed += file.status === 'failed' ? Math.max(failed, 1) : failed;
  }
  return counts;
}

/**
 * @typedef {{ expected: number, unexpected: number, flaky: number, skipped: number }} PlaywrightStats
 * @param {{ stats: PlaywrightStats, errors: unknown[] }} report
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * @param {{ report: { results: { failure?: string }[] } }[]} visits one for each engine and page
 * @returns {Counts}
 */
export function countConformance(visits) {
  const counts = noTests();
  for (const { failure } of visits.flatMap(({ report }) => report.results)) {
    if (failure === undefined) counts.passed++;
    else counts.failed++;
  }
  return counts;
}

/**
 * The counts of a run that has ended. A runner that failed without a failed test (or without a
 * report at all) counts as one failure: the summary must never look better than the status.
 * @template Report
 * @param {string} file
 * @param {(report: Report) => Counts} count
 * @param {number} status
 * @returns {Counts}
 */
export function countsOf(file, count, status) {
  let counts = noTests();
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { ...counts, failed: 1 };
  }
  return status === 0 ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

/** @param {string} file so that the report of an earlier run is not taken for this one's */
export function forgetReport(file) {
  rmSync(file, { force: true });
}
