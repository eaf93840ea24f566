import { wasi } from '@bjorn3/browser_wasi_shim';
import { describe, expect, test } from 'vitest';
import { MAX_TRANSFER_BYTES } from '../../protocol/numbers';
import {
  ControllerHarness,
  READ_RIGHTS,
  ROOT_FD,
  u32,
  u64,
} from '../../testing/controller-harness';
import { MemoryVolume } from '../../volume/memory-volume';
import { OUTPUT_LIMIT_MARKER } from '../output';

const { OFLAGS_CREAT, FDFLAGS_APPEND, FDFLAGS_SYNC, FDFLAGS_DSYNC } = wasi;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('fd_read and fd_pread', () => {
  test('go on where the last read ended, or read beside it', async () => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f', 'abcdef');
    const read = async (into: number) => text((await world.call('fd_read', { fd, into })).payload);
    expect(await read(2)).toBe('ab');
    const beside = await world.call('fd_pread', { fd, into: 3, offset: 3n });
    expect(text(beside.payload)).toBe('def');
    expect(await read(100)).toBe('cdef');
    expect(await read(100)).toBe('');
    expect(u64((await world.call('fd_tell', { fd })).payload)).toBe(6n);
  });

  test('give a short read at most of the transfer limit, whatever the room', async () => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f');
    await world.call('fd_filestat_set_size', { fd, size: 40n * 1024n * 1024n });
    const read = await world.call('fd_read', { fd, into: 0xffff_ffff });
    expect(read.payload).toHaveLength(MAX_TRANSFER_BYTES);
    const beside = await world.call('fd_pread', { fd, into: 0xffff_ffff, offset: 1n });
    expect(beside.payload).toHaveLength(MAX_TRANSFER_BYTES);
  });

  test.each([
    [2n ** 31n, 'SUCCESS'],
    [2n ** 53n - 1n, 'SUCCESS'],
    [2n ** 53n, 'EINVAL'],
    [2n ** 63n, 'EINVAL'],
    [2n ** 64n - 1n, 'EINVAL'],
  ])('pread at offset %i is %s', async (offset, expected) => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f', 'abc');
    const answer = await world.call('fd_pread', { fd, into: 10, offset });
    expect([answer.errno, answer.payload.length]).toEqual([expected, 0]);
  });

  test('are refused where there is nothing to read', async () => {
    const world = await ControllerHarness.open();
    const writeOnly = await world.mustOpen('tmp/f', {
      open: OFLAGS_CREAT,
      base: BigInt(wasi.RIGHTS_FD_WRITE),
    });
    const folder = await world.mustOpenDirectory('tmp');
    const read = (fd: number) => world.errno('fd_read', { fd, into: 1 });
    const pread = (fd: number) => world.errno('fd_pread', { fd, into: 1, offset: 0n });
    expect([await read(99), await pread(99)]).toEqual(['EBADF', 'EBADF']);
    expect([await read(writeOnly), await pread(writeOnly)]).toEqual(['EBADF', 'EBADF']);
    expect([await read(folder), await pread(folder)]).toEqual(['EISDIR', 'EISDIR']);
    expect([await read(1), await pread(0)]).toEqual(['EBADF', 'ESPIPE']);
  });
});

describe('fd_write and fd_pwrite', () => {
  test('go on where the last write ended, or write beside it', async () => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f');
    expect(u32((await world.call('fd_write', { fd, from: 'abc' })).payload)).toBe(3);
    await world.call('fd_pwrite', { fd, from: 'X', offset: 1n });
    await world.call('fd_write', { fd, from: 'def' });
    expect(await world.readAll('tmp/f')).toBe('aXcdef');
  });

  test('append to the end, wherever the position is', async () => {
    const world = await ControllerHarness.open();
    await world.mustCreate('tmp/f', 'old ');
    const fd = await world.mustOpen('tmp/f', { flags: FDFLAGS_APPEND });
    const other = await world.mustOpen('tmp/f', { flags: FDFLAGS_APPEND });
    for (const [to, from] of [
      [fd, 'a'],
      [other, 'b'],
      [fd, 'c'],
    ] as const) {
      await world.call('fd_write', { fd: to, from });
    }
    expect(await world.readAll('tmp/f')).toBe('old abc');
    expect(u64((await world.call('fd_tell', { fd })).payload)).toBe(7n);
  });

  test('fill a gap with zeros', async () => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f', 'a');
    await world.call('fd_seek', { fd, offset: 3n, whence: wasi.WHENCE_SET });
    await world.call('fd_write', { fd, from: 'b' });
    expect(await world.readAll('tmp/f')).toBe('a\0\0b');
  });

  test.each([
    [2n ** 40n, 'EFBIG'],
    [2n ** 53n - 1n, 'EFBIG'],
    [2n ** 53n, 'EINVAL'],
    [2n ** 63n, 'EINVAL'],
    [2n ** 64n - 1n, 'EINVAL'],
  ])('pwrite at offset %i is %s, and changes nothing', async (offset, expected) => {
    const world = await ControllerHarness.open();
    const fd = await world.mustCreate('tmp/f', 'abc');
    expect(await world.errno('fd_pwrite', { fd, from: 'x', offset })).toBe(expected);
    expect(await world.readAll('tmp/f')).toBe('abc');
  });

  test('are refused where nothing may be written', async () => {
    const data = MemoryVolume.from({ fixed: 'x' }, { readOnly: true });
    const world = await ControllerHarness.open({ mounts: { '/data': data } });
    const readOnly = await world.mustOpen('data/fixed', { base: READ_RIGHTS });
    const folder = await world.mustOpenDirectory('tmp');
    const write = (fd: number) => world.errno('fd_write', { fd, from: 'x' });
    const pwrite = (fd: number) => world.errno('fd_pwrite', { fd, from: 'x', offset: 0n });
    expect([await write(99), await pwrite(99)]).toEqual(['EBADF', 'EBADF']);
    expect([await write(readOnly), await pwrite(readOnly)]).toEqual(['EBADF', 'EBADF']);
    expect([await write(folder), await pwrite(folder)]).toEqual(['EBADF', 'EBADF']);
    expect([await write(0), await pwrite(1)]).toEqual(['EBADF', 'ESPIPE']);
    expect([await write(ROOT_FD), await pwrite(ROOT_FD)]).toEqual(['EBADF', 'EBADF']);
  });

  test('over the quota are ENOSPC, and the position stays', async () => {
    const small = new MemoryVolume({ maxBytes: 4 });
    const world = await ControllerHarness.open({ mounts: { '/small': small } });
    const fd = await world.mustCreate('small/f', 'abc');
    expect(await world.errno('fd_write', { fd, from: 'abcdef' })).toBe('ENOSPC');
    expect(u64((await world.call('fd_tell', { fd })).payload)).toBe(0n);
    expect(await world.readAll('small/f')).toBe('abc');
  });

  test('make durable what was opened to be', async () => {
    const volume = new MemoryVolume();
    let syncs = 0;
    volume.sync = () => void syncs++;
    const world = await ControllerHarness.open({ mounts: { '/v': volume } });
    for (const flags of [0, FDFLAGS_SYNC, FDFLAGS_DSYNC]) {
      const fd = await world.mustOpen('v/f', { open: OFLAGS_CREAT, flags });
      await world.call('fd_write', { fd, from: 'x' });
    }
    expect(syncs).toBe(2);
  });
});

describe('output', () => {
  test('goes to the page by stream, byte for byte', async () => {
    const world = await ControllerHarness.open();
    await world.call('fd_write', { fd: 1, from: Uint8Array.of(0xff, 0, 10) });
    await world.call('fd_write', { fd: 2, from: 'e' });
    expect(world.written).toEqual([
      { stream: 'stdout', bytes: Uint8Array.of(0xff, 0, 10) },
      { stream: 'stderr', bytes: Uint8Array.of(0x65) },
    ]);
  });

  test('ends at its limit to the byte, over both streams together', async () => {
    const world = await ControllerHarness.open({ limits: { outputBytes: 10 } });
    expect(await world.errno('fd_write', { fd: 1, from: '12345' })).toBe('SUCCESS');
    expect(await world.errno('fd_write', { fd: 2, from: '67890' })).toBe('SUCCESS');
    expect(world.limitsReached).toEqual([]);
    expect(await world.errno('fd_write', { fd: 1, from: 'over' })).toBe('EINTR');
    expect(world.limitsReached).toEqual(['outputBytes']);
    expect(await world.errno('fd_write', { fd: 2, from: 'and over' })).toBe('SUCCESS');
    expect(world.text).toBe(`1234567890${OUTPUT_LIMIT_MARKER}`);
  });

  test('shows what still fitted of a piece that does not', async () => {
    const world = await ControllerHarness.open({ limits: { outputBytes: 3 } });
    expect(await world.errno('fd_write', { fd: 1, from: 'abcdef' })).toBe('EINTR');
    expect(world.text).toBe(`abc${OUTPUT_LIMIT_MARKER}`);
  });

  test('succeeds for the guest when the listener of the page throws', async () => {
    const world = await ControllerHarness.open({
      onOutput: () => {
        throw new Error('the page is broken');
      },
    });
    expect(await world.errno('fd_write', { fd: 1, from: 'x' })).toBe('SUCCESS');
    expect(world.faults).toHaveLength(1);
  });
});
