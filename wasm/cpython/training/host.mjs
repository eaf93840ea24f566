// Runs the instrumented CPython: node host.mjs MODULE LIBRARY TRAINING SCRATCH OUT, the last four being
// folders. Whatever WASI tells the guest of this machine, of its clock and of its folders is the same each time.
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Tests recurse as deeply as they may, in code that nobody optimised. */
const STACK_MEGABYTES = 64;
const FIRST_PREOPEN = 3;
/** In nanoseconds. */
const START = 1_750_000_000_000_000_000n;
const TICK = 1000n;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const DIRENT_BYTES = 24;
const SLASH = 0x2f;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: process.argv.slice(2),
    resourceLimits: { stackSizeMb: STACK_MEGABYTES },
  });
  worker.on('exit', (status) => {
    process.exitCode = status;
  });
} else {
  await run(...workerData);
}

async function run(module, library, training, scratch, out) {
  const preopens = {
    '/usr/lib/python3.13': library,
    '/training': training,
    '/tmp': scratch,
    '/out': out,
  };
  // Its own stream begins at its beginning; this process's may be a terminal, or a log that has begun already.
  const report = join(out, 'report.txt');
  const stream = openSync(report, 'w');
  const stdin = openSync('/dev/null');
  const wasi = new WASI({
    version: 'preview1',
    args: ['python'],
    env: {},
    preopens,
    stdin,
    stdout: stream,
    stderr: stream,
  });
  let memory;
  const imports = repeatable(wasi.wasiImport, Object.values(preopens), () => memory);
  const { instance } = await WebAssembly.instantiate(readFileSync(module), {
    wasi_snapshot_preview1: imports,
  });
  memory = instance.exports.memory;
  try {
    process.exitCode = wasi.start(instance);
  } finally {
    process.stdout.write(readFileSync(report));
  }
}

/** The system's calls, but for what differs from one run to another. */
function repeatable(system, preopened, memoryNow) {
  const view = () => new DataView(memoryNow().buffer);
  const bytes = (pointer, length) => new Uint8Array(memoryNow().buffer, pointer, length);
  const opened = new Map(preopened.map((path, index) => [FIRST_PREOPEN + index, path]));
  let now = START;
  let random = 1;

  const levelled = (error, pointer) => {
    if (error !== 0) return error;
    const isFolder = bytes(pointer + 16, 1)[0] === DIRECTORY;
    const size = isFolder ? 0n : view().getBigUint64(pointer + 32, true);
    for (const [offset, value] of [
      [0, 0n], // device
      [8, 1n], // inode
      [24, 1n], // links
      [32, size],
      [40, START], // accessed
      [48, START], // modified
      [56, START], // changed
    ]) {
      view().setBigUint64(pointer + offset, value, true);
    }
    return 0;
  };

  return {
    ...system,
    clock_time_get(_clock, _precision, pointer) {
      now += TICK;
      view().setBigUint64(pointer, now, true);
      return 0;
    },
    // Asked for a single clock only, by sleep: then it is that late.
    poll_oneoff(subscription, event, _count, eventCount) {
      const asked = view().getBigUint64(subscription + 24, true);
      const isAbsolute = (view().getUint16(subscription + 40, true) & 1) !== 0;
      now = isAbsolute ? asked : now + asked;
      bytes(event, 32).fill(0);
      view().setBigUint64(event, view().getBigUint64(subscription, true), true);
      view().setUint32(eventCount, 1, true);
      return 0;
    },
    random_get(pointer, length) {
      for (const index of bytes(pointer, length).keys()) {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
        bytes(pointer, length)[index] = random >>> 24;
      }
      return 0;
    },
    fd_filestat_get: (fd, pointer) => levelled(system.fd_filestat_get(fd, pointer), pointer),
    path_filestat_get: (fd, flags, path, length, pointer) =>
      levelled(system.path_filestat_get(fd, flags, path, length, pointer), pointer),
    path_open(fd, flags, path, length, ...rest) {
      // The system refuses a folder's name that ends in a slash.
      const nameLength = bytes(path + length - 1, 1)[0] === SLASH ? length - 1 : length;
      const name = new TextDecoder().decode(bytes(path, nameLength));
      const error = system.path_open(fd, flags, path, nameLength, ...rest);
      if (error === 0) opened.set(view().getUint32(rest.at(-1), true), join(opened.get(fd), name));
      return error;
    },
    // Sorted, and without inodes.
    fd_readdir(fd, pointer, length, cookie, used) {
      const listed = readdirSync(opened.get(fd), { withFileTypes: true });
      const entries = listed.map((entry) => [
        entry.name,
        entry.isDirectory() ? DIRECTORY : REGULAR_FILE,
      ]);
      entries.sort(([one], [other]) => (one < other ? -1 : 1));
      entries.unshift(['.', DIRECTORY], ['..', DIRECTORY]);
      let filled = 0;
      for (let index = Number(cookie); index < entries.length && filled < length; index++) {
        const [name, type] = entries[index];
        const encoded = new TextEncoder().encode(name);
        const entry = new Uint8Array(DIRENT_BYTES + encoded.length);
        const fields = new DataView(entry.buffer);
        fields.setBigUint64(0, BigInt(index + 1), true);
        fields.setUint32(16, encoded.length, true);
        fields.setUint8(20, type);
        entry.set(encoded, DIRENT_BYTES);
        const part = entry.subarray(0, length - filled);
        bytes(pointer + filled, part.length).set(part);
        filled += part.length;
      }
      view().setUint32(used, filled, true);
      return 0;
    },
  };
}
