/** An overlay is the same whatever lies below: in memory, in an archive, or in what answers later. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drive } from '../protocol/maybe';
import { fakeBrowser } from '../testing/fake-browser';
import { answeringLate } from '../testing/late-volume';
import { describeVolumeContract } from '../testing/volume-contract';
import { refusal, string, text } from '../testing/volume-helpers';
import { writeZip } from '../testing/zip-writer';
import { IndexedDbVolume } from './indexeddb-volume';
import { MemoryVolume } from './memory-volume';
import { OverlayVolume } from './overlay-volume';
import type { Inode, Volume } from './volume';
import { VolumeFiles } from './volume-files';
import { entriesOf, removeTree } from './walk';
import { ZipVolume } from './zip-volume';

const KiB = 1024;

type Entries = Readonly<Record<string, string>>;

/** Volumes with these files in them, made anew. */
const stores: Readonly<Record<string, (entries: Entries) => Promise<Volume>>> = {
  MemoryVolume: async (entries) => MemoryVolume.from(entries),
  ZipVolume: async (entries) => {
    const parts = Object.entries(entries).map(([name, content]) => ({ name, content }));
    return ZipVolume.from(writeZip(parts.map((part) => ({ ...part, deflate: true }))));
  },
  // Opened again: nothing of the content is in memory.
  IndexedDbVolume: async (entries) => {
    const made = await IndexedDbVolume.open('below');
    const files = new VolumeFiles(made);
    for (const [path, content] of Object.entries(entries)) {
      await files.write(path, content, { parents: true });
    }
    await made.close();
    return IndexedDbVolume.open('below', { maxCachedBytes: 0 });
  },
  'a volume that answers later': async (entries) => answeringLate(MemoryVolume.from(entries)),
};

/** Names that the contract's tests use themselves, as files and as directories. */
const HIDDEN: Entries = {
  file: 'below',
  'directory/file': 'below',
  'one/two/three': 'below',
  two: 'below',
  'full/file': 'below',
  target: 'below',
  large: 'below'.repeat(100),
  'link/x': 'below',
  '7': 'below',
};

async function opened(below: Volume): Promise<{ volume: OverlayVolume; dispose(): Promise<void> }> {
  const volume = await OverlayVolume.over(below);
  return {
    volume,
    dispose: async () => {
      await volume.close();
      await below.close();
    },
  };
}

for (const [title, make] of Object.entries(stores)) {
  describeVolumeContract(`OverlayVolume over ${title} with nothing in it`, async () => {
    fakeBrowser();
    return opened(await make({}));
  });

  describeVolumeContract(`OverlayVolume over ${title} that hides all of it`, async () => {
    fakeBrowser();
    const under = await opened(await make(HIDDEN));
    const { volume } = under;
    for (const { name } of await drive(entriesOf(volume, volume.root))) {
      await drive(removeTree(volume, volume.root, name));
    }
    return under;
  });
}

describe.each(Object.entries(stores))('OverlayVolume over %s', (title, make) => {
  beforeEach(() => fakeBrowser());
  afterEach(() => vi.unstubAllGlobals());

  const ENTRIES: Entries = {
    a: 'aaa',
    'folder/b': 'bbb',
    'folder/deep/c': 'ccc',
    large: 'x'.repeat(300 * KiB),
  };
  const at = async (volume: Volume, path: string): Promise<Inode> => {
    let inode = volume.root;
    for (const name of path.split('/')) {
      inode = (await volume.lookup(inode, name)) ?? volume.root;
    }
    return inode;
  };
  const change = async (volume: OverlayVolume): Promise<void> => {
    const { root } = volume;
    await volume.write(await at(volume, 'a'), 1, text('-'));
    const large = await at(volume, 'large');
    await volume.write(large, 200 * KiB, text('in the middle'));
    await volume.truncate(large, 250 * KiB);
    await volume.rename(await at(volume, 'folder'), 'deep', root, 'moved');
    await volume.unlink(await at(volume, 'folder'), 'b');
    await volume.write(await volume.createFile(root, 'new'), 0, text('new'));
  };
  const changed = {
    a: 'a-a',
    large: `${'x'.repeat(200 * KiB)}in the middle${'x'.repeat(50 * KiB - 13)}`,
    'moved/c': 'ccc',
    new: 'new',
  };
  const contentsOf = async (volume: Volume): Promise<Record<string, string>> => {
    const files = new VolumeFiles(volume);
    const contents: Record<string, string> = {};
    const walk = async (folder: string): Promise<void> => {
      for (const { name, kind } of await files.list(folder)) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (kind === 'directory') await walk(path);
        else contents[path] = await files.readText(path);
      }
    };
    await walk('');
    return contents;
  };

  it('shows what lies below, and what was changed in the layer', async () => {
    const below = await make(ENTRIES);
    const volume = await OverlayVolume.over(below);
    expect(await contentsOf(volume)).toEqual(ENTRIES);
    await change(volume);
    expect(await contentsOf(volume)).toEqual(changed);
    expect(await contentsOf(below)).toEqual(ENTRIES);
    await volume.discard();
    expect(await contentsOf(volume)).toEqual(ENTRIES);
  });

  it('commits, or is refused as a whole', async () => {
    const below = await make(ENTRIES);
    const volume = await OverlayVolume.over(below);
    await change(volume);
    const refused = below.readOnly ? 'EROFS' : 'done';
    expect(await refusal(() => volume.commit())).toBe(refused);
    expect(await contentsOf(below)).toEqual(below.readOnly ? ENTRIES : changed);
    expect(await contentsOf(volume)).toEqual(changed);
    expect(below.readOnly).toBe(title === 'ZipVolume');
  });

  it('gives reads and writes that are under way at a time what each asked for', async () => {
    const volume = await OverlayVolume.over(await make(ENTRIES));
    const large = await at(volume, 'large');
    const reads = [0, 100 * KiB, 299 * KiB].map(async (offset) =>
      string((await volume.read(large, offset, 4)).slice()),
    );
    const writes = [1, 65 * KiB, 130 * KiB].map(async (offset) =>
      volume.write(large, offset, text('yy')),
    );
    await Promise.all(writes);
    for (const read of await Promise.all(reads)) expect(['xxxx', 'xyyx']).toContain(read);
    for (const offset of [0, 65 * KiB - 1, 130 * KiB - 1]) {
      expect(string(await volume.read(large, offset, 4))).toBe('xyyx');
    }
  });
});
