/** Progress lines, and failures that are told in a line instead of a stack. */

/** Something the reader can act on: shown without a stack, and the command ends with status 1. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {string} [details] shown above the message, as it is
   */
  constructor(message, details = '') {
    super(message);
    this.details = details;
  }
}

/** @param {Failure} failure */
export function report({ details, message }) {
  if (details !== '') console.error(details);
  console.error(message);
}

/** @param {number} startedMs a value of `performance.now()` */
export function secondsSince(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}

/**
 * Runs one step and prints `✓ name (0.1 s)`, with the note that it may return.
 * @param {string} name
 * @param {() => Promise<string | void> | string | void} work
 */
export async function step(name, work) {
  const startedMs = performance.now();
  // On a terminal the line is there while the step is at work, and its result takes its place.
  if (process.stdout.isTTY) process.stdout.write(`… ${name}\r`);
  try {
    const note = await work();
    console.log(`✓ ${name}${note ? `: ${note}` : ''} (${secondsSince(startedMs)})`);
  } catch (error) {
    console.log(`✗ ${name} (${secondsSince(startedMs)})`);
    throw error;
  }
}

/**
 * What `parseArgs` throws.
 * @param {unknown} error
 * @returns {error is Error}
 */
function isUsageError(error) {
  return error instanceof Error && /^ERR_PARSE_ARGS/.test(String(Object(error).code));
}

/**
 * The body of a command: its status becomes the program's.
 * @param {(args: string[]) => Promise<number | void>} body
 */
export async function command(body) {
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (isUsageError(error)) {
      console.error(error.message);
      process.exitCode = 2;
      return;
    }
    if (!(error instanceof Failure)) throw error;
    report(error);
    process.exitCode = 1;
  }
}
