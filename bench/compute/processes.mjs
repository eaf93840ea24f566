/** Engines that are programs of this machine: an order each time in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { run } from '../../scripts/lib/processes.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { measurement, preparation } from './order.mjs';

/** What the native interpreter says as soon as it runs. */
const STARTED = 'started\n';

/**
 * @typedef {import('./order.mjs').Order} Order
 * @typedef {import('./order.mjs').Report} Report
 * @typedef {import('./engines.mjs').OpenEngine} OpenEngine
 */

/** @returns {OpenEngine} */
export function openNode() {
  return {
    version: `Node ${process.versions.node}`,
    async measure(order) {
      const child = spawn(process.execPath, [inProject('bench', 'compute', 'node-process.mjs')], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(JSON.stringify(order));
      return JSON.parse(await text(child.stdout));
    },
  };
}

/** Nothing of this machine's own that would change how Python behaves: PYTHONUNBUFFERED and the like. */
export const nativeEnvironment = {
  PATH: process.env.PATH,
  LC_ALL: 'C.UTF-8',
  PYTHONHASHSEED: '0',
};

/** CPython for this machine, of the guest's sources at -O3; the first time it has to be built. Gives the program's path. */
export async function buildReference() {
  const building = await run([process.execPath, inProject('wasm', 'build.mjs'), '--reference']);
  if (building.status !== 0) throw new Error(building.output);
  return building.stdout.trim();
}

/** @returns {Promise<OpenEngine>} */
export async function openNative() {
  const python = await buildReference();
  const { stdout: version } = await run([python, '-VV']);
  return {
    version: version.trim(),
    async measure(order) {
      const folder = mkdtempSync(join(tmpdir(), 'glovebox-compute-'));
      try {
        for (const [name, content] of Object.entries(order.files)) {
          writeFileSync(join(folder, name), content);
        }
        return await measureNatively(python, folder, order);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/**
 * @param {string} python
 * @param {string} folder
 * @param {Order} order
 * @returns {Promise<Report>}
 */
async function measureNatively(python, folder, order) {
  const startedAt = performance.now();
  const source = `print('started', flush=True)\n${preparation(folder)}print(${measurement(order)})`;
  const child = spawn(python, ['-s', '-c', source], {
    env: nativeEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let startMs = Number.NaN;
  let output = '';
  for await (const piece of child.stdout.setEncoding('utf8')) {
    output += piece;
    if (Number.isNaN(startMs)) startMs = performance.now() - startedAt;
  }
  if (!output.startsWith(STARTED)) throw new Error(`${python} did not run ${order.program}`);
  return { startMs, ...JSON.parse(output.slice(STARTED.length)) };
}
