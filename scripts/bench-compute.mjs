/**
 * `npm run bench:compute [-- --only PROGRAM[,…] --engine ENGINE[,…] --rounds N --quick]`: the programs of
 * `bench/programs/` in this guest, in other Pythons for pages and in CPython on the machine. Writes
 * `bench/results/compute.json` and `compute.svg`. Fails if a program gives a wrong result, or does not run in the guest.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { parseArgs } from 'node:util';
import { inProject } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';
import { command, Failure } from './lib/steps.mjs';

const options = /** @type {const} */ ({
  only: { type: 'string', default: '' },
  engine: { type: 'string', default: '' },
  rounds: { type: 'string', default: '5' },
  quick: { type: 'boolean', default: false },
});

/** In each round: one run to warm up and two that count. */
const RUNS = { warmUps: 1, runs: 2 };
/** Enough to see where something is amiss, not to compare by. */
const QUICK = { rounds: 1, warmUps: 1, runs: 1 };

/** @type {Readonly<Record<string, string>>} */
const colours = {
  chromium: '#1a66cc',
  firefox: '#e07000',
  node: '#2e8b57',
  pyodide: '#b0306a',
  micropython: '#888888',
};

/**
 * @template {string} Name
 * @param {readonly Name[]} known
 * @param {string} wanted names with commas between them; none: all
 * @returns {Name[]}
 */
function choose(known, wanted) {
  if (wanted === '') return [...known];
  const names = wanted.split(',');
  const unknown = names.filter((name) => !known.some((each) => each === name));
  if (unknown.length === 0) return known.filter((name) => names.includes(name));
  throw new Failure(`There is no "${unknown.join(', ')}", only ${known.join(', ')}.`);
}

/** @param {{ rounds: string, quick: boolean }} values */
function effortOf({ rounds, quick }) {
  if (quick) return QUICK;
  if (!/^[1-9]\d?$/.test(rounds)) throw new Failure('--rounds takes a number from 1 to 99.');
  return { rounds: Number(rounds), ...RUNS };
}

function describeMachine() {
  const [{ model = 'unknown' } = {}] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(2);
  return { processor: model, cores: cpus().length, system: `${platform()} ${release()}`, load };
}

/** @param {import('../bench/compute/measure.mjs').Series} series */
function progress({ program, engine, timesMs, problem }) {
  const last = timesMs.at(-1);
  const told = problem?.text ?? (last === undefined ? 'nothing' : `${last.toFixed(0)} ms`);
  return `${program}, ${engine}: ${told}`;
}

await command(async (args) => {
  const { values } = parseArgs({ args, options });
  const effort = effortOf(values);
  const { readPrograms } = await import('../bench/compute/programs.mjs');
  const all = readPrograms('full');
  const wanted = choose(
    all.map(({ name }) => name),
    values.only,
  );
  const programs = all.filter(({ name }) => wanted.includes(name));
  await setUp(new Set(['guest', 'browser']));
  const { buildPageLibrary } = await import('./lib/bundles.mjs');
  await buildPageLibrary();
  const { Engines, engineNames, engines } = await import('../bench/compute/engines.mjs');
  const { measureAll, timesByProgram } = await import('../bench/compute/measure.mjs');
  const { judge } = await import('../bench/compute/statistics.mjs');
  const { plot } = await import('../bench/compute/plot.mjs');
  const lines = await import('../bench/compute/report.mjs');

  const names = choose(engineNames, values.engine);
  const machine = describeMachine();
  const opened = new Engines();
  /** @type {Map<import('../bench/compute/engines.mjs').EngineName, import('../bench/compute/engines.mjs').OpenEngine>} */
  const usable = new Map();
  /** @type {Record<string, string>} */
  const versions = {};
  /** @type {Record<string, string>} */
  const missing = {};
  let measured;
  try {
    for (const name of names) {
      try {
        const engine = await opened.open(name);
        usable.set(name, engine);
        versions[name] = engine.version;
      } catch (error) {
        missing[name] = error instanceof Error ? error.message : String(error);
      }
    }
    measured = await measureAll(programs, usable, effort, (series, done, count) => {
      if (process.stdout.isTTY) {
        process.stdout.write(`\x1b[2K… ${done} of ${count}: ${progress(series)}\r`);
      }
    });
  } finally {
    await opened.close();
  }

  const times = timesByProgram(programs, measured);
  const verdicts = judge(times);
  const { unable, failures } = lines.problems(measured);
  const caption = `Time, native = 1 (shorter is better); ${effort.rounds * effort.runs} runs, ${machine.processor}`;
  const plotted = names
    .filter((name) => name !== 'native' && usable.has(name))
    .map((name) => ({ name, title: engines[name].title, colour: colours[name] ?? '#000' }));
  const folder = inProject('bench', 'results');
  mkdirSync(folder, { recursive: true });
  const result = {
    machine,
    effort,
    versions,
    missing,
    programs: times,
    verdicts,
    series: measured,
  };
  writeFileSync(`${folder}/compute.json`, `${JSON.stringify(result, null, 1)}\n`);
  writeFileSync(`${folder}/compute.svg`, plot(times, plotted, 'native', caption));

  console.log(`\n${machine.processor}, ${machine.cores} cores, load ${machine.load}`);
  for (const [name, version] of Object.entries(versions)) console.log(`${name}: ${version}`);
  for (const [name, reason] of Object.entries(missing)) console.log(`missing: ${name}: ${reason}`);
  console.log('');
  for (const line of lines.tableOfTimes(times, [...usable.keys()])) console.log(line);
  console.log(`\n${lines.lineOfStarts(measured, [...usable.keys()])}`);
  for (const line of lines.lineOfSlowest(times)) console.log(line);
  for (const line of unable) console.log(`can't run ${line}`);
  console.log('');
  for (const line of lines.linesOfVerdicts(verdicts)) console.log(line);
  if (failures.length > 0) throw new Failure(`Failed: ${failures.join('\n')}`);
});
