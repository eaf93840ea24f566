/**
 * Files on a volume in memory and on one in IndexedDB, beside Pyodide's MEMFS and IDBFS in the same
 * page: the same Python program in both. Where ours waits for `fsync`, Pyodide waits for `syncfs`.
 */
import {
  FILE_MIB,
  FILES_PER_FOLDER,
  gloveboxProgram,
  pyodideProgram,
  RANDOM_READS,
  SMALL_FILES,
  SYNCED_FILES,
  WALK_FOLDERS,
} from '../volumes/program.mjs';

/** @typedef {Record<'write' | 'read' | 'random' | 'synced' | 'small' | 'walk', number>} Seconds */

const GiB = 2 ** 30;

/**
 * `inMemory`, `stored`: how much of Pyodide's time it should take at most.
 * @typedef {{ task: keyof Seconds, label: string, unit: string, work: number,
 *   inMemory: number, stored: number }} Task
 * @type {readonly Task[]}
 */
const tasks = [
  {
    task: 'write',
    label: 'sequential write',
    unit: 'MiB/s',
    work: FILE_MIB,
    inMemory: 2,
    stored: 1,
  },
  { task: 'read', label: 'sequential read', unit: 'MiB/s', work: FILE_MIB, inMemory: 2, stored: 1 },
  {
    task: 'random',
    label: '4 KiB random reads',
    unit: '/s',
    work: RANDOM_READS,
    inMemory: 2,
    stored: 1,
  },
  {
    task: 'synced',
    label: 'small files, each synced',
    unit: '/s',
    work: SYNCED_FILES,
    inMemory: 2,
    stored: 0.2,
  },
  {
    task: 'small',
    label: 'small files, synced together',
    unit: '/s',
    work: SMALL_FILES,
    inMemory: 2,
    stored: 1,
  },
  {
    task: 'walk',
    label: 'os.walk, files',
    unit: '/s',
    work: WALK_FOLDERS * FILES_PER_FOLDER,
    inMemory: 2,
    stored: 1,
  },
];

/**
 * @param {import('../figures.mjs').Library & Record<string, any>} library
 * @param {any} volume
 * @returns {Promise<Seconds>}
 */
async function inGlovebox(library, volume) {
  const guest = await library.PythonGuest.load();
  const sandbox = await library.Sandbox.create({
    guest,
    mounts: { '/data': volume },
    limits: { wallMs: 600_000, cpuMs: 600_000 },
  });
  try {
    const outcome = await sandbox.run(gloveboxProgram);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
    return JSON.parse(String(await sandbox.evaluate("measure('/data/bench')")));
  } finally {
    sandbox.dispose();
    await volume.close();
  }
}

/**
 * @param {boolean} stored
 * @returns {Promise<Seconds>}
 */
async function inPyodide(stored) {
  const folder = '/node_modules/pyodide/';
  const { loadPyodide } = await import(/* @vite-ignore */ `${folder}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: folder });
  pyodide.FS.mkdir('/data');
  if (stored) {
    pyodide.FS.mount(pyodide.FS.filesystems.IDBFS, {}, '/data');
    pyodide.globals.set('syncfs', () => {
      return new Promise((resolve, reject) => {
        const done = (/** @type {unknown} */ error) => (error ? reject(error) : resolve(undefined));
        pyodide.FS.syncfs(false, done);
      });
    });
  }
  pyodide.runPython(pyodideProgram(stored));
  return JSON.parse(await pyodide.runPythonAsync("await measure('/data/bench')"));
}

/**
 * @param {string} label
 * @param {number} value
 * @param {number} target
 * @returns {import('../figures.mjs').Figure}
 */
function against(label, value, target) {
  return { label, value, unit: '×', target };
}

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'volumes',
  title: 'Volumes, and Pyodide’s file systems beside them',
  repeats: 1,
  hosts: ['chromium'],
  disk: true,
  async measure({ library }) {
    const { MemoryVolume, IndexedDbVolume } = /** @type {any} */ (library);
    const ours = await inGlovebox(library, new MemoryVolume({ maxBytes: GiB }));
    const memfs = await inPyodide(false);
    const stored = await inGlovebox(library, await IndexedDbVolume.open('bench'));
    const idbfs = await inPyodide(true);
    return tasks.flatMap(({ task, label, unit, work, inMemory, stored: most }) => [
      { label: `${label}, memory`, value: work / ours[task], unit },
      { label: `${label}, MEMFS`, value: work / memfs[task], unit },
      against(`${label}, memory against MEMFS`, ours[task] / memfs[task], inMemory),
      { label: `${label}, IndexedDB`, value: work / stored[task], unit },
      { label: `${label}, IDBFS`, value: work / idbfs[task], unit },
      against(`${label}, IndexedDB against IDBFS`, stored[task] / idbfs[task], most),
    ]);
  },
};
