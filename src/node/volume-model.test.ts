/** `npm run test:volumes` runs this with many more operations. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { fakeBrowser } from '../testing/fake-browser';
import { VolumeActor, type VolumeOperation } from '../testing/volume-actor';
import { volumeOperation } from '../testing/volume-model';
import { IndexedDbVolume } from '../volume/indexeddb-volume';
import { MemoryVolume } from '../volume/memory-volume';
import { OverlayVolume } from '../volume/overlay-volume';
import type { Inode, Volume } from '../volume/volume';
import { HostDirectoryVolume } from './host-directory-volume';

const OPERATIONS = Number(process.env.GLOVEBOX_VOLUME_OPERATIONS ?? 2000);
const MOST_PER_RUN = 150;

beforeAll(() => fakeBrowser());
afterAll(() => vi.unstubAllGlobals());

async function indexedDbActor(name: string): Promise<VolumeActor> {
  let volume = await IndexedDbVolume.open(name, { maxCachedBytes: 0 });
  const reopen = async (): Promise<Volume> => {
    expect((await volume.check()).problems).toEqual([]);
    await volume.close();
    volume = await IndexedDbVolume.open(name, { maxCachedBytes: 0 });
    return volume;
  };
  return new VolumeActor(volume, { reopen });
}

/** Each time another of the things that must leave the tree as it is. */
async function overlayActor(): Promise<VolumeActor> {
  let volume = await OverlayVolume.over(new MemoryVolume());
  let count = 0;
  const reopen = async (): Promise<Volume> => {
    count++;
    if (count % 3 === 1) volume = await OverlayVolume.over(volume);
    else {
      await volume.commit();
      expect(volume.changes()).toEqual([]);
      if (count % 3 === 0) {
        // A commit makes content and names durable, and times only with them.
        const times = await timesIn(volume);
        await volume.discard();
        for (const [path, modifiedNs] of times) {
          const inode = await inodeAt(volume, path);
          if (inode !== undefined) volume.setTimes(inode, { modifiedNs });
        }
      }
    }
    return volume;
  };
  return new VolumeActor(volume, { reopen });
}

async function timesIn(volume: Volume): Promise<[string, bigint][]> {
  const found: [string, bigint][] = [];
  const pending = [{ path: '', inode: volume.root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, inode } = next;
    const { kind, modifiedNs } = await volume.attributes(inode);
    found.push([path, modifiedNs]);
    if (kind !== 'directory') continue;
    for (const entry of await volume.list(inode, 0, 10_000)) {
      pending.push({ path: `${path}/${entry.name}`, inode: entry.inode });
    }
  }
  return found;
}

async function inodeAt(volume: Volume, path: string): Promise<Inode | undefined> {
  let inode: Inode | undefined = volume.root;
  for (const name of path.split('/').slice(1)) {
    if (inode !== undefined) inode = await volume.lookup(inode, name);
  }
  return inode;
}

class Stage {
  readonly #folder = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
  readonly #name = this.#folder;
  readonly #host = HostDirectoryVolume.open(this.#folder, { writable: true });
  readonly host = new VolumeActor(this.#host);
  others = new Map<string, VolumeActor>();

  static async open(): Promise<Stage> {
    const stage = new Stage();
    stage.others = new Map([
      ['memory', new VolumeActor(new MemoryVolume())],
      ['IndexedDB', await indexedDbActor(stage.#name)],
      ['overlay', await overlayActor()],
    ]);
    return stage;
  }

  async perform(operation: VolumeOperation): Promise<void> {
    const expected = JSON.stringify(await this.host.perform(operation));
    for (const [store, actor] of this.others) {
      const answer = JSON.stringify(await actor.perform(operation));
      if (answer !== expected)
        expect(answer, `${store} ${JSON.stringify(operation)}`).toBe(expected);
    }
  }

  async compare(): Promise<void> {
    const expected = await this.host.tree();
    for (const [store, actor] of this.others) expect(await actor.tree(), store).toEqual(expected);
  }

  async close(): Promise<void> {
    // In this order there is nothing left that closing would have to make durable.
    fs.rmSync(this.#folder, { recursive: true });
    this.#host.close();
    for (const { volume } of this.others.values()) await volume.close();
    await IndexedDbVolume.remove(this.#name);
  }
}

it('every store answers and refuses as the file system of this machine does', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(volumeOperation, { minLength: 30, maxLength: MOST_PER_RUN, size: 'max' }),
      async (operations) => {
        if (done >= OPERATIONS) return;
        const stage = await Stage.open();
        try {
          for (const operation of operations) await stage.perform(operation);
          await stage.perform({ call: 'reopen' });
          await stage.compare();
          done += operations.length;
        } finally {
          await stage.close();
        }
      },
    ),
    { numRuns: Math.ceil((OPERATIONS / MOST_PER_RUN) * 4) },
  );
  console.info(`${done} operations on each store`);
  expect(done).toBeGreaterThanOrEqual(OPERATIONS);
}, 1_800_000);
