/** One load of the interpreter's files for each folder, however many elements of the page want it. */
import type { LoadProgress } from '../index';
import { PythonGuest } from '../page/guest';
import { guestFolder, hasServiceWorker } from './guest-folder';

type ProgressListener = (progress: LoadProgress) => void;

interface Loading {
  readonly guest: Promise<PythonGuest>;
  readonly listeners: Set<ProgressListener>;
  progress: LoadProgress | undefined;
}

interface GuestOptions {
  readonly onProgress?: ProgressListener;
  /** Whether the browser keeps the files for the next visit, unless a service worker does. Default true. */
  readonly keep?: boolean;
}

const loadings = new Map<string, Loading>();

/**
 * `folder`: from the page's own; null: beside the folder of this script. Throws as `PythonGuest.load`; who asks after
 * that tries again.
 */
export async function guestAt(
  folder: string | null,
  { onProgress, keep = true }: GuestOptions = {},
): Promise<PythonGuest> {
  const { href } = guestFolder(folder);
  const loading = loadings.get(href) ?? startLoading(href, keep);
  if (onProgress === undefined) return loading.guest;
  if (loading.progress !== undefined) onProgress(loading.progress);
  loading.listeners.add(onProgress);
  try {
    return await loading.guest;
  } finally {
    loading.listeners.delete(onProgress);
  }
}

function startLoading(folder: string, keep: boolean): Loading {
  const listeners = new Set<ProgressListener>();
  const onProgress = (progress: LoadProgress): void => {
    loading.progress = progress;
    for (const listener of listeners) listener(progress);
  };
  // What a service worker has kept comes so fast that counting it would only make it slower.
  const guest = PythonGuest.load(folder, hasServiceWorker() ? {} : { keep, onProgress });
  const loading: Loading = { guest, listeners, progress: undefined };
  loadings.set(folder, loading);
  guest.catch(() => loadings.delete(folder));
  return loading;
}
