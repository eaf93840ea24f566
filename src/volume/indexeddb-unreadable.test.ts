import { IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from '../testing/fake-browser';
import { errorCode, failing, get, noise, put } from '../testing/stored-volume';
import { refusal, string, text } from '../testing/volume-helpers';
import { IndexedDbVolume } from './indexeddb-volume';

const KiB = 1024;

beforeEach(() => fakeBrowser());
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const open = (repair = false) => IndexedDbVolume.open('ada', { repair });

/** The browser has lost what belongs to these keys, and says so when it is asked. */
function loseValues(isLost: (key: unknown) => boolean): void {
  const { get: getOne, getAll } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
    this: IDBObjectStore,
    key,
  ) {
    return isLost(key) ? failing(this, 'DataError') : getOne.call(this, key);
  });
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (
    this: IDBObjectStore,
    range,
    count,
  ) {
    const anyLost = Array.from({ length: 100 }, (_, page) => page).some(isLost);
    return anyLost ? failing(this, 'DataError') : getAll.call(this, range, count);
  });
}

describe('a record that the browser can not read', () => {
  it('is a damaged one: its neighbours are read, and check() goes on', async () => {
    let volume = await open();
    const large = await put(volume, 'large', noise(700 * KiB, 1));
    await put(volume, 'small', 'small content');
    await volume.close();
    loseValues((key) => Array.isArray(key) && key[1] === 1);
    volume = await open();
    // Read ahead along with the first chunk.
    expect(await volume.read(large, 0, 5)).toEqual(noise(5, 1));
    expect(await refusal(() => volume.read(large, 300 * KiB, 5))).toBe('EIO');
    expect(await volume.read(large, 600 * KiB, 5)).toEqual(
      noise(700 * KiB, 1).subarray(600 * KiB, 600 * KiB + 5),
    );
    const { problems } = await volume.check({ repair: true });
    expect(problems).toMatchObject([{ kind: 'content', path: '/large' }]);
    vi.restoreAllMocks();
    expect((await volume.check()).problems).toEqual([]);
    expect(string((await get(volume, 'small')) ?? text(''))).toBe('small content');
    await volume.close();
  });

  it('is repaired if it is a page; nothing is written over it before', async () => {
    let volume = await open();
    const large = volume.createDirectory(volume.root, 'folder');
    for (let index = 0; index < 40; index++) await put(volume, `f${index}`, `content ${index}`);
    await volume.close();
    loseValues((key) => key === 1);
    expect(await errorCode(() => open())).toBe('volume-damaged');
    volume = await open(true);
    expect(string((await get(volume, 'f3')) ?? text(''))).toBe('content 3');
    expect(await get(volume, 'f39')).toBeUndefined();
    expect(volume.createFile(large, 'new')).toBeGreaterThanOrEqual(64);
    await volume.close();
    vi.restoreAllMocks();
    volume = await open();
    expect(string((await get(volume, 'f39')) ?? text(''))).toBe('content 39');
    await volume.close();

    loseValues((key) => key === 1);
    volume = await open(true);
    const { problems } = await volume.check({ repair: true });
    expect(problems[0]).toMatchObject({ kind: 'record', record: 'page 1' });
    vi.restoreAllMocks();
    expect((await volume.check()).problems).toEqual([]);
    await volume.close();
    await (await open()).close();
  });

  it('may be the header', async () => {
    let volume = await open();
    await put(volume, 'file', 'content');
    await volume.close();
    loseValues((key) => key === 'volume');
    expect(await errorCode(() => open())).toBe('volume-damaged');
    volume = await open(true);
    expect(string((await get(volume, 'file')) ?? text(''))).toBe('content');
    await volume.close();
  });
});
