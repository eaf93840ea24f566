import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoopbackChannel } from '../channel/loopback';
import { errno, errnoName, FileError } from '../protocol/errno';
import { encodeRefusal, encodeReply, type Request, RequestReader } from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import { MAX_SUBSCRIPTIONS, MAX_TRANSFER_BYTES, MAX_VECTORS } from '../protocol/numbers';
import { EVENT_BYTES, FDSTAT_BYTES, FILESTAT_BYTES, PRESTAT_BYTES } from '../protocol/records';
import {
  type HostCallName,
  type HostCallResult,
  hostCallNames,
  hostCalls,
  type ResultKind,
} from '../protocol/table';
import { GuestMemory } from './guest-memory';
import { createStub, GuestExit, type WasmValue } from './stubs';

const PAGE = 65_536;
const SIZE = 2 * PAGE;

/** A guest of two pages and the requests that its stubs made. */
class Guest {
  readonly memory: WebAssembly.Memory;
  readonly requests: Request[] = [];
  readonly channel = new LoopbackChannel();
  readonly #guestMemory: GuestMemory;
  /** The whole reply frame. */
  answer: (request: Request) => Uint8Array = () => encodeRefusal(0);

  constructor(pages = 2) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 64 });
    this.#guestMemory = new GuestMemory(this.memory);
    const reader = new RequestReader();
    this.channel.serve((frame) => {
      try {
        const request = reader.read(frame);
        this.requests.push(request);
        return this.answer(request);
      } catch (error) {
        if (error instanceof FileError) return encodeRefusal(error.errno);
        throw error;
      }
    });
  }

  call(name: HostCallName, ...values: WasmValue[]): string {
    const answer = createStub(name, () => this.#guestMemory, this.channel)(...values);
    // Over the loopback channel every answer is there at once.
    return isLater(answer) ? 'later' : errnoName(answer);
  }

  replies<Name extends HostCallName>(name: Name, result: HostCallResult<Name>): void {
    this.answer = () => encodeReply(name, result);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  put(at: number, text: string): void {
    this.bytes.set(new TextEncoder().encode(text), at);
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes.slice(at, at + length));
  }

  /** An array of buffers at `at`. */
  vectors(at: number, ...buffers: readonly (readonly [number, number])[]): void {
    for (const [index, [pointer, length]] of buffers.entries()) {
      this.view.setUint32(at + index * 8, pointer, true);
      this.view.setUint32(at + index * 8 + 4, length, true);
    }
  }

  get args(): unknown {
    return this.requests.at(-1)?.args;
  }
}

describe('arguments', () => {
  test('are taken as 32 and 64 bits, whatever their sign', () => {
    const guest = new Guest();
    guest.replies('fd_seek', 7n);
    expect(guest.call('fd_seek', -1, -5n, -1, 100)).toBe('SUCCESS');
    expect(guest.args).toEqual({ fd: 0xffff_ffff, offset: -5n, whence: 0xff });
    expect(guest.view.getBigUint64(100, true)).toBe(7n);

    guest.answer = () => encodeRefusal(0);
    guest.call('fd_allocate', 3, -1n, 2n ** 63n);
    expect(guest.args).toEqual({ fd: 3, offset: 2n ** 64n - 1n, length: 2n ** 63n });
    guest.call('fd_fdstat_set_flags', 3, 0x1_0004);
    expect(guest.args).toEqual({ fd: 3, flags: 4 });
  });

  test('of path_open arrive in their order', () => {
    const guest = new Guest();
    guest.put(500, 'dir/ä');
    guest.replies('path_open', 9);
    expect(guest.call('path_open', 3, 1, 500, 6, 5, 6n, 7n, 8, 1000)).toBe('SUCCESS');
    expect(guest.args).toEqual({
      fd: 3,
      lookup: 1,
      path: 'dir/ä',
      open: 5,
      base: 6n,
      inheriting: 7n,
      flags: 8,
    });
    expect(guest.view.getUint32(1000, true)).toBe(9);
  });

  test('of path_symlink and path_rename keep two paths apart', () => {
    const guest = new Guest();
    guest.put(0, 'onetwo');
    guest.call('path_symlink', 0, 3, 5, 3, 3);
    expect(guest.args).toEqual({ target: 'one', fd: 5, path: 'two' });
    guest.call('path_rename', 5, 0, 3, 6, 3, 3);
    expect(guest.args).toEqual({ fd: 5, path: 'one', toFd: 6, toPath: 'two' });
  });

  test('are gathered from buffers, overlapping and empty ones included', () => {
    const guest = new Guest();
    guest.put(0, 'abcdef');
    guest.vectors(100, [0, 3], [6, 0], [1, 4], [SIZE, 0]);
    guest.replies('fd_write', 7);
    expect(guest.call('fd_write', 1, 100, 4, 200)).toBe('SUCCESS');
    expect(guest.args).toEqual({ fd: 1, from: new TextEncoder().encode('abcbcde') });
    expect(guest.view.getUint32(200, true)).toBe(7);
    expect(guest.call('fd_write', 1, 100, 0, 200)).toBe('SUCCESS');
    expect(guest.args).toEqual({ fd: 1, from: new Uint8Array(0) });
  });

  test('of poll_oneoff are whole subscriptions, and events go where they were asked for', () => {
    const guest = new Guest();
    guest.view.setBigUint64(0, 77n, true);
    guest.view.setUint8(8, 1);
    guest.view.setUint32(16, 5, true);
    guest.replies('poll_oneoff', new Uint8Array(EVENT_BYTES).fill(3));
    expect(guest.call('poll_oneoff', 0, 1000, 2, 2000)).toBe('SUCCESS');
    expect(guest.args).toMatchObject({ waitFor: [{ kind: 'read', userdata: 77n, fd: 5 }, {}] });
    expect(guest.view.getUint32(2000, true)).toBe(1);
    expect(guest.bytes[1000 + EVENT_BYTES - 1]).toBe(3);
    expect(guest.bytes[1000 + EVENT_BYTES]).toBe(0);
  });

  test('that are more than one call takes are refused, or cut to a short transfer', () => {
    const guest = new Guest(64);
    expect(guest.call('poll_oneoff', 0, 100_000, MAX_SUBSCRIPTIONS + 1, 8)).toBe('EINVAL');
    expect(guest.call('poll_oneoff', 0, 100_000, -1, 8)).toBe('EINVAL');
    expect(guest.call('fd_write', 1, 0, MAX_VECTORS + 1, 8)).toBe('EINVAL');
    expect(guest.call('fd_read', 1, 0, -1, 8)).toBe('EINVAL');
    expect(guest.call('path_unlink_file', 3, 0, MAX_TRANSFER_BYTES + 1)).toBe('ENAMETOOLONG');
    expect(guest.call('result_write', 0, MAX_TRANSFER_BYTES + 1)).toBe('EINVAL');
    expect(guest.requests).toEqual([]);

    guest.vectors(0, [100, MAX_TRANSFER_BYTES - 1], [100, 5], [100, 9]);
    guest.answer = ({ args }) =>
      encodeReply('fd_write', (args as { from: Uint8Array }).from.length);
    expect(guest.call('fd_write', 1, 0, 3, 64)).toBe('SUCCESS');
    expect(guest.view.getUint32(64, true)).toBe(MAX_TRANSFER_BYTES);
    guest.answer = ({ args }) =>
      encodeReply('fd_read', new Uint8Array((args as { into: number }).into).fill(1));
    guest.vectors(0, [1000, MAX_TRANSFER_BYTES - 2], [3_000_000, 5], [100, 9]);
    expect(guest.call('fd_read', 1, 0, 3, 64)).toBe('SUCCESS');
    expect(guest.view.getUint32(64, true)).toBe(MAX_TRANSFER_BYTES);
    expect([...guest.bytes.slice(3_000_000, 3_000_004)]).toEqual([1, 1, 0, 0]);
    expect(guest.bytes[100]).toBe(0);
  });
});

describe('results', () => {
  test('are scattered over buffers in their order, and nothing behind what came', () => {
    const guest = new Guest();
    guest.vectors(0, [100, 2], [0, 0], [200, 3], [300, 9]);
    guest.replies('fd_read', new TextEncoder().encode('abcd'));
    expect(guest.call('fd_read', 0, 0, 4, 64)).toBe('SUCCESS');
    expect(guest.args).toEqual({ fd: 0, into: 14 });
    expect([guest.text(100, 3), guest.text(200, 3), guest.bytes[300]]).toEqual(['ab\0', 'cd\0', 0]);
    expect(guest.view.getUint32(64, true)).toBe(4);
  });

  test.each([
    ['fd_fdstat_get', [3, 100], FDSTAT_BYTES],
    ['fd_filestat_get', [3, 100], FILESTAT_BYTES],
    ['fd_prestat_get', [3, 100], PRESTAT_BYTES],
  ] as const)('of %s are the record as it came', (name, values, length) => {
    const guest = new Guest();
    guest.bytes.fill(0xee, 90, 300);
    guest.replies(name, new Uint8Array(length).fill(5));
    expect(guest.call(name, ...values)).toBe('SUCCESS');
    const around = [...guest.bytes.slice(99, 101 + length)];
    expect(around).toEqual([0xee, ...new Array<number>(length).fill(5), 0xee]);
  });

  test('of args_get are pointers and text', () => {
    const guest = new Guest();
    guest.replies('args_sizes_get', [3, 6]);
    guest.call('args_sizes_get', 0, 4);
    expect([guest.view.getUint32(0, true), guest.view.getUint32(4, true)]).toEqual([3, 6]);
    guest.replies('args_get', ['ab', '', 'c']);
    expect(guest.call('args_get', 100, 200)).toBe('SUCCESS');
    const pointers = [0, 4, 8, 12].map((offset) => guest.view.getUint32(100 + offset, true));
    expect(pointers).toEqual([200, 203, 204, 0]);
    expect(guest.text(200, 6)).toBe('ab\0\0c\0');
    guest.replies('args_get', []);
    expect(guest.call('args_get', SIZE, SIZE)).toBe('SUCCESS');
  });

  test('of args_get are not written when one of the two places is bad', () => {
    const guest = new Guest();
    guest.replies('args_get', ['ab', 'c']);
    const before = guest.bytes.slice();
    expect(guest.call('args_get', SIZE - 7, 0)).toBe('EFAULT');
    expect(guest.call('args_get', 0, SIZE - 4)).toBe('EFAULT');
    expect(guest.call('args_get', -1, 0)).toBe('EFAULT');
    expect(guest.call('args_get', 0, -1)).toBe('EFAULT');
    expect(Buffer.compare(guest.bytes, before)).toBe(0);
    expect(guest.call('args_get', SIZE - 8, 0)).toBe('SUCCESS');
  });

  test('of random_get fill all of a buffer that takes several transfers', () => {
    const guest = new Guest(64);
    const length = 2 * MAX_TRANSFER_BYTES + 77;
    guest.answer = ({ args }) =>
      encodeReply(
        'random_get',
        new Uint8Array((args as { into: number }).into).fill(guest.requests.length),
      );
    expect(guest.call('random_get', 1000, length)).toBe('SUCCESS');
    expect(guest.requests.map(({ args }) => (args as { into: number }).into)).toEqual([
      MAX_TRANSFER_BYTES,
      MAX_TRANSFER_BYTES,
      77,
    ]);
    const ends = [999, 1000, 1000 + length - 1, 1000 + length].map((at) => guest.bytes[at]);
    expect(ends).toEqual([0, 1, 3, 0]);
    expect(guest.call('random_get', 1000, 64 * PAGE)).toBe('EFAULT');
    expect(guest.call('random_get', 0, 0)).toBe('SUCCESS');
  });

  test('have all the room that a listing was given', () => {
    const guest = new Guest(64);
    guest.call('fd_readdir', 3, 0, 2 * MAX_TRANSFER_BYTES, 0n, 64 * PAGE - 4);
    expect(guest.args).toEqual({ fd: 3, into: 2 * MAX_TRANSFER_BYTES, cookie: 0n });
  });

  test('of sock_recv have two places', () => {
    const guest = new Guest();
    guest.bytes.fill(0xee, 64, 80);
    guest.vectors(0, [100, 5]);
    guest.replies('sock_recv', Uint8Array.of(1, 2));
    expect(guest.call('sock_recv', 3, 0, 1, 0, 64, 68)).toBe('SUCCESS');
    expect([...guest.bytes.slice(64, 72)]).toEqual([2, 0, 0, 0, 0, 0, 0xee, 0xee]);
  });
});

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
    ['poll', [0, SIZE - 3], 'the signals'],
  ])('%s(%o) is EFAULT before anything happens: %s', (name, values) => {
    const guest = new Guest();
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
      const guest = new Guest();
      guest.vectors(0, [100, 4], [pointer, length]);
      expect(guest.call(name, 1, 0, 2, 64)).toBe('EFAULT');
      expect(guest.requests).toEqual([]);
    }
  });

  test('may end exactly where the memory ends', () => {
    const guest = new Guest();
    guest.replies('fd_tell', 5n);
    expect(guest.call('fd_tell', 3, SIZE - 8)).toBe('SUCCESS');
    expect(guest.view.getBigUint64(SIZE - 8, true)).toBe(5n);
    guest.answer = () => encodeRefusal(0);
    expect(guest.call('path_unlink_file', 3, SIZE, 0)).toBe('SUCCESS');
  });

  test('are good once the memory has grown over them', () => {
    const guest = new Guest();
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
function goodArguments(name: HostCallName, guest: Guest): WasmValue[] {
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
  const count = hostCalls[name].result === 'sizes' || hostCalls[name].result === 'received' ? 2 : 1;
  for (let index = 0; index < (results[hostCalls[name].result] ?? count); index++) {
    values.push(40_000 + index * 256);
  }
  return values;
}

const remote = hostCallNames.filter((name) => name !== 'poll' && name !== 'proc_exit');

describe('an answer that does not fit its call', () => {
  test.each(remote)('is EIO, or stays in the room that there is: %s', (name) => {
    for (const length of [0, 1, 2, 3, 5, 7, 9, 33, 63, 65, 101, 5000, 3 * SIZE]) {
      const guest = new Guest();
      const values = goodArguments(name, guest);
      const before = guest.bytes.slice();
      guest.answer = () => new Uint8Array(2 + length).fill(0x5a, 2);
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

  test.each(remote)('is EIO when it is no frame at all: %s', (name) => {
    for (const length of [0, 1]) {
      const guest = new Guest();
      const values = goodArguments(name, guest);
      guest.answer = () => new Uint8Array(length);
      expect(guest.call(name, ...values)).toBe('EIO');
    }
  });

  test.each(remote)('is nothing but its errno when it is a refusal: %s', (name) => {
    const guest = new Guest();
    const values = goodArguments(name, guest);
    const before = guest.bytes.slice();
    guest.answer = () => Uint8Array.of(errno.EXDEV, 0, 1, 2, 3, 4, 5, 6, 7, 8);
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
  const guest = new Guest();
  for (let at = 0; at < SIZE; at += 4) guest.view.setUint32(at, (at * 2_654_435_761) >>> 15, true);
  const sizes: Partial<Record<ResultKind, number>> = {
    none: 0,
    u32: 4,
    u64: 8,
    sizes: 8,
    fdstat: FDSTAT_BYTES,
    filestat: FILESTAT_BYTES,
    prestat: PRESTAT_BYTES,
  };
  guest.answer = ({ name, args }) => {
    const room = 'into' in args ? (args.into as number) : 0;
    const size = sizes[hostCalls[name].result] ?? Math.min(room, 5);
    return new Uint8Array(2 + size);
  };
  const sample = new Guest(1);
  const shapes = new Map<HostCallName, WasmValue[]>([['poll', [0, 0]]]);
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

describe('proc_exit', () => {
  test('leaves with its code, 32 bits without a sign', () => {
    const guest = new Guest();
    for (const [given, code] of [
      [0, 0],
      [3, 3],
      [-1, 0xffff_ffff],
    ] as const) {
      try {
        guest.call('proc_exit', given);
        expect.fail('it came back');
      } catch (error) {
        expect(error).toBeInstanceOf(GuestExit);
        expect((error as GuestExit).code).toBe(code);
      }
    }
    expect(guest.requests).toHaveLength(3);
  });

  test('leaves even when the controller refuses', () => {
    const guest = new Guest();
    guest.answer = () => encodeRefusal(errno.EIO);
    expect(() => guest.call('proc_exit', 1)).toThrow(GuestExit);
  });
});

test('poll takes the signals without a call', () => {
  const guest = new Guest();
  guest.channel.signal(1 << 2);
  guest.channel.signal(-(2 ** 31));
  expect(guest.call('poll', 4096, 8)).toBe('SUCCESS');
  expect(guest.view.getUint32(8, true)).toBe(0x8000_0004);
  expect(guest.call('poll', 4096, 8)).toBe('SUCCESS');
  expect(guest.view.getUint32(8, true)).toBe(0);
  expect(guest.requests).toEqual([]);
});
