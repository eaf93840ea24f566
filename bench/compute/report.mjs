/** The results as lines of text. */
import { engines } from './engines.mjs';
import { geometricMean, median, ratios } from './statistics.mjs';

/**
 * @typedef {import('./engines.mjs').EngineName} EngineName
 * @typedef {import('./measure.mjs').Series} Series
 * @typedef {import('./statistics.mjs').ProgramTimes} ProgramTimes
 * @typedef {import('./statistics.mjs').Verdict} Verdict
 */

const NAME_WIDTH = 18;
const WIDTH = 16;

/**
 * Each program: native in milliseconds, the others in times native, with the median distance from the median.
 * @param {readonly ProgramTimes[]} programs
 * @param {readonly EngineName[]} names
 * @returns {string[]}
 */
export function tableOfTimes(programs, names) {
  const head = 'program'.padEnd(NAME_WIDTH) + names.map((name) => name.padStart(WIDTH)).join('');
  const rows = programs.map((program) => {
    const cells = names.map((name) => cell(program, name).padStart(WIDTH));
    return program.name.padEnd(NAME_WIDTH) + cells.join('');
  });
  const means = names.map((name) => {
    const values = ratios(programs, name, 'native').map(({ ratio }) => ratio);
    const mean =
      values.length === 0 ? '·' : `×${geometricMean(values).toFixed(2)} of ${values.length}`;
    return mean.padStart(WIDTH);
  });
  return [head, ...rows, 'geometric mean'.padEnd(NAME_WIDTH) + means.join('')];
}

/**
 * @param {ProgramTimes} program
 * @param {EngineName} name
 */
function cell({ engines: spreads }, name) {
  const spread = spreads[name];
  if (spread === undefined) return '·';
  const noise = `±${((spread.deviationMs / spread.medianMs) * 100).toFixed(0).padStart(2)} %`;
  const native = spreads.native?.medianMs;
  return name === 'native' || native === undefined
    ? `${spread.medianMs.toFixed(0)} ms ${noise}`
    : `×${(spread.medianMs / native).toFixed(2)} ${noise}`;
}

/**
 * @param {readonly Series[]} measured
 * @param {readonly EngineName[]} names
 */
export function lineOfStarts(measured, names) {
  const starts = names.flatMap((name) => {
    const times = measured.flatMap(({ engine, startMs }) => (engine === name ? startMs : []));
    return times.length === 0 ? [] : `${name} ${median(times).toFixed(0)} ms`;
  });
  return `start of an interpreter: ${starts.join(', ')}`;
}

/** @param {readonly Verdict[]} verdicts */
export function linesOfVerdicts(verdicts) {
  return verdicts.map(({ claim, value, holds, programs }) => {
    if (holds === undefined) return `? ${claim}: not measured`;
    return `${holds ? '✓' : '✗'} ${claim}: ${value.toFixed(2)} (${programs} programs)`;
  });
}

/**
 * The programs that Pyodide is best at, compared with this guest in the same browser.
 * @param {readonly ProgramTimes[]} programs
 */
export function lineOfSlowest(programs) {
  const slowest = ratios(programs, 'chromium', 'pyodide')
    .sort((a, b) => b.ratio - a.ratio)
    .slice(0, 5)
    .map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}`);
  return slowest.length === 0 ? [] : [`slowest against Pyodide: ${slowest.join(', ')}`];
}

/**
 * What was not measured and why. A peer that can't run a program is no failure of ours; a wrong result always is one.
 * @param {readonly Series[]} measured
 * @returns {{ unable: string[], failures: string[] }}
 */
export function problems(measured) {
  /** @type {{ unable: string[], failures: string[] }} */
  const found = { unable: [], failures: [] };
  for (const { engine, program, problem } of measured) {
    if (problem === undefined) continue;
    const isFailure = problem.kind === 'wrong' || !engines[engine].peer;
    const line = `${program} in ${engine}: ${problem.text}`;
    (isFailure ? found.failures : found.unable).push(line);
  }
  return found;
}
