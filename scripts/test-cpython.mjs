/**
 * `npm run test:cpython`: CPython's own regression tests inside the sandbox, compared with what
 * `e2e/cpython-tests.json` says of each module. That file only improves: a module that
 * passes there must pass. `--update` writes down what got better; a new failure needs its reason
 * written by hand.
 *
 *     npm run test:cpython [-- [--update] [--jobs N] [--logs FOLDER] [MODULE …]]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listTestModules, openTestBench } from './lib/cpython-tests.mjs';
import { inProject } from './lib/project.mjs';
import { guestFolder, setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

const RECORD = inProject('e2e', 'cpython-tests.json');

await command(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      update: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      logs: { type: 'string' },
    },
  });
  const jobs = Number(values.jobs);
  if (!(Number.isInteger(jobs) && jobs > 0)) throw new Failure('--jobs must be a whole number.');
  await setUp(new Set(['guest']));
  const folder = path.join(await guestFolder(), 'test');
  const all = listTestModules(folder);
  const unknown = positionals.filter((module) => !all.includes(module));
  if (unknown.length > 0) throw new Failure(`There is no test module ${unknown.join(', ')}.`);
  const modules = positionals.length > 0 ? positionals : all;

  /** @type {Record<string, { status: string, reason?: string }>} */
  const record = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : {};
  const runModule = await openTestBench(folder);
  if (values.logs !== undefined) mkdirSync(values.logs, { recursive: true });

  const counts = { pass: 0, fail: 0, skip: 0 };
  /** @type {string[]} */
  const worse = [];
  const queue = [...modules];
  const work = async () => {
    for (let module = queue.shift(); module !== undefined; module = queue.shift()) {
      const verdict = await runModule(module);
      counts[verdict.status] += 1;
      const known = record[module];
      const line = `${verdict.status} ${module} (${verdict.seconds} s) ${verdict.reason}`.trimEnd();
      console.log(line);
      if (values.logs !== undefined) {
        writeFileSync(path.join(values.logs, `${module}.log`), verdict.output);
      }
      if (known?.status === 'pass' && verdict.status !== 'pass') {
        worse.push(module);
        console.log(verdict.output.split('\n').slice(-40).join('\n'));
      } else if (verdict.status === 'pass') record[module] = { status: 'pass' };
      else if (known === undefined || known.status !== verdict.status) {
        record[module] = { status: verdict.status, reason: verdict.reason };
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));

  if (values.update) {
    const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(RECORD, `${JSON.stringify(sorted, null, 2)}\n`);
  }
  console.log(
    `${modules.length} modules: ${counts.pass} pass, ${counts.skip} skipped, ${counts.fail} fail`,
  );
  if (worse.length > 0) throw new Failure(`Passed before and do not now: ${worse.join(', ')}`);
  return 0;
});
