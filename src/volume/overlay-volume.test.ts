import { describe, expect, it } from 'vitest';
import { FileError } from '../protocol/errno';
import { drive } from '../protocol/maybe';
import { refusal, string, text } from '../testing/volume-helpers';
import { MemoryVolume, type MemoryVolumeEntries } from './memory-volume';
import { OverlayVolume } from './overlay-volume';
import type { Inode, Volume } from './volume';
import { entriesOf } from './walk';

const KiB = 1024;

async function at(volume: Volume, path: string): Promise<Inode> {
  let inode: Inode | undefined = volume.root;
  for (const name of path.split('/')) {
    inode = inode === undefined ? undefined : await volume.lookup(inode, name);
  }
  if (inode === undefined) throw new Error(`no ${path}`);
  return inode;
}

async function contentAt(volume: Volume, path: string): Promise<string> {
  return string(await volume.read(await at(volume, path), 0, 1 << 20));
}

/** Everything there is, by path. */
async function tree(volume: Volume): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const walk = async (directory: Inode, path: string): Promise<void> => {
    for (const { name, inode, kind } of await drive(entriesOf(volume, directory))) {
      if (kind === 'directory') {
        found[`${path}${name}/`] = '';
        await walk(inode, `${path}${name}/`);
      } else if (kind === 'symlink') found[path + name] = `-> ${await volume.readLink(inode)}`;
      else found[path + name] = string(await volume.read(inode, 0, 1 << 22));
    }
  };
  await walk(volume.root, '');
  return found;
}

const ENTRIES: MemoryVolumeEntries = {
  'a.txt': 'aaa',
  'b.txt': 'bbb',
  'folder/c.txt': 'ccc',
  'folder/deep/d.txt': 'ddd',
  large: new Uint8Array(300 * KiB).fill(97),
};

async function over(entries = ENTRIES): Promise<{ below: MemoryVolume; volume: OverlayVolume }> {
  const below = MemoryVolume.from(entries);
  below.createSymlink(below.root, 'link', 'a.txt');
  below.link(await at(below, 'a.txt'), await at(below, 'folder'), 'a2.txt');
  return { below, volume: await OverlayVolume.over(below) };
}

/** A bit of everything. */
async function change(volume: OverlayVolume): Promise<void> {
  const { root } = volume;
  const folder = await at(volume, 'folder');
  await volume.write(await at(volume, 'a.txt'), 1, text('X'));
  volume.unlink(root, 'b.txt');
  const added = volume.createDirectory(root, 'added');
  await volume.write(volume.createFile(added, 'e.txt'), 0, text('eee'));
  const saved = volume.createFile(folder, 'tmp');
  await volume.write(saved, 0, text('saved'));
  volume.rename(folder, 'tmp', folder, 'c.txt');
  volume.rename(folder, 'deep', root, 'moved');
  await volume.write(await at(volume, 'large'), 200 * KiB, text('in the middle'));
  volume.createSymlink(root, 'link2', 'x');
}

describe('OverlayVolume', () => {
  it('shows what lies below, hard links included', async () => {
    const { below, volume } = await over();
    expect(await tree(volume)).toEqual(await tree(below));
    expect(volume.attributes(await at(volume, 'a.txt')).links).toBe(2);
    expect(volume.attributes(await at(volume, 'folder')).links).toBe(3);
    expect(volume.usage()).toEqual(below.usage());
    expect(volume.changes()).toEqual([]);
  });

  it('lets everything be changed, and nothing of it reaches below', async () => {
    const { below, volume } = await over();
    const before = await tree(below);
    await change(volume);
    expect(await contentAt(volume, 'a.txt')).toBe('aXa');
    expect(await contentAt(volume, 'folder/a2.txt')).toBe('aXa');
    expect(await contentAt(volume, 'moved/d.txt')).toBe('ddd');
    const large = await volume.read(await at(volume, 'large'), 200 * KiB - 2, 20);
    expect(string(large)).toBe('aain the middleaaaaa');
    expect(await tree(below)).toEqual(before);
  });

  it('lists what has changed', async () => {
    const { volume } = await over();
    await change(volume);
    expect(volume.changes().map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'changed /a.txt',
      'added /added',
      'added /added/e.txt',
      'removed /b.txt',
      'changed /folder/a2.txt',
      'changed /folder/c.txt',
      'removed /folder/deep',
      'removed /folder/deep/d.txt',
      'changed /large',
      'added /link2',
      'added /moved',
      'added /moved/d.txt',
    ]);
  });

  it('goes back to what lies below', async () => {
    const { below, volume } = await over();
    const before = await tree(below);
    const open = await at(volume, 'a.txt');
    volume.retain(open);
    await change(volume);
    const made = await at(volume, 'added/e.txt');
    volume.retain(made);
    await volume.discard();
    expect(await tree(volume)).toEqual(before);
    expect(volume.changes()).toEqual([]);
    expect(string(await volume.read(open, 0, 5))).toBe('aaa');
    expect(await refusal(() => volume.read(made, 0, 5))).toBe('ESTALE');
    volume.release(open);
    volume.release(made);
  });

  it('makes the volume below what it is, and goes on', async () => {
    const { below, volume } = await over();
    await change(volume);
    const expected = await tree(volume);
    const open = await at(volume, 'moved/d.txt');
    await volume.commit();
    expect(volume.changes()).toEqual([]);
    expect(await tree(below)).toEqual(expected);
    expect(await tree(volume)).toEqual(expected);
    expect(await at(volume, 'moved/d.txt')).toBe(open);
    const shared = await at(below, 'a.txt');
    expect(await at(below, 'folder/a2.txt')).toBe(shared);
    await volume.write(open, 3, text('!'));
    expect(volume.changes()).toEqual([{ kind: 'changed', path: '/moved/d.txt', node: 'file' }]);
    await volume.commit();
    expect(await contentAt(below, 'moved/d.txt')).toBe('ddd!');
  });

  it('commits names that change places, and kinds that do', async () => {
    const { below, volume } = await over();
    const { root } = volume;
    volume.rename(root, 'a.txt', root, 'tmp');
    volume.rename(root, 'b.txt', root, 'a.txt');
    volume.rename(root, 'tmp', root, 'b.txt');
    volume.rename(root, 'folder', root, 'tmp');
    volume.rename(root, 'large', root, 'folder');
    volume.rename(root, 'tmp', root, 'large');
    const expected = await tree(volume);
    await volume.commit();
    expect(await tree(below)).toEqual(expected);
    expect(await tree(volume)).toEqual(expected);
  });

  it('keeps a file for those who have it open when a commit removes it below', async () => {
    const { below, volume } = await over();
    const file = await at(volume, 'large');
    volume.retain(file);
    volume.unlink(volume.root, 'large');
    await volume.commit();
    expect(await below.lookup(below.root, 'large')).toBeUndefined();
    expect(string(await volume.read(file, 299 * KiB, 4))).toBe('aaaa');
    volume.release(file);
    expect(await refusal(() => volume.read(file, 0, 1))).toBe('ESTALE');
  });

  it('is not committed to a volume that can not be written to', async () => {
    const below = MemoryVolume.from({ a: 'a' }, { readOnly: true });
    const volume = await OverlayVolume.over(below);
    volume.unlink(volume.root, 'a');
    expect(await refusal(() => volume.commit())).toBe('EROFS');
    expect(volume.readOnly).toBe(false);
    expect(volume.changes()).toHaveLength(1);
  });

  it('shows zeros, not what lies below, where a file was cut off and grew again', async () => {
    const { below, volume } = await over();
    const file = await at(volume, 'large');
    volume.truncate(file, 10);
    volume.truncate(file, 200 * KiB);
    await volume.write(file, 150 * KiB, text('x'));
    const bytes = new Uint8Array(200 * KiB).fill(97, 0, 10);
    bytes[150 * KiB] = 120;
    expect(Buffer.compare(await volume.read(file, 0, 300 * KiB), bytes)).toBe(0);
    await volume.commit();
    expect(Buffer.compare(below.read(await at(below, 'large'), 0, 300 * KiB), bytes)).toBe(0);
  });

  it('refuses a write that needs content from below which can not be read', async () => {
    const { below, volume } = await over();
    const file = await at(volume, 'a.txt');
    below.read = () => {
      throw new Error('broken');
    };
    await expect(async () => volume.write(file, 1, text('Xyz'))).rejects.toThrow('broken');
    expect(volume.attributes(file).size).toBe(3);
    expect(volume.changes()).toEqual([]);
  });

  it('has limits of its own', async () => {
    const below = MemoryVolume.from({ a: 'aaaa' });
    const volume = await OverlayVolume.over(below, { maxBytes: 6, maxInodes: 2 });
    expect(await refusal(() => volume.createFile(volume.root, 'b'))).toBe('ENOSPC');
    const file = await at(volume, 'a');
    expect(await refusal(() => volume.write(file, 4, text('bbb')))).toBe('ENOSPC');
    await volume.write(file, 4, text('bb'));
    expect(await contentAt(volume, 'a')).toBe('aaaabb');
  });

  it('holds no more of files below than the writes to them need', async () => {
    const entries: Record<string, string> = {};
    for (let index = 0; index < 1000; index++) entries[`${index}`] = 'x';
    const below = MemoryVolume.from(entries);
    const volume = await OverlayVolume.over(below, { maxLayerBytes: 2000 });
    for (const { inode } of volume.list(volume.root, 0, 1000)) {
      await volume.write(inode, 0, text('y'));
      await volume.write(inode, 1, text('z'));
    }
    expect(await contentAt(volume, '999')).toBe('yz');
  });

  it('counts what it really holds against its limit, and gives it back', async () => {
    const below = new MemoryVolume();
    const sparse = below.createFile(below.root, 'sparse');
    below.truncate(sparse, 100 * 64 * KiB);
    const volume = await OverlayVolume.over(below, { maxLayerBytes: 640 * KiB });
    const file = await at(volume, 'sparse');
    const touch = async (pieces: number): Promise<void> => {
      for (let index = 0; index < pieces; index++) {
        await volume.write(file, index * 64 * KiB, text('x'));
      }
    };
    expect(await refusal(() => touch(11))).toBe('ENOSPC');
    expect(await refusal(() => touch(10))).toBe('done');
    const added = volume.createFile(volume.root, 'added');
    expect(await refusal(() => volume.write(added, 0, text('x')))).toBe('ENOSPC');
    expect(volume.attributes(added).size).toBe(0);
    volume.truncate(file, 64 * KiB);
    await volume.write(added, 0, new Uint8Array(576 * KiB));
    expect(await refusal(() => volume.write(file, 64 * KiB, text('x')))).toBe('ENOSPC');
    expect(volume.attributes(file).size).toBe(64 * KiB);
    volume.unlink(volume.root, 'added');
    await volume.write(file, 64 * KiB, text('x'));
    await volume.commit();
    expect(await refusal(() => touch(10))).toBe('done');
    await volume.discard();
    expect(await refusal(() => touch(10))).toBe('done');
  });

  it('tells and commits changes in trees that are deeper than the stack', async () => {
    const below = new MemoryVolume();
    let directory = below.root;
    for (let depth = 0; depth < 20_000; depth++) directory = below.createDirectory(directory, 'd');
    const volume = await OverlayVolume.over(below);
    volume.rename(volume.root, 'd', volume.root, 'e');
    expect(volume.changes()).toHaveLength(40_000);
    await volume.commit();
    expect(below.usage().inodes).toBe(20_001);
    expect(below.lookup(below.root, 'd')).toBeUndefined();
  });
});

describe('a commit that is refused', () => {
  const CHANGES = ['link', 'unlink', 'rename', 'write', 'truncate', 'sync'] as const;
  const MADE = ['createFile', 'createDirectory', 'createSymlink', 'removeDirectory'] as const;

  /** Refuses `times` of the changes after the first `done`. */
  function failing(below: MemoryVolume, done: number, times: number): void {
    let count = 0;
    for (const call of [...CHANGES, ...MADE]) {
      const real = below[call].bind(below) as (...args: unknown[]) => unknown;
      Object.assign(below, {
        [call]: (...args: unknown[]) => {
          count++;
          if (count > done && count <= done + times) throw new FileError('EIO');
          return real(...args);
        },
      });
    }
  }

  async function changed(): Promise<{ below: MemoryVolume; volume: OverlayVolume }> {
    const { below, volume } = await over();
    await change(volume);
    // Names that change places, and a directory that takes the place of another.
    const { root } = volume;
    volume.rename(root, 'large', root, 'tmp');
    volume.rename(root, 'folder', root, 'large');
    volume.rename(root, 'tmp', root, 'folder');
    return { below, volume };
  }

  for (const times of [1, 3, 1000]) {
    it(`wherever it was, can be repeated, after ${times} failures`, async () => {
      for (let done = 0; ; done++) {
        const { below, volume } = await changed();
        const expected = await tree(volume);
        failing(below, done, times);
        const first = await refusal(() => volume.commit());
        expect(await tree(volume), `${done}`).toEqual(expected);
        for (const call of [...CHANGES, ...MADE]) delete (below as Partial<MemoryVolume>)[call];
        await volume.commit();
        expect(await tree(below), `${done}`).toEqual(expected);
        expect(await tree(volume), `${done}`).toEqual(expected);
        expect(volume.changes()).toEqual([]);
        if (first === 'done') break;
        expect(first).toBe('EIO');
      }
    });
  }

  it('takes away what it has built', async () => {
    const below = MemoryVolume.from({ c: 'c', d: 'd' }, { maxBytes: 8 });
    const volume = await OverlayVolume.over(below);
    const { root } = volume;
    await volume.write(volume.createFile(volume.createDirectory(root, 'a'), 'a'), 0, text('aaa'));
    volume.unlink(root, 'c');
    await volume.write(volume.createFile(root, 'c'), 0, text('new'));
    await volume.write(volume.createFile(root, 'b'), 0, text('bbb'));
    expect(await refusal(() => volume.commit())).toBe('ENOSPC');
    expect(await tree(below)).toEqual({ c: 'c', d: 'd' });
    volume.unlink(root, 'b');
    await volume.commit();
    expect(await tree(below)).toEqual({ 'a/': '', 'a/a': 'aaa', c: 'new', d: 'd' });
  });
});
