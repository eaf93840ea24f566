/** A million lines, printed by a guest to its page and by CPython on the machine to a file, in turn. */

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildReference, nativeEnvironment } from './compute/processes.mjs';
import { median, spread } from './figures.mjs';
import { openChromium } from './hosts.mjs';
import { LINES, PRINTING, printRow } from './rows/throughput.mjs';

const ROUNDS = 7;
const MOST_TIMES_NATIVE = 3;

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measurePrint() {
  const python = await buildReference();
  const folder = mkdtempSync(path.join(tmpdir(), 'glovebox-print-'));
  const host = await openChromium('chromium');
  /** @type {number[]} */
  const here = [];
  /** @type {number[]} */
  const native = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      native.push(printNatively(python, path.join(folder, 'lines')));
      here.push(...(await host.measure(printRow)).map(({ value }) => value));
    }
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    { label: `${LINES} lines, to the page`, unit: 'ms', ...spread(here) },
    { label: `${LINES} lines, native, to a file`, unit: 'ms', ...spread(native) },
    {
      label: 'to the page, against native',
      value: median(here) / median(native),
      unit: '×',
      target: MOST_TIMES_NATIVE,
    },
  ];
}

/**
 * Milliseconds.
 * @param {string} python
 * @param {string} file
 */
function printNatively(python, file) {
  const output = openSync(file, 'w');
  const program = `${PRINTING}\nprint(spent, file=sys.stderr)`;
  const { status, stderr } = spawnSync(python, ['-s', '-c', program], {
    env: nativeEnvironment,
    stdio: ['ignore', output, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(output);
  if (status !== 0) throw new Error(`${python} could not print: ${stderr}`);
  return Number(stderr) * 1000;
}
