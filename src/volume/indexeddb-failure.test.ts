import { forceCloseDatabase, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileError } from '../protocol/errno';
import { fakeBrowser, withRecords } from '../testing/fake-browser';
import { databasePrototype, failing, get, noise, put } from '../testing/stored-volume';
import { refusal, string, text } from '../testing/volume-helpers';
import { VolumeDatabase } from './indexeddb-database';
import { IndexedDbVolume, type IndexedDbVolumeOptions } from './indexeddb-volume';

const KiB = 1024;
const MiB = 1024 * KiB;

beforeEach(() => fakeBrowser());
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const open = (options: IndexedDbVolumeOptions = {}) => IndexedDbVolume.open('ada', options);
const asStored = () => open({ mode: 'read-only' });

/** From now on nothing can be stored, until the function that is returned is called. */
function withoutRoom(afterMs = 0): () => void {
  const write = vi.spyOn(VolumeDatabase.prototype, 'write');
  write.mockImplementation(async () => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    throw new FileError('ENOSPC');
  });
  return () => write.mockRestore();
}

describe('a browser without room', () => {
  it('is ENOSPC, keeps all that was synced, and goes on when there is room again', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'synced');
    await volume.sync();

    const database = await databasePrototype();
    const { transaction } = database;
    const giveRoom = vi.spyOn(database, 'transaction');
    giveRoom.mockImplementation(function (this: IDBDatabase, names, mode, options) {
      if (mode === 'readwrite') throw new DOMException('full', 'QuotaExceededError');
      return transaction.call(this, names, mode, options);
    });
    await volume.write(file, 0, text('SYNCED'));
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
    expect(await refusal(() => volume.write(file, 0, text('more')))).toBe('ENOSPC');
    expect(await refusal(() => volume.close())).toBe('ENOSPC');
    giveRoom.mockRestore();

    const other = await asStored();
    expect(string((await get(other, 'file')) ?? text(''))).toBe('synced');
    await other.close();
    await volume.write(file, 6, text('!'));
    await volume.close();
    const again = await open();
    expect(string((await get(again, 'file')) ?? text(''))).toBe('SYNCED!');
    await again.close();
  });

  it('is waited for by a commit that gives something back: the browser notices late', async () => {
    const volume = await open();
    await put(volume, 'large', noise(MiB, 3));
    await volume.sync();
    const database = await databasePrototype();
    const { transaction } = database;
    let refusals = 2;
    const full = vi.spyOn(database, 'transaction');
    full.mockImplementation(function (this: IDBDatabase, names, mode, options) {
      if (mode === 'readwrite' && refusals-- > 0) {
        throw new DOMException('full', 'QuotaExceededError');
      }
      return transaction.call(this, names, mode, options);
    });
    volume.unlink(volume.root, 'large');
    await put(volume, 'small', 'fits now');
    await volume.close();
    full.mockRestore();
    expect(refusals).toBeLessThan(0);
    const again = await open();
    expect(again.lookup(again.root, 'large')).toBeUndefined();
    expect(string((await get(again, 'small')) ?? text(''))).toBe('fits now');
    expect((await again.check()).problems).toEqual([]);
    await again.close();
  });

  it('loses nothing when a transaction is aborted for it', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'synced');
    await volume.sync();
    const { put: putRecord } = IDBObjectStore.prototype;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put');
    full.mockImplementation(function (this: IDBObjectStore, value, key) {
      if (typeof key !== 'number') return putRecord.call(this, value, key);
      return failing<IDBValidKey>(this, 'QuotaExceededError');
    });
    await volume.write(file, 0, text('SYNCED'));
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
    const reader = await asStored();
    expect(string((await get(reader, 'file')) ?? text(''))).toBe('synced');
    await reader.close();
    full.mockRestore();
    await volume.close();
    const again = await open();
    expect(string((await get(again, 'file')) ?? text(''))).toBe('SYNCED');
    expect((await again.check()).problems).toEqual([]);
    await again.close();
  });

  it('refuses a write before anything of it is done', async () => {
    const volume = await open();
    const file = volume.createFile(volume.root, 'file');
    await volume.sync();
    // So late that more is written than may wait.
    const giveRoom = withoutRoom(300);
    const piece = noise(MiB, 1);
    let written = 0;
    for (; written < 40 * MiB; written += MiB) {
      if ((await refusal(() => volume.write(file, written, piece))) !== 'done') break;
    }
    expect(volume.attributes(file).size).toBe(written);
    // A program that tries again appends to what it knows of.
    giveRoom();
    await volume.write(file, written, piece);
    expect(volume.attributes(file).size).toBe(written + MiB);
    await volume.close();
  });

  it('answers reads, however much waits to be stored', async () => {
    let volume = await open({ maxCachedBytes: 0 });
    const old = await put(volume, 'old', noise(600 * KiB, 1));
    await volume.close();
    volume = await open({ maxCachedBytes: 0 });
    const giveRoom = withoutRoom();
    const big = volume.createFile(volume.root, 'big');
    await volume.write(big, 0, noise(5 * MiB, 2));
    const reads = vi.spyOn(VolumeDatabase.prototype, 'read');
    expect(await volume.read(old, 0, 10)).toEqual(noise(10, 1));
    expect(reads.mock.calls.length).toBeLessThan(5);
    giveRoom();
    await volume.close();
  });

  it('has opened nothing if a new volume does not fit', async () => {
    const listeners = new Set<unknown>();
    vi.stubGlobal('document', {
      addEventListener: (_: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
    });
    const giveRoom = withoutRoom();
    await expect(open()).rejects.toThrow();
    expect(listeners.size).toBe(0);
    giveRoom();
    await (await open()).close();
    expect(listeners.size).toBe(0);
  });
});

describe('close()', () => {
  it('refuses what would come too late to be stored, and takes writes again if it fails', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'content');
    const closing = volume.close();
    expect(await refusal(() => volume.write(file, 0, text('late')))).toBe('EROFS');
    await closing;
    expect(await refusal(() => volume.write(file, 0, text('later')))).toBe('ESTALE');

    const again = await open();
    const giveRoom = withoutRoom();
    await put(again, 'other', 'x');
    expect(await refusal(() => again.close())).toBe('ENOSPC');
    giveRoom();
    await put(again, 'third', 'y');
    await again.close();
    const reader = await asStored();
    expect(string((await get(reader, 'file')) ?? text(''))).toBe('content');
    expect(string((await get(reader, 'third')) ?? text(''))).toBe('y');
    await reader.close();
  });

  it('lets go of a volume whose database is gone, says so once, and frees the name', async () => {
    const database = await databasePrototype();
    const { transaction } = database;
    let connection: IDBDatabase | undefined;
    vi.spyOn(database, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      connection = this;
      return transaction.apply(this, args);
    });
    const volume = await open();
    await put(volume, 'file', 'content');
    if (connection !== undefined) forceCloseDatabase(connection as never);
    await vi.waitFor(async () => {
      expect(await refusal(() => volume.sync())).toBe('EIO');
    });
    expect(await refusal(() => volume.close())).toBe('EIO');
    await volume.close();
    await (await open()).close();
  });
});

describe('check({ repair: true })', () => {
  it('works on what is stored while nothing else is, also when small files move', async () => {
    let volume = await open();
    for (let index = 0; index < 30; index++) await put(volume, `f${index}`, noise(4 * KiB, index));
    await volume.close();
    await withRecords('ada', (store) => store.put(1, 'stray'));
    volume = await open();
    for (let index = 1; index < 30; index++) volume.unlink(volume.root, `f${index}`);
    const read = VolumeDatabase.prototype.read;
    vi.spyOn(VolumeDatabase.prototype, 'read').mockImplementation(async function (
      this: VolumeDatabase,
      use,
    ) {
      const result = await read.call(this, use);
      // As long as it takes with a large volume: the timer of changes goes off meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 120));
      return result as never;
    });
    const { problems } = await volume.check({ repair: true });
    vi.restoreAllMocks();
    expect(problems).toMatchObject([{ kind: 'leftover', record: '"stray"' }]);
    expect(await get(volume, 'f0')).toEqual(noise(4 * KiB, 0));
    expect((await volume.check()).problems).toEqual([]);
    await volume.close();
    const again = await open();
    expect(await get(again, 'f0')).toEqual(noise(4 * KiB, 0));
    await again.close();
  });

  it('lets a close wait until it is done', async () => {
    const volume = await open();
    await put(volume, 'file', 'content');
    await volume.sync();
    await withRecords('ada', (store) => store.put(1, 'stray'));
    const repaired = volume.check({ repair: true });
    const closed = volume.close();
    const late = volume.check();
    expect((await repaired).repaired).toBe(true);
    await closed;
    expect(await refusal(() => late)).toBe('ESTALE');
  });
});
