/** The stages of the tests, in the order in which they are cheapest to fail. */
import {
  countConformance,
  countPlaywright,
  countsOf,
  countVitest,
  forgetReport,
  noTests,
} from './counts.mjs';
import { run } from './processes.mjs';
import { inProject, packageProgram } from './project.mjs';

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {{ show: boolean, extra: string[] }} StageOptions
 *   `show`: let the tool print as it goes; otherwise its output comes with the result.
 *   `extra`: arguments for the tool.
 * @typedef {{ failed: boolean, output: string, counts: Counts }} StageResult
 * @typedef {{
 *   name: string,
 *   title: string,
 *   needs: readonly ('guest' | 'browser')[],
 *   run: (options: StageOptions) => Promise<StageResult>,
 * }} Stage
 */

const typeScriptProjects = ['page', 'worker', 'node'];

/**
 * A stage without tests of its own: when it fails, that is one failure.
 * @param {string[][]} commands run side by side
 * @returns {Stage['run']}
 */
function tools(commands) {
  return async ({ show, extra }) => {
    const finished = await Promise.all(
      commands.map((command) => run([...command, ...extra], { show })),
    );
    const failures = finished.filter(({ status }) => status !== 0);
    return {
      failed: failures.length > 0,
      output: failures.map(({ output }) => output).join('\n'),
      counts: { ...noTests(), failed: failures.length },
    };
  };
}

/**
 * @param {string} project
 * @returns {Stage['run']}
 */
function vitest(project) {
  return async ({ show, extra }) => {
    const report = inProject('test-results', `${project}.json`);
    forgetReport(report);
    const { status, output } = await run(
      [
        ...packageProgram('vitest/vitest.mjs'),
        ...['run', '--project', project, '--reporter=default', '--reporter=json'],
        ...[`--outputFile.json=${report}`, ...extra],
      ],
      { show },
    );
    const counts = countsOf(report, countVitest, status);
    return { failed: counts.failed > 0, output, counts };
  };
}

/** @type {Stage['run']} */
async function playwright({ show, extra }) {
  const report = inProject('test-results', 'e2e.json');
  forgetReport(report);
  const { status, output } = await run(
    [...packageProgram('@playwright/test/cli.js'), 'test', '--reporter=list,json', ...extra],
    { show, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  );
  const counts = countsOf(report, countPlaywright, status);
  return { failed: counts.failed > 0, output, counts };
}

/** @type {Stage['run']} */
async function conformance({ show, extra }) {
  const report = inProject('test-results', 'conformance.json');
  forgetReport(report);
  const { status, output } = await run(
    [
      process.execPath,
      inProject('scripts/conformance.mjs'),
      ...['--short', '--report', report, ...extra],
    ],
    { show },
  );
  const counts = countsOf(report, countConformance, status);
  return { failed: counts.failed > 0, output, counts };
}

/** @type {readonly Stage[]} */
export const stages = [
  {
    name: 'style',
    title: 'format and lint',
    needs: [],
    run: tools([
      [...packageProgram('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
    ]),
  },
  {
    name: 'types',
    title: 'types',
    needs: [],
    run: tools(
      typeScriptProjects.map((project) => [
        ...packageProgram('typescript/bin/tsc'),
        ...['-p', `tsconfig.${project}.json`],
      ]),
    ),
  },
  { name: 'unit', title: 'unit tests', needs: [], run: vitest('unit') },
  { name: 'guest', title: 'tests with the guest', needs: ['guest'], run: vitest('guest') },
  {
    name: 'size',
    title: 'download size',
    needs: ['guest'],
    run: tools([[process.execPath, inProject('scripts/size.mjs')]]),
  },
  { name: 'e2e', title: 'tests in Chromium', needs: ['guest', 'browser'], run: playwright },
  {
    name: 'conformance',
    title: 'the same suite in Chromium, Firefox and WebKitGTK',
    needs: ['guest', 'browser'],
    run: conformance,
  },
];
