/** One load of the interpreter's files for each folder, however many elements of the page want it. */
import { type LoadProgress, PythonGuest } from '../index';

type ProgressListener = (progress: LoadProgress) => void;

interface Loading {
  readonly guest: Promise<PythonGuest>;
  readonly listeners: Set<ProgressListener>;
  progress: LoadProgress | undefined;
}

export class GuestCache {
  readonly #loading = new Map<string, Loading>();

  /** A load that failed is tried again by who asks next. */
  async load(folder: URL, onProgress?: ProgressListener): Promise<PythonGuest> {
    const loading = this.#loading.get(folder.href) ?? this.#start(folder);
    if (onProgress === undefined) return loading.guest;
    if (loading.progress !== undefined) onProgress(loading.progress);
    loading.listeners.add(onProgress);
    try {
      return await loading.guest;
    } finally {
      loading.listeners.delete(onProgress);
    }
  }

  #start(folder: URL): Loading {
    const listeners = new Set<ProgressListener>();
    const onProgress = (progress: LoadProgress): void => {
      loading.progress = progress;
      for (const listener of listeners) listener(progress);
    };
    // What a service worker has kept comes so fast that counting it would only make it slower.
    const isKept = navigator.serviceWorker?.controller != null;
    const guest = PythonGuest.load(folder, isKept ? {} : { onProgress });
    const loading: Loading = { guest, listeners, progress: undefined };
    this.#loading.set(folder.href, loading);
    guest.catch(() => this.#loading.delete(folder.href));
    return loading;
  }
}
