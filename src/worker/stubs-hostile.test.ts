import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errno } from '../protocol/errno';
import { encodeRefusal } from '../protocol/frame';
import { MAX_VECTORS } from '../protocol/numbers';
import { FDSTAT_BYTES, FILESTAT_BYTES, PRESTAT_BYTES } from '../protocol/records';
import { type HostCallName, hostCallNames, hostCalls, type ResultKind } from '../protocol/table';
import { SIZE, StubHarness } from '../testing/stub-harness';
import type { WasmValue } from './stubs';

describe('pointers that leave the memory', () => {
  const at = 64;
  /** Each with what makes exactly one of its pointers bad. */
  test.each<[HostCallName, WasmValue[], string]>([
    ['path_unlink_file', [3, SIZE - 2, 3], 'a path over the end'],
    ['path_unlink_file', [3, -1, 2], 'a path that wraps around 2^32'],
    ['path_unlink_file', [3, 1, -1], 'a length of 2^32 - 1'],
    ['path_unlink_file', [3, -(2 ** 31), 1], 'a pointer of 2^31'],
    ['path_unlink_file', [3, 1, -(2 ** 31)], 'a length of 2^31'],
    ['path_unlink_file', [3, SIZE + 1, 0], 'an empty path out there'],
    ['path_rename', [3, 0, 1, 3, SIZE, 1], 'the second path'],
    ['result_write', [SIZE, 1], 'bytes'],
    ['fd_write', [1, SIZE - 7, 1, at], 'the array of buffers'],
    ['fd_write', [1, -8, 2, at], 'an array that wraps around'],
    ['fd_write', [1, 0, 1, SIZE - 3], 'the place of the count'],
    ['fd_write', [1, 0, 1, -1], 'the place of the count, wrapping around'],
    ['fd_read', [0, 0, 1, SIZE], 'the place of the count of a read'],
    ['fd_readdir', [3, SIZE - 5, 6, 0n, at], 'a buffer over the end'],
    ['fd_readdir', [3, 0, 100, 0n, SIZE - 3], 'the place of its length'],
    ['path_readlink', [3, 0, 1, SIZE, 1, at], 'a buffer'],
    ['path_open', [3, 0, 0, 1, 0, 0n, 0n, 0, SIZE - 3], 'the place of the descriptor'],
    ['fd_seek', [3, 0n, 0, SIZE - 7], 'the place of the position'],
    ['fd_filestat_get', [3, SIZE - 63], 'the place of a record'],
    ['clock_time_get', [0, 0n, -8], 'the place of the time'],
    ['args_sizes_get', [0, SIZE - 3], 'the second place'],
    ['args_sizes_get', [SIZE - 3, 0], 'the first place'],
    ['poll_oneoff', [SIZE - 47, 0, 1, at], 'the subscriptions'],
    ['poll_oneoff', [0, SIZE - 31, 1, at], 'the events'],
    ['poll_oneoff', [0, 100, 1, SIZE - 3], 'the count of events'],
    ['sock_recv', [3, 0, 1, 0, at, SIZE - 1], 'the flags'],
    ['random_get', [SIZE - 1, 2], 'a buffer to fill'],
    ['request_read', [SIZE - 1, 2, at], 'a buffer'],
    ['poll', [0, SIZE - 3, 0], 'the signals'],
    ['poll', [0, 0, SIZE - 3], 'the grant'],
  ])('%s(%o) is EFAULT before anything happens: %s', (name, values) => {
    const guest = new StubHarness();
    guest.channel.signal(4);
    const before = guest.bytes.slice();
    expect(guest.call(name, ...values)).toBe('EFAULT');
    expect(guest.requests).toEqual([]);
    expect(Buffer.compare(guest.bytes, before)).toBe(0);
    if (name === 'poll') expect(guest.channel.takeSignals()).toBe(4);
  });

  test.each([
    [SIZE - 3, 4],
    [SIZE, 1],
    [SIZE + 1, 0],
    [0xffff_ffff, 0xffff_ffff],
    [0, SIZE + 1],
    [0x8000_0000, 0x8000_0000],
  ])('in an array of buffers are found: %i with length %i', (pointer, length) => {
    for (const name of ['fd_write', 'fd_read'] as const) {
      const guest = new StubHarness();
      guest.vectors(0, [100, 4], [pointer, length]);
      expect(guest.call(name, 1, 0, 2, 64)).toBe('EFAULT');
      expect(guest.requests).toEqual([]);
    }
  });

  test('may end exactly where the memory ends', () => {
    const guest = new StubHarness();
    guest.replies('fd_tell', 5n);
    expect(guest.call('fd_tell', 3, SIZE - 8)).toBe('SUCCESS');
    expect(guest.view.getBigUint64(SIZE - 8, true)).toBe(5n);
    guest.answer = () => encodeRefusal(0);
    expect(guest.call('path_unlink_file', 3, SIZE, 0)).toBe('SUCCESS');
  });

  test('are good once the memory has grown over them', () => {
    const guest = new StubHarness();
    expect(guest.call('path_unlink_file', 3, SIZE + 10, 4)).toBe('EFAULT');
    guest.memory.grow(1);
    guest.put(SIZE + 10, 'grow');
    expect(guest.call('path_unlink_file', 3, SIZE + 10, 4)).toBe('SUCCESS');
    expect(guest.args).toEqual({ fd: 3, path: 'grow' });
    guest.replies('fd_tell', 6n);
    expect(guest.call('fd_tell', 3, SIZE + 100)).toBe('SUCCESS');
    expect(guest.view.getBigUint64(SIZE + 100, true)).toBe(6n);
  });
});

/** Good arguments for every call, with the last pages of the memory for results. */
function goodArguments(name: HostCallName, guest: StubHarness): WasmValue[] {
  guest.put(0, 'path');
  guest.vectors(16, [1000, 100]);
  const values: WasmValue[] = [];
  for (const kind of Object.values(hostCalls[name].args)) {
    if (kind === 'u64' || kind === 's64') values.push(0n);
    else if (kind === 'path' || kind === 'bytes') values.push(0, 4);
    else if (kind === 'gather' || kind === 'scatter') values.push(16, 1);
    else if (kind === 'buffer') values.push(1000, 100);
    else if (kind === 'subscriptions') values.push(2000, 1000, 2);
    else if (kind === 'strings') values.push(60_000, 50_000);
    else values.push(0);
  }
  const results: Partial<Record<ResultKind, number>> = { none: 0, filled: 0, strings: 0 };
  const count = hostCalls[name].result === 'pair' || hostCalls[name].result === 'received' ? 2 : 1;
  for (let index = 0; index < (results[hostCalls[name].result] ?? count); index++) {
    values.push(40_000 + index * 256);
  }
  return values;
}

const remote = hostCallNames.filter((name) => name !== 'poll' && name !== 'proc_exit');

describe('an answer that does not fit its call', () => {
  test.each(remote)('is EIO, or stays in the room that there is: %s', (name) => {
    for (const length of [0, 1, 2, 3, 5, 7, 9, 33, 63, 65, 101, 5000, 3 * SIZE]) {
      const guest = new StubHarness();
      const values = goodArguments(name, guest);
      const before = guest.bytes.slice();
      guest.answer = () => ({ errno: 0, payload: new Uint8Array(length).fill(0x5a) });
      const result = guest.call(name, ...values);
      expect(['SUCCESS', 'EIO', 'EFAULT']).toContain(result);
      const after = guest.bytes;
      if (result !== 'SUCCESS') {
        expect(Buffer.compare(after, before)).toBe(0);
        continue;
      }
      // The buffers of `goodArguments`, where something of the answer may be.
      after.copyWithin(1000, 500, 600);
      for (const [from, bytes] of [
        [1000, 100],
        [40_000, 512],
        [50_000, 5000],
        [60_000, 4],
      ] as const) {
        after.set(before.subarray(from, from + bytes), from);
      }
      expect(Buffer.compare(after, before), `${name} with ${length} bytes`).toBe(0);
      expect(before.length).toBe(after.length);
    }
  });

  test.each(remote)('is nothing but its errno when it is a refusal: %s', (name) => {
    const guest = new StubHarness();
    const values = goodArguments(name, guest);
    const before = guest.bytes.slice();
    guest.answer = () => ({ errno: errno.EXDEV, payload: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(guest.call(name, ...values)).toBe('EXDEV');
    expect(Buffer.compare(guest.bytes, before)).toBe(0);
  });
});

test('no arguments at all make a stub throw, or write where errno is not 0', () => {
  const i32 = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.integer({ min: 0, max: SIZE }),
    fc.integer({ min: SIZE - 70, max: SIZE + 2 }),
    fc.constantFrom(0, 1, -1, -(2 ** 31), 2 ** 31 - 1, MAX_VECTORS, 16),
  );
  const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const guest = new StubHarness();
  for (let at = 0; at < SIZE; at += 4) guest.view.setUint32(at, (at * 2_654_435_761) >>> 15, true);
  const sizes: Partial<Record<ResultKind, number>> = {
    none: 0,
    u32: 4,
    u64: 8,
    pair: 8,
    fdstat: FDSTAT_BYTES,
    filestat: FILESTAT_BYTES,
    prestat: PRESTAT_BYTES,
  };
  guest.answer = ({ name, args }) => {
    const room = 'into' in args ? (args.into as number) : 0;
    const size = sizes[hostCalls[name].result] ?? Math.min(room, 5);
    return { errno: 0, payload: new Uint8Array(size) };
  };
  const sample = new StubHarness(1);
  const shapes = new Map<HostCallName, WasmValue[]>([['poll', [0, 0, 0]]]);
  for (const name of remote) shapes.set(name, goodArguments(name, sample));
  const before = guest.bytes.slice();
  let succeeded = 0;
  const property = fc.property(fc.constantFrom(...shapes.keys()), fc.gen(), (name, gen) => {
    const template = shapes.get(name) ?? [];
    const values = template.map((like) =>
      typeof like === 'bigint' ? gen(() => i64) : gen(() => i32),
    );
    const result = guest.call(name, ...values);
    expect(result).not.toMatch(/^errno/);
    if (result === 'SUCCESS') {
      succeeded++;
      guest.bytes.set(before);
    } else if (Buffer.compare(guest.bytes, before) !== 0) {
      expect.fail(`${name}(${values.join()}) = ${result} has written`);
    }
  });
  fc.assert(property, { numRuns: 4000 });
  expect(succeeded).toBeGreaterThan(200);
});
