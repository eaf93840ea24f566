/** The controller's needs, met by Node. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { GuestFiles } from '../controller/guest-files';
import type { Platform } from '../controller/platform';
import { nodeEndpoint } from './endpoint';

/** The guest's C code may nest deeply; Node's own default for a worker's stack is 4 MiB. */
const WORKER_STACK_MB = 32;

/** Deeper is of no use to any program, and takes long to try. */
const MOST_DEPTH = 12_000;

/** `workerFile`: the bundled entry of the worker. */
export function createNodePlatform(workerFile: URL): Platform {
  return {
    mostDepth: MOST_DEPTH,
    createWorker(onFailure) {
      const worker = new Worker(workerFile, {
        name: 'glovebox guest',
        // The guest's surroundings are ours alone: nothing of the process goes in.
        env: {},
        execArgv: [],
        resourceLimits: { stackSizeMb: WORKER_STACK_MB },
      });
      worker.on('error', (error) => onFailure(error.message));
      return {
        endpoint: nodeEndpoint(worker),
        terminate: () => void worker.terminate(),
        keepAlive: (keeps) => (keeps ? worker.ref() : worker.unref()),
      };
    },
    compile: (bytes) => WebAssembly.compile(bytes as BufferSource),
    yieldToEventLoop: (then) => setImmediate(then),
    chooseChannel: () => 'shared',
  };
}

/** The guest's files in a folder on disk. */
export function filesIn(folder: URL): GuestFiles {
  const read = (name: string): Promise<Buffer> => readFile(path.join(fileURLToPath(folder), name));
  return {
    read: async (name) => new Uint8Array(await read(name)),
    compile: async (name) => WebAssembly.compile(new Uint8Array(await read(name))),
  };
}
