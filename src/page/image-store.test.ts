import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../controller/sandbox';
import { SandboxImage } from '../controller/sandbox-image';
import { BusyError, StorageError } from '../errors';
import { fakeBrowser } from '../testing/fake-browser';
import { ImageStore } from './image-store';

beforeEach(() => fakeBrowser());
afterEach(() => vi.unstubAllGlobals());

function imageOf(pages: number): SandboxImage {
  return new SandboxImage({
    buildId: 'build',
    baseId: '',
    memory: { pages, parts: new Uint32Array(0), bytes: new Uint8Array(0) },
    monotonicNs: 0n,
    stdinLeft: new Uint8Array(0),
    mounts: [],
    volumes: new Map(),
    files: [],
  });
}

/** As much of a sandbox as hibernation needs. */
function sandboxWith(snapshot: () => Promise<SandboxImage>): Sandbox & { disposed: boolean } {
  const sandbox = {
    disposed: false,
    snapshot,
    dispose: () => {
      sandbox.disposed = true;
    },
  };
  return sandbox as unknown as Sandbox & { disposed: boolean };
}

describe('a store of images', () => {
  it('keeps what is put there, also after it was closed', async () => {
    const store = await ImageStore.open('here');
    await store.put('one', imageOf(400));
    await store.put('one', imageOf(401));
    await store.put('other', imageOf(500));
    store.close();
    const again = await ImageStore.open('here');
    expect((await again.get('one'))?.heapBytes).toBe(401 * 65_536);
    expect(await again.keys()).toEqual(['one', 'other']);
    await again.delete('one');
    expect(await again.get('one')).toBeUndefined();
    expect(await (await ImageStore.open('there')).keys()).toEqual([]);
  });

  it('is removed with all that is in it', async () => {
    const store = await ImageStore.open('here');
    await store.put('one', imageOf(400));
    store.close();
    await ImageStore.remove('here');
    expect(await (await ImageStore.open('here')).keys()).toEqual([]);
  });

  it('ends a sandbox that it has stored, and only then', async () => {
    const store = await ImageStore.open('here');
    const sandbox = sandboxWith(async () => imageOf(400));
    await store.hibernate('one', sandbox);
    expect(sandbox.disposed).toBe(true);
    expect((await store.get('one'))?.heapBytes).toBe(400 * 65_536);

    const busy = sandboxWith(() => Promise.reject(new BusyError()));
    await expect(store.hibernate('two', busy)).rejects.toThrow(BusyError);
    store.close();
    const idle = sandboxWith(async () => imageOf(400));
    await expect(store.hibernate('two', idle)).rejects.toThrow(StorageError);
    expect([busy.disposed, idle.disposed]).toEqual([false, false]);
  });

  it('gives nothing but images', async () => {
    const store = await ImageStore.open('here');
    await store.put('one', imageOf(400));
    const request = indexedDB.open('glovebox-images:here');
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const transaction = request.result.transaction('images', 'readwrite');
    transaction.objectStore('images').put('text', 'one');
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    await expect(store.get('one')).rejects.toMatchObject({ code: 'IMAGE', reason: 'foreign' });
  });

  it('tells what the browser refuses', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('not here', 'SecurityError');
      },
    });
    await expect(ImageStore.open('here')).rejects.toMatchObject({
      code: 'STORAGE',
      message: "the browser's storage: not here",
      cause: { name: 'SecurityError' },
    });
  });
});
