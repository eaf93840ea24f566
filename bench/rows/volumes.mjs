/**
 * Files on a volume in memory beside Pyodide's MEMFS, and on one in IndexedDB beside its IDBFS, each in
 * the same page: the same Python program in both. Where ours waits for `fsync`, Pyodide waits for `syncfs`.
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

/**
 * Each does all in turn with the other. In the first seconds engines still compile what they run, on a core
 * that ours has use for: what the first of those rounds took is told as a figure of its own. `unstored`: rounds before all
 * others on what is in memory, as a round with a store takes minutes.
 */
const ROUNDS = {
  inMemory: { unstored: 0, warmUp: 12, measured: 15 },
  stored: { unstored: 12, warmUp: 1, measured: 3 },
  reading: { warmUp: 12, measured: 15 },
};

/** In rounds that only warm up: a thousand `syncfs` take minutes. */
const SYNCED_TO_WARM_UP = { inMemory: SYNCED_FILES, stored: 10 };

const ROOT = '/data/bench';
const UNSTORED_ROOT = '/tmp/bench';

/** In how many pages: MEMFS reads at random four times as fast in one page as in another. */
const PAGES = { inMemory: 5, stored: 1, reading: 5 };

/**
 * `inMemory`, `stored`: how much of Pyodide's time it should take at most. What only reads makes nothing persistent: of a
 * store it is told without a target, in a row of its own.
 * @typedef {{ task: keyof Seconds, label: string, unit: string, work: number,
 *   inMemory: number, stored?: number, onlyReads?: boolean }} Task
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
  {
    task: 'read',
    label: 'sequential read',
    unit: 'MiB/s',
    work: FILE_MIB,
    inMemory: 2,
    onlyReads: true,
  },
  {
    task: 'random',
    label: '4 KiB random reads',
    unit: '/s',
    work: RANDOM_READS,
    inMemory: 2,
    onlyReads: true,
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
    stored: 2,
  },
];

/**
 * An interpreter with a file system, that does all tasks as often as it is asked to.
 * @typedef {{ round(root: string, synced: number): Promise<Seconds>, write(root: string): Promise<void>,
 *   read(root: string): Promise<Seconds>, close(): Promise<void> }} Contestant
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
    round: async (root, synced) =>
      JSON.parse(String(await sandbox.evaluate(`measure('${root}', ${synced})`))),
    write: async (root) => void (await sandbox.evaluate(`write('${root}')`)),
    read: async (root) => JSON.parse(String(await sandbox.evaluate(`read('${root}')`))),
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
    round: async (root, synced) =>
      JSON.parse(await python.runPythonAsync(`await measure('${root}', ${synced})`)),
    write: (root) => python.runPythonAsync(`await write('${root}')`),
    read: async (root) => JSON.parse(await python.runPythonAsync(`await read('${root}')`)),
    close: async () => undefined,
  };
}

/**
 * @typedef {Record<'ours' | 'theirs', string>} Names
 * @typedef {Record<'ours' | 'theirs', Seconds[]>} Rounds
 */

/**
 * @param {readonly Task[]} measured
 * @param {Rounds} rounds without those that only warmed up
 * @param {Names} names
 * @param {'inMemory' | 'stored'} target
 */
function figuresOf(measured, rounds, names, target) {
  return measured.flatMap(({ task, label, unit, work, ...targets }) => {
    /** @param {'ours' | 'theirs'} whose */
    const usual = (whose) => median(rounds[whose].map((seconds) => seconds[task]));
    return [
      { label: `${label}, ${names.ours}`, value: work / usual('ours'), unit },
      { label: `${label}, ${names.theirs}`, value: work / usual('theirs'), unit },
      {
        label: `${label}, ${names.ours} against ${names.theirs}`,
        value: usual('ours') / usual('theirs'),
        unit: '×',
        target: targets[target],
      },
    ];
  });
}

/**
 * @param {string} name
 * @param {Names} names
 * @param {'inMemory' | 'stored'} target
 * @param {(library: any) => Promise<any>} openVolume
 * @returns {import('../figures.mjs').Row}
 */
function rowOf(name, names, target, openVolume) {
  return {
    name,
    title: `Files, ${names.ours}, and Pyodide’s ${names.theirs} beside it`,
    repeats: PAGES[target],
    hosts: ['chromium'],
    disk: true,
    async measure({ library }) {
      const ours = await glovebox(library, await openVolume(library));
      const theirs = await pyodide(target === 'stored');
      /** @type {Rounds} */
      const rounds = { ours: [], theirs: [] };
      const { unstored, warmUp, measured } = ROUNDS[target];
      for (let round = 0; round < unstored; round++) {
        await ours.round(UNSTORED_ROOT, SYNCED_TO_WARM_UP[target]);
        await theirs.round(UNSTORED_ROOT, SYNCED_TO_WARM_UP[target]);
      }
      for (let round = 0; round < warmUp + measured; round++) {
        const synced = round < warmUp ? SYNCED_TO_WARM_UP[target] : SYNCED_FILES;
        rounds.ours.push(await ours.round(ROOT, synced));
        rounds.theirs.push(await theirs.round(ROOT, synced));
      }
      await ours.close();
      const [firstOurs = 0, firstTheirs = 0] = [rounds.ours[0], rounds.theirs[0]].map((seconds) =>
        Object.values(seconds ?? {}).reduce((sum, value) => sum + value, 0),
      );
      const reported = tasks.filter(({ onlyReads }) => !onlyReads || target === 'inMemory');
      const warm = { ours: rounds.ours.slice(warmUp), theirs: rounds.theirs.slice(warmUp) };
      const label = 'all of it for the first time';
      return [
        ...figuresOf(reported, warm, names, target),
        { label, value: firstOurs / firstTheirs, unit: '×' },
      ];
    },
  };
}

export const memoryRow = rowOf(
  'volumes',
  { ours: 'memory', theirs: 'MEMFS' },
  'inMemory',
  async ({ MemoryVolume }) => new MemoryVolume({ maxBytes: GiB }),
);

const STORED = { ours: 'IndexedDB', theirs: 'IDBFS' };

/** @param {any} library */
const openStored = ({ IndexedDbVolume }) => IndexedDbVolume.open('bench');

export const storedRow = rowOf('stored-volumes', STORED, 'stored', openStored);

/** @type {import('../figures.mjs').Row} */
export const storedReadsRow = {
  name: 'stored-reads',
  title: 'A stored file read again and again, and beside it with Pyodide’s IDBFS',
  repeats: PAGES.reading,
  hosts: ['chromium'],
  disk: true,
  async measure({ library }) {
    const ours = await glovebox(library, await openStored(library));
    const theirs = await pyodide(true);
    await ours.write(ROOT);
    await theirs.write(ROOT);
    /** @type {Rounds} */
    const rounds = { ours: [], theirs: [] };
    const { warmUp, measured } = ROUNDS.reading;
    for (let round = 0; round < warmUp + measured; round++) {
      const [first, second] = [await ours.read(ROOT), await theirs.read(ROOT)];
      if (round < warmUp) continue;
      rounds.ours.push(first);
      rounds.theirs.push(second);
    }
    await ours.close();
    const reading = tasks.filter(({ onlyReads }) => onlyReads);
    return figuresOf(reading, rounds, STORED, 'stored');
  },
};
