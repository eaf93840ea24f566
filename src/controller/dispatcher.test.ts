import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NO_PROGRESS } from '../protocol/control';
import { errno, errnoName } from '../protocol/errno';
import { encodeRefusal, RequestWriter } from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import { type HostCallName, hostCallNames, hostCalls } from '../protocol/table';
import { ControllerHarness, encodeCall, ROOT_FD } from '../testing/controller-harness';
import { MemoryVolume } from '../volume/memory-volume';
import type { Volume } from '../volume/volume';
import { createDispatcher } from './dispatcher';
import type { Handlers } from './host-calls/context';
import { Watchdog } from './watchdog';

const unlink = encodeCall('path_unlink_file', { fd: ROOT_FD, path: 'x' }).slice();

/** A dispatcher whose unlink does what the test wants. */
function openWith(handler: () => unknown, onHostCall?: () => void) {
  const faults: unknown[] = [];
  const watchdog = new Watchdog({
    progress: () => NO_PROGRESS,
    onReached: () => undefined,
    onOverdue: () => undefined,
  });
  const dispatch = createDispatcher({
    handlers: { path_unlink_file: handler, fd_tell: handler } as unknown as Handlers,
    watchdog,
    onFault: (fault) => {
      faults.push(fault);
      throw new Error('the fault handler is at fault, too');
    },
    onHostCall,
  });
  return { dispatch, faults, cpu: watchdog.cpu };
}

const fail = (): never => {
  throw new TypeError('host detail at /host/path.ts:1');
};

afterEach(() => vi.useRealTimers());

describe('a failure behind the wall', () => {
  test.each([
    ['thrown', fail],
    ['rejected', () => Promise.reject(new TypeError('host detail'))],
    ['a string, thrown', () => Promise.reject('a string')],
  ])('is EIO and nothing else: %s', async (_title, handler) => {
    const { dispatch, faults } = openWith(handler);
    expect(await dispatch(unlink)).toEqual(encodeRefusal(errno.EIO));
    expect(faults).toHaveLength(1);
  });

  test.each([
    ['at once', () => 'no bigint'],
    ['later', () => Promise.resolve('no bigint')],
    ['nothing, later', () => Promise.resolve(undefined)],
  ])('is EIO when the result is none that the call can have: %s', async (_title, handler) => {
    const calls: number[] = [];
    const { dispatch, faults } = openWith(handler, () => calls.push(1));
    const frame = encodeCall('fd_tell', { fd: 5 }).slice();
    expect(await dispatch(frame)).toEqual(encodeRefusal(errno.EIO));
    expect(faults).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });

  test('of the page that looks at calls changes nothing for the guest', async () => {
    for (const handler of [() => undefined, () => Promise.resolve(undefined)]) {
      const { dispatch, faults } = openWith(handler, fail);
      expect(await dispatch(unlink)).toEqual(encodeRefusal(0));
      expect(faults).toHaveLength(1);
    }
  });

  test('leaves the CPU clock running', async () => {
    vi.useFakeTimers();
    const { dispatch, cpu } = openWith(() => Promise.reject(new Error('no')));
    cpu.start(Number.POSITIVE_INFINITY, () => undefined);
    await dispatch(unlink);
    vi.advanceTimersByTime(10);
    expect(cpu.elapsedMs).toBe(10);
    cpu.stop();
  });
});

test('the page sees each call, with its arguments, its errno and its result', async () => {
  const world = await ControllerHarness.open();
  await world.call('fd_write', { fd: 1, from: 'hi' });
  await world.call('path_unlink_file', { fd: ROOT_FD, path: 'none' });
  expect(world.calls).toEqual([
    {
      name: 'fd_write',
      args: { fd: 1, from: new TextEncoder().encode('hi') },
      errno: 0,
      result: 2,
    },
    {
      name: 'path_unlink_file',
      args: { fd: ROOT_FD, path: 'none' },
      errno: errno.ENOENT,
      result: undefined,
    },
  ]);
});

/** What a guest may be told at all. */
const DOCUMENTED = new Set(
  `SUCCESS EBADF ENOTDIR EISDIR EEXIST ENOENT ELOOP ENAMETOOLONG EINVAL EROFS EXDEV EBUSY ENOTEMPTY
   EMFILE ESPIPE EPERM ENOTCAPABLE EILSEQ ENOSYS ENOSPC EFBIG ENOTSOCK EIO EINTR`.split(/\s+/),
);

const number = fc.oneof(
  fc.nat(8),
  fc.constantFrom(0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 16n }),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const component = fc.constantFrom(
  'home',
  'tmp',
  'a',
  'b',
  'link',
  '..',
  '.',
  '',
  'ro',
  'n'.repeat(300),
);
const path = fc.oneof(
  fc.array(component, { maxLength: 6 }).map((names) => new TextEncoder().encode(names.join('/'))),
  fc.uint8Array({ maxLength: 20 }),
);
const FRAME_ARGUMENTS = { number, wide, path, bytes: fc.uint8Array({ maxLength: 100 }) };

function writeArguments(name: HostCallName, gen: fc.GeneratorValue): Uint8Array {
  const writer = new RequestWriter();
  writer.begin(hostCallNames.indexOf(name));
  for (const kind of Object.values(hostCalls[name].args)) {
    if (kind === 'u64' || kind === 's64') writer.u64(gen(() => FRAME_ARGUMENTS.wide));
    else if (kind === 'path') writer.bytes(gen(() => FRAME_ARGUMENTS.path));
    else if (kind === 'bytes' || kind === 'gather') writer.bytes(gen(() => FRAME_ARGUMENTS.bytes));
    else if (kind === 'subscriptions') {
      const bytes = gen(() => fc.uint8Array({ minLength: 48, maxLength: 96 }));
      const count = Math.floor(bytes.length / 48);
      writer.u32(count);
      writer.append(bytes.subarray(0, count * 48));
    } else if (kind !== 'strings') writer.u32(gen(() => FRAME_ARGUMENTS.number));
  }
  return writer.finish().slice();
}

async function openFuzzed(): Promise<ControllerHarness> {
  const home = MemoryVolume.from({ a: 'content', 'b/': null });
  home.createSymlink(home.root, 'link', 'b');
  const world = await ControllerHarness.open({
    mounts: { '/home': home, '/ro': MemoryVolume.from({ a: 'x', 'b/': null }, { readOnly: true }) },
  });
  await world.mustOpen('home/a');
  await world.mustOpenDirectory('home/b');
  return world;
}

describe('any sequence of calls with any arguments', () => {
  test('is answered, each with a documented errno, and no fault', async () => {
    const world = await openFuzzed();
    const names = hostCallNames.filter((name) => name !== 'poll');
    // Interrupts what would wait: the answers are to come soon.
    const ticking = setInterval(() => world.context.interruption.interrupt(), 1);
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 20 }),
      fc.gen(),
      async (calls, gen) => {
        for (const name of calls) {
          const reply = await world.send(writeArguments(name, gen));
          if (!DOCUMENTED.has(errnoName(reply.errno))) expect.fail(`${name}: ${reply.errno}`);
        }
      },
    );
    await fc.assert(property, { numRuns: 300 });
    clearInterval(ticking);
    expect(world.faults).toEqual([]);
  });

  test('is answered when the frames are noise', async () => {
    const world = await openFuzzed();
    const frame = fc.tuple(fc.nat(hostCallNames.length), fc.uint8Array({ maxLength: 80 }));
    const property = fc.asyncProperty(frame, async ([call, noise]) => {
      const bytes = new Uint8Array(noise.length + 2);
      bytes.set([call, 0]);
      bytes.set(noise, 2);
      const reply = world.send(bytes);
      // Noise may well be a wait, which only an interrupt ends.
      if (isLater(reply)) world.context.interruption.interrupt();
      expect(DOCUMENTED.has(errnoName((await reply).errno))).toBe(true);
    });
    await fc.assert(property, { numRuns: 3000 });
    expect(await world.send(new Uint8Array(0))).toEqual(encodeRefusal(errno.EINVAL));
    expect(await world.send(Uint8Array.of(255, 255))).toEqual(encodeRefusal(errno.ENOSYS));
    expect(world.faults).toEqual([]);
  });
});

/** The same volume with every answer a turn later. */
function later(volume: MemoryVolume): Volume {
  return new Proxy(volume as Volume, {
    get(_target, key) {
      const value: unknown = volume[key as keyof MemoryVolume];
      if (typeof value !== 'function') return value;
      const method = value.bind(volume) as (...args: unknown[]) => unknown;
      if (key === 'retain' || key === 'release') return method;
      return (...args: unknown[]) => Promise.resolve().then(() => method(...args));
    },
  });
}

test('a volume that answers later gives what one that answers at once gives', async () => {
  // The tree around the volumes is as old in one world as in the other.
  vi.useFakeTimers({ toFake: ['Date'] });
  const open = async (wrap: (volume: MemoryVolume) => Volume): Promise<ControllerHarness> => {
    let time = 0n;
    const volume = MemoryVolume.from({ a: 'content', 'b/c': 'deep' }, { now: () => ++time });
    volume.createSymlink(volume.root, 'link', 'b');
    const random = { '/home': wrap(volume), '/tmp': wrap(new MemoryVolume({ now: () => ++time })) };
    const clock = { realtime: () => 5n, monotonic: () => 6n };
    return ControllerHarness.open({ mounts: random, clock });
  };
  const unlike = new Set<HostCallName>(['poll', 'poll_oneoff', 'random_get', 'clock_time_get']);
  const names = hostCallNames.filter((name) => !unlike.has(name));
  const paths = names.filter((name) => name.startsWith('path_'));
  const call = fc.oneof(fc.constantFrom(...names), fc.constantFrom(...paths));
  const property = fc.asyncProperty(
    fc.array(call, { minLength: 5, maxLength: 40 }),
    fc.gen(),
    async (calls, gen) => {
      const [now, then] = [await open((volume) => volume), await open(later)];
      for (const name of calls) {
        const frame = writeArguments(name, gen);
        const [one, other] = [await now.send(frame), await then.send(frame)];
        expect(other.errno, name).toBe(one.errno);
        expect(Buffer.compare(other.payload, one.payload), name).toBe(0);
      }
      expect(then.faults).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 150 });
});
