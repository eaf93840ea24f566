import { wasi } from '@bjorn3/browser_wasi_shim';
import { describe, expect, test } from 'vitest';
import { ControllerHarness, ROOT_FD, u32, u64 } from '../../testing/controller-harness';
import { MemoryVolume } from '../../volume/memory-volume';

const fd = ROOT_FD;

async function openWorld(): Promise<ControllerHarness> {
  const home = MemoryVolume.from({ file: 'content', 'full/inner': 'x' });
  home.createSymlink(home.root, 'to-file', 'file');
  home.createSymlink(home.root, 'to-full', 'full');
  home.createSymlink(home.root, 'loop', 'loop');
  const data = MemoryVolume.from({ fixed: 'read-only' }, { readOnly: true });
  return ControllerHarness.open({ mounts: { '/home': home, '/data': data } });
}

describe('path_filestat_get and path_filestat_set_times', () => {
  test('tell links from what they lead to', async () => {
    const world = await openWorld();
    expect(await world.look('home/to-file', fd, 1)).toBe('file');
    expect(await world.look('home/to-file', fd, 0)).toBe('symlink');
    expect(await world.look('home/to-full/', fd, 0)).toBe('directory');
    expect(await world.look('home/loop', fd, 0)).toBe('symlink');
    expect(await world.look('home/loop', fd, 1)).toBe('ELOOP');
  });

  test('keep every bit of a time, and tell volumes apart by their device', async () => {
    const world = await openWorld();
    const times = { accessed: 2n ** 64n - 1n, modified: 2n ** 53n + 1n };
    const flags = wasi.FSTFLAGS_ATIM | wasi.FSTFLAGS_MTIM;
    const at = { fd, lookup: 1, path: 'home/file' };
    expect(await world.errno('path_filestat_set_times', { ...at, ...times, flags })).toBe(
      'SUCCESS',
    );
    const stat = (await world.call('path_filestat_get', at)).payload;
    expect([u64(stat, 40), u64(stat, 48)]).toEqual([times.accessed, times.modified]);
    const other = (await world.call('path_filestat_get', { ...at, path: 'data/fixed' })).payload;
    expect(u64(other, 0)).not.toBe(u64(stat, 0));
    expect(u32(stat, 32)).toBe('content'.length);
  });

  describe.each(['path_filestat_set_times', 'fd_filestat_set_times'] as const)('%s', (name) => {
    const { FSTFLAGS_ATIM, FSTFLAGS_ATIM_NOW, FSTFLAGS_MTIM, FSTFLAGS_MTIM_NOW } = wasi;
    const [old, given] = [
      [1000n, 2000n],
      [5000n, 6000n],
    ] as const;
    test.each([
      ['both', FSTFLAGS_ATIM | FSTFLAGS_MTIM, ['given', 'given']],
      ['both to now', FSTFLAGS_ATIM_NOW | FSTFLAGS_MTIM_NOW, ['now', 'now']],
      ['the time of access alone', FSTFLAGS_ATIM, ['given', 'old']],
      ['the time of access alone to now', FSTFLAGS_ATIM_NOW, ['now', 'old']],
      ['the time of change alone', FSTFLAGS_MTIM, ['old', 'given']],
      ['the time of change alone to now', FSTFLAGS_MTIM_NOW, ['old', 'now']],
      ['one, and the other to now', FSTFLAGS_ATIM | FSTFLAGS_MTIM_NOW, ['given', 'now']],
      ['none', 0, ['old', 'old']],
    ])('sets %s', async (_title, flags, expected) => {
      // No two readings are the same: both times of one call are of one.
      let now = 2n ** 60n;
      const clock = { realtime: () => ++now, monotonic: () => 0n };
      const home = MemoryVolume.from({ file: 'content' });
      const world = await ControllerHarness.open({ mounts: { '/home': home }, clock });
      const open = await world.mustOpen('home/file');
      const set = (accessed: bigint, modified: bigint, bits: number) =>
        name === 'fd_filestat_set_times'
          ? world.errno(name, { fd: open, accessed, modified, flags: bits })
          : world.errno(name, {
              fd,
              lookup: 0,
              path: 'home/file',
              accessed,
              modified,
              flags: bits,
            });
      expect(await set(...old, FSTFLAGS_ATIM | FSTFLAGS_MTIM)).toBe('SUCCESS');
      expect(await set(...given, flags)).toBe('SUCCESS');
      const stat = (await world.call('fd_filestat_get', { fd: open })).payload;
      const times = { old, given, now: [now, now] } as const;
      const read = [u64(stat, 40), u64(stat, 48)];
      expect(read).toEqual(
        expected.map((which, index) => times[which as keyof typeof times][index]),
      );
    });
  });

  test.each([
    ['home/file', wasi.FSTFLAGS_ATIM | wasi.FSTFLAGS_ATIM_NOW, 'EINVAL'],
    ['home/file', wasi.FSTFLAGS_MTIM | wasi.FSTFLAGS_MTIM_NOW, 'EINVAL'],
    ['home/file', wasi.FSTFLAGS_ATIM_NOW | wasi.FSTFLAGS_MTIM_NOW, 'SUCCESS'],
    ['data/fixed', wasi.FSTFLAGS_MTIM_NOW, 'EROFS'],
    ['home/none', wasi.FSTFLAGS_MTIM_NOW, 'ENOENT'],
  ])('set_times of %s with flags %i is %s', async (path, flags, expected) => {
    const world = await openWorld();
    const args = { fd, lookup: 1, path, accessed: 1n, modified: 2n, flags };
    expect(await world.errno('path_filestat_set_times', args)).toBe(expected);
  });
});
