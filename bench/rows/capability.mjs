/**
 * A call of a page's function from Python, there and back: ours, and beside it what Pyodide in a worker does for
 * the same, a function of the page behind Comlink that `run_sync` waits for.
 */
import { median } from '../figures.mjs';

const CALLS = 2000;
const ROUNDS = { warmUp: 5, measured: 11 };

/** @param {string} call */
const program = (call) => `
import time

def measure():
    start = time.perf_counter()
    for _ in range(${CALLS}):
        left = ${call}
    assert left == 95, left
    return (time.perf_counter() - start) / ${CALLS} * 1e6
`;

/** @param {string} _target @param {number} points */
const damage = (_target, points) => 100 - points;

/**
 * @typedef {{ round(): Promise<number>, close(): void }} Contestant
 * @param {import('../figures.mjs').Library & Record<string, any>} library
 * @returns {Promise<Contestant>}
 */
async function glovebox(library) {
  const guest = await library.PythonGuest.load();
  const world = library.capability({
    damage: library.method('(target: str, points: int) -> int', damage),
  });
  const sandbox = await library.Sandbox.create({ guest, capabilities: { world } });
  const outcome = await sandbox.run(`import world${program("world.damage('orc', 5)")}`);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return {
    round: async () => Number(await sandbox.evaluate('measure()')),
    close: () => sandbox.dispose(),
  };
}

/** @returns {Promise<Contestant>} */
async function pyodide() {
  const comlink = '/node_modules/comlink/dist/esm/comlink.mjs';
  const Comlink = await import(/* @vite-ignore */ comlink);
  const worker = new Worker(new URL('../pyodide-worker.mjs', import.meta.url), { type: 'module' });
  const remote = Comlink.wrap(worker);
  const setUp = `from pyodide.ffi import run_sync${program("run_sync(page.damage('orc', 5))")}`;
  await remote.start(setUp, Comlink.proxy({ damage }));
  return { round: () => remote.run('measure()'), close: () => worker.terminate() };
}

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'capability',
  title: 'A function of the page, called from Python',
  repeats: 3,
  hosts: ['chromium'],
  async measure({ library }) {
    const contestants = [await glovebox(library), await pyodide()];
    /** @type {number[][]} */
    const times = [[], []];
    for (let round = 0; round < ROUNDS.warmUp + ROUNDS.measured; round++) {
      for (const [index, contestant] of contestants.entries()) {
        times[index]?.push(await contestant.round());
      }
    }
    for (const contestant of contestants) contestant.close();
    const [ours = 0, theirs = 0] = times.map((each) => median(each.slice(ROUNDS.warmUp)));
    return [
      { label: 'a call', value: ours, unit: 'µs' },
      { label: 'a call in Pyodide, through Comlink', value: theirs, unit: 'µs' },
      { label: 'a call against Pyodide’s', value: ours / theirs, unit: '×', target: 1 / 3 },
    ];
  },
};
