import { wasi } from '@bjorn3/browser_wasi_shim';
import { describe, expect, test } from 'vitest';
import type { Fd } from '../protocol/numbers';
import { ALL_RIGHTS, ControllerHarness, ROOT_FD } from '../testing/controller-harness';
import { MemoryVolume } from '../volume/memory-volume';
import { DIRECTORY_RIGHTS } from './rights';

const { OFLAGS_CREAT, OFLAGS_TRUNC, FDFLAGS_DSYNC, FDFLAGS_RSYNC, FDFLAGS_SYNC } = wasi;

interface World {
  readonly world: ControllerHarness;
  readonly file: number;
  readonly folder: number;
}

async function openWorld(): Promise<World> {
  const home = MemoryVolume.from({ 'd/f': 'content', 'd/empty/': null });
  home.createSymlink(home.lookup(home.root, 'd') ?? home.root, 'l', 'f');
  const world = await ControllerHarness.open({ mounts: { '/home': home } });
  const file = await world.mustOpen('home/d/f');
  const base = BigInt(DIRECTORY_RIGHTS);
  return { world, file, folder: await world.mustOpen('home/d', { base }) };
}

async function setRights(world: ControllerHarness, fd: number, base: bigint): Promise<void> {
  const set = { fd, base, inheriting: ALL_RIGHTS };
  if ((await world.errno('fd_fdstat_set_rights', set)) !== 'SUCCESS') throw new Error('rights');
}

type Call = (world: World) => Promise<string>;

const bits = (...rights: number[]): bigint => BigInt(rights.reduce((all, right) => all | right, 0));
const times = { accessed: 1n, modified: 2n, flags: wasi.FSTFLAGS_MTIM };
const opening = { lookup: 0, base: 0n, inheriting: 0n, open: 0, flags: 0 };

/** The fewest rights with which each goes, and what it is without any of them. */
const onFile: [string, bigint, Call, string][] = [
  [
    'fd_advise',
    bits(wasi.RIGHTS_FD_ADVISE),
    ({ world, file: fd }) => world.errno('fd_advise', { fd, offset: 0n, length: 1n, advice: 0 }),
    'ENOTCAPABLE',
  ],
  [
    'fd_allocate',
    bits(wasi.RIGHTS_FD_ALLOCATE, wasi.RIGHTS_FD_WRITE),
    ({ world, file: fd }) => world.errno('fd_allocate', { fd, offset: 0n, length: 1n }),
    'EBADF',
  ],
  [
    'fd_datasync',
    bits(wasi.RIGHTS_FD_DATASYNC),
    ({ world, file: fd }) => world.errno('fd_datasync', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'fd_datasync for who may sync',
    bits(wasi.RIGHTS_FD_SYNC),
    ({ world, file: fd }) => world.errno('fd_datasync', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'fd_sync',
    bits(wasi.RIGHTS_FD_SYNC),
    ({ world, file: fd }) => world.errno('fd_sync', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'fd_fdstat_set_flags',
    bits(wasi.RIGHTS_FD_FDSTAT_SET_FLAGS),
    ({ world, file: fd }) => world.errno('fd_fdstat_set_flags', { fd, flags: 0 }),
    'ENOTCAPABLE',
  ],
  [
    'fd_filestat_get',
    bits(wasi.RIGHTS_FD_FILESTAT_GET),
    ({ world, file: fd }) => world.errno('fd_filestat_get', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'fd_filestat_set_size',
    bits(wasi.RIGHTS_FD_FILESTAT_SET_SIZE, wasi.RIGHTS_FD_WRITE),
    ({ world, file: fd }) => world.errno('fd_filestat_set_size', { fd, size: 1n }),
    'EINVAL',
  ],
  [
    'fd_filestat_set_times',
    bits(wasi.RIGHTS_FD_FILESTAT_SET_TIMES),
    ({ world, file: fd }) => world.errno('fd_filestat_set_times', { fd, ...times }),
    'ENOTCAPABLE',
  ],
  [
    'fd_read',
    bits(wasi.RIGHTS_FD_READ),
    ({ world, file: fd }) => world.errno('fd_read', { fd, into: 1 }),
    'EBADF',
  ],
  [
    'fd_pread',
    bits(wasi.RIGHTS_FD_READ, wasi.RIGHTS_FD_SEEK),
    ({ world, file: fd }) => world.errno('fd_pread', { fd, into: 1, offset: 0n }),
    'EBADF',
  ],
  [
    'fd_write',
    bits(wasi.RIGHTS_FD_WRITE),
    ({ world, file: fd }) => world.errno('fd_write', { fd, from: 'x' }),
    'EBADF',
  ],
  [
    'fd_pwrite',
    bits(wasi.RIGHTS_FD_WRITE, wasi.RIGHTS_FD_SEEK),
    ({ world, file: fd }) => world.errno('fd_pwrite', { fd, from: 'x', offset: 0n }),
    'EBADF',
  ],
  [
    'fd_seek',
    bits(wasi.RIGHTS_FD_SEEK),
    ({ world, file: fd }) => world.errno('fd_seek', { fd, offset: 1n, whence: wasi.WHENCE_CUR }),
    'ENOTCAPABLE',
  ],
  [
    'fd_seek to where it is',
    bits(wasi.RIGHTS_FD_TELL),
    ({ world, file: fd }) => world.errno('fd_seek', { fd, offset: 0n, whence: wasi.WHENCE_CUR }),
    'ENOTCAPABLE',
  ],
  [
    'fd_tell',
    bits(wasi.RIGHTS_FD_TELL),
    ({ world, file: fd }) => world.errno('fd_tell', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'fd_tell for who may seek',
    bits(wasi.RIGHTS_FD_SEEK),
    ({ world, file: fd }) => world.errno('fd_tell', { fd }),
    'ENOTCAPABLE',
  ],
  [
    'poll_oneoff to read',
    bits(wasi.RIGHTS_POLL_FD_READWRITE),
    ({ world, file }) => polled(world, 'read', file),
    'ENOTCAPABLE',
  ],
  [
    'poll_oneoff to write',
    bits(wasi.RIGHTS_POLL_FD_READWRITE),
    ({ world, file }) => polled(world, 'write', file),
    'ENOTCAPABLE',
  ],
];
const onFolder: [string, bigint, Call][] = [
  [
    'fd_readdir',
    bits(wasi.RIGHTS_FD_READDIR),
    ({ world, folder: fd }) => world.errno('fd_readdir', { fd, into: 100, cookie: 0n }),
  ],
  [
    'path_create_directory',
    bits(wasi.RIGHTS_PATH_CREATE_DIRECTORY),
    ({ world, folder: fd }) => world.errno('path_create_directory', { fd, path: 'new' }),
  ],
  [
    'path_filestat_get',
    bits(wasi.RIGHTS_PATH_FILESTAT_GET),
    ({ world, folder: fd }) => world.errno('path_filestat_get', { fd, lookup: 0, path: 'f' }),
  ],
  [
    'path_filestat_set_times',
    bits(wasi.RIGHTS_PATH_FILESTAT_SET_TIMES),
    ({ world, folder: fd }) =>
      world.errno('path_filestat_set_times', { fd, lookup: 0, path: 'f', ...times }),
  ],
  [
    'path_link',
    bits(wasi.RIGHTS_PATH_LINK_SOURCE, wasi.RIGHTS_PATH_LINK_TARGET),
    ({ world, folder: fd }) =>
      world.errno('path_link', { fd, lookup: 0, path: 'f', toFd: fd, toPath: 'new' }),
  ],
  [
    'path_link from there',
    bits(wasi.RIGHTS_PATH_LINK_SOURCE),
    ({ world, folder: fd }) =>
      world.errno('path_link', { fd, lookup: 0, path: 'f', toFd: ROOT_FD, toPath: 'home/new' }),
  ],
  [
    'path_link to there',
    bits(wasi.RIGHTS_PATH_LINK_TARGET),
    ({ world, folder: toFd }) =>
      world.errno('path_link', { fd: ROOT_FD, lookup: 0, path: 'home/d/f', toFd, toPath: 'new' }),
  ],
  [
    'path_open',
    bits(wasi.RIGHTS_PATH_OPEN),
    ({ world, folder: fd }) => world.errno('path_open', { ...opening, fd, path: 'f' }),
  ],
  [
    'path_open of a new file',
    bits(wasi.RIGHTS_PATH_OPEN, wasi.RIGHTS_PATH_CREATE_FILE),
    ({ world, folder: fd }) =>
      world.errno('path_open', { ...opening, fd, path: 'new', open: OFLAGS_CREAT }),
  ],
  [
    'path_open that empties',
    bits(wasi.RIGHTS_PATH_OPEN, wasi.RIGHTS_PATH_FILESTAT_SET_SIZE),
    ({ world, folder: fd }) =>
      world.errno('path_open', { ...opening, fd, path: 'f', open: OFLAGS_TRUNC }),
  ],
  [
    'path_open with DSYNC',
    bits(wasi.RIGHTS_PATH_OPEN, wasi.RIGHTS_FD_DATASYNC),
    ({ world, folder: fd }) =>
      world.errno('path_open', { ...opening, fd, path: 'f', flags: FDFLAGS_DSYNC }),
  ],
  [
    'path_open with SYNC',
    bits(wasi.RIGHTS_PATH_OPEN, wasi.RIGHTS_FD_SYNC),
    ({ world, folder: fd }) =>
      world.errno('path_open', { ...opening, fd, path: 'f', flags: FDFLAGS_SYNC | FDFLAGS_RSYNC }),
  ],
  [
    'path_readlink',
    bits(wasi.RIGHTS_PATH_READLINK),
    ({ world, folder: fd }) => world.errno('path_readlink', { fd, path: 'l', into: 10 }),
  ],
  [
    'path_remove_directory',
    bits(wasi.RIGHTS_PATH_REMOVE_DIRECTORY),
    ({ world, folder: fd }) => world.errno('path_remove_directory', { fd, path: 'empty' }),
  ],
  [
    'path_rename',
    bits(wasi.RIGHTS_PATH_RENAME_SOURCE, wasi.RIGHTS_PATH_RENAME_TARGET),
    ({ world, folder: fd }) =>
      world.errno('path_rename', { fd, path: 'f', toFd: fd, toPath: 'new' }),
  ],
  [
    'path_rename from there',
    bits(wasi.RIGHTS_PATH_RENAME_SOURCE),
    ({ world, folder: fd }) =>
      world.errno('path_rename', { fd, path: 'f', toFd: ROOT_FD, toPath: 'home/new' }),
  ],
  [
    'path_rename to there',
    bits(wasi.RIGHTS_PATH_RENAME_TARGET),
    ({ world, folder: toFd }) =>
      world.errno('path_rename', { fd: ROOT_FD, path: 'home/d/f', toFd, toPath: 'new' }),
  ],
  [
    'path_symlink',
    bits(wasi.RIGHTS_PATH_SYMLINK),
    ({ world, folder: fd }) => world.errno('path_symlink', { fd, path: 'new', target: 'f' }),
  ],
  [
    'path_unlink_file',
    bits(wasi.RIGHTS_PATH_UNLINK_FILE),
    ({ world, folder: fd }) => world.errno('path_unlink_file', { fd, path: 'f' }),
  ],
];

async function polled(
  world: ControllerHarness,
  kind: 'read' | 'write',
  fd: number,
): Promise<string> {
  const { payload } = await world.call('poll_oneoff', {
    waitFor: [{ kind, fd: fd as Fd, userdata: 0n }],
  });
  return { 0: 'SUCCESS', 76: 'ENOTCAPABLE' }[payload[8] ?? -1] ?? `${payload[8]}`;
}

/** Each right of a set alone. */
function* each(rights: bigint): Generator<bigint> {
  for (let bit = 1n; bit <= rights; bit <<= 1n) if ((rights & bit) !== 0n) yield bit;
}

describe('a file that has the right alone', () => {
  test.each(onFile)(
    'can be used for %s, and not without',
    async (_title, rights, call, refused) => {
      const opened = await openWorld();
      const { world, file } = opened;
      await setRights(world, file, rights);
      expect(await call(opened)).toBe('SUCCESS');
      await setRights(world, file, 0n);
      expect(await call(opened)).toBe(refused);
      expect(world.faults).toEqual([]);
    },
  );

  test.each(onFile)('is refused if one of several lacks: %s', async (_title, rights, call) => {
    for (const right of each(rights)) {
      const opened = await openWorld();
      const others = ALL_RIGHTS & ~alike(right);
      await setRights(opened.world, opened.file, others);
      expect(await call(opened)).not.toBe('SUCCESS');
    }
  });
});

/** With the right that implies it, or is implied. */
function alike(right: bigint): bigint {
  const pairs = [
    bits(wasi.RIGHTS_FD_DATASYNC, wasi.RIGHTS_FD_SYNC),
    bits(wasi.RIGHTS_FD_SEEK, wasi.RIGHTS_FD_TELL),
  ];
  return pairs.find((pair) => (pair & right) !== 0n) ?? right;
}

describe('a directory that has the right alone', () => {
  test.each(onFolder)('can be used for %s', async (_title, rights, call) => {
    const opened = await openWorld();
    await setRights(opened.world, opened.folder, rights);
    expect(await call(opened)).toBe('SUCCESS');
  });

  test.each(onFolder)('and not without: %s', async (_title, rights, call) => {
    for (const right of each(rights)) {
      const opened = await openWorld();
      const others = BigInt(DIRECTORY_RIGHTS) & ~alike(right);
      await setRights(opened.world, opened.folder, others);
      expect(await call(opened)).toBe('ENOTCAPABLE');
      expect(await opened.world.readAll('home/d/f')).toBe('content');
    }
  });
});

test('what a descriptor is counts before what it may be used for', async () => {
  const { world, file, folder } = await openWorld();
  await setRights(world, file, 0n);
  await setRights(world, folder, 0n);
  expect(await world.errno('path_unlink_file', { fd: file, path: 'f' })).toBe('ENOTDIR');
  expect(await world.errno('fd_readdir', { fd: file, into: 9, cookie: 0n })).toBe('ENOTDIR');
  expect(await world.errno('fd_tell', { fd: folder })).toBe('EISDIR');
  expect(await world.errno('fd_read', { fd: folder, into: 1 })).toBe('EISDIR');
  expect(await world.errno('fd_write', { fd: folder, from: 'x' })).toBe('EBADF');
  expect(await world.errno('fd_tell', { fd: 1 })).toBe('ESPIPE');
  expect(await world.errno('fd_sync', { fd: 1 })).toBe('EINVAL');
});

test('streams give up rights as files do', async () => {
  const world = await ControllerHarness.open({ stdin: () => 'input' });
  const poll = bits(wasi.RIGHTS_POLL_FD_READWRITE);
  const give = async (fd: number, base: bigint) => {
    const set = { fd, base, inheriting: 0n };
    expect(await world.errno('fd_fdstat_set_rights', set)).toBe('SUCCESS');
  };
  expect(await polled(world, 'write', 1)).toBe('SUCCESS');
  for (const fd of [0, 1]) {
    expect(await world.errno('fd_filestat_get', { fd })).toBe('SUCCESS');
    expect(await world.errno('fd_fdstat_set_flags', { fd, flags: 0 })).toBe('SUCCESS');
    await give(fd, fd === 0 ? poll : 0n);
    expect(await world.errno('fd_filestat_get', { fd })).toBe('ENOTCAPABLE');
    expect(await world.errno('fd_fdstat_set_flags', { fd, flags: 0 })).toBe('ENOTCAPABLE');
    expect(await world.errno('fd_read', { fd, into: 1 })).toBe('EBADF');
    expect(await world.errno('fd_write', { fd, from: 'x' })).toBe('EBADF');
  }
  expect(await polled(world, 'read', 0)).toBe('ENOTCAPABLE');
  expect(await polled(world, 'write', 1)).toBe('ENOTCAPABLE');
  expect(world.text).toBe('');
});
