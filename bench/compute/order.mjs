/** What an engine is asked for and what it answers: JSON, between processes and pages. */

/**
 * `runs`: how often it runs in the one interpreter, warming up included. `files`: text by name.
 * @typedef {{ program: string, size: number, runs: number, files: Record<string, string> }} Order
 */

/**
 * `startMs`: from nothing (the page is there, or this process) to an interpreter that has run a statement.
 * `results`, `timesNs`: one of each run, in order. `error`: the Python exception that ended it instead.
 * @typedef {{ startMs: number, python: string, results: string[], timesNs: number[] }} Measured
 * @typedef {{ startMs: number, error: string }} Unable
 * @typedef {Measured | Unable} Report
 */

/**
 * An interpreter that has its files in a folder and can run Python.
 * @typedef {{ run: (source: string) => unknown, evaluate: (source: string) => unknown }} Interpreter
 *   `evaluate`: the value of an expression that is a str.
 */

/** Where an interpreter has the files, if it has a file system of its own. */
export const FOLDER = '/bench';

/**
 * Python source that makes `measure` known.
 * @param {string} folder
 */
export function preparation(folder) {
  return `import sys\nsys.path.insert(0, ${JSON.stringify(folder)})\nfrom harness import measure\n`;
}

/**
 * Python source of an expression: the harness's answer, as JSON.
 * @param {Order} order
 */
export function measurement({ program, size, runs }) {
  return `measure(${JSON.stringify(program)}, ${size}, ${runs})`;
}

/**
 * Opens an interpreter and measures in it: in one entry, so that it can't get a second chance at better code in between.
 * @param {(files: Record<string, string>) => Promise<Interpreter>} open
 * @param {Order} order
 * @returns {Promise<Report>}
 */
export async function carryOut(open, order) {
  const startedAt = performance.now();
  const interpreter = await open(order.files);
  await interpreter.run(preparation(FOLDER));
  const startMs = performance.now() - startedAt;
  return { startMs, ...JSON.parse(String(await interpreter.evaluate(measurement(order)))) };
}
