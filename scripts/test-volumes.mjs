/**
 * `npm run test:volumes [-- OPERATIONS]`: the same random operations on each kind of volume and on
 * the file system of this machine, 100,000 of them unless said otherwise.
 */

import { run } from './lib/processes.mjs';
import { packageProgram } from './lib/project.mjs';
import { installNpmPackages } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

const OPERATIONS = 100_000;

await command(async ([operations = String(OPERATIONS)]) => {
  if (!/^[1-9]\d{0,8}$/.test(operations)) {
    throw new Failure(`${operations}: expected a number of operations.`);
  }
  await installNpmPackages();
  const { status } = await run(
    [...packageProgram('vitest/vitest.mjs'), 'run', '--project', 'unit', 'src/node/volume-model'],
    { show: true, env: { GLOVEBOX_VOLUME_OPERATIONS: operations } },
  );
  return status ?? 1;
});
