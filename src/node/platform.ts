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

/** The guest's own stack, which lies in its memory, holds no more where each level takes as much as the heaviest seen. */
const MOST_DEPTH = 4_000;

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
  const readBytes = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await read(name));
  return {
    read: readBytes,
    readCode: readBytes,
    compile: async (name) => WebAssembly.compile(await readBytes(name)),
  };
}
