import { wasi } from '@bjorn3/browser_wasi_shim';
import { describe, expect, test } from 'vitest';
import {
  ALL_RIGHTS,
  ControllerHarness,
  READ_RIGHTS,
  ROOT_FD,
  u64,
} from '../../testing/controller-harness';
import { MemoryVolume } from '../../volume/memory-volume';

const { OFLAGS_CREAT, OFLAGS_DIRECTORY, OFLAGS_EXCL, OFLAGS_TRUNC } = wasi;
const fd = ROOT_FD;

/** A home with a bit of everything, and a read-only volume beside it. */
async function openWorld(): Promise<ControllerHarness> {
  const home = MemoryVolume.from({ file: 'content', 'full/inner': 'x', 'empty/': null });
  home.createSymlink(home.root, 'to-file', 'file');
  home.createSymlink(home.root, 'to-full', 'full');
  home.createSymlink(home.root, 'to-empty', 'empty');
  home.createSymlink(home.root, 'dangling', 'nowhere');
  home.createSymlink(home.root, 'loop', 'loop');
  const data = MemoryVolume.from({ fixed: 'read-only', 'folder/': null }, { readOnly: true });
  return ControllerHarness.open({
    mounts: { '/home': home, '/data': data },
    limits: { openFiles: 8 },
  });
}

describe('path_open', () => {
  test.each([
    ['a file', 'home/file', {}, 4],
    ['a link to a file', 'home/to-file', {}, 4],
    ['a directory for reading', 'home/full', { base: READ_RIGHTS }, 4],
    ['a directory behind a link and a slash', 'home/to-full/', { lookup: 0, base: READ_RIGHTS }, 4],
    ['the root', '.', { base: READ_RIGHTS }, 4],
    ['a new file', 'home/new', { open: OFLAGS_CREAT }, 4],
    ['a new file through a dangling link', 'home/dangling', { open: OFLAGS_CREAT }, 4],
    ['a read-only file for reading', 'data/fixed', { base: READ_RIGHTS }, 4],
    ['an existing read-only file with O_CREAT', 'data/fixed', { open: OFLAGS_CREAT, base: 0n }, 4],
    ['what is not there', 'home/none', {}, 'ENOENT'],
    ['a file below what is not there', 'home/none/x', { open: OFLAGS_CREAT }, 'ENOENT'],
    ['a new name that ends in a dot', 'home/none/.', { open: OFLAGS_CREAT }, 'ENOENT'],
    ['a new name that ends in a slash', 'home/none/', { open: OFLAGS_CREAT }, 'EISDIR'],
    ['the empty path', '', {}, 'ENOENT'],
    ['an absolute path', '/home/file', {}, 'EPERM'],
    ['a file as a directory', 'home/file', { open: OFLAGS_DIRECTORY }, 'ENOTDIR'],
    ['a file with a slash', 'home/file/', {}, 'ENOTDIR'],
    ['a name below a file', 'home/file/x', {}, 'ENOTDIR'],
    ['a link without following it', 'home/to-file', { lookup: 0 }, 'ELOOP'],
    ['a link that leads to itself', 'home/loop', {}, 'ELOOP'],
    ['a dangling link', 'home/dangling', {}, 'ENOENT'],
    ['an existing file exclusively', 'home/file', { open: OFLAGS_CREAT | OFLAGS_EXCL }, 'EEXIST'],
    [
      'a dangling link exclusively',
      'home/dangling',
      { open: OFLAGS_CREAT | OFLAGS_EXCL },
      'EEXIST',
    ],
    ['a directory for writing', 'home/full', {}, 'EISDIR'],
    ['a directory to truncate', 'home/full', { open: OFLAGS_TRUNC, base: 0n }, 'EISDIR'],
    ['a directory with O_CREAT', 'home/full', { open: OFLAGS_CREAT, base: 0n }, 'EISDIR'],
    ['a new directory', 'home/new', { open: OFLAGS_CREAT | OFLAGS_DIRECTORY }, 'EINVAL'],
    ['a file with flags that there are not', 'home/file', { flags: 0x20 }, 'EINVAL'],
    ['a read-only file for writing', 'data/fixed', {}, 'EROFS'],
    ['a read-only file to truncate', 'data/fixed', { open: OFLAGS_TRUNC, base: 0n }, 'EROFS'],
    ['a new file in a read-only volume', 'data/new', { open: OFLAGS_CREAT }, 'EROFS'],
    ['a new file beside the mounts', 'new', { open: OFLAGS_CREAT }, 'EROFS'],
    ['with a descriptor that is not open', 'x', { fd: 99 }, 'EBADF'],
    ['with a stream for a directory', 'x', { fd: 1 }, 'ENOTDIR'],
    ['a name that is too long', `home/${'n'.repeat(256)}`, {}, 'ENAMETOOLONG'],
    [
      'a new name that is too long',
      `home/${'n'.repeat(256)}`,
      { open: OFLAGS_CREAT },
      'ENAMETOOLONG',
    ],
    ['a NUL', 'home/fi\0le', {}, 'EINVAL'],
  ] as const)('of %s (%s)', async (_title, path, options, expected) => {
    const world = await openWorld();
    expect(await world.open(path, options)).toBe(expected);
    expect(world.faults).toEqual([]);
  });

  test('of bytes that are no UTF-8 is EILSEQ', async () => {
    const world = await openWorld();
    const path = Uint8Array.of(0xff, 0xfe) as unknown as string;
    expect(await world.errno('path_unlink_file', { fd, path })).toBe('EILSEQ');
  });

  test('gives the lowest free number, and EMFILE without a trace when all are taken', async () => {
    const world = await openWorld();
    const opened: (number | string)[] = [];
    for (let count = 0; count < 8; count++) opened.push(await world.open('home/file'));
    expect(opened).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await world.open('home/brand-new', { open: OFLAGS_CREAT })).toBe('EMFILE');
    expect(await world.look('home/brand-new')).toBe('ENOENT');
    await world.call('fd_close', { fd: 9 });
    await world.call('fd_close', { fd: 6 });
    expect(await world.open('home/file')).toBe(6);
    expect(await world.open('home/file')).toBe(9);
    expect(await world.open('home/file')).toBe('EMFILE');
  });

  test('truncates only when asked', async () => {
    const world = await openWorld();
    await world.mustOpen('home/file', { open: OFLAGS_CREAT });
    expect(await world.readAll('home/file')).toBe('content');
    await world.mustOpen('home/file', { open: OFLAGS_TRUNC });
    expect(await world.readAll('home/file')).toBe('');
  });

  test('closes what it could not truncate', async () => {
    const world = await openWorld();
    const volume = world.context.namespace
      .mountsIn(world.context.namespace.root)
      ?.get('home')?.volume;
    if (volume === undefined) throw new Error('no home');
    volume.truncate = () => {
      throw new Error('disk on fire');
    };
    expect(await world.open('home/file', { open: OFLAGS_TRUNC })).toBe('EIO');
    expect(world.context.fds.size).toBe(4);
    expect(world.faults).toHaveLength(1);
  });

  test('gives no more rights than its directory may hand on', async () => {
    const world = await openWorld();
    const folder = await world.mustOpenDirectory('home/full');
    const inheriting = BigInt(wasi.RIGHTS_FD_READ);
    const base = BigInt(wasi.RIGHTS_PATH_OPEN);
    await world.call('fd_fdstat_set_rights', { fd: folder, base, inheriting });
    const inner = await world.mustOpen('inner', { fd: folder, base: ALL_RIGHTS });
    const stat = (await world.call('fd_fdstat_get', { fd: inner })).payload;
    expect([u64(stat, 8), u64(stat, 16)]).toEqual([inheriting, inheriting]);
    expect(await world.errno('fd_write', { fd: inner, from: 'x' })).toBe('EBADF');
    expect(await world.errno('fd_filestat_set_size', { fd: inner, size: 0n })).toBe('EINVAL');
  });
});

describe('path_create_directory', () => {
  test.each([
    ['home/new', 'SUCCESS'],
    ['home/new/', 'SUCCESS'],
    ['home/full/../new', 'SUCCESS'],
    ['home/new/.', 'ENOENT'],
    ['home/none/new', 'ENOENT'],
    ['home/full', 'EEXIST'],
    ['home/file', 'EEXIST'],
    ['home/to-full', 'EEXIST'],
    ['home/to-full/', 'EEXIST'],
    ['home/dangling/', 'EEXIST'],
    ['home/file/', 'EEXIST'],
    ['home/full/.', 'EEXIST'],
    ['home/..', 'EEXIST'],
    ['.', 'EEXIST'],
    ['home', 'EEXIST'],
    ['home/file/new', 'ENOTDIR'],
    ['data/new', 'EROFS'],
    ['new', 'EROFS'],
    ['../new', 'EROFS'],
    ['home/loop/new', 'ELOOP'],
    [`home/${'n'.repeat(256)}`, 'ENAMETOOLONG'],
  ])('of %s is %s', async (path, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_create_directory', { fd, path })).toBe(expected);
    if (expected === 'SUCCESS') expect(await world.look('home/new')).toBe('directory');
  });
});

describe('path_unlink_file', () => {
  test.each([
    ['home/file', 'SUCCESS'],
    ['home/to-file', 'SUCCESS'],
    ['home/dangling', 'SUCCESS'],
    ['home/none', 'ENOENT'],
    ['home/full', 'EISDIR'],
    ['home/full/', 'EISDIR'],
    ['home', 'EISDIR'],
    ['.', 'EISDIR'],
    ['home/to-full/', 'ENOTDIR'],
    ['home/dangling/', 'ENOTDIR'],
    ['home/file/', 'ENOTDIR'],
    ['home/file/.', 'ENOTDIR'],
    ['data/fixed', 'EROFS'],
  ])('of %s is %s', async (path, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_unlink_file', { fd, path })).toBe(expected);
  });

  test('takes a link, not what it leads to', async () => {
    const world = await openWorld();
    await world.call('path_unlink_file', { fd, path: 'home/to-file' });
    expect(await world.look('home/file')).toBe('file');
    expect(await world.look('home/to-file', fd, 0)).toBe('ENOENT');
  });

  test('leaves the content to those who have it open', async () => {
    const world = await openWorld();
    const open = await world.mustOpen('home/file');
    await world.call('path_unlink_file', { fd, path: 'home/file' });
    const { payload } = await world.call('fd_read', { fd: open, into: 100 });
    expect(new TextDecoder().decode(payload)).toBe('content');
    expect(u64((await world.call('fd_filestat_get', { fd: open })).payload, 24)).toBe(0n);
    expect(await world.errno('fd_close', { fd: open })).toBe('SUCCESS');
  });
});

describe('path_remove_directory', () => {
  test.each([
    ['home/empty', 'SUCCESS'],
    ['home/empty/', 'SUCCESS'],
    ['home/none', 'ENOENT'],
    ['home/file', 'ENOTDIR'],
    ['home/to-full', 'ENOTDIR'],
    ['home/to-full/', 'ENOTDIR'],
    ['home/to-empty/', 'ENOTDIR'],
    ['home/dangling/', 'ENOTDIR'],
    ['home/loop/', 'ENOTDIR'],
    ['home/full', 'ENOTEMPTY'],
    ['home/empty/.', 'EINVAL'],
    ['home/empty/..', 'ENOTEMPTY'],
    ['home/none/.', 'ENOENT'],
    ['home/none/..', 'ENOENT'],
    ['home/file/.', 'ENOTDIR'],
    ['home/file/..', 'ENOTDIR'],
    ['home/loop/..', 'ELOOP'],
    ['/home/empty/.', 'EPERM'],
    [`home/${'n'.repeat(256)}/.`, 'ENAMETOOLONG'],
    ['home/to-empty/.', 'EINVAL'],
    ['.', 'EINVAL'],
    ['home', 'EBUSY'],
    ['data/folder', 'EROFS'],
  ])('of %s is %s', async (path, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_remove_directory', { fd, path })).toBe(expected);
  });

  test.each(['.', '..', 'empty/.'])(
    'looks at its descriptor before it looks at %s',
    async (path) => {
      const world = await openWorld();
      const file = await world.mustOpen('home/file');
      expect(await world.errno('path_remove_directory', { fd: 50, path })).toBe('EBADF');
      expect(await world.errno('path_remove_directory', { fd: file, path })).toBe('ENOTDIR');
      expect(await world.errno('path_remove_directory', { fd: 1, path })).toBe('ENOTDIR');
    },
  );
});

describe('path_rename', () => {
  test.each([
    ['home/file', 'home/new', 'SUCCESS'],
    ['home/file', 'home/full/inner', 'SUCCESS'],
    ['home/file', 'home/to-full', 'SUCCESS'],
    ['home/full', 'home/empty', 'SUCCESS'],
    ['home/full', 'home/new/', 'SUCCESS'],
    ['home/none', 'home/new', 'ENOENT'],
    ['home/file', 'home/none/new', 'ENOENT'],
    ['home/file', 'home/new/', 'ENOTDIR'],
    ['home/file', 'home/empty', 'EISDIR'],
    ['home/full', 'home/file', 'ENOTDIR'],
    ['home/empty', 'home/full', 'ENOTEMPTY'],
    ['home/full', 'home/full/deeper', 'EINVAL'],
    ['home/to-full/', 'home/new', 'ENOTDIR'],
    ['home/to-full/', 'home/new/', 'ENOTDIR'],
    ['home/to-full/.', 'home/new', 'EBUSY'],
    ['home/dangling/', 'home/new', 'ENOTDIR'],
    ['home/file/', 'home/new', 'ENOTDIR'],
    ['home/none/', 'home/new', 'ENOENT'],
    ['home/full', 'home/to-empty/', 'ENOTDIR'],
    ['home/full', 'home/dangling/', 'ENOTDIR'],
    ['home/full', 'home/file/', 'ENOTDIR'],
    ['home/file', 'home/to-empty/', 'ENOTDIR'],
    ['home/to-file', 'home/to-empty', 'SUCCESS'],
    ['home/full/.', 'home/new', 'EBUSY'],
    ['home/file', 'home/full/..', 'EBUSY'],
    ['home', 'home2', 'EBUSY'],
    ['.', 'home/new', 'EBUSY'],
    ['home/full', 'data', 'EXDEV'],
    ['home/file', 'tmp/file', 'EXDEV'],
    ['data/fixed', 'data/new', 'EROFS'],
    ['home/file', `home/${'n'.repeat(256)}`, 'ENAMETOOLONG'],
  ])('of %s to %s is %s', async (path, toPath, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_rename', { fd, path, toFd: fd, toPath })).toBe(expected);
    expect(world.faults).toEqual([]);
  });

  test('needs two open directories', async () => {
    const world = await openWorld();
    const paths = { path: 'home/file', toPath: 'home/new' };
    expect(await world.errno('path_rename', { fd: 50, toFd: fd, ...paths })).toBe('EBADF');
    expect(await world.errno('path_rename', { fd, toFd: 50, ...paths })).toBe('EBADF');
    expect(await world.errno('path_rename', { fd, toFd: 0, ...paths })).toBe('ENOTDIR');
  });
});

describe('path_link and path_symlink', () => {
  test.each([
    ['home/file', 'home/new', 1, 'SUCCESS'],
    ['home/to-file', 'home/new', 0, 'SUCCESS'],
    ['home/dangling', 'home/new', 0, 'SUCCESS'],
    ['home/dangling', 'home/new', 1, 'ENOENT'],
    ['home/full', 'home/new', 1, 'EPERM'],
    ['home/none', 'home/new', 1, 'ENOENT'],
    ['home/file', 'home/full', 1, 'EEXIST'],
    ['home/file', 'home/dangling/', 1, 'EEXIST'],
    ['home/file/', 'home/new', 0, 'ENOTDIR'],
    ['home/file', 'home/new/', 1, 'ENOENT'],
    ['home/file', 'tmp/new', 1, 'EXDEV'],
    ['home/file', 'data/new', 1, 'EROFS'],
    ['data/fixed', 'home/new', 1, 'EXDEV'],
  ])('a hard link from %s to %s (following: %i) is %s', async (path, toPath, lookup, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_link', { fd, lookup, path, toFd: fd, toPath })).toBe(expected);
  });

  test('a hard link is the same file', async () => {
    const world = await openWorld();
    await world.call('path_link', { fd, lookup: 0, path: 'home/file', toFd: fd, toPath: 'home/b' });
    const stat = async (path: string) =>
      (await world.call('path_filestat_get', { fd, lookup: 0, path })).payload;
    expect(u64(await stat('home/b'), 8)).toBe(u64(await stat('home/file'), 8));
    expect(u64(await stat('home/b'), 24)).toBe(2n);
  });

  test.each([
    ['target', 'home/new', 'SUCCESS'],
    ['../../../etc/passwd', 'home/new', 'SUCCESS'],
    ['', 'home/new', 'ENOENT'],
    ['target', 'home/new/', 'ENOENT'],
    ['target', 'home/file', 'EEXIST'],
    ['target', 'home/dangling', 'EEXIST'],
    ['target', 'home/dangling/', 'EEXIST'],
    ['target', 'data/new', 'EROFS'],
    ['t'.repeat(5000), 'home/new', 'ENAMETOOLONG'],
  ])('a symbolic link with target %s at %s is %s', async (target, path, expected) => {
    const world = await openWorld();
    expect(await world.errno('path_symlink', { fd, path, target })).toBe(expected);
  });

  test('path_readlink gives the target, cut to the room there is', async () => {
    const world = await openWorld();
    const read = (path: string, into: number) => world.call('path_readlink', { fd, path, into });
    expect(new TextDecoder().decode((await read('home/to-file', 100)).payload)).toBe('file');
    expect(new TextDecoder().decode((await read('home/to-file', 2)).payload)).toBe('fi');
    expect((await read('home/to-file', 0)).payload).toHaveLength(0);
    expect((await read('home/file', 10)).errno).toBe('EINVAL');
    expect((await read('home/none', 10)).errno).toBe('ENOENT');
  });
});

test('a refusal of a volume that is no FileError is EIO for the guest, and a fault for the page', async () => {
  const world = await openWorld();
  const volume = world.context.namespace
    .mountsIn(world.context.namespace.root)
    ?.get('home')?.volume;
  if (volume === undefined) throw new Error('no home');
  volume.lookup = () => {
    throw new TypeError('host detail /secret/path');
  };
  expect(await world.errno('path_unlink_file', { fd, path: 'home/file' })).toBe('EIO');
  expect(world.faults).toHaveLength(1);
});
