import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser, withRecords } from '../testing/fake-browser';
import { refusal } from '../testing/volume-helpers';
import { VolumeDatabase } from './indexeddb-database';

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

/** As the browser reports it when a request can't be done. */
function failing(store: IDBObjectStore, name: string): void {
  const transaction = store.transaction as unknown as {
    _execRequestAsync(request: { source: IDBObjectStore; operation: () => never }): void;
  };
  transaction._execRequestAsync({
    source: store,
    operation: () => {
      throw new DOMException('told by the browser', name);
    },
  });
}

describe('VolumeDatabase', () => {
  it('stores all of a transaction or nothing, also when it fails while it is filled', async () => {
    const db = await VolumeDatabase.open('ada');
    await db.write('strict', (store) => store.put('old', 1));
    const given = db.write('strict', (store) => {
      store.put('new', 1);
      throw new DOMException('out of memory', 'DataCloneError');
    });
    expect(await refusal(() => given)).toBe('EIO');
    expect(await withRecords('ada', (store) => store.get(1))).toBe('old');
    db.close();
  });

  it('tells that there is no room, whichever part of a transaction hears of it', async () => {
    const db = await VolumeDatabase.open('ada');
    const byRequest = db.write('relaxed', (store) => {
      store.put('new', 1);
      failing(store, 'QuotaExceededError');
      store.put('new', 2);
    });
    expect(await refusal(() => byRequest)).toBe('ENOSPC');
    const byTransaction = db.write('relaxed', (store) => {
      store.put('new', 1);
      const { transaction } = store;
      queueMicrotask(() => {
        (transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError');
      });
    });
    expect(await refusal(() => byTransaction)).toBe('ENOSPC');
    expect(await withRecords('ada', (store) => store.getAllKeys())).toEqual([]);
    db.close();
  });

  it('tells any other failure as EIO', async () => {
    const db = await VolumeDatabase.open('ada');
    const given = db.write('relaxed', (store) => failing(store, 'UnknownError'));
    expect(await refusal(() => given)).toBe('EIO');
    db.close();
    expect(await refusal(() => db.write('relaxed', () => undefined))).toBe('EIO');
    expect(await refusal(() => db.read((store) => store.count()))).toBe('EIO');
  });
});
