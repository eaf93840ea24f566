/** What tests of volumes in IndexedDB share. */
import type { Inode, Volume } from '../volume/volume';
import { VolumeError, type VolumeErrorCode } from '../volume/volume-error';
import { text } from './volume-helpers';

export async function errorCode(call: () => Promise<unknown>): Promise<VolumeErrorCode | 'done'> {
  try {
    await call();
    return 'done';
  } catch (error) {
    if (error instanceof VolumeError) return error.code;
    throw error;
  }
}

export async function put(
  volume: Volume,
  name: string,
  content: string | Uint8Array,
): Promise<Inode> {
  const inode = await volume.createFile(volume.root, name);
  await volume.write(inode, 0, typeof content === 'string' ? text(content) : content);
  return inode;
}

export async function get(volume: Volume, name: string): Promise<Uint8Array | undefined> {
  const inode = await volume.lookup(volume.root, name);
  if (inode === undefined) return undefined;
  const { size } = await volume.attributes(inode);
  return (await volume.read(inode, 0, size)).slice();
}

export function noise(bytes: number, seed: number): Uint8Array {
  const result = new Uint8Array(bytes);
  let state = seed;
  for (let index = 0; index < bytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    result[index] = state >>> 24;
  }
  return result;
}

/** Where the methods of all databases are. */
export async function databasePrototype(): Promise<IDBDatabase> {
  const request = indexedDB.open('any');
  await new Promise((resolve) => {
    request.onsuccess = resolve;
  });
  request.result.close();
  return Object.getPrototypeOf(request.result) as IDBDatabase;
}

/** A request that the browser can't do, as it reports that. */
export function failing<T>(store: IDBObjectStore, name: string): IDBRequest<T> {
  const transaction = store.transaction as unknown as {
    _execRequestAsync(request: { source: IDBObjectStore; operation: () => T }): IDBRequest<T>;
  };
  return transaction._execRequestAsync({
    source: store,
    operation: () => {
      throw new DOMException('told by the browser', name);
    },
  });
}
