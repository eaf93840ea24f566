/** Glovebox in Node: the same controller over worker threads. */

import { type Network, type NetworkOptions, network as networkOf } from '../capability/network';
import { PythonGuest as Guest, type LoadOptions } from '../controller/python-guest';
import { type ReplayOptions, type ReplayResult, replay as replayTrace } from '../controller/replay';
import { Sandbox as SandboxClass } from '../controller/sandbox';
import type { SandboxImage } from '../controller/sandbox-image';
import type { RestoreOptions, SandboxOptions } from '../controller/sandbox-options';
import { SandboxPool as Pool, type PoolOptions } from '../controller/sandbox-pool';
import type { Trace } from '../controller/trace';
import { type WarmUpOptions, warmUp as warmUpOn } from '../controller/warm-up';
import {
  type ProgramOptions,
  startWasiProgram as startProgram,
  type WasiProgram,
} from '../controller/wasi-program';
import { guardedFetch } from './guarded-fetch';
import { createNodePlatform, filesIn } from './platform';

export * from '../exports';
export { HostDirectoryError, type HostDirectoryErrorCode } from './host-directory-error';
export { type HostDirectoryOptions, HostDirectoryVolume } from './host-directory-volume';

export type PythonGuest = Guest;
export type Sandbox = SandboxClass;
export type SandboxPool = Pool;

/** Both lie beside the bundle: see `scripts/build.mjs`. */
const WORKER_FILE = new URL('./worker-entry.cjs', import.meta.url);
const GUEST_FOLDER = new URL('../guest/', import.meta.url);

const platform = createNodePlatform(WORKER_FILE);

export const PythonGuest = {
  /** Loads the interpreter from the folder that holds its files; without one, the package's own. */
  load(folder: URL = GUEST_FOLDER, options: LoadOptions = {}): Promise<PythonGuest> {
    return Guest.load(filesIn(folder), options, platform);
  },
};

export const Sandbox = {
  create(options: SandboxOptions): Promise<Sandbox> {
    return SandboxClass.create(options, platform);
  },
  /** A sandbox that goes on where an image was taken, here or elsewhere. */
  restore(image: SandboxImage | Uint8Array, options: RestoreOptions): Promise<Sandbox> {
    return SandboxClass.restore(image, options, platform);
  },
};

/**
 * Lets a guest send requests to the hosts on a list; `fetch` looks at the addresses that they lead to, unless another
 * one is given. Throws `OptionError`.
 */
export function network(options: NetworkOptions): Network {
  return networkOf({ ...options, fetch: options.fetch ?? guardedFetch() });
}

/** Workers that are warm before a sandbox needs one: see `PoolOptions`. */
export function createPool(options: PoolOptions): Promise<SandboxPool> {
  return Pool.create(options, platform);
}

/** Has the engine make its better code for the interpreter: see `WarmUpOptions`. */
export function warmUp(options: WarmUpOptions): Promise<void> {
  return warmUpOn(options, platform);
}

/**
 * Lets a guest live through a recording once more, without the volumes, clocks and capabilities of then: the answers
 * come from the trace. Throws `TraceError`.
 */
export function replay(trace: Trace | Uint8Array, options: ReplayOptions): Promise<ReplayResult> {
  return replayTrace(trace, options, platform);
}

/** Starts any other WASI preview1 program. */
export function startWasiProgram(bytes: Uint8Array, options: ProgramOptions): Promise<WasiProgram> {
  return startProgram(bytes, options, platform);
}
