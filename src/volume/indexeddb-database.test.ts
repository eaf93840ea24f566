import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser, withRecords } from '../testing/fake-browser';
import { errorCode, failing } from '../testing/stored-volume';
import { refusal } from '../testing/volume-helpers';
import { answerOf, getRecord, UNREADABLE, VolumeDatabase } from './indexeddb-database';

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

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

  it('answers for each record by itself, one that can not be read among them', async () => {
    const db = await VolumeDatabase.open('ada');
    await db.write('relaxed', (store) => store.put('value', 1));
    const answers = await db.read((store) =>
      Promise.all([
        getRecord(store, 1),
        answerOf(failing(store, 'DataError')),
        getRecord(store, 2),
        getRecord(store, 1),
      ]),
    );
    expect(answers).toEqual(['value', UNREADABLE, undefined, 'value']);
    const given = db.read((store) => {
      const answer = getRecord(store, 1);
      store.transaction.abort();
      return answer;
    });
    expect(await refusal(() => given)).toBe('EIO');
    db.close();
  });

  it('is not made by who only wants to read it', async () => {
    expect(await errorCode(() => VolumeDatabase.open('ada', { make: false }))).toBe(
      'volume-missing',
    );
    expect(await VolumeDatabase.names()).toEqual([]);
    (await VolumeDatabase.open('ada')).close();
    const db = await VolumeDatabase.open('ada', { make: false });
    expect(await db.read((store) => store.name)).toBe('records');
    db.close();
  });

  it('keeps no connection to a database that is not its own', async () => {
    const request = indexedDB.open('glovebox-volume:ada');
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    request.result.close();
    expect(await errorCode(() => VolumeDatabase.open('ada'))).toBe('volume-format');
    await VolumeDatabase.remove('ada');
    expect(await VolumeDatabase.names()).toEqual([]);
  });

  it('says that there is no storage, or that the browser has failed', async () => {
    const calls = [
      () => VolumeDatabase.open('ada'),
      () => VolumeDatabase.names(),
      () => VolumeDatabase.remove('ada'),
    ];
    vi.stubGlobal('indexedDB', undefined);
    for (const call of calls) expect(await errorCode(call)).toBe('volume-unsupported');
    const forbidden = () => {
      throw new DOMException('not here', 'SecurityError');
    };
    const factory = { open: forbidden, databases: forbidden, deleteDatabase: forbidden };
    vi.stubGlobal('indexedDB', factory);
    for (const call of calls) expect(await errorCode(call)).toBe('volume-unsupported');
    const failed = () => {
      const request = new EventTarget() as IDBRequest;
      Object.assign(request, { error: new DOMException('the disk is broken', 'UnknownError') });
      queueMicrotask(() => request.onerror?.(new Event('error')));
      return request;
    };
    const databases = () => Promise.reject(new DOMException('broken', 'UnknownError'));
    vi.stubGlobal('indexedDB', { open: failed, databases, deleteDatabase: failed });
    for (const call of calls) expect(await errorCode(call)).toBe('volume-storage');
  });
});
