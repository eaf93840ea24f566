/** Runs modules of CPython's own test suite inside the sandbox, in this process. */
import { readdirSync } from 'node:fs';
import { inProject } from './project.mjs';

/** Room for what the tests of big data build up. */
const HEAP_BYTES = 1024 ** 3;
/** Sparse files of some GiB are tried out; what is not written takes no room. */
const DISK_BYTES = 16 * 1024 ** 3;
const MODULE_TIMEOUT_MS = 480_000;
const KEPT_OUTPUT = 60_000;

/**
 * @typedef {{ status: 'pass' | 'skip' | 'fail', reason: string, seconds: number, output: string }} Verdict
 */

/**
 * The modules that a folder of tests holds, as regrtest names them.
 * @param {string} folder
 */
export function listTestModules(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name.startsWith('test_'))
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.py'))
    .map(({ name }) => name.replace(/\.py$/, ''))
    .sort();
}

/** @param {string} folder of the tests */
export async function openTestBench(folder) {
  const host = await import(inProject('dist', 'node', 'index.js'));
  const guest = await host.PythonGuest.load();
  const tests = host.HostDirectoryVolume.open(folder);
  const memory = () => new host.MemoryVolume({ maxBytes: DISK_BYTES });

  /**
   * @param {string} module
   * @returns {Promise<Verdict>}
   */
  return async (module) => {
    let output = '';
    const decoder = new TextDecoder();
    const startedMs = performance.now();
    const sandbox = await host.Sandbox.create({
      guest,
      mounts: { '/usr/lib/python3.13/test': tests, '/home': memory(), '/tmp': memory() },
      limits: {
        heapBytes: HEAP_BYTES,
        wallMs: MODULE_TIMEOUT_MS,
        cpuMs: Number.POSITIVE_INFINITY,
        openFiles: 1024,
      },
      terminal: { stdout: false, stderr: false },
      onOutput: (/** @type {Uint8Array} */ bytes) => {
        output = (output + decoder.decode(bytes, { stream: true })).slice(-KEPT_OUTPUT);
      },
    });
    try {
      const outcome = await sandbox.runProgram({
        kind: 'module',
        name: 'test',
        argv: ['-W', module],
      });
      const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
      return { ...judge(outcome, output), seconds, output };
    } finally {
      sandbox.dispose();
    }
  };
}

/**
 * @param {{ status: string, exitCode?: number, message?: string }} outcome
 * @param {string} output
 * @returns {{ status: 'pass' | 'skip' | 'fail', reason: string }}
 */
function judge(outcome, output) {
  const skipped = /^test_\S+ skipped -- (?<reason>.*)$/m.exec(output);
  if (skipped !== null) return { status: 'skip', reason: skipped.groups?.reason ?? '' };
  if (/No tests ran|no tests run/i.test(output))
    return { status: 'skip', reason: 'nothing to run' };
  if (outcome.status === 'exit' && outcome.exitCode === 0 && /Result: SUCCESS/.test(output)) {
    return { status: 'pass', reason: '' };
  }
  if (outcome.status !== 'exit') {
    return {
      status: 'fail',
      reason: `${outcome.status}${outcome.message ? `: ${outcome.message}` : ''}`,
    };
  }
  const summary = /^FAILED \((?<counts>.*)\)$/m.exec(output)?.groups?.counts;
  return { status: 'fail', reason: summary ?? `exit ${outcome.exitCode}` };
}
