/**
 * A million lines, printed by a guest to its page and by CPython on the machine to a file, in turn. Like is compared with
 * like: CPython writes to a file in blocks, and so does a guest whose output is no terminal.
 */

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildReference, nativeEnvironment } from './compute/processes.mjs';
import { median, spread } from './figures.mjs';
import { openChromium } from './hosts.mjs';
import { IN_BLOCKS, LINE_BY_LINE, LINES, PRINTING, printRow } from './rows/throughput.mjs';

const ROUNDS = 7;
const MOST_TIMES_NATIVE = 3;

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measurePrint() {
  const python = await buildReference();
  const folder = mkdtempSync(path.join(tmpdir(), 'glovebox-print-'));
  const host = await openChromium('chromium');
  /** @type {Record<string, number[]>} */
  const here = { [LINE_BY_LINE]: [], [IN_BLOCKS]: [] };
  /** @type {number[]} */
  const native = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      native.push(printNatively(python, path.join(folder, 'lines')));
      for (const { label, value } of await host.measure(printRow)) here[label]?.push(value);
    }
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const against = (/** @type {string} */ label) => median(here[label] ?? []) / median(native);
  return [
    { label: `${LINES} lines, native, to a file`, unit: 'ms', ...spread(native) },
    ...Object.entries(here).map(([label, times]) => ({
      label: `to the page, ${label}`,
      unit: 'ms',
      ...spread(times),
    })),
    { label: 'line by line, against native to a file', value: against(LINE_BY_LINE), unit: '×' },
    {
      label: 'in blocks, against native to a file',
      value: against(IN_BLOCKS),
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
