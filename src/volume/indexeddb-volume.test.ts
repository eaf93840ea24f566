import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileError } from '../protocol/errno';
import { fakeBrowser, withRecords } from '../testing/fake-browser';
import { errorCode, get, noise, put } from '../testing/stored-volume';
import { describeVolumeContract } from '../testing/volume-contract';
import { refusal, string, text } from '../testing/volume-helpers';
import { VolumeDatabase } from './indexeddb-database';
import { IndexedDbVolume, type IndexedDbVolumeOptions } from './indexeddb-volume';
import type { Inode } from './volume';

const KiB = 1024;
const MiB = 1024 * KiB;

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

const open = (options: IndexedDbVolumeOptions = {}) => IndexedDbVolume.open('ada', options);

/** As it is found by a page that opens it when the first one is gone without a word. */
async function asStored(options: IndexedDbVolumeOptions = {}): Promise<IndexedDbVolume> {
  return open({ mode: 'read-only', ...options });
}

describeVolumeContract('IndexedDbVolume', async () => {
  fakeBrowser();
  const volume = await open();
  return { volume, dispose: () => volume.close() };
});

describe('IndexedDbVolume', () => {
  it('has everything again after it was closed', async () => {
    const volume = await open();
    const folder = volume.createDirectory(volume.root, 'folder');
    const small = await put(volume, 'small', 'some text');
    const large = noise(700 * KiB + 3, 1);
    await put(volume, 'large', large);
    volume.link(small, folder, 'second');
    volume.createSymlink(folder, 'link', '../small');
    volume.setTimes(small, { accessedNs: 5n, modifiedNs: 7n });
    const before = volume.usage();
    await volume.close();

    const again = await open();
    expect(again.usage()).toEqual(before);
    const found = again.lookup(again.root, 'folder') as Inode;
    const second = again.lookup(found, 'second') as Inode;
    expect(string(await again.read(second, 0, 100))).toBe('some text');
    expect(again.attributes(second)).toMatchObject({ links: 2, modifiedNs: 7n, size: 9 });
    expect(again.readLink(again.lookup(found, 'link') as Inode)).toBe('../small');
    expect(again.attributes(again.root).links).toBe(3);
    expect(Buffer.compare((await get(again, 'large')) ?? text(''), large)).toBe(0);
    expect((await again.check()).problems).toEqual([]);
    await again.close();
  });

  it('has what was synced even if the page is gone without a word', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'synced');
    await volume.sync(file);
    await volume.write(file, 0, text('S'));
    const other = await asStored();
    expect(string((await get(other, 'file')) ?? text(''))).toBe('synced');
    await other.close();
    await volume.close();
  });

  it('stores what nobody synced soon after the changes end', async () => {
    const volume = await open();
    await put(volume, 'file', 'content');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const other = await asStored();
    expect(string((await get(other, 'file')) ?? text(''))).toBe('content');
    await other.close();
    await volume.close();
  });

  it('asks for strict durability where somebody waits for it, and only there', async () => {
    const volume = await open();
    const write = vi.spyOn(VolumeDatabase.prototype, 'write');
    const file = await put(volume, 'file', 'content');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(write.mock.calls.map(([durability]) => durability)).toEqual(['relaxed']);
    // Nothing has changed since, but what is stored must not be undone by a power cut.
    await volume.sync(file);
    expect(write.mock.calls.at(-1)?.[0]).toBe('strict');
    expect(volume.sync(file)).toBeUndefined();
    expect(write).toHaveBeenCalledTimes(2);
    await volume.write(file, 0, text('C'));
    await volume.close();
    expect(write.mock.calls.at(-1)?.[0]).toBe('strict');
    write.mockRestore();
  });

  it('makes durable what another page stored and did not sync', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'content');
    await volume.close();
    const again = await open();
    const write = vi.spyOn(VolumeDatabase.prototype, 'write');
    await again.sync(file);
    expect(write.mock.calls.map(([durability]) => durability)).toEqual(['strict']);
    expect(again.sync(file)).toBeUndefined();
    write.mockRestore();
    await again.close();
  });

  it('does not leave large content to a later sync, which a browser would not let cover it', async () => {
    const volume = await open();
    const write = vi.spyOn(VolumeDatabase.prototype, 'write');
    const file = await put(volume, 'file', noise(5 * MiB, 1));
    await vi.waitFor(() => expect(write.mock.results.at(-1)?.type).toBe('return'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(new Set(write.mock.calls.map(([durability]) => durability))).toEqual(
      new Set(['strict']),
    );
    expect(volume.sync(file)).toBeUndefined();
    // What is not content needs no more than that.
    volume.createFile(volume.root, 'other');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(write.mock.calls.at(-1)?.[0]).toBe('relaxed');
    write.mockRestore();
    await volume.close();
  });

  it('replaces a file by renaming in one step', async () => {
    const volume = await open();
    const old = await put(volume, 'file', 'old');
    await volume.sync(old);
    await put(volume, 'new', 'new');
    volume.rename(volume.root, 'new', volume.root, 'file');
    await volume.sync();
    const other = await asStored();
    expect(string((await get(other, 'file')) ?? text(''))).toBe('new');
    expect(other.usage().inodes).toBe(2);
    await other.close();
    await volume.close();
  });

  it('keeps a removed file for those who have it open, and no longer', async () => {
    const volume = await open({ maxCachedBytes: 0 });
    const content = noise(6 * MiB, 2);
    const file = await put(volume, 'file', content);
    volume.retain(file);
    volume.unlink(volume.root, 'file');
    await volume.sync();
    expect(Buffer.compare(await volume.read(file, 0, content.length), content)).toBe(0);

    const crashed = await asStored();
    expect(crashed.list(crashed.root, 0, 10)).toEqual([]);
    await crashed.close();
    volume.release(file);
    await volume.close();
    const keys = await withRecords('ada', (store) => store.getAllKeys());
    expect(keys).toEqual([0, 'volume']);
  });

  it('clears away what a page left that died with removed files open', async () => {
    const volume = await open();
    const file = await put(volume, 'file', noise(MiB, 3));
    volume.retain(file);
    volume.unlink(volume.root, 'file');
    await volume.close();
    const again = await open();
    expect(again.usage()).toEqual({ bytes: 0, inodes: 1 });
    await again.close();
    const keys = await withRecords('ada', (store) => store.getAllKeys());
    expect(keys).toEqual([0, 'volume']);
  });

  it('reads back a file that is larger than what it keeps in memory', async () => {
    const volume = await open({ maxCachedBytes: 0 });
    const file = volume.createFile(volume.root, 'file');
    const content = noise(20 * MiB, 4);
    for (let at = 0; at < content.length; at += 100_003) {
      await volume.write(file, at, content.subarray(at, at + 100_003));
    }
    await volume.sync();
    for (let at = 0; at < content.length; at += 1_000_003) {
      const piece = await volume.read(file, at, 70_001);
      expect(Buffer.compare(piece, content.subarray(at, at + 70_001))).toBe(0);
    }
    const whole = await volume.read(file, 0, content.length);
    expect(Buffer.compare(whole, content)).toBe(0);
    await volume.close();
  });

  it('stores the small files that were written together in few records', async () => {
    const volume = await open();
    for (let index = 0; index < 1000; index++) {
      await put(volume, `file ${index}`, `content ${index}`);
    }
    await volume.close();
    const keys = await withRecords('ada', (store) => store.getAllKeys());
    expect(keys.length).toBeLessThan(40);
    const again = await open();
    expect(string((await get(again, 'file 567')) ?? text(''))).toBe('content 567');
    await again.close();
  });

  it('gives up the room of packs that hardly anything is left in', async () => {
    const volume = await open();
    for (let index = 0; index < 100; index++) await put(volume, `f${index}`, noise(4 * KiB, index));
    await volume.sync();
    for (let index = 0; index < 99; index++) volume.unlink(volume.root, `f${index}`);
    for (let round = 0; round < 3; round++) await volume.sync();
    await volume.close();
    const packs = await withRecords('ada', (store) =>
      store.getAll(IDBKeyRange.bound('pack:', 'pack;')),
    );
    expect(packs.map((pack: Uint8Array) => pack.length)).toEqual([4 * KiB]);
    const again = await open();
    expect(await get(again, 'f99')).toEqual(noise(4 * KiB, 99));
    expect((await again.check()).problems).toEqual([]);
    await again.close();
  });

  it('syncs although a file in a sparse pack is damaged, and leaves that one there', async () => {
    let volume = await open();
    for (let index = 0; index < 30; index++) await put(volume, `f${index}`, noise(4 * KiB, index));
    await volume.close();
    const pack = (await withRecords('ada', (store) => store.get('pack:1'))) as Uint8Array;
    pack[10] = (pack[10] ?? 0) ^ 1;
    await withRecords('ada', (store) => store.put(pack, 'pack:1'));
    volume = await open();
    for (let index = 2; index < 30; index++) volume.unlink(volume.root, `f${index}`);
    const file = await put(volume, 'file', 'x');
    for (let round = 0; round < 3; round++) await volume.sync(file);
    expect(await refusal(() => get(volume, 'f0').then(() => undefined))).toBe('EIO');
    await volume.close();
    volume = await open();
    expect(await get(volume, 'f1')).toEqual(noise(4 * KiB, 1));
    expect((await volume.check()).problems).toMatchObject([{ kind: 'content', path: '/f0' }]);
    await volume.close();
  });

  it('grows a small file into a large one and back, whatever is in memory', async () => {
    for (const reopen of [false, true]) {
      let volume = await open();
      const next = async () => {
        if (!reopen) return volume.sync();
        await volume.close();
        volume = await open();
      };
      const file = await put(volume, 'file', 'start');
      await next();
      await volume.write(file, 300 * KiB, text('end'));
      await next();
      expect(string(await volume.read(file, 0, 6))).toBe('start\0');
      await volume.truncate(file, 3);
      await next();
      await volume.truncate(file, 5);
      await next();
      expect(string(await volume.read(file, 0, 10))).toBe('sta\0\0');
      await volume.truncate(file, 0);
      await next();
      await volume.truncate(file, 2);
      await volume.write(file, 4, text('x'));
      await next();
      expect([...(await volume.read(file, 0, 10))]).toEqual([0, 0, 0, 0, 120]);
      expect((await volume.check()).problems).toEqual([]);
      volume.unlink(volume.root, 'file');
      await volume.close();
    }
  });

  it('takes no room for a gap', async () => {
    const volume = await open({ maxBytes: Number.POSITIVE_INFINITY });
    const file = volume.createFile(volume.root, 'file');
    await volume.write(file, 2 ** 39, text('far'));
    await volume.close();
    const again = await open({ maxBytes: Number.POSITIVE_INFINITY });
    expect(string(await again.read(file, 2 ** 39 - 1, 10))).toBe('\0far');
    const keys = await withRecords('ada', (store) => store.getAllKeys());
    expect(keys).toHaveLength(3);
    await again.close();
  });

  it('does not give the number of a removed file to another one', async () => {
    let volume = await open();
    const file = await put(volume, 'file', 'x');
    volume.unlink(volume.root, 'file');
    await volume.close();
    volume = await open();
    expect(volume.createFile(volume.root, 'other')).not.toBe(file);
    await volume.close();
  });

  it('counts what it has stored against its quotas', async () => {
    let volume = await open();
    await put(volume, 'file', new Uint8Array(100));
    await volume.close();
    volume = await open({ maxBytes: 110, maxInodes: 2 });
    const file = volume.lookup(volume.root, 'file') as Inode;
    expect(await refusal(() => volume.write(file, 100, new Uint8Array(11)))).toBe('ENOSPC');
    expect(await refusal(() => volume.createFile(volume.root, 'second'))).toBe('ENOSPC');
    await volume.write(file, 100, new Uint8Array(10));
    await volume.close();
  });

  it('answers nothing when it is closed', async () => {
    const volume = await open();
    const file = await put(volume, 'file', 'x');
    await volume.close();
    expect(await refusal(() => volume.read(file, 0, 1))).toBe('ESTALE');
    await volume.close();
  });
});

describe('the owner of an IndexedDbVolume', () => {
  it('is one: another is refused at once', async () => {
    const volume = await open();
    expect(await errorCode(() => open())).toBe('volume-busy');
    expect(await errorCode(() => IndexedDbVolume.remove('ada'))).toBe('volume-busy');
    await volume.close();
    await (await open()).close();
  });

  it('is waited for, until the one who waits has enough', async () => {
    const volume = await open();
    const patience = new AbortController();
    const given = open({ mode: 'wait', signal: patience.signal });
    patience.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    const next = open({ mode: 'wait' });
    await put(volume, 'file', 'from the first');
    await volume.close();
    const second = await next;
    expect(string((await get(second, 'file')) ?? text(''))).toBe('from the first');
    await second.close();
  });

  it('does not disturb readers, who see whole states of the volume', async () => {
    const volume = await open();
    const content = noise(3 * MiB, 5);
    const file = await put(volume, 'file', content);
    await volume.sync();
    const reader = await asStored();
    expect(await refusal(() => reader.createFile(reader.root, 'x'))).toBe('EROFS');
    expect(reader.sync()).toBeUndefined();
    reader.retain(file);
    expect((await reader.read(file, 0, 1))[0]).toBe(content[0]);
    const changed = noise(3 * MiB, 6);
    await volume.write(file, 0, changed);
    await put(volume, 'other', 'x');
    await volume.sync();
    // Not in the reader's memory: so it finds that the volume has changed.
    const piece = await reader.read(file, 2 * MiB + 5 * KiB, 100);
    expect(piece).toEqual(changed.subarray(2 * MiB + 5 * KiB, 2 * MiB + 5 * KiB + 100));
    expect(reader.lookup(reader.root, 'other')).toBeDefined();
    volume.unlink(volume.root, 'other');
    await volume.sync();
    await reader.refresh();
    expect(reader.lookup(reader.root, 'other')).toBeUndefined();
    reader.release(file);
    await reader.close();
    await volume.close();
  });

  it('may find a volume removed that it only reads, and goes on with what it has', async () => {
    const volume = await open();
    const small = await put(volume, 'small', 'small');
    const large = await put(volume, 'large', noise(3 * MiB, 5));
    await volume.close();
    const reader = await asStored();
    expect(string(await reader.read(small, 0, 5))).toBe('small');
    await IndexedDbVolume.remove('ada');
    expect(await IndexedDbVolume.names()).toEqual([]);
    expect(string(await reader.read(small, 0, 5))).toBe('small');
    expect(await refusal(() => reader.read(large, 0, 5))).toBe('EIO');
    expect(await refusal(() => reader.refresh())).toBe('EIO');
    await reader.close();
    expect(await errorCode(() => asStored())).toBe('volume-missing');
    expect(await IndexedDbVolume.names()).toEqual([]);
  });

  it('is told apart from a newer version that has taken the volume over', async () => {
    const volume = await open();
    const file = await put(volume, 'file', noise(3 * MiB, 5));
    await volume.close();
    const reader = await asStored();
    const newer = { format: 2, generation: 99, nextInode: 99, nextPack: 99 };
    await withRecords('ada', (store) => store.put(newer, 'volume'));
    expect(await refusal(() => reader.read(file, 0, 5))).toBe('EIO');
    expect(await errorCode(() => reader.refresh())).toBe('volume-format');
    await reader.close();
  });

  it('may be gone before a damaged volume is read', async () => {
    const volume = await open();
    const file = await put(volume, 'file', noise(3 * MiB, 5));
    await volume.close();
    await withRecords('ada', (store) => store.delete('volume'));
    const reader = await asStored({ repair: true });
    expect(await reader.read(file, 0, 5)).toEqual(noise(5, 5));
    await reader.close();
  });

  it('makes the volume: there is nothing to read before', async () => {
    expect(await errorCode(() => asStored())).toBe('volume-missing');
    expect(await IndexedDbVolume.names()).toEqual([]);
    await (await open()).close();
    expect(await IndexedDbVolume.names()).toEqual(['ada']);
    await IndexedDbVolume.remove('ada');
    expect(await IndexedDbVolume.names()).toEqual([]);
  });
});

describe('an IndexedDbVolume that can not be used', () => {
  it('says so when it has no name', async () => {
    expect(await errorCode(() => IndexedDbVolume.open(''))).toBe('volume-name');
    expect(await errorCode(() => IndexedDbVolume.open('\ud800'))).toBe('volume-name');
  });

  it('says so where there are no locks or no database', async () => {
    vi.stubGlobal('navigator', {});
    expect(await errorCode(() => open())).toBe('volume-unsupported');
    fakeBrowser();
    vi.stubGlobal('indexedDB', undefined);
    expect(await errorCode(() => open())).toBe('volume-unsupported');
  });

  it('says so where locks are refused, and why a database fails', async () => {
    const refused = () => Promise.reject(new DOMException('not here', 'SecurityError'));
    vi.stubGlobal('navigator', { locks: { request: refused } });
    expect(await errorCode(() => open())).toBe('volume-unsupported');
    fakeBrowser();
    const write = vi.spyOn(VolumeDatabase.prototype, 'write');
    for (const errno of ['EIO', 'ENOSPC'] as const) {
      write.mockImplementation(() => Promise.reject(new FileError(errno)));
      expect(await errorCode(() => open())).toBe('volume-storage');
    }
    write.mockRestore();
    await (await open()).close();
  });

  it('is not made for options that can not be', async () => {
    for (const options of [{ maxBytes: -1 }, { maxInodes: 0.5 }, { maxCachedBytes: Number.NaN }]) {
      await expect(open(options)).rejects.toMatchObject({ code: 'volume-limit' });
    }
    expect(await IndexedDbVolume.names()).toEqual([]);
  });

  it('is left as it is if a newer version wrote it', async () => {
    await (await open()).close();
    const header = { format: 2, whatever: 'it needs' };
    await withRecords('ada', (store) => store.put(header, 'volume'));
    const before = await withRecords('ada', (store) => store.getAll());
    for (const options of [{}, { mode: 'read-only' as const }, { repair: true }]) {
      expect(await errorCode(() => open(options))).toBe('volume-format');
    }
    expect(await withRecords('ada', (store) => store.getAll())).toEqual(before);
    // The refusal has not kept the lock.
    await IndexedDbVolume.remove('ada');
  });
});

describe('requestPersistence', () => {
  it('asks the browser to keep the data, and tells what it promises', async () => {
    for (const answer of [true, false]) {
      const persist = vi.fn(() => Promise.resolve(answer));
      vi.stubGlobal('navigator', { storage: { persist } });
      expect(await IndexedDbVolume.requestPersistence()).toBe(answer);
      expect(persist).toHaveBeenCalledOnce();
    }
    for (const navigator of [undefined, {}, { storage: {} }]) {
      vi.stubGlobal('navigator', navigator);
      expect(await IndexedDbVolume.requestPersistence()).toBe(false);
    }
  });
});
