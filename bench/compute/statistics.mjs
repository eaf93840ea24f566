/** What the measured times say. */

/**
 * Milliseconds. `deviationMs`: the median distance from the median.
 * @typedef {{ medianMs: number, minMs: number, maxMs: number, deviationMs: number, runs: number }} Spread
 */

/**
 * The middle one, or the mean of the two in the middle.
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/**
 * @param {readonly number[]} values
 * @returns NaN for none
 */
export function geometricMean(values) {
  if (values.length === 0) return Number.NaN;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * @param {readonly number[]} timesMs
 * @returns {Spread}
 */
export function spread(timesMs) {
  const middle = median(timesMs);
  return {
    medianMs: middle,
    minMs: Math.min(...timesMs),
    maxMs: Math.max(...timesMs),
    deviationMs: median(timesMs.map((time) => Math.abs(time - middle))),
    runs: timesMs.length,
  };
}

/**
 * The spreads of one program, by engine; an engine that did not run it is not there.
 * @typedef {{ name: string, engines: Readonly<Partial<Record<string, Spread>>> }} ProgramTimes
 */

/**
 * How many times as long as `base` an engine takes, by program: of those that both have run.
 * @param {readonly ProgramTimes[]} programs
 * @param {string} engine
 * @param {string} base
 * @returns {{ name: string, ratio: number }[]}
 */
export function ratios(programs, engine, base) {
  return programs.flatMap(({ name, engines }) => {
    const [mine, other] = [engines[engine], engines[base]];
    return mine && other ? [{ name, ratio: mine.medianMs / other.medianMs }] : [];
  });
}

/**
 * `holds`: undefined if it could not be measured.
 * @typedef {{ claim: string, value: number, holds: boolean | undefined, programs: number }} Verdict
 */

/**
 * What the project promises of these times, and whether it holds.
 * @param {readonly ProgramTimes[]} programs
 * @returns {Verdict[]}
 */
export function judge(programs) {
  /** @type {(engine: string, base: string) => number[]} */
  const of = (engine, base) => ratios(programs, engine, base).map(({ ratio }) => ratio);
  /** @type {(claim: string, values: readonly number[], value: number, holds: boolean) => Verdict} */
  const verdict = (claim, values, value, holds) =>
    values.length === 0
      ? { claim, value: Number.NaN, holds: undefined, programs: 0 }
      : { claim, value, holds, programs: values.length };
  const against = [
    { engine: 'chromium', title: 'Chromium', most: 1.5 },
    { engine: 'firefox', title: 'Firefox', most: 2.2 },
    { engine: 'node', title: 'Node', most: 1.8 },
  ].map(({ engine, title, most }) => {
    const values = of(engine, 'native');
    const mean = geometricMean(values);
    return verdict(`${title}: at most ${most} times native`, values, mean, mean <= most);
  });
  const faster = of('pyodide', 'chromium');
  const mean = geometricMean(faster);
  const slower = of('chromium', 'pyodide');
  const worst = Math.max(...slower);
  return [
    ...against,
    verdict('Chromium: at least 1.25 times as fast as Pyodide', faster, mean, mean >= 1.25),
    verdict("Chromium: no program over 1.1 times Pyodide's time", slower, worst, worst <= 1.1),
  ];
}
