import { describe, expect, test } from 'vitest';
import { MountError } from '../errors';
import { ControllerHarness, ROOT_FD } from '../testing/controller-harness';
import { MemoryVolume } from '../volume/memory-volume';
import type { Volume } from '../volume/volume';
import { createTree } from './guest-world';

const fd = ROOT_FD;
const OTHER = MemoryVolume.from({ other: 'o' });

describe('mounts', () => {
  test.each([
    ['a path that is not absolute', { data: OTHER }],
    ['the empty path', { '': OTHER }],
    ['the root', { '/': OTHER }],
    ['the root by many slashes', { '///': OTHER }],
    ['a path with dots', { '/a/../b': OTHER }],
    ['a path with a dot', { '/./b': OTHER }],
    ['a NUL', { '/a\0b': OTHER }],
    ['a name that is too long', { [`/${'n'.repeat(256)}`]: OTHER }],
    ['a name that is no text', { '/\ud800': OTHER }],
    ['one path in two spellings', { '/a': OTHER, '/a/': MemoryVolume.from({}) }],
    ['a path below a file', { '/m': OTHER, '/m/other/x': MemoryVolume.from({}) }],
    ['a file', { '/m': OTHER, '/m/other': MemoryVolume.from({}) }],
    ['a path below nothing', { '/m': OTHER, '/m/none/x': MemoryVolume.from({}) }],
  ])('are refused on %s', async (_title, mounts) => {
    await expect(createTree({}, mounts)).rejects.toThrow(MountError);
  });

  test('are refused where the library lies', async () => {
    await expect(createTree({ '/usr': OTHER }, { '/usr/': OTHER })).rejects.toThrow('two mounts');
  });

  test('lie in one another, whatever their order', async () => {
    const world = await ControllerHarness.open({
      mounts: {
        '/outer/inner/most': MemoryVolume.from({ c: 'most' }),
        '/outer': MemoryVolume.from({ a: 'outer' }),
        '/outer/inner': MemoryVolume.from({ b: 'inner' }),
      },
    });
    expect(await world.readAll('outer/a')).toBe('outer');
    expect(await world.readAll('outer/inner/b')).toBe('inner');
    expect(await world.readAll('outer/inner/most/c')).toBe('most');
    expect(await world.readAll('outer/inner/most/../../a')).toBe('outer');
  });

  test('of one volume in two places are two volumes to the guest', async () => {
    const world = await ControllerHarness.open({ mounts: { '/x': OTHER, '/y': OTHER } });
    expect(await world.readAll('x/other')).toBe('o');
    expect(
      await world.errno('path_rename', { fd, path: 'x/other', toFd: fd, toPath: 'y/moved' }),
    ).toBe('EXDEV');
  });

  test('cover what has their name in the volume below, which stays as it is', async () => {
    const outer = MemoryVolume.from({ 'm/hidden': 'h', 'm2/': null });
    const world = await ControllerHarness.open({ mounts: { '/o': outer, '/o/m': OTHER } });
    expect(await world.look('o/m/hidden')).toBe('ENOENT');
    expect(await world.readAll('o/m/other')).toBe('o');
    expect(outer.lookup(outer.root, 'm')).toBeDefined();
  });

  test('can be neither removed, nor replaced, nor moved, nor lost with their directory', async () => {
    const outer = MemoryVolume.from({ 'd/': null, f: '' });
    const world = await ControllerHarness.open({ mounts: { '/o': outer, '/o/d/m': OTHER } });
    const rename = (path: string, toPath: string) =>
      world.errno('path_rename', { fd, path, toFd: fd, toPath });
    expect(await world.errno('path_remove_directory', { fd, path: 'o/d/m' })).toBe('EBUSY');
    expect(await world.errno('path_remove_directory', { fd, path: 'o/d' })).toBe('EBUSY');
    expect(await world.errno('path_unlink_file', { fd, path: 'o/d/m' })).toBe('EISDIR');
    expect(await world.errno('path_create_directory', { fd, path: 'o/d/m' })).toBe('EEXIST');
    expect(await rename('o/d/m', 'o/n')).toBe('EBUSY');
    expect(await rename('o/f', 'o/d/m')).toBe('EBUSY');
    expect(await rename('o/d', 'o/e')).toBe('EBUSY');
    expect(await world.readAll('o/d/m/other')).toBe('o');
  });

  test('at /home and /tmp take the place of the private ones', async () => {
    const world = await ControllerHarness.open({ mounts: { '/home/': OTHER } });
    expect(await world.readAll('home/other')).toBe('o');
    await world.mustCreate('tmp/x', 'private');
    expect(await world.readAll('tmp/x')).toBe('private');
  });
});

/** The names of a whole listing, read through a buffer of `room` bytes as a libc does. */
async function listThrough(world: ControllerHarness, dir: number, room: number): Promise<string[]> {
  const names: string[] = [];
  let cookie = 0n;
  let into = room;
  for (let turn = 0; turn < 10_000; turn++) {
    const { errno, payload } = await world.call('fd_readdir', { fd: dir, into, cookie });
    if (errno !== 'SUCCESS') throw new Error(errno);
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    let at = 0;
    let whole = 0;
    while (at + 24 <= payload.length) {
      const length = view.getUint32(at + 16, true);
      if (at + 24 + length > payload.length) break;
      names.push(new TextDecoder().decode(payload.subarray(at + 24, at + 24 + length)));
      cookie = view.getBigUint64(at, true);
      at += 24 + length;
      whole++;
    }
    if (payload.length < into) return names;
    // Not even one fits: a libc tries again with more room.
    if (whole === 0) into *= 2;
    else into = room;
  }
  throw new Error('the listing has no end');
}

/** Forty files of several lengths, two mounts on names that are there, and one that is not. */
async function openFolder(wrap: (volume: Volume) => Volume = (volume) => volume) {
  const files: Record<string, string | null> = { 'covered/': null, 'covered-too/': null };
  for (let index = 0; index < 40; index++) files[`f${'x'.repeat(index % 7)}${index}`] = '';
  const world = await ControllerHarness.open({
    mounts: {
      '/o': wrap(MemoryVolume.from(files)),
      '/o/covered': OTHER,
      '/o/covered-too': OTHER,
      '/o/virtual': OTHER,
    },
  });
  const expected = [
    '.',
    '..',
    'covered',
    'covered-too',
    'virtual',
    ...Object.keys(files).filter((name) => !name.endsWith('/')),
  ].sort();
  return { world, expected, dir: await world.mustOpenDirectory('o') };
}

describe('listings', () => {
  test('have every name exactly once, through buffers of every small size', async () => {
    const { world, expected, dir } = await openFolder();
    for (let room = 1; room <= 100; room++) {
      expect((await listThrough(world, dir, room)).sort(), `room ${room}`).toEqual(expected);
    }
    for (const room of [1000, 4096, 100_000]) {
      expect((await listThrough(world, dir, room)).sort()).toEqual(expected);
    }
  });

  test('go on from every cookie that they gave, the last included', async () => {
    const { world, expected, dir } = await openFolder();
    const seen: string[] = [];
    let cookie = 0n;
    for (;;) {
      // Room for one entry: whatever the volume's cookies are, each leads to the next.
      const { errno, payload } = await world.call('fd_readdir', { fd: dir, into: 60, cookie });
      expect(errno).toBe('SUCCESS');
      if (payload.length === 0) break;
      const view = new DataView(payload.buffer, payload.byteOffset);
      const length = view.getUint32(16, true);
      seen.push(new TextDecoder().decode(payload.subarray(24, 24 + length)));
      const next = view.getBigUint64(0, true);
      expect(next).toBeGreaterThan(cookie);
      cookie = next;
    }
    expect(seen.sort()).toEqual(expected);
  });

  test('do not lose what lies behind a page of covered names', async () => {
    const names = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`/o/m${n}`, OTHER]));
    const files = Object.fromEntries(Object.keys(names).map((path) => [`${path.slice(3)}/`, null]));
    const volume = MemoryVolume.from({ first: '', ...files, last: '' });
    const world = await ControllerHarness.open({ mounts: { '/o': volume, ...names } });
    const dir = await world.mustOpenDirectory('o');
    for (const room of [26, 30, 50, 700, 730]) {
      expect(await listThrough(world, dir, room)).toHaveLength(24);
    }
  });

  test('keep their place while files come and go', async () => {
    const { world, expected, dir } = await openFolder();
    const { payload } = await world.call('fd_readdir', { fd: dir, into: 400, cookie: 0n });
    const first = new DataView(payload.buffer, payload.byteOffset);
    let at = 0;
    let cookie = 0n;
    const before: string[] = [];
    while (
      at + 24 <= payload.length &&
      at + 24 + first.getUint32(at + 16, true) <= payload.length
    ) {
      const length = first.getUint32(at + 16, true);
      before.push(new TextDecoder().decode(payload.subarray(at + 24, at + 24 + length)));
      cookie = first.getBigUint64(at, true);
      at += 24 + length;
    }
    for (const name of before.filter((text) => text.startsWith('f'))) {
      await world.call('path_unlink_file', { fd: dir, path: name });
    }
    await world.mustCreate('o/late');
    const rest = await world.call('fd_readdir', { fd: dir, into: 100_000, cookie });
    const after = new TextDecoder('latin1').decode(rest.payload);
    for (const name of expected.filter((text) => !before.includes(text))) {
      expect(after).toContain(name);
    }
    for (const name of before.slice(2)) expect(after).not.toMatch(new RegExp(`\0${name}\0`));
  });

  test('end at cookies past the end, however large', async () => {
    const { world, dir } = await openFolder();
    for (const cookie of [2n ** 53n + 100n, 2n ** 63n, 2n ** 64n - 1n]) {
      const answer = await world.call('fd_readdir', { fd: dir, into: 1000, cookie });
      expect([answer.errno, answer.payload.length]).toEqual(['SUCCESS', 0]);
    }
  });

  test('that are larger than a transfer come whole into a buffer that holds them', async () => {
    const volume = new MemoryVolume();
    for (let index = 0; index < 5000; index++) {
      volume.createFile(volume.root, `${'n'.repeat(240)}${index}`);
    }
    const world = await ControllerHarness.open({ mounts: { '/big': volume } });
    const dir = await world.mustOpenDirectory('big');
    expect(await listThrough(world, dir, 2 << 20)).toHaveLength(5002);
    // Room that no guest has is not set aside either.
    expect(await listThrough(world, dir, 0xffff_ffff)).toHaveLength(5002);
  });

  test.each([
    ['a file', 'EBADF', async () => 77],
    ['a stream', 'ENOTDIR', async () => 1],
    ['a file', 'ENOTDIR', (world: ControllerHarness) => world.mustCreate('tmp/f')],
  ])('of %s are %s', async (_title, expected, open) => {
    const world = await ControllerHarness.open();
    const args = { fd: await open(world), into: 100, cookie: 0n };
    expect(await world.errno('fd_readdir', args)).toBe(expected);
  });

  test('of the root show the mounts and nothing else', async () => {
    const world = await ControllerHarness.open({ mounts: { '/data': OTHER } });
    expect((await listThrough(world, ROOT_FD, 200)).sort()).toEqual([
      '.',
      '..',
      'data',
      'home',
      'tmp',
    ]);
  });
});
