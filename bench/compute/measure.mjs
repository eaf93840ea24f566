/** Runs every program in every engine, in turns, and puts the times together. */
import { filesOf } from './programs.mjs';
import { spread } from './statistics.mjs';

/**
 * @typedef {import('./engines.mjs').EngineName} EngineName
 * @typedef {import('./engines.mjs').OpenEngine} OpenEngine
 * @typedef {import('./order.mjs').Report} Report
 * @typedef {import('./programs.mjs').Program} Program
 * @typedef {{ rounds: number, warmUps: number, runs: number }} Effort for each program and engine: `runs` in a round
 */

/**
 * One program in one engine. `startMs`: of its interpreter, each time. `problem`: what kept it from being measured.
 * @typedef {{ program: string, engine: EngineName, timesMs: number[], startMs: number[], problem?: Problem }} Series
 * @typedef {{ kind: 'wrong' | 'error', text: string }} Problem
 */

/**
 * What a report is worth.
 * @param {Report} report
 * @param {Program} program
 * @returns {Problem | undefined}
 */
export function problemOf(report, { expected }) {
  if ('error' in report) return { kind: 'error', text: report.error };
  const wrong = report.results.find((result) => result !== expected);
  if (wrong === undefined && report.results.length > 0) return undefined;
  return { kind: 'wrong', text: `gave ${JSON.stringify(wrong)}, not ${JSON.stringify(expected)}` };
}

/**
 * The order of the turns: each program goes through all engines before the next is looked at, so that what the machine
 * does meanwhile meets all of them, and none is always the first after another.
 * @template Item, Name
 * @param {readonly Item[]} items
 * @param {readonly Name[]} names
 * @param {number} rounds
 * @returns {{ item: Item, name: Name }[]}
 */
export function turns(items, names, rounds) {
  return Array.from({ length: rounds }, (_, round) =>
    items.flatMap((item, place) =>
      names.map((_, step) => {
        const name = /** @type {Name} */ (names[(step + place + round) % names.length]);
        return { item, name };
      }),
    ),
  ).flat();
}

/**
 * A program that an engine has failed at once is not tried there again. A page or a process that dies is an error
 * of that program as well.
 * @param {readonly Program[]} programs
 * @param {ReadonlyMap<EngineName, OpenEngine>} engines
 * @param {Effort} effort
 * @param {(series: Series, done: number, all: number) => void} onTurn
 * @returns {Promise<Series[]>}
 */
export async function measureAll(programs, engines, { rounds, warmUps, runs }, onTurn) {
  const names = [...engines.keys()];
  const found = programs.flatMap((program) =>
    names.map(
      (engine) =>
        /** @type {Series} */ ({
          program: program.name,
          engine,
          timesMs: [],
          startMs: [],
        }),
    ),
  );
  const all = turns(programs, names, rounds);
  for (const [done, { item: program, name }] of all.entries()) {
    const series = found.find((each) => each.program === program.name && each.engine === name);
    const engine = engines.get(name);
    if (series === undefined || engine === undefined || series.problem !== undefined) continue;
    const order = {
      program: program.name,
      size: program.size,
      runs: warmUps + runs,
      files: filesOf(program.name),
    };
    const report = await engine.measure(order).catch((reason) => ({
      startMs: Number.NaN,
      error: reason instanceof Error ? reason.message : String(reason),
    }));
    const problem = problemOf(report, program);
    if (problem !== undefined) series.problem = problem;
    else if ('timesNs' in report) {
      series.startMs.push(report.startMs);
      series.timesMs.push(...report.timesNs.slice(warmUps).map((time) => time / 1e6));
    }
    onTurn(series, done + 1, all.length);
  }
  return found;
}

/**
 * @param {readonly Program[]} programs
 * @param {readonly Series[]} measured
 * @returns {import('./statistics.mjs').ProgramTimes[]}
 */
export function timesByProgram(programs, measured) {
  return programs.map(({ name }) => ({
    name,
    engines: Object.fromEntries(
      measured
        .filter(({ program, problem }) => program === name && problem === undefined)
        .map(({ engine, timesMs }) => [engine, spread(timesMs)]),
    ),
  }));
}
