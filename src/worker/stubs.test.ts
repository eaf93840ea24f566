import { describe, expect, test } from 'vitest';
import { errno } from '../protocol/errno';
import { encodeRefusal, ReplyWriter } from '../protocol/frame';
import { MAX_SUBSCRIPTIONS, MAX_TRANSFER_BYTES, MAX_VECTORS } from '../protocol/numbers';
import { EVENT_BYTES, FDSTAT_BYTES, FILESTAT_BYTES, PRESTAT_BYTES } from '../protocol/records';
import { PAGE, SIZE, StubHarness } from '../testing/stub-harness';
import { GuestExit } from './stubs';

describe('arguments', () => {
  test('are taken as 32 and 64 bits, whatever their sign', () => {
    const guest = new StubHarness();
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
    const guest = new StubHarness();
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
    const guest = new StubHarness();
    guest.put(0, 'onetwo');
    guest.call('path_symlink', 0, 3, 5, 3, 3);
    expect(guest.args).toEqual({ target: 'one', fd: 5, path: 'two' });
    guest.call('path_rename', 5, 0, 3, 6, 3, 3);
    expect(guest.args).toEqual({ fd: 5, path: 'one', toFd: 6, toPath: 'two' });
  });

  test('are gathered from buffers, overlapping and empty ones included', () => {
    const guest = new StubHarness();
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
    const guest = new StubHarness();
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
    const guest = new StubHarness(64);
    expect(guest.call('poll_oneoff', 0, 100_000, MAX_SUBSCRIPTIONS + 1, 8)).toBe('EINVAL');
    expect(guest.call('poll_oneoff', 0, 100_000, -1, 8)).toBe('EINVAL');
    expect(guest.call('fd_write', 1, 0, MAX_VECTORS + 1, 8)).toBe('EINVAL');
    expect(guest.call('fd_read', 1, 0, -1, 8)).toBe('EINVAL');
    expect(guest.call('path_unlink_file', 3, 0, MAX_TRANSFER_BYTES + 1)).toBe('ENAMETOOLONG');
    expect(guest.requests).toEqual([]);

    guest.vectors(0, [100, MAX_TRANSFER_BYTES - 1], [100, 5], [100, 9]);
    guest.answer = ({ args }) =>
      new ReplyWriter().write('fd_write', (args as { from: Uint8Array }).from.length);
    expect(guest.call('fd_write', 1, 0, 3, 64)).toBe('SUCCESS');
    expect(guest.view.getUint32(64, true)).toBe(MAX_TRANSFER_BYTES);
    guest.answer = ({ args }) =>
      new ReplyWriter().write('fd_read', new Uint8Array((args as { into: number }).into).fill(1));
    guest.vectors(0, [1000, MAX_TRANSFER_BYTES - 2], [3_000_000, 5], [100, 9]);
    expect(guest.call('fd_read', 1, 0, 3, 64)).toBe('SUCCESS');
    expect(guest.view.getUint32(64, true)).toBe(MAX_TRANSFER_BYTES);
    expect([...guest.bytes.slice(3_000_000, 3_000_004)]).toEqual([1, 1, 0, 0]);
    expect(guest.bytes[100]).toBe(0);
  });
});

describe('results', () => {
  test('are scattered over buffers in their order, and nothing behind what came', () => {
    const guest = new StubHarness();
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
    const guest = new StubHarness();
    guest.bytes.fill(0xee, 90, 300);
    guest.answer = () => ({ errno: 0, payload: new Uint8Array(length).fill(5) });
    expect(guest.call(name, ...values)).toBe('SUCCESS');
    const around = [...guest.bytes.slice(99, 101 + length)];
    expect(around).toEqual([0xee, ...new Array<number>(length).fill(5), 0xee]);
  });

  test('of args_get are pointers and text', () => {
    const guest = new StubHarness();
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
    const guest = new StubHarness();
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
    const guest = new StubHarness(64);
    const length = 2 * MAX_TRANSFER_BYTES + 77;
    guest.answer = ({ args }) =>
      new ReplyWriter().write(
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

  test('of several transfers are written by as many calls, until one is refused', () => {
    const guest = new StubHarness(64);
    guest.bytes[1000 + MAX_TRANSFER_BYTES] = 7;
    expect(guest.call('result_write', 1000, MAX_TRANSFER_BYTES + 2)).toBe('SUCCESS');
    const sent = guest.requests.map(({ args }) => (args as { from: Uint8Array }).from);
    expect(sent.map(({ length }) => length)).toEqual([MAX_TRANSFER_BYTES, 2]);
    expect(sent[1]).toEqual(Uint8Array.of(7, 0));
    guest.answer = () => encodeRefusal(errno.ENOSPC);
    expect(guest.call('result_write', 0, 3 * MAX_TRANSFER_BYTES)).toBe('ENOSPC');
    expect(guest.requests).toHaveLength(3);
    expect(guest.call('result_write', 1000, 64 * PAGE)).toBe('EFAULT');
  });

  test('have all the room that a listing was given', () => {
    const guest = new StubHarness(64);
    guest.call('fd_readdir', 3, 0, 2 * MAX_TRANSFER_BYTES, 0n, 64 * PAGE - 4);
    expect(guest.args).toEqual({ fd: 3, into: 2 * MAX_TRANSFER_BYTES, cookie: 0n });
  });

  test('of sock_recv have two places', () => {
    const guest = new StubHarness();
    guest.bytes.fill(0xee, 64, 80);
    guest.vectors(0, [100, 5]);
    guest.replies('sock_recv', Uint8Array.of(1, 2));
    expect(guest.call('sock_recv', 3, 0, 1, 0, 64, 68)).toBe('SUCCESS');
    expect([...guest.bytes.slice(64, 72)]).toEqual([2, 0, 0, 0, 0, 0, 0xee, 0xee]);
  });
});

describe('proc_exit', () => {
  test('leaves with its code, 32 bits without a sign', () => {
    const guest = new StubHarness();
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
    const guest = new StubHarness();
    guest.answer = () => encodeRefusal(errno.EIO);
    expect(() => guest.call('proc_exit', 1)).toThrow(GuestExit);
  });
});

test('poll takes the signals without a call', () => {
  const guest = new StubHarness();
  guest.channel.signal(1 << 2);
  guest.channel.signal(-(2 ** 31));
  expect(guest.call('poll', 4096, 8, 12)).toBe('SUCCESS');
  expect(guest.view.getUint32(8, true)).toBe(0x8000_0004);
  expect(guest.call('poll', 4096, 8, 12)).toBe('SUCCESS');
  expect(guest.view.getUint32(8, true)).toBe(0);
  expect(guest.requests).toEqual([]);
});

describe('fuel', () => {
  test('is granted up to the limit, and the controller is told once when it is spent', () => {
    const guest = new StubHarness();
    guest.fuel.start(5000);
    guest.answer = () => {
      guest.channel.signal(1 << 24);
      return new ReplyWriter().write('poll', [0, 0]);
    };
    const grant = (steps: number): number => {
      expect(guest.call('poll', steps, 8, 12)).toBe('SUCCESS');
      return guest.view.getUint32(12, true);
    };
    expect(grant(0)).toBeLessThanOrEqual(4096);
    expect(grant(4096)).toBeLessThanOrEqual(904);
    expect(guest.requests).toEqual([]);
    expect(grant(904)).toBeGreaterThan(0);
    expect(guest.view.getUint32(8, true)).toBe(1 << 24);
    expect(guest.args).toEqual({ steps: 904 });
    grant(4096);
    expect(guest.view.getUint32(8, true)).toBe(0);
    expect(guest.requests).toHaveLength(1);
    expect(guest.channel.progress).toEqual({ fuel: 9096, heapBytes: SIZE });
  });

  test('is not gained by claims of absurd steps', () => {
    const guest = new StubHarness();
    guest.fuel.start(100);
    expect(guest.call('poll', -1, 8, 12)).toBe('SUCCESS');
    expect(guest.fuel.burnt).toBe(0xffff_ffff);
    expect(guest.requests).toHaveLength(1);
  });
});
