/**
 * `npm run test:crash [-- ROUNDS]`: kills the browser while a guest writes, 200 times unless said
 * otherwise, and looks for what was synced.
 */
import { run } from './lib/processes.mjs';
import { packageProgram } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

const ROUNDS = 200;

await command(async ([rounds = String(ROUNDS)]) => {
  if (!/^[1-9]\d{0,5}$/.test(rounds)) throw new Failure(`${rounds}: expected a number of rounds.`);
  await setUp(new Set(/** @type {const} */ (['guest', 'browser'])));
  const { status } = await run(
    [...packageProgram('@playwright/test/cli.js'), 'test', 'e2e/crash.spec.ts'],
    { show: true, env: { GLOVEBOX_CRASH_ROUNDS: rounds } },
  );
  return status;
});
