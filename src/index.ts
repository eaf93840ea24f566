/** Glovebox on a page: run untrusted Python, and answer its every call. Nothing but names: who bundles it takes what it uses. */

export * from './exports';
export { type PageLoadOptions, PythonGuest, Sandbox } from './page/guest';
export { ImageStore } from './page/image-store';
export { isolatePage } from './page/isolation';
export { createPool, type SandboxPool } from './page/pool';
export { replay } from './page/replay';
export { warmUp } from './page/warm-up';
export { startWasiProgram } from './page/wasi-program';
export {
  type DirectoryHandleOptions,
  DirectoryHandleVolume,
} from './volume/directory-handle-volume';
export type { CheckProblem, CheckReport } from './volume/indexeddb-check';
export { IndexedDbVolume, type IndexedDbVolumeOptions } from './volume/indexeddb-volume';
export { VolumeError } from './volume/volume-error';
