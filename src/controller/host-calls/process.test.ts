import { describe, expect, test } from 'vitest';
import { OptionError } from '../../errors';
import { MAX_TRANSFER_BYTES } from '../../protocol/numbers';
import { ControllerHarness, u32 } from '../../testing/controller-harness';
import { concatenate } from '../bytes';
import { MAX_RESULT_BYTES } from './process';

describe('arguments and environment', () => {
  test('have sizes that fit their text, in bytes', async () => {
    const world = await ControllerHarness.open({
      args: ['prog', 'ä', ''],
      env: { A: '1', LANG: '日本' },
    });
    for (const [sizes, get, text] of [
      ['args_sizes_get', 'args_get', 'prog\0ä\0\0'],
      ['environ_sizes_get', 'environ_get', 'A=1\0LANG=日本\0'],
    ] as const) {
      const { payload } = await world.call(get, {});
      expect(new TextDecoder().decode(payload)).toBe(text);
      const counted = (await world.call(sizes, {})).payload;
      expect(u32(counted)).toBe(text.split('\0').length - 1);
      expect(u32(counted, 4)).toBe(payload.length);
    }
  });

  test('may be none', async () => {
    const world = await ControllerHarness.open({ args: [] });
    expect((await world.call('args_get', {})).payload).toHaveLength(0);
    expect((await world.call('environ_sizes_get', {})).payload).toEqual(new Uint8Array(8));
  });

  test.each([
    [{ args: ['a\0b'] }],
    [{ env: { 'A=B': 'x' } }],
    [{ env: { '': 'x' } }],
    [{ env: { A: 'x\0y' } }],
    [{ env: { 'A\0': 'x' } }],
  ])('that the guest would misread are refused: %j', async (options) => {
    await expect(ControllerHarness.open(options)).rejects.toThrow(OptionError);
  });
});

describe('random_get', () => {
  test.each([0, 1, 65_536, 65_537, MAX_TRANSFER_BYTES])('fills all of %i bytes', async (into) => {
    const world = await ControllerHarness.open();
    const { errno, payload } = await world.call('random_get', { into });
    expect([errno, payload.length]).toEqual(['SUCCESS', into]);
    // A piece that was left out would be zeros.
    for (let at = 0; at + 64 <= into; at += 64) {
      if (payload.subarray(at, at + 64).every((byte) => byte === 0)) expect.fail(`zeros at ${at}`);
    }
  });

  test('sets no memory aside for more than a transfer', async () => {
    const world = await ControllerHarness.open();
    expect(await world.errno('random_get', { into: 0xffff_ffff })).toBe('EINVAL');
  });
});

describe('a turn', () => {
  test('is read in pieces of any size, to its end', async () => {
    const world = await ControllerHarness.open();
    Object.assign(world.context.turn, { request: Uint8Array.of(1, 2, 3, 4, 5), read: 0 });
    const read = async (into: number) => [...(await world.call('request_read', { into })).payload];
    expect([await read(2), await read(0), await read(0xffff_ffff), await read(9)]).toEqual([
      [1, 2],
      [],
      [3, 4, 5],
      [],
    ]);
  });

  test('keeps an answer that comes in pieces, in their order', async () => {
    const world = await ControllerHarness.open();
    const sent: Uint8Array[] = [];
    for (const length of [1, 0, 4095, 1, 1, 10_000, 300_000, 2, 3_000_000, 7]) {
      const from = Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256);
      sent.push(from);
      expect(await world.errno('result_write', { from })).toBe('SUCCESS');
    }
    const got = concatenate(world.context.turn.result);
    expect(Buffer.compare(got, concatenate(sent))).toBe(0);
  });

  test('can not make the page keep an object for each byte, or for none', async () => {
    const world = await ControllerHarness.open();
    for (let time = 0; time < 5000; time++) {
      await world.call('result_write', { from: 'x' });
      await world.call('result_write', { from: '' });
    }
    expect(world.context.turn.resultBytes).toBe(5000);
    expect(world.context.turn.result.length).toBeLessThan(10);
  });

  test('has an end to what it may hold', async () => {
    const world = await ControllerHarness.open();
    world.context.turn.resultBytes = MAX_RESULT_BYTES - 3;
    expect(await world.errno('result_write', { from: 'four' })).toBe('ENOSPC');
    expect(await world.errno('result_write', { from: 'thr' })).toBe('SUCCESS');
    expect(await world.errno('result_write', { from: 'x' })).toBe('ENOSPC');
  });
});

describe('what no guest has', () => {
  test('is refused: signals to others, sockets', async () => {
    const world = await ControllerHarness.open();
    expect(await world.errno('proc_raise', { signal: 9 })).toBe('ENOSYS');
    expect(await world.errno('sock_accept', { fd: 3, flags: 0 })).toBe('ENOTSOCK');
    expect(await world.errno('sock_send', { fd: 0, from: 'x', flags: 0 })).toBe('ENOTSOCK');
  });

  test('proc_exit and sched_yield are answered', async () => {
    const world = await ControllerHarness.open();
    expect(await world.errno('proc_exit', { code: 3 })).toBe('SUCCESS');
    expect(await world.errno('sched_yield', {})).toBe('SUCCESS');
  });
});

test('a poll that comes as far as the controller says that the fuel is spent', async () => {
  const world = await ControllerHarness.open();
  expect(await world.errno('poll', { steps: 4096 })).toBe('SUCCESS');
  expect(await world.errno('poll', { steps: 2 ** 32 - 1 })).toBe('SUCCESS');
  expect(world.limitsReached).toEqual(['fuel']);
});
