import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrnoName } from '../protocol/errno';
import { FileError } from '../protocol/errno';
import { answeringLate } from '../testing/late-volume';
import { string, text } from '../testing/volume-helpers';
import { MemoryVolume } from './memory-volume';
import type { VolumeChange } from './volume';
import { VolumeFiles } from './volume-files';

const MiB = 1024 * 1024;

async function refusal(promise: Promise<unknown>): Promise<ErrnoName | 'done'> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    if (error instanceof FileError) return error.errnoName;
    throw error;
  }
}

describe('VolumeFiles', () => {
  let volume: MemoryVolume;
  let files: VolumeFiles;

  beforeEach(() => {
    volume = MemoryVolume.from({ 'a/b.txt': 'text', 'a/c/': null, top: 'top' });
    files = new VolumeFiles(volume);
  });

  it('reads, writes and lists what the guest has', async () => {
    expect(await files.readText('/a/b.txt')).toBe('text');
    await files.write('a/b.txt', 'new');
    await files.write('/x/y/z', text('deep'), { parents: true });
    expect((await files.list()).map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['a', 'directory', 0],
      ['top', 'file', 3],
      ['x', 'directory', 0],
    ]);
    expect(string(await files.read('x/y/z'))).toBe('deep');
    expect(await files.stat('a/b.txt')).toMatchObject({ name: 'b.txt', kind: 'file', size: 3 });
    expect(Date.now() - (await files.stat('a/b.txt')).modifiedMs).toBeLessThan(5000);
  });

  it('keeps the old content if there is no room for the new one', async () => {
    const small = MemoryVolume.from({ 'a.txt': 'old' }, { maxBytes: 3 * MiB });
    const inSmall = new VolumeFiles(small);
    expect(await refusal(inSmall.write('a.txt', new Uint8Array(4 * MiB)))).toBe('ENOSPC');
    expect(await refusal(inSmall.write('b.txt', new Uint8Array(4 * MiB)))).toBe('ENOSPC');
    expect(await inSmall.readText('a.txt')).toBe('old');
    expect((await inSmall.list()).map(({ name }) => name)).toEqual(['a.txt']);
    expect(small.usage()).toEqual({ bytes: 3, inodes: 2 });
    await inSmall.write('a.txt', new Uint8Array(2 * MiB));
    expect((await inSmall.stat('a.txt')).size).toBe(2 * MiB);
  });

  it('never shows a guest half of what it writes', async () => {
    const top = volume.lookup(volume.root, 'top') ?? volume.root;
    volume.retain(top);
    volume.write = (...args) => {
      expect(string(volume.read(top, 0, 100))).toBe('top');
      return MemoryVolume.prototype.write.apply(volume, args);
    };
    await files.write('top', 'new');
    expect(await files.readText('top')).toBe('new');
    expect(string(volume.read(top, 0, 100))).toBe('top');
  });

  it('leaves alone what has the names that it builds under, and nothing of its own', async () => {
    await files.write('.glovebox-write-1', 'somebody else’s');
    await files.write('top', 'new');
    volume.rename = () => {
      throw new FileError('EBUSY');
    };
    expect(await refusal(files.write('top', 'newer'))).toBe('EBUSY');
    expect(await files.readText('top')).toBe('new');
    const names = (await files.list()).map(({ name }) => name);
    expect(names).toEqual(['.glovebox-write-1', 'a', 'top']);
    expect(await files.readText('.glovebox-write-1')).toBe('somebody else’s');
  });

  it('gives two that write one file at a time one of the two', async () => {
    const late = new VolumeFiles(answeringLate(volume));
    await Promise.all(['one', 'other'].map((content) => late.write('top', content)));
    expect(['one', 'other']).toContain(await files.readText('top'));
    expect((await files.list()).map(({ name }) => name)).toEqual(['a', 'top']);
  });

  it('puts no file in the place of something else', async () => {
    volume.createSymlink(volume.root, 'link', 'top');
    expect(await refusal(files.write('link', 'x'))).toBe('EINVAL');
    expect(await refusal(files.write('a', 'x'))).toBe('EISDIR');
  });

  it('gives bytes that are the caller’s own', async () => {
    const bytes = await files.read('top');
    bytes.fill(0);
    expect(await files.readText('top')).toBe('top');
  });

  it('removes, renames and makes directories', async () => {
    await files.rename('a', 'moved');
    expect(await files.exists('moved/b.txt')).toBe(true);
    await files.makeDirectory('new');
    await files.makeDirectory('new');
    await files.makeDirectory('p/q/r', { parents: true });
    await files.remove('moved');
    await files.remove('p');
    expect((await files.list('/')).map(({ name }) => name)).toEqual(['new', 'top']);
  });

  it('removes a directory that is deeper than the stack of calls', async () => {
    let directory = volume.root;
    for (let depth = 0; depth < 20_000; depth++) directory = volume.createDirectory(directory, 'd');
    await files.remove('d');
    expect((await files.list()).map(({ name }) => name)).toEqual(['a', 'top']);
  });

  it('shows symbolic links and does not follow them', async () => {
    volume.createSymlink(volume.root, 'link', '/etc/passwd');
    expect(await files.readLink('link')).toBe('/etc/passwd');
    expect((await files.stat('link')).kind).toBe('symlink');
    expect(await refusal(files.read('link'))).toBe('EINVAL');
    await files.remove('link');
    expect(await files.exists('link')).toBe(false);
  });

  it('refuses what can not be, with the errno', async () => {
    expect(await refusal(files.read('nothing'))).toBe('ENOENT');
    expect(await refusal(files.read('a'))).toBe('EISDIR');
    expect(await refusal(files.read('/'))).toBe('EISDIR');
    expect(await refusal(files.write('', 'x'))).toBe('EISDIR');
    expect(await refusal(files.write('no/such/folder', 'x'))).toBe('ENOENT');
    expect(await refusal(files.write('top/x', 'x'))).toBe('ENOTDIR');
    expect(await refusal(files.makeDirectory('x/y'))).toBe('ENOENT');
    expect(await refusal(files.makeDirectory('top'))).toBe('ENOTDIR');
    expect(await refusal(files.list('top'))).toBe('ENOTDIR');
    expect(await refusal(files.remove('nothing'))).toBe('ENOENT');
    expect(await refusal(files.stat('a/../top'))).toBe('EINVAL');
  });

  describe('watching', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => vi.useRealTimers());

    it('tells what the guest and the page do, each path once', async () => {
      const seen: VolumeChange[] = [];
      const stop = files.watch('/', (changes) => seen.push(...changes));
      const top = volume.lookup(volume.root, 'top') ?? volume.root;
      for (let index = 0; index < 100; index++) volume.write(top, index, text('x'));
      await files.write('new', 'content');
      await files.rename('a', 'renamed');
      await vi.advanceTimersByTimeAsync(50);
      expect(seen).toEqual([
        { path: '/top', kind: 'changed' },
        { path: '/new', kind: 'created' },
        { path: '/a', kind: 'removed' },
        { path: '/renamed', kind: 'created' },
      ]);
      stop();
      await files.remove('top');
      await vi.advanceTimersByTimeAsync(50);
      expect(seen).toHaveLength(4);
    });

    it('tells only what is at or below the path', async () => {
      const seen: string[] = [];
      files.watch('a', (changes) => seen.push(...changes.map(({ path }) => path)));
      await files.write('top', 'x');
      await files.write('a/c/new', 'x');
      await files.write('ab', 'x');
      await vi.advanceTimersByTimeAsync(50);
      expect(seen).toEqual(['/a/c/new']);
    });
  });
});
