/** Glovebox on a page: run untrusted Python, and answer its every call. */
import { PythonGuest as Guest, type LoadOptions } from './controller/python-guest';
import { type ReplayOptions, type ReplayResult, replay as replayTrace } from './controller/replay';
import { Sandbox as SandboxClass } from './controller/sandbox';
import type { SandboxImage } from './controller/sandbox-image';
import type { RestoreOptions, SandboxOptions } from './controller/sandbox-options';
import { SandboxPool as Pool, type PoolOptions } from './controller/sandbox-pool';
import type { Trace } from './controller/trace';
import {
  type ProgramOptions,
  startWasiProgram as startProgram,
  type WasiProgram,
} from './controller/wasi-program';
import { filesAt } from './page/files-at';
import { pagePlatform } from './page/platform';

export * from './exports';
export { ImageStore } from './page/image-store';
export { isolatePage } from './page/isolation';
export {
  type DirectoryHandleOptions,
  DirectoryHandleVolume,
} from './volume/directory-handle-volume';
export type { CheckProblem, CheckReport } from './volume/indexeddb-check';
export { IndexedDbVolume, type IndexedDbVolumeOptions } from './volume/indexeddb-volume';
export { VolumeError } from './volume/volume-error';

export type PythonGuest = Guest;
export type Sandbox = SandboxClass;
export type SandboxPool = Pool;

export interface PageLoadOptions extends LoadOptions {
  /**
   * Whether the browser keeps the files unpacked, in its Cache Storage and on the account of the page's origin: 13 MB, and
   * 19 MB more as programs import from the library. On the next visit they are there 0.2 s earlier, and without a network
   * too. What the server says of its build (`build.json`, `image.json`) is asked for each time; another build takes the
   * place of the old one. Default false.
   */
  readonly keep?: boolean;
}

export const PythonGuest = {
  /**
   * Loads the interpreter from the folder that holds its files; without one, from `guest/` beside
   * the page. Load it once and give it to every sandbox.
   */
  load(
    folder: URL | string = 'guest/',
    { keep, ...options }: PageLoadOptions = {},
  ): Promise<PythonGuest> {
    return Guest.load(filesAt(new URL(folder, document.baseURI), keep), options, pagePlatform);
  },
};

export const Sandbox = {
  create(options: SandboxOptions): Promise<Sandbox> {
    return SandboxClass.create(options, pagePlatform);
  },
  /** A sandbox that goes on where an image was taken, here or elsewhere. */
  restore(image: SandboxImage | Uint8Array, options: RestoreOptions): Promise<Sandbox> {
    return SandboxClass.restore(image, options, pagePlatform);
  },
};

/** Workers that are warm before a sandbox needs one: see `PoolOptions`. */
export function createPool(options: PoolOptions): Promise<SandboxPool> {
  return Pool.create(options, pagePlatform);
}

/**
 * Lets a guest live through a recording once more, without the volumes, clocks and capabilities of then: the answers
 * come from the trace. Throws `TraceError`.
 */
export function replay(trace: Trace | Uint8Array, options: ReplayOptions): Promise<ReplayResult> {
  return replayTrace(trace, options, pagePlatform);
}

/** Starts any other WASI preview1 program. */
export function startWasiProgram(bytes: Uint8Array, options: ProgramOptions): Promise<WasiProgram> {
  return startProgram(bytes, options, pagePlatform);
}
