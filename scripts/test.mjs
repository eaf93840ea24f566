/**
 * `npm test`: the set-up and every stage of the tests; the first failure ends it.
 * `npm test -- --only STAGE[,STAGE] [arguments for the tool of a single stage]`.
 */
import { noTests, sum, summary } from './lib/counts.mjs';
import { setUp } from './lib/setup.mjs';
import { stages } from './lib/stages.mjs';
import { command, Failure, report, secondsSince } from './lib/steps.mjs';

/** @param {string[]} args */
function choose(args) {
  if (args.length === 0) return { chosen: stages, extra: [] };
  const known = stages.map(({ name }) => name);
  if (args[0] !== '--only') {
    throw new Failure(`${args[0]}: expected --only and some of ${known.join(', ')}.`);
  }
  const names = (args[1] ?? '').split(',');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure(`--only: no stage "${unknown.join(', ')}"; there are ${known.join(', ')}.`);
  }
  const extra = args.slice(2);
  if (extra.length > 0 && names.length > 1) {
    throw new Failure(`Arguments (${extra.join(' ')}) need a single stage to go to.`);
  }
  return { chosen: stages.filter(({ name }) => names.includes(name)), extra };
}

/**
 * @param {import('./lib/stages.mjs').Stage} stage
 * @param {string[]} extra
 */
async function announce(stage, extra) {
  console.log(`\n── ${stage.title} (${stage.name})`);
  const startedMs = performance.now();
  const result = await stage.run({ show: true, extra });
  const verdict = result.failed ? 'FAILED' : 'good';
  console.log(`── ${stage.name}: ${verdict} (${secondsSince(startedMs)})`);
  return result;
}

await command(async (args) => {
  const startedMs = performance.now();
  const { chosen, extra } = choose(args);
  let counts = noTests();
  let broken = '';
  try {
    await setUp(new Set(chosen.flatMap(({ needs }) => needs)));
    for (const stage of chosen) {
      const result = await announce(stage, extra);
      counts = sum(counts, result.counts);
      if (!result.failed) continue;
      broken = stage.title;
      break;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    report(error);
    counts.failed += 1;
    broken = 'the set-up';
  }
  const verdict = broken === '' ? 'All is well' : `Stopped, because of a failure in: ${broken}`;
  console.log(`\n${verdict} (${secondsSince(startedMs)}).`);
  console.log(summary(counts));
  return broken === '' ? 0 : 1;
});
