/** How fast bytes come and go: a file of the page's that is read in large pieces, and very many short lines of output. */
import { median } from '../figures.mjs';

const PIECE_BYTES = 2 ** 20;
const FILE_PIECES = 16;
const READS = 256;
/** At 1 GiB a second, in microseconds. */
const READ_TARGET = 1e6 / 1024;

const READING = `
import time
def main():
    piece = bytearray(${PIECE_BYTES})
    times = []
    with open('/data/file', 'rb', buffering=0) as file:
        for n in range(${READS}):
            if n % ${FILE_PIECES} == 0: file.seek(0)
            start = time.perf_counter_ns()
            if file.readinto(piece) != len(piece): raise EOFError
            times.append(time.perf_counter_ns() - start)
    return times[len(times) // 4:]
times = main()`;

export const LINES = 1_000_000;
/** Leaves the seconds in `spent`. */
export const PRINTING = `
import sys, time
def main():
    start = time.perf_counter()
    for n in range(${LINES}): print(n)
    sys.stdout.flush()
    return time.perf_counter() - start
spent = main()`;

/**
 * @param {import('../figures.mjs').Library} library
 * @param {string} source
 * @param {Partial<import('../../src/index').SandboxOptions>} options
 * @param {string} expression
 */
async function valueAfter(library, source, options, expression) {
  const guest = await library.PythonGuest.load();
  const none = Number.POSITIVE_INFINITY;
  const limits = { outputBytes: none, fuel: none, cpuMs: none, wallMs: none };
  const sandbox = await library.Sandbox.create({ guest, limits, ...options });
  try {
    const { status } = await sandbox.run(source);
    if (status !== 'ok') throw new Error(`the program ended with ${status}`);
    return await sandbox.evaluate(expression);
  } finally {
    sandbox.dispose();
    guest.dispose();
  }
}

/** @type {import('../figures.mjs').Row} */
export const readsRow = {
  name: 'reads',
  title: 'A file of a memory volume, read in pieces of 1 MiB',
  repeats: 3,
  async measure({ library }) {
    const file = new Uint8Array(FILE_PIECES * PIECE_BYTES).fill(1);
    const volume = library.MemoryVolume.from({ file });
    const times = await valueAfter(library, READING, { mounts: { '/data': volume } }, 'times');
    const microseconds = /** @type {number[]} */ (times).map((time) => Number(time) / 1000);
    return [{ label: 'a read', value: median(microseconds), unit: 'µs', target: READ_TARGET }];
  },
};

/** Python flushes each line to a terminal; to a file or a pipe it writes when its buffer is full. */
export const LINE_BY_LINE = 'to a terminal, line by line';
export const IN_BLOCKS = 'as to a file, in blocks';

/** @type {import('../figures.mjs').Row} */
export const printRow = {
  name: 'print',
  title: 'A million short lines printed',
  repeats: 1,
  async measure({ library }) {
    /** @param {boolean} stdout */
    const print = async (stdout) => {
      let bytes = 0;
      const onOutput = (/** @type {Uint8Array} */ { length }) => {
        bytes += length;
      };
      const options = { onOutput, terminal: { stdout } };
      const seconds = Number(await valueAfter(library, PRINTING, options, 'spent'));
      if (bytes !== 6_888_890) throw new Error(`${bytes} bytes of output came`);
      return seconds * 1000;
    };
    return [
      { label: LINE_BY_LINE, value: await print(true), unit: 'ms' },
      { label: IN_BLOCKS, value: await print(false), unit: 'ms' },
    ];
  },
};
