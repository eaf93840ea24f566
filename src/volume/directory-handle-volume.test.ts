import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeDisk } from '../testing/fake-directory-handle';
import { VolumeActor } from '../testing/volume-actor';
import { refusal, string, text } from '../testing/volume-helpers';
import { volumeOperation } from '../testing/volume-model';
import { type DirectoryHandleOptions, DirectoryHandleVolume } from './directory-handle-volume';
import { MemoryVolume } from './memory-volume';
import type { Inode } from './volume';

let disk: FakeDisk;
let volume: DirectoryHandleVolume;
let root: Inode;

function open(options: DirectoryHandleOptions & { ignoresCase?: boolean } = {}): void {
  disk = new FakeDisk(options);
  volume = new DirectoryHandleVolume(disk.handle, { writable: true, ...options });
  root = volume.root;
}

beforeEach(() => open());

async function at(name: string, directory = root): Promise<Inode> {
  const inode = await volume.lookup(directory, name);
  if (inode === undefined) throw new Error(`no ${name}`);
  return inode;
}

async function fileWith(name: string, content: string, directory = root): Promise<Inode> {
  const inode = await volume.createFile(directory, name);
  await volume.write(inode, 0, text(content));
  return inode;
}

const contentOf = async (inode: Inode) => string(await volume.read(inode, 0, 1 << 20));

describe('what was written to a picked folder and could not be put in place', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function loseInBackground(file: Inode, error = 'QuotaExceededError'): Promise<void> {
    await volume.write(file, 0, text('important'));
    disk.refuse('close', error);
    await vi.advanceTimersByTimeAsync(200);
    disk.heal();
  }

  it('is told to the next fsync, though it came about in the background', async () => {
    const file = await volume.createFile(root, 'file');
    volume.retain(file);
    await loseInBackground(file);
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
  });

  it('is told to each fsync, read and write of those who have it open', async () => {
    const file = await volume.createFile(root, 'file');
    volume.retain(file);
    await loseInBackground(file);
    expect(await refusal(() => volume.read(file, 0, 1))).toBe('ENOSPC');
    expect(await refusal(() => volume.write(file, 0, text('x')))).toBe('ENOSPC');
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
    volume.release(file);
    expect(await refusal(() => volume.sync(file))).toBe('done');
    expect(await contentOf(file)).toBe('');
  });

  it('does not matter any more once the file is emptied', async () => {
    const file = await volume.createFile(root, 'file');
    volume.retain(file);
    await loseInBackground(file);
    await volume.truncate(file, 0);
    await volume.write(file, 0, text('again'));
    await volume.sync(file);
    expect(disk.content()).toEqual({ file: 'again' });
  });

  it('is told to who syncs everything, and to who closes the volume', async () => {
    const first = await volume.createFile(root, 'first');
    await loseInBackground(first, 'NotAllowedError');
    expect(await refusal(() => volume.sync())).toBe('EACCES');
    expect(await refusal(() => volume.sync())).toBe('done');
    await loseInBackground(first);
    expect(await refusal(() => volume.close())).toBe('ENOSPC');
    expect(await refusal(() => volume.attributes(root))).toBe('ESTALE');
  });

  it('stays untold until somebody asks, even if the file was closed meanwhile', async () => {
    const file = await volume.createFile(root, 'file');
    volume.retain(file);
    await loseInBackground(file);
    volume.release(file);
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
  });

  it('is known when a later write fails, as the browser gives up the earlier ones, too', async () => {
    const file = await volume.createFile(root, 'file');
    volume.retain(file);
    await volume.write(file, 0, text('first'));
    disk.refuse('write', 'QuotaExceededError');
    expect(await refusal(() => volume.write(file, 5, text('second')))).toBe('ENOSPC');
    disk.heal();
    expect(await refusal(() => volume.sync(file))).toBe('ENOSPC');
    expect((await volume.attributes(file)).size).toBe(0);
  });

  it('does not take the place of a file that has its content', async () => {
    disk.put('settings', 'old');
    const file = await volume.createFile(root, 'settings.new');
    await loseInBackground(file);
    const rename = () => volume.rename(root, 'settings.new', root, 'settings');
    expect(await refusal(rename)).toBe('ENOSPC');
    expect(disk.content()).toEqual({ settings: 'old', 'settings.new': '' });
  });

  it('leaves the other files their content', async () => {
    const bad = await fileWith('bad', 'x');
    const good = await fileWith('good', 'y');
    disk.refuse('close', 'QuotaExceededError');
    expect(await refusal(() => volume.sync(bad))).toBe('ENOSPC');
    disk.heal();
    await volume.sync(good);
    expect(disk.content()).toEqual({ bad: '', good: 'y' });
  });
});

describe('a permission that is withdrawn', () => {
  it('is EACCES for everything, and the files are as they were', async () => {
    const file = await fileWith('file', 'content');
    await volume.sync();
    disk.withdrawPermission();
    const calls = [
      () => volume.read(file, 0, 1),
      () => volume.write(file, 0, text('x')),
      () => volume.createFile(root, 'new'),
      () => volume.unlink(root, 'file'),
      () => volume.rename(root, 'file', root, 'other'),
      () => volume.list(root, 0, 10),
    ];
    for (const call of calls) expect(await refusal(call)).toBe('EACCES');
    disk.heal();
    expect(await contentOf(file)).toBe('content');
    expect(disk.content()).toEqual({ file: 'content' });
  });

  it('in the middle of a file that is being written is told at fsync', async () => {
    const file = await fileWith('file', 'content');
    disk.withdrawPermission();
    expect(await refusal(() => volume.sync(file))).toBe('EACCES');
  });
});

describe('on a disk that does not tell cases apart', () => {
  beforeEach(() => open({ ignoresCase: true }));

  it('a rename changes the case, and the content stays', async () => {
    disk.put('readme.txt', 'precious');
    const file = await at('readme.txt');
    await volume.rename(root, 'readme.txt', root, 'README.txt');
    expect(disk.content()).toEqual({ 'README.txt': 'precious' });
    expect((await volume.list(root, 0, 10)).map(({ name }) => name)).toEqual(['README.txt']);
    expect(await contentOf(file)).toBe('precious');
  });

  it('so it does for a folder with all that is in it', async () => {
    disk.put('folder/deep/file', 'precious');
    await volume.rename(root, 'folder', root, 'Folder');
    expect(disk.content()).toEqual({
      'Folder/': '',
      'Folder/deep/': '',
      'Folder/deep/file': 'precious',
    });
  });

  it('a rename that fails halfway leaves the file under its old name', async () => {
    disk.put('readme.txt', 'precious');
    for (const step of ['close', 'write', 'removeEntry', 'create'] as const) {
      disk.refuse(step, 'QuotaExceededError');
      const rename = () => volume.rename(root, 'readme.txt', root, 'README.txt');
      expect(await refusal(rename)).toBe('ENOSPC');
      disk.heal();
      expect(disk.content()['readme.txt']).toBe('precious');
    }
  });

  it('one file is one node, whatever the case, and is not made twice', async () => {
    disk.put('readme.txt', 'text');
    expect(await at('README.TXT')).toBe(await at('readme.txt'));
    expect(await refusal(() => volume.createFile(root, 'ReadMe.txt'))).toBe('EEXIST');
    await fileWith('other', 'other');
    await volume.rename(root, 'other', root, 'README.TXT');
    expect(disk.content()).toEqual({ 'readme.txt': 'other' });
    await volume.unlink(root, 'Readme.txt');
    expect(disk.content()).toEqual({});
  });
});

describe('a rename in a picked folder that fails', () => {
  it('leaves the file its name and its content, and what had the other name', async () => {
    disk.put('a', 'content');
    disk.put('taken', 'old');
    const file = await at('a');
    const taken = await at('taken');
    volume.retain(taken);
    for (const step of ['close', 'write', 'createWritable', 'getFile'] as const) {
      for (const to of ['b', 'taken']) {
        disk.refuse(step, 'QuotaExceededError');
        expect(await refusal(() => volume.rename(root, 'a', root, to))).toBe('ENOSPC');
        disk.heal();
        expect(disk.content()).toEqual({ a: 'content', taken: 'old' });
        expect(await contentOf(file)).toBe('content');
        expect(await contentOf(taken)).toBe('old');
      }
    }
  });

  it('takes the copy away again if the old name can not go', async () => {
    disk.put('a', 'content');
    disk.refuse('removeEntry', 'NoModificationAllowedError');
    expect(await refusal(() => volume.rename(root, 'a', root, 'b'))).toBe('EBUSY');
    disk.heal();
    expect(await contentOf(await at('a'))).toBe('content');
  });

  it('leaves no half of a folder', async () => {
    disk.put('folder/a', 'a');
    disk.put('folder/deep/b', 'b');
    await volume.createDirectory(root, 'empty');
    const before = disk.content();
    for (const to of ['moved', 'empty']) {
      disk.refuse('close', 'QuotaExceededError');
      expect(await refusal(() => volume.rename(root, 'folder', root, to))).toBe('ENOSPC');
      disk.heal();
      expect(disk.content()).toEqual(before);
    }
    await volume.rename(root, 'folder', root, 'empty');
    expect(disk.content()).toEqual({
      'empty/': '',
      'empty/a': 'a',
      'empty/deep/': '',
      'empty/deep/b': 'b',
    });
  });
});

describe('a file that was removed while it was open', () => {
  it('takes no more memory than there is for such files', async () => {
    open({ maxKeptBytes: 8 });
    const file = await fileWith('file', '12345');
    volume.retain(file);
    await volume.unlink(root, 'file');
    expect(await refusal(() => volume.write(file, 2 ** 39, text('x')))).toBe('ENOSPC');
    expect(await refusal(() => volume.truncate(file, 9))).toBe('ENOSPC');
    await volume.write(file, 5, text('678'));
    expect(await contentOf(file)).toBe('12345678');
    const other = await fileWith('other', '12345');
    volume.retain(other);
    expect(await refusal(() => volume.unlink(root, 'other'))).toBe('EBUSY');
    volume.release(file);
    await volume.unlink(root, 'other');
    expect(await contentOf(other)).toBe('12345');
  });
});

describe('names of the browser’s own copies', () => {
  it('are neither shown nor made nor changed', async () => {
    disk.put('a.crswap', 'half');
    const file = await fileWith('file', 'x');
    expect(await volume.lookup(root, 'a.crswap')).toBeUndefined();
    expect(await refusal(() => volume.createFile(root, 'b.crswap'))).toBe('EINVAL');
    expect(await refusal(() => volume.createDirectory(root, 'b.crswap'))).toBe('EINVAL');
    expect(await refusal(() => volume.rename(root, 'file', root, 'b.crswap'))).toBe('EINVAL');
    expect(await refusal(() => volume.rename(root, 'a.crswap', root, 'b'))).toBe('ENOENT');
    expect(await refusal(() => volume.unlink(root, 'a.crswap'))).toBe('ENOENT');
    expect(await contentOf(file)).toBe('x');
    expect(disk.content()).toEqual({ 'a.crswap': 'half', file: 'x' });
  });

  it('may have 255 bytes of UTF-8 as others', async () => {
    for (const name of ['n'.repeat(256), 'é'.repeat(128)]) {
      expect(await refusal(() => volume.createFile(root, name))).toBe('ENAMETOOLONG');
      expect(await refusal(() => volume.lookup(root, name))).toBe('ENAMETOOLONG');
    }
  });
});

describe('a guest in a picked folder', () => {
  it('adds no more bytes than it may, and what it removes makes room', async () => {
    open({ maxAddedBytes: 10 });
    disk.put('own', '12345');
    const file = await fileWith('file', '1234567890');
    expect(await refusal(() => volume.write(file, 10, text('x')))).toBe('ENOSPC');
    expect(await refusal(() => volume.truncate(file, 11))).toBe('ENOSPC');
    await volume.write(file, 0, text('again'));
    await volume.unlink(root, 'own');
    await volume.write(file, 10, text('12345'));
    expect(await refusal(() => volume.write(file, 15, text('x')))).toBe('ENOSPC');
    await volume.truncate(file, 3);
    await volume.write(await volume.createFile(root, 'other'), 0, text('123456789012'));
    expect((await volume.usage()).bytes).toBe(15);
  });

  it('gets the room back of what was lost', async () => {
    open({ maxAddedBytes: 10 });
    const file = await fileWith('file', '1234567890');
    disk.refuse('close', 'NotAllowedError');
    expect(await refusal(() => volume.sync(file))).toBe('EACCES');
    disk.heal();
    await volume.write(file, 0, text('1234567890'));
    await volume.sync(file);
  });

  it('makes no more files and directories than it may', async () => {
    open({ maxAddedInodes: 2 });
    await volume.createFile(root, 'a');
    await volume.createDirectory(root, 'b');
    expect(await refusal(() => volume.createFile(root, 'c'))).toBe('ENOSPC');
    expect(await refusal(() => volume.createDirectory(root, 'c'))).toBe('ENOSPC');
    await volume.rename(root, 'a', root, 'c');
    await volume.removeDirectory(root, 'b');
    await volume.createFile(root, 'd');
    await volume.rename(root, 'd', root, 'c');
    await volume.createFile(root, 'e');
    expect(await refusal(() => volume.createFile(root, 'f'))).toBe('ENOSPC');
  });
});

it('a picked folder answers as a volume in memory does, but for links', async () => {
  const links = new Set(['createSymlink', 'link', 'readLink']);
  const operations = fc.array(volumeOperation, { minLength: 30, maxLength: 100, size: 'max' });
  await fc.assert(
    fc.asyncProperty(operations, async (todo) => {
      open();
      let current = volume;
      // The browser has no times of folders, and none that are set.
      const memory = new VolumeActor(new MemoryVolume(), { times: false });
      const reopen = async () => {
        await current.close();
        current = new DirectoryHandleVolume(disk.handle, { writable: true });
        return current;
      };
      const folder = new VolumeActor(volume, { times: false, reopen });
      for (const operation of [...todo, { call: 'reopen' as const }]) {
        if (links.has(operation.call)) continue;
        const expected = JSON.stringify(await memory.perform(operation));
        const answer = JSON.stringify(await folder.perform(operation));
        if (answer !== expected) expect(answer, JSON.stringify(operation)).toBe(expected);
      }
      expect(await folder.tree()).toEqual(await memory.tree());
    }),
    { numRuns: 20 },
  );
});
