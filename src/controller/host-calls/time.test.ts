import { wasi } from '@bjorn3/browser_wasi_shim';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errnoName } from '../../protocol/errno';
import type { Fd } from '../../protocol/numbers';
import { EVENT_BYTES, type Subscription } from '../../protocol/records';
import { ControllerHarness, ROOT_FD, u64 } from '../../testing/controller-harness';
import type { WorldOptions } from '../guest-world';

const { CLOCKID_REALTIME, CLOCKID_MONOTONIC, CLOCKID_PROCESS_CPUTIME_ID } = wasi;

const MS = 1_000_000n;
let monotonicNs = 0n;
const clock = { realtime: () => 10_000n * MS + monotonicNs, monotonic: () => monotonicNs };

beforeEach(() => {
  monotonicNs = 500n * MS;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function open(options: WorldOptions = {}): Promise<ControllerHarness> {
  return ControllerHarness.open({ clock, ...options });
}

function timer(timeoutNs: bigint, userdata = 1n, more = {}): Subscription {
  return { kind: 'clock', clock: CLOCKID_MONOTONIC, timeoutNs, absolute: false, userdata, ...more };
}

function ready(kind: 'read' | 'write', fd: number, userdata = 9n): Subscription {
  return { kind, fd: fd as Fd, userdata };
}

interface Event {
  readonly userdata: bigint;
  readonly errno: string;
  readonly type: number;
  readonly available: bigint;
}

async function poll(world: ControllerHarness, waitFor: readonly Subscription[]) {
  const answer = await world.call('poll_oneoff', { waitFor });
  const events: Event[] = [];
  for (let at = 0; at < answer.payload.length; at += EVENT_BYTES) {
    const view = new DataView(answer.payload.buffer, answer.payload.byteOffset + at);
    events.push({
      userdata: view.getBigUint64(0, true),
      errno: errnoName(view.getUint16(8, true)),
      type: view.getUint8(10),
      available: view.getBigUint64(16, true),
    });
  }
  return answer.errno === 'SUCCESS' ? events : answer.errno;
}

/** Whether it has an answer by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return done;
}

describe('clocks', () => {
  test('show the time of the world, and refuse what is no clock', async () => {
    const world = await open();
    const read = async (id: number) => {
      const args = { clock: id, precision: 1n };
      const { errno: refusal, payload } = await world.call('clock_time_get', args);
      return refusal === 'SUCCESS' ? u64(payload) : refusal;
    };
    expect(await read(CLOCKID_REALTIME)).toBe(10_500n * MS);
    expect(await read(CLOCKID_MONOTONIC)).toBe(500n * MS);
    expect(await read(CLOCKID_PROCESS_CPUTIME_ID)).toBe(0n);
    expect(await read(4)).toBe('EINVAL');
    expect(await read(2 ** 32 - 1)).toBe('EINVAL');
    expect(u64((await world.call('clock_res_get', { clock: 0 })).payload)).toBeGreaterThan(0n);
    expect(await world.errno('clock_res_get', { clock: 17 })).toBe('EINVAL');
  });

  test('the one of the CPU stands still while a host call takes its time', async () => {
    const world = await open();
    const { cpu } = world.watchdog;
    cpu.start(Number.POSITIVE_INFINITY, () => undefined);
    vi.advanceTimersByTime(20);
    const sleeping = poll(world, [timer(1000n * MS)]);
    await vi.advanceTimersByTimeAsync(1000);
    await sleeping;
    vi.advanceTimersByTime(5);
    const args = { clock: CLOCKID_PROCESS_CPUTIME_ID, precision: 0n };
    expect(u64((await world.call('clock_time_get', args)).payload)).toBe(25n * MS);
    cpu.stop();
  });
});

describe('poll_oneoff on clocks', () => {
  test('waits for the shortest, and names each that has come', async () => {
    const world = await open();
    const waits = [timer(30n * MS, 1n), timer(20n * MS, 2n), timer(20n * MS, 3n)];
    const polling = poll(world, waits);
    await vi.advanceTimersByTimeAsync(19);
    expect(await settled(polling)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(((await polling) as Event[]).map(({ userdata }) => userdata)).toEqual([2n, 3n]);
  });

  test('does not wait for what is past already', async () => {
    const world = await open();
    const past = timer(400n * MS, 2n, { absolute: true });
    expect(await poll(world, [timer(1000n * MS, 1n), past])).toMatchObject([{ userdata: 2n }]);
    expect(await poll(world, [timer(0n)])).toMatchObject([{ userdata: 1n, errno: 'SUCCESS' }]);
  });

  test('takes absolute times by the clock that is named', async () => {
    const world = await open();
    const real = { absolute: true, clock: CLOCKID_REALTIME };
    const polling = poll(world, [timer(10_510n * MS, 1n, real)]);
    await vi.advanceTimersByTimeAsync(9);
    expect(await settled(polling)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await polling).toHaveLength(1);
  });

  test('never wakes early, not even by a part of a millisecond', async () => {
    const world = await open();
    const polling = poll(world, [timer(1n)]);
    expect(await settled(polling)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await settled(polling)).toBe(true);
  });

  test('can wait longer than a timer can be set for', async () => {
    const world = await open();
    const days = 40n * 24n * 3600n * 1000n;
    const polling = poll(world, [timer(days * MS)]);
    await vi.advanceTimersByTimeAsync(Number(days) - 1);
    expect(await settled(polling)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await settled(polling)).toBe(true);
    const forever = poll(world, [timer(2n ** 64n - 1n)]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await settled(forever)).toBe(false);
    world.context.interruption.interrupt();
    expect(await forever).toBe('EINTR');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tells of a clock that there is not, and of a type that there is not', async () => {
    const world = await open();
    expect(await poll(world, [timer(1n, 5n, { clock: 99 })])).toEqual([
      { userdata: 5n, errno: 'EINVAL', type: wasi.EVENTTYPE_CLOCK, available: 0n },
    ]);
    expect(await poll(world, [{ kind: 'unknown', type: 7, userdata: 6n }])).toEqual([
      { userdata: 6n, errno: 'EINVAL', type: 7, available: 0n },
    ]);
    expect(await poll(world, [])).toBe('EINVAL');
  });
});

describe('poll_oneoff on descriptors', () => {
  test('finds files and output ready, and what is not open at fault', async () => {
    const world = await open();
    const file = await world.mustCreate('tmp/f', 'abc');
    const waits = [
      ready('read', file, 1n),
      ready('write', file, 2n),
      ready('write', 1, 3n),
      ready('read', 77, 4n),
      ready('read', 0xffff_ffff, 5n),
      timer(1n, 6n),
    ];
    expect(await poll(world, waits)).toMatchObject([
      { userdata: 1n, errno: 'SUCCESS', type: wasi.EVENTTYPE_FD_READ },
      { userdata: 2n, errno: 'SUCCESS', type: wasi.EVENTTYPE_FD_WRITE },
      { userdata: 3n, errno: 'SUCCESS' },
      { userdata: 4n, errno: 'EBADF' },
      { userdata: 5n, errno: 'EBADF' },
    ]);
    expect(await poll(world, [ready('read', ROOT_FD)])).toHaveLength(1);
  });

  test('waits for input, and leaves it to the read that follows', async () => {
    let answer: (text: string | null) => void = () => undefined;
    const world = await open({
      stdin: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const polling = poll(world, [ready('read', 0)]);
    expect(await settled(polling)).toBe(false);
    answer('hello');
    expect(await polling).toMatchObject([{ userdata: 9n, available: 5n }]);
    expect(await poll(world, [ready('read', 0)])).toMatchObject([{ available: 5n }]);
    const { payload } = await world.call('fd_read', { fd: 0, into: 100 });
    expect(new TextDecoder().decode(payload)).toBe('hello');
    const end = poll(world, [ready('read', 0)]);
    await settled(end);
    answer(null);
    expect(await end).toMatchObject([{ errno: 'SUCCESS', available: 0n }]);
    expect((await world.call('fd_read', { fd: 0, into: 100 })).payload).toHaveLength(0);
  });

  test('gives up on input when the time is over; the input goes to a later read', async () => {
    const asked: ((text: string) => void)[] = [];
    const world = await open({
      stdin: () =>
        new Promise((resolve) => {
          asked.push(resolve);
        }),
    });
    for (let time = 0; time < 3; time++) {
      const polling = poll(world, [ready('read', 0), timer(10n * MS)]);
      await vi.advanceTimersByTimeAsync(10);
      expect(await polling).toMatchObject([{ userdata: 1n, type: wasi.EVENTTYPE_CLOCK }]);
    }
    expect(asked).toHaveLength(1);
    asked[0]?.('late');
    await vi.advanceTimersByTimeAsync(0);
    const { payload } = await world.call('fd_read', { fd: 0, into: 100 });
    expect(new TextDecoder().decode(payload)).toBe('late');
  });

  test('lets the clock of the run go on when it has given up on input', async () => {
    const world = await open({ stdin: () => new Promise(() => undefined) });
    const { wall } = world.watchdog;
    let rang = false;
    wall.start(100, () => {
      rang = true;
    });
    const polling = poll(world, [ready('read', 0), timer(10n * MS)]);
    await vi.advanceTimersByTimeAsync(10);
    await polling;
    expect(wall.elapsedMs).toBe(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(rang).toBe(true);
    wall.stop();
  });

  test('of a source that fails is EIO', async () => {
    const world = await open({ stdin: () => Promise.reject(new Error('no')) });
    expect(await poll(world, [ready('read', 0), timer(10n * MS)])).toBe('EIO');
    expect(world.faults).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an interrupt', () => {
  test('ends a wait with EINTR and leaves no timer behind', async () => {
    const world = await open({ stdin: () => new Promise(() => undefined) });
    const polling = poll(world, [timer(1000n * MS), ready('read', 0)]);
    await vi.advanceTimersByTimeAsync(5);
    world.context.interruption.interrupt();
    expect(await polling).toBe('EINTR');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that comes just before a wait ends that wait, and not the one after it', async () => {
    const world = await open();
    world.context.interruption.interrupt();
    expect(await poll(world, [timer(1000n * MS)])).toBe('EINTR');
    const polling = poll(world, [timer(10n * MS)]);
    await vi.advanceTimersByTimeAsync(10);
    expect(await polling).toHaveLength(1);
  });

  test('does not touch what is answered at once', async () => {
    const world = await open();
    world.context.interruption.interrupt();
    expect(await poll(world, [timer(0n)])).toHaveLength(1);
    expect(await world.errno('fd_write', { fd: 1, from: 'x' })).toBe('SUCCESS');
  });
});
