/** Commands that run a random test of Vitest's with far more rounds than `npm test` has for it. */
import { run } from './processes.mjs';
import { packageProgram } from './project.mjs';
import { setUp } from './setup.mjs';
import { command, Failure } from './steps.mjs';

/**
 * The body of `npm run test:SOMETHING [-- COUNT]`.
 * @param {object} test
 * @param {number} test.count unless the command line says otherwise
 * @param {string} test.of what is counted, in the plural
 * @param {'unit' | 'guest'} test.project
 * @param {string} test.file as Vitest takes it
 * @param {string} test.variable of the environment, which tells the test its count
 */
export function randomTest({ count: usual, of, project, file, variable }) {
  return command(async ([count = String(usual)]) => {
    if (!/^[1-9]\d{0,8}$/.test(count)) throw new Failure(`${count}: expected a number of ${of}.`);
    await setUp(new Set(project === 'guest' ? /** @type {const} */ (['guest']) : []));
    const { status } = await run(
      [...packageProgram('vitest/vitest.mjs'), 'run', '--project', project, file],
      { show: true, env: { [variable]: count } },
    );
    return status ?? 1;
  });
}
