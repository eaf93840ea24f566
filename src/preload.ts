/**
 * Asks for what Python is made of before the library is there: this script is small, and what it begins is for whoever
 * loads an interpreter next.
 */
import { beginFiles } from './page/files-at';
import { beginWorker } from './page/worker-here';

export interface PreloadOptions {
  /** As in `PythonGuest.load`, for which what is said here holds. Default false. */
  readonly keep?: boolean;
  /** Whether `onProgress` of `PythonGuest.load` is to hear of it: counting takes some time. Default true. */
  readonly counts?: boolean;
}

/**
 * `folder`: as for `PythonGuest.load`. The files for a first prompt are asked for, the module is compiled as it comes, and a
 * worker starts. What fails, `PythonGuest.load` tells.
 */
export function preloadGuest(
  folder: URL | string = 'guest/',
  { keep = false, counts = true }: PreloadOptions = {},
): void {
  beginFiles(new URL(folder, document.baseURI), keep, counts);
  beginWorker();
}
