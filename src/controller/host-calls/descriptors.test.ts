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

const { WHENCE_SET, WHENCE_CUR, WHENCE_END, OFLAGS_CREAT } = wasi;

interface Opened {
  readonly world: ControllerHarness;
  readonly file: number;
  readonly reading: number;
  readonly folder: number;
}

async function openSome(): Promise<Opened> {
  const data = MemoryVolume.from({ fixed: 'x' }, { readOnly: true });
  const world = await ControllerHarness.open({ mounts: { '/data': data } });
  return {
    world,
    file: await world.mustCreate('tmp/f', 'abcdef'),
    reading: await world.mustOpen('data/fixed', { base: READ_RIGHTS }),
    folder: await world.mustOpenDirectory('tmp'),
  };
}

describe('each call on a descriptor that is not open is EBADF', () => {
  const offsets = { offset: 0n, length: 1n };
  const times = { accessed: 0n, modified: 0n, flags: 0 };
  test.each([
    ['fd_advise', { ...offsets, advice: 0 }],
    ['fd_allocate', offsets],
    ['fd_close', {}],
    ['fd_datasync', {}],
    ['fd_fdstat_get', {}],
    ['fd_fdstat_set_flags', { flags: 0 }],
    ['fd_fdstat_set_rights', { base: 0n, inheriting: 0n }],
    ['fd_filestat_get', {}],
    ['fd_filestat_set_size', { size: 0n }],
    ['fd_filestat_set_times', times],
    ['fd_pread', { into: 0, offset: 0n }],
    ['fd_prestat_get', {}],
    ['fd_prestat_dir_name', { into: 10 }],
    ['fd_pwrite', { from: '', offset: 0n }],
    ['fd_read', { into: 0 }],
    ['fd_readdir', { into: 0, cookie: 0n }],
    ['fd_renumber', { to: 1 }],
    ['fd_seek', { offset: 0n, whence: 0 }],
    ['fd_sync', {}],
    ['fd_tell', {}],
    ['fd_write', { from: '' }],
    ['sock_accept', { flags: 0 }],
    ['sock_recv', { into: 0, flags: 0 }],
    ['sock_send', { from: '', flags: 0 }],
    ['sock_shutdown', { how: 0 }],
  ] as const)('%s', async (name, args) => {
    const world = await ControllerHarness.open();
    for (const fd of [4, 1000, 2 ** 31, 2 ** 32 - 1]) {
      expect(await world.errno(name, { ...args, fd } as never)).toBe('EBADF');
    }
  });
});

describe('fd_seek and fd_tell', () => {
  test.each([
    [4n, WHENCE_SET, 4n],
    [-1n, WHENCE_END, 5n],
    [2n, WHENCE_CUR, 3n],
    [100n, WHENCE_END, 106n],
    [2n ** 53n - 1n, WHENCE_SET, 2n ** 53n - 1n],
    [-1n, WHENCE_SET, 'EINVAL'],
    [-2n, WHENCE_CUR, 'EINVAL'],
    [-7n, WHENCE_END, 'EINVAL'],
    [2n ** 53n, WHENCE_SET, 'EINVAL'],
    [2n ** 63n - 1n, WHENCE_END, 'EINVAL'],
    [-(2n ** 63n), WHENCE_CUR, 'EINVAL'],
    [0n, 3, 'EINVAL'],
    [0n, 255, 'EINVAL'],
  ])('seek by %i from whence %i of 1 in 6 gives %s', async (offset, whence, expected) => {
    const { world, file: fd } = await openSome();
    await world.call('fd_seek', { fd, offset: 1n, whence: WHENCE_SET });
    const { errno, payload } = await world.call('fd_seek', { fd, offset, whence });
    expect(errno === 'SUCCESS' ? u64(payload) : errno).toBe(expected);
    const position = typeof expected === 'bigint' ? expected : 1n;
    expect(u64((await world.call('fd_tell', { fd })).payload)).toBe(position);
  });

  test('are ESPIPE for streams and EISDIR for directories', async () => {
    const { world, folder } = await openSome();
    const seek = (fd: number) => world.errno('fd_seek', { fd, offset: 0n, whence: WHENCE_CUR });
    expect([await seek(0), await seek(1), await seek(folder)]).toEqual([
      'ESPIPE',
      'ESPIPE',
      'EISDIR',
    ]);
    expect(await world.errno('fd_tell', { fd: 2 })).toBe('ESPIPE');
  });
});

describe('sizes', () => {
  test.each([
    [3n, 'SUCCESS'],
    [2n ** 30n, 'ENOSPC'],
    [2n ** 41n, 'EFBIG'],
    [2n ** 53n, 'EFBIG'],
    [2n ** 63n, 'EFBIG'],
    [2n ** 64n - 1n, 'EFBIG'],
  ])('fd_filestat_set_size to %i is %s', async (size, expected) => {
    const { world, file } = await openSome();
    expect(await world.errno('fd_filestat_set_size', { fd: file, size })).toBe(expected);
    expect(await world.readAll('tmp/f')).toBe(expected === 'SUCCESS' ? 'abc' : 'abcdef');
  });

  test('fd_filestat_set_size needs a file that is open for writing', async () => {
    const { world, reading, folder } = await openSome();
    for (const fd of [reading, folder, 1, ROOT_FD]) {
      expect(await world.errno('fd_filestat_set_size', { fd, size: 0n })).toBe('EINVAL');
    }
  });

  test.each([
    [4n, 4n, 'SUCCESS', 8],
    [0n, 3n, 'SUCCESS', 6],
    [0n, 0n, 'EINVAL', 6],
    [2n ** 64n - 1n, 2n ** 64n - 1n, 'EFBIG', 6],
    [2n ** 53n, 1n, 'EFBIG', 6],
    [0n, 2n ** 30n, 'ENOSPC', 6],
  ])('fd_allocate of %i and %i is %s', async (offset, length, expected, size) => {
    const { world, file } = await openSome();
    expect(await world.errno('fd_allocate', { fd: file, offset, length })).toBe(expected);
    expect(await world.readAll('tmp/f')).toHaveLength(size);
  });

  test('fd_allocate is for files that are open for writing', async () => {
    const { world, reading, folder } = await openSome();
    const allocate = (fd: number) => world.errno('fd_allocate', { fd, offset: 0n, length: 1n });
    expect([await allocate(reading), await allocate(folder), await allocate(0)]).toEqual([
      'EBADF',
      'EISDIR',
      'ESPIPE',
    ]);
  });
});

describe('what a descriptor says of itself', () => {
  test('a terminal is a character device without the rights to seek, a pipe is not', async () => {
    const world = await ControllerHarness.open({ terminal: { stdin: true, stderr: false } });
    const stat = async (fd: number) => (await world.call('fd_fdstat_get', { fd })).payload;
    expect((await stat(0))[0]).toBe(wasi.FILETYPE_CHARACTER_DEVICE);
    expect((await stat(1))[0]).toBe(wasi.FILETYPE_CHARACTER_DEVICE);
    expect((await stat(2))[0]).toBe(wasi.FILETYPE_UNKNOWN);
    const seek = BigInt(wasi.RIGHTS_FD_SEEK | wasi.RIGHTS_FD_TELL);
    expect(u64(await stat(1), 8) & seek).toBe(0n);
    expect((await world.call('fd_filestat_get', { fd: 1 })).payload[16]).toBe(
      wasi.FILETYPE_CHARACTER_DEVICE,
    );
  });

  test('only what was given at the start is a preopen', async () => {
    const { world, folder } = await openSome();
    const prestat = await world.call('fd_prestat_get', { fd: ROOT_FD });
    expect([...prestat.payload]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    const name = await world.call('fd_prestat_dir_name', { fd: ROOT_FD, into: 1 });
    expect([...name.payload]).toEqual(['/'.charCodeAt(0)]);
    expect(await world.errno('fd_prestat_dir_name', { fd: ROOT_FD, into: 0 })).toBe('ENAMETOOLONG');
    for (const fd of [0, folder]) {
      expect(await world.errno('fd_prestat_get', { fd })).toBe('EBADF');
      expect(await world.errno('fd_prestat_dir_name', { fd, into: 9 })).toBe('EBADF');
    }
  });

  test('flags can be set, those that exist', async () => {
    const { world, file: fd } = await openSome();
    expect(await world.errno('fd_fdstat_set_flags', { fd, flags: wasi.FDFLAGS_APPEND })).toBe(
      'SUCCESS',
    );
    await world.call('fd_write', { fd, from: '!' });
    expect(await world.readAll('tmp/f')).toBe('abcdef!');
    expect(await world.errno('fd_fdstat_set_flags', { fd, flags: 0x8000 })).toBe('EINVAL');
    expect((await world.call('fd_fdstat_get', { fd })).payload[2]).toBe(wasi.FDFLAGS_APPEND);
  });

  test('rights can be given up and never gained', async () => {
    const { world, file: fd } = await openSome();
    const set = (base: bigint, inheriting: bigint) =>
      world.errno('fd_fdstat_set_rights', { fd, base, inheriting });
    expect(await set(READ_RIGHTS, 0n)).toBe('SUCCESS');
    expect(await world.errno('fd_write', { fd, from: 'x' })).toBe('EBADF');
    expect(await set(ALL_RIGHTS, 0n)).toBe('ENOTCAPABLE');
    expect(await set(READ_RIGHTS, 1n)).toBe('ENOTCAPABLE');
    expect(await set(2n ** 63n, 0n)).toBe('ENOTCAPABLE');
    expect(await world.errno('fd_read', { fd, into: 1 })).toBe('SUCCESS');
  });

  test('fd_filestat_set_times changes times, and refuses contradictions and streams', async () => {
    const { world, file: fd, reading } = await openSome();
    const times = { accessed: 5n, modified: 2n ** 60n, flags: wasi.FSTFLAGS_MTIM };
    const before = (await world.call('fd_filestat_get', { fd })).payload;
    expect(await world.errno('fd_filestat_set_times', { fd, ...times })).toBe('SUCCESS');
    const after = (await world.call('fd_filestat_get', { fd })).payload;
    expect([u64(after, 40), u64(after, 48)]).toEqual([u64(before, 40), 2n ** 60n]);
    const both = wasi.FSTFLAGS_MTIM | wasi.FSTFLAGS_MTIM_NOW;
    expect(await world.errno('fd_filestat_set_times', { fd, ...times, flags: both })).toBe(
      'EINVAL',
    );
    expect(await world.errno('fd_filestat_set_times', { fd: 1, ...times })).toBe('EINVAL');
    expect(await world.errno('fd_filestat_set_times', { fd: reading, ...times })).toBe('EROFS');
  });

  test('fd_advise and fd_sync answer to what they can mean', async () => {
    const { world, file, folder } = await openSome();
    const advise = (fd: number, advice: number) =>
      world.errno('fd_advise', { fd, offset: 2n ** 64n - 1n, length: 0n, advice });
    expect([await advise(file, 5), await advise(file, 6), await advise(folder, 0)]).toEqual([
      'SUCCESS',
      'EINVAL',
      'EBADF',
    ]);
    expect(await world.errno('fd_sync', { fd: file })).toBe('SUCCESS');
    expect(await world.errno('fd_datasync', { fd: folder })).toBe('SUCCESS');
    expect(await world.errno('fd_sync', { fd: 1 })).toBe('EINVAL');
  });
});

describe('fd_close and fd_renumber', () => {
  test('a closed descriptor is gone, even a stream', async () => {
    const { world, file } = await openSome();
    for (const fd of [file, 0, ROOT_FD]) {
      expect(await world.errno('fd_close', { fd })).toBe('SUCCESS');
      expect(await world.errno('fd_close', { fd })).toBe('EBADF');
    }
    expect(await world.open('tmp/f')).toBe('EBADF');
  });

  test('renumber moves a file onto an open number, which is closed', async () => {
    const { world, file, folder } = await openSome();
    expect(await world.errno('fd_renumber', { fd: file, to: folder })).toBe('SUCCESS');
    expect(await world.errno('fd_read', { fd: file, into: 1 })).toBe('EBADF');
    const { payload } = await world.call('fd_read', { fd: folder, into: 9 });
    expect(new TextDecoder().decode(payload)).toBe('abcdef');
    expect(await world.open('tmp/f')).toBe(file);
  });

  test('renumber refuses numbers that are not open, and onto itself does nothing', async () => {
    const { world, file } = await openSome();
    const renumber = (fd: number, to: number) => world.errno('fd_renumber', { fd, to });
    expect(await renumber(file, file)).toBe('SUCCESS');
    expect(await renumber(file, 40)).toBe('EBADF');
    expect(await renumber(40, file)).toBe('EBADF');
    expect(await renumber(40, 40)).toBe('EBADF');
    expect(await world.errno('fd_read', { fd: file, into: 1 })).toBe('SUCCESS');
  });

  test('renumber can redirect output into a file', async () => {
    const { world } = await openSome();
    const log = await world.mustCreate('tmp/log');
    await world.call('fd_renumber', { fd: log, to: 1 });
    await world.call('fd_write', { fd: 1, from: 'logged' });
    expect(await world.readAll('tmp/log')).toBe('logged');
    expect(world.written).toEqual([]);
  });

  test('what is removed stays as long as any descriptor has it, and no longer', async () => {
    const volume = new MemoryVolume();
    const world = await ControllerHarness.open({ mounts: { '/v': volume } });
    const one = await world.mustOpen('v/f', { open: OFLAGS_CREAT });
    const two = await world.mustOpen('v/f');
    const three = await world.mustOpen('v/f');
    await world.call('path_unlink_file', { fd: ROOT_FD, path: 'v/f' });
    await world.call('fd_renumber', { fd: two, to: three });
    await world.call('fd_close', { fd: one });
    expect(volume.usage().inodes).toBe(2);
    await world.call('fd_close', { fd: three });
    expect(volume.usage().inodes).toBe(1);
  });

  test('closeAll lets go of everything, also beside a volume that is closed already', async () => {
    const closed = MemoryVolume.from({ f: '' });
    const volume = MemoryVolume.from({ f: '' });
    const world = await ControllerHarness.open({ mounts: { '/closed': closed, '/v': volume } });
    await world.mustOpen('closed/f');
    const fd = await world.mustOpen('v/f');
    await world.call('path_unlink_file', { fd: ROOT_FD, path: 'v/f' });
    closed.close();
    world.context.fds.closeAll();
    expect(volume.usage().inodes).toBe(1);
    expect(world.context.fds.size).toBe(0);
    expect(await world.errno('fd_close', { fd })).toBe('EBADF');
  });

  test('nothing is opened any more after the end, even by an answer that comes late', async () => {
    const volume = MemoryVolume.from({ f: '' });
    const lookup = volume.lookup.bind(volume);
    const slow = Object.assign(volume, {
      lookup: (directory: never, name: string) =>
        new Promise((resolve) => setTimeout(() => resolve(lookup(directory, name)), 5)),
    });
    const world = await ControllerHarness.open({ mounts: { '/v': slow as never } });
    const opening = world.open('v/f');
    world.context.fds.closeAll();
    expect(await opening).toBe('EBADF');
    volume.unlink(volume.root, 'f');
    expect(volume.usage().inodes).toBe(1);
  });

  test('a descriptor for each of 60,000 files opens in good time', async () => {
    const world = await ControllerHarness.open({ limits: { openFiles: 65_536 } });
    const { fds, namespace } = world.context;
    const file = {
      kind: 'directory',
      node: namespace.root,
      path: '/',
      flags: 0,
      rights: 0,
      inheriting: 0,
    } as const;
    const start = performance.now();
    for (let count = 0; count < 60_000; count++) fds.open(file);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(fds.open(file)).toBe(60_004);
  });
});
