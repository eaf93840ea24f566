/** IndexedDB and Web Locks as a browser has them, for tests in Node. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { vi } from 'vitest';

/** An origin without any data. Other pages of it share its databases and locks. */
export function fakeBrowser(): void {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
  vi.stubGlobal('navigator', { locks: new FakeLocks() });
}

type Holder = (lock: { name: string } | null) => unknown;

class FakeLocks {
  readonly #held = new Map<string, Promise<unknown>>();

  async request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    holder: Holder,
  ): Promise<unknown> {
    if (this.#held.has(name) && options.ifAvailable) return holder(null);
    const aborted = new Promise((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
    });
    for (let other = this.#held.get(name); other; other = this.#held.get(name)) {
      await Promise.race([other, aborted]);
    }
    const held = Promise.resolve(holder({ name }));
    this.#held.set(name, held);
    try {
      return await held;
    } finally {
      this.#held.delete(name);
    }
  }
}

/** The records of a volume, behind its back. */
export async function withRecords<T>(
  volume: string,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await done(indexedDB.open(`glovebox-volume:${volume}`));
  try {
    return await done(use(db.transaction('records', 'readwrite').objectStore('records')));
  } finally {
    db.close();
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
