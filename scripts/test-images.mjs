/**
 * `npm run test:images [-- PROGRAMS]`: random programs that are stopped in their middle, captured, restored and
 * continued, 1,000 of them unless said otherwise.
 */

import { run } from './lib/processes.mjs';
import { packageProgram } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

const PROGRAMS = 1000;

await command(async ([programs = String(PROGRAMS)]) => {
  if (!/^[1-9]\d{0,8}$/.test(programs)) {
    throw new Failure(`${programs}: expected a number of programs.`);
  }
  await setUp(new Set(/** @type {const} */ (['guest'])));
  const { status } = await run(
    [
      ...packageProgram('vitest/vitest.mjs'),
      ...['run', '--project', 'guest', 'src/controller/snapshot-programs'],
    ],
    { show: true, env: { GLOVEBOX_IMAGE_PROGRAMS: programs } },
  );
  return status ?? 1;
});
