/**
 * From asking for a sandbox to its first result, the guest's files loaded before: in a worker of its own, in one
 * that a pool kept warm, and beside that what Pyodide takes to load and to answer.
 */
import { median } from '../figures.mjs';

const WARM_UPS = 2;
const STARTS = 15;
const PYODIDE_EVERY = 5;
const POOL_SIZE = 2;

/** Until a pool is full again. */
const REFILL_MS = 10;

/** Until workers that have ended are gone, and those that come in their place are there. */
const QUIET_MS = 300;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'start',
  title: 'Start of a sandbox, guest loaded',
  repeats: 1,
  hosts: ['chromium', 'firefox', 'node'],
  async measure({ name, library }) {
    const guest = await library.PythonGuest.load();
    const pool = await library.createPool({ guest, size: POOL_SIZE });
    /** @type {Record<'created' | 'answered' | 'pooled' | 'pyodide', number[]>} */
    const times = { created: [], answered: [], pooled: [], pyodide: [] };
    for (let start = 0; start < WARM_UPS + STARTS; start++) {
      const isMeasured = start >= WARM_UPS;
      const startedAt = performance.now();
      const sandbox = await library.Sandbox.create({ guest });
      const createdAt = performance.now();
      if ((await sandbox.evaluate('6 * 7')) !== 42) throw new Error('a wrong answer');
      if (isMeasured) {
        times.created.push(createdAt - startedAt);
        times.answered.push(performance.now() - startedAt);
      }
      sandbox.dispose();

      await pause(QUIET_MS);
      const takenAt = performance.now();
      const pooled = await pool.create();
      if ((await pooled.evaluate('6 * 7')) !== 42) throw new Error('a wrong answer');
      if (isMeasured) times.pooled.push(performance.now() - takenAt);
      pooled.dispose();
      while (pool.ready < POOL_SIZE) await pause(REFILL_MS);
      await pause(QUIET_MS);

      if (name === 'node' || start % PYODIDE_EVERY !== WARM_UPS) continue;
      times.pyodide.push(await pyodideStart());
    }
    pool.dispose();
    const figures = [
      { label: 'Sandbox.create', value: median(times.created), unit: 'ms' },
      { label: 'to the first result', value: median(times.answered), unit: 'ms', target: 20 },
      { label: 'from a pool', value: median(times.pooled), unit: 'ms', target: 5 },
    ];
    if (times.pyodide.length === 0) return figures;
    const pyodide = median(times.pyodide);
    return [
      ...figures,
      { label: 'loadPyodide, to the first result', value: pyodide, unit: 'ms' },
      {
        label: 'of that, a sandbox takes',
        value: median(times.answered) / pyodide,
        unit: '×',
        target: 0.01,
      },
    ];
  },
};

/** @param {number} durationMs */
function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function pyodideStart() {
  const folder = '/node_modules/pyodide/';
  const { loadPyodide } = await import(/* @vite-ignore */ `${folder}pyodide.mjs`);
  const startedAt = performance.now();
  const python = await loadPyodide({ indexURL: folder });
  if (python.runPython('6 * 7') !== 42) throw new Error('a wrong answer');
  return performance.now() - startedAt;
}
