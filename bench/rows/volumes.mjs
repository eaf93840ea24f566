/**
 * Files on a volume in memory and on one in IndexedDB, beside Pyodide's MEMFS and IDBFS in the same
 * page: the same Python program in both. Where ours waits for `fsync`, Pyodide waits for `syncfs`.
 */
import { median } from '../figures.mjs';
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

/** Each does all in turn with the others; the first round is also what engines learn the code by. */
const ROUNDS = 3;

const contestantNames = /** @type {const} */ (['ours', 'memfs', 'stored', 'idbfs']);

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
 * An interpreter with a file system, that does all tasks as often as it is asked to.
 * @typedef {{ round(): Promise<Seconds>, close(): Promise<void> }} Contestant
 */

/**
 * @param {import('../figures.mjs').Library & Record<string, any>} library
 * @param {any} volume
 * @returns {Promise<Contestant>}
 */
async function glovebox(library, volume) {
  const guest = await library.PythonGuest.load();
  const sandbox = await library.Sandbox.create({
    guest,
    mounts: { '/data': volume },
    limits: { wallMs: 600_000, cpuMs: 600_000 },
  });
  const outcome = await sandbox.run(gloveboxProgram);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return {
    round: async () => JSON.parse(String(await sandbox.evaluate("measure('/data/bench')"))),
    close: async () => {
      sandbox.dispose();
      await volume.close();
    },
  };
}

/**
 * @param {boolean} stored
 * @returns {Promise<Contestant>}
 */
async function pyodide(stored) {
  const folder = '/node_modules/pyodide/';
  const { loadPyodide } = await import(/* @vite-ignore */ `${folder}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: folder });
  python.FS.mkdir('/data');
  if (stored) {
    python.FS.mount(python.FS.filesystems.IDBFS, {}, '/data');
    python.globals.set('syncfs', () => {
      return new Promise((resolve, reject) => {
        const done = (/** @type {unknown} */ error) => (error ? reject(error) : resolve(undefined));
        python.FS.syncfs(false, done);
      });
    });
  }
  python.runPython(pyodideProgram(stored));
  return {
    round: async () => JSON.parse(await python.runPythonAsync("await measure('/data/bench')")),
    close: async () => undefined,
  };
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
    const contestants = {
      ours: await glovebox(library, new MemoryVolume({ maxBytes: GiB })),
      memfs: await pyodide(false),
      stored: await glovebox(library, await IndexedDbVolume.open('bench')),
      idbfs: await pyodide(true),
    };
    /** @type {Record<keyof typeof contestants, Seconds[]>} */
    const rounds = { ours: [], memfs: [], stored: [], idbfs: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of contestantNames) rounds[name].push(await contestants[name].round());
    }
    for (const name of contestantNames) await contestants[name].close();
    return tasks.flatMap(({ task, label, unit, work, inMemory, stored: most }) => {
      /** @param {keyof typeof contestants} name */
      const usual = (name) => median(rounds[name].map((seconds) => seconds[task]));
      const [ours, memfs] = [usual('ours'), usual('memfs')];
      const [stored, idbfs] = [usual('stored'), usual('idbfs')];
      return [
        { label: `${label}, memory`, value: work / ours, unit },
        { label: `${label}, MEMFS`, value: work / memfs, unit },
        against(`${label}, memory against MEMFS`, ours / memfs, inMemory),
        { label: `${label}, IndexedDB`, value: work / stored, unit },
        { label: `${label}, IDBFS`, value: work / idbfs, unit },
        against(`${label}, IndexedDB against IDBFS`, stored / idbfs, most),
      ];
    });
  },
};
