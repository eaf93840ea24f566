import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { errno } from '../protocol/errno';
import type { Reply } from '../protocol/frame';
import { startBundledWorker } from '../testing/bundle-worker';
import type { Answer, Answerer } from './channel';
import { LoopbackChannel } from './loopback';
import { createSharedMemory, SharedAnswerer } from './shared';

interface Harness {
  readonly answerer: Answerer;
  /** The reply to the last of so many equal calls. */
  call(request: Uint8Array, times?: number): Promise<Uint8Array>;
  errno(request: Uint8Array): Promise<number>;
  takeSignals(): Promise<number>;
  close(): Promise<void>;
}

function loopback(): Promise<Harness> {
  const channel = new LoopbackChannel();
  return Promise.resolve({
    answerer: channel,
    call: (request, times = 1) => {
      let reply = new Uint8Array(0);
      for (let time = 0; time < times; time++) reply = channel.call(request).payload.slice();
      return Promise.resolve(reply);
    },
    errno: (request) => Promise.resolve(channel.call(request).errno),
    takeSignals: () => Promise.resolve(channel.takeSignals()),
    close: () => Promise.resolve(channel.close()),
  });
}

async function shared(pieceBytes?: number): Promise<Harness> {
  const memory = createSharedMemory(pieceBytes);
  const worker: Worker = await startBundledWorker(
    new URL('../testing/echo-worker.ts', import.meta.url),
    {
      workerData: memory,
    },
  );
  const answerer = new SharedAnswerer(memory, (then) => setImmediate(then));
  const ask = async (order: unknown): Promise<unknown> => {
    worker.postMessage(order);
    return ((await once(worker, 'message')) as unknown[])[0];
  };
  return {
    answerer,
    call: async (request, times = 1) => ((await ask({ request, times })) as Reply).payload,
    errno: async (request) => ((await ask({ request, times: 1 })) as Reply).errno,
    takeSignals: async () => (await ask('signals')) as number,
    close: async () => {
      answerer.close();
      await worker.terminate();
    },
  };
}

const replyOf = (payload: Uint8Array): Reply => ({ errno: 0, payload });
const reversed: Answer = (request) => replyOf(request.slice().reverse());

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

describe.each([
  ['loopback', () => loopback()],
  ['shared', () => shared()],
  ['shared with room for a single byte', () => shared(1)],
  ['shared with room for seven bytes', () => shared(7)],
] as const)('%s', (_name, open) => {
  test('carries messages of every length there and back', async () => {
    harness = await open();
    harness.answerer.serve(reversed);
    for (const length of [1, 2, 6, 7, 8, 13, 14, 15, 255]) {
      const request = Uint8Array.from({ length }, (_, index) => index);
      expect(await harness.call(request)).toEqual(request.slice().reverse());
    }
  });

  test('gives an empty reply', async () => {
    harness = await open();
    harness.answerer.serve(() => replyOf(new Uint8Array(0)));
    expect(await harness.call(Uint8Array.of(1))).toHaveLength(0);
  });

  test('answers many calls in a row, each once', async () => {
    harness = await open();
    let calls = 0;
    harness.answerer.serve(() => replyOf(Uint8Array.of(++calls % 256, 1, 2)));
    expect((await harness.call(Uint8Array.of(9), 1000))[0]).toBe(1000 % 256);
    expect(calls).toBe(1000);
  });

  test('hands over signals once, and takes them back when told to', async () => {
    harness = await open();
    harness.answerer.serve(reversed);
    harness.answerer.signal(4);
    harness.answerer.signal(2);
    expect(await harness.takeSignals()).toBe(6);
    expect(await harness.takeSignals()).toBe(0);
    harness.answerer.signal(4);
    harness.answerer.clear();
    expect(await harness.takeSignals()).toBe(0);
  });
});

describe('shared', () => {
  test('carries the errno beside the payload', async () => {
    harness = await shared(16);
    harness.answerer.serve((request) => ({ errno: request.length, payload: request.slice() }));
    expect(await harness.errno(new Uint8Array(3))).toBe(3);
    expect(await harness.errno(new Uint8Array(100))).toBe(100);
    expect(await harness.errno(new Uint8Array(0))).toBe(0);
  });

  test('waits for an answer that comes later, and goes on afterwards', async () => {
    harness = await shared(16);
    harness.answerer.serve(
      (request) => new Promise((resolve) => setTimeout(() => resolve(replyOf(request)), 20)),
    );
    const message = Uint8Array.from({ length: 100 }, (_, index) => index);
    expect(await harness.call(message)).toEqual(message);
    expect(await harness.call(message)).toEqual(message);
  });

  test('carries more than a transfer in several pieces', async () => {
    harness = await shared(128 * 1024);
    harness.answerer.serve(reversed);
    const request = Uint8Array.from({ length: 1_000_003 }, (_, index) => index % 251);
    expect(Buffer.compare(await harness.call(request), request.slice().reverse())).toBe(0);
  });

  test.each([65_535, 65_536, 65_537, 131_072, 1_000_003])(
    'carries a reply of %i bytes in one piece, whose end comes after its beginning',
    async (length) => {
      harness = await shared();
      harness.answerer.serve(reversed);
      const request = Uint8Array.from({ length }, (_, index) => index % 251);
      const expected = request.slice().reverse();
      for (let time = 0; time < 20; time++) {
        request[time] = time;
        expected[length - 1 - time] = time;
        expect(Buffer.compare(await harness.call(request, 3), expected)).toBe(0);
      }
    },
  );

  test('tells how long a guest waited for answers that come at once, once for each call', async () => {
    harness = await shared(16);
    const hosted: number[] = [];
    const busy = (durationMs: number): void => {
      const until = performance.now() + durationMs;
      while (performance.now() < until);
    };
    harness.answerer.serve(
      (request) => {
        busy(20);
        return replyOf(request);
      },
      (durationMs) => hosted.push(durationMs),
    );
    await harness.call(Uint8Array.of(1, 2, 3));
    expect(hosted).toHaveLength(1);
    // In pieces there and back: their way counts, too.
    await harness.call(new Uint8Array(100));
    expect(hosted).toHaveLength(2);
    expect(hosted.every((durationMs) => durationMs >= 20 && durationMs < 5000)).toBe(true);
  });

  test('tells of an answer that comes later only how long messages in pieces took', async () => {
    harness = await shared(16);
    const hosted: number[] = [];
    harness.answerer.serve(
      (request) => new Promise((resolve) => setTimeout(() => resolve(replyOf(request)), 1000)),
      (durationMs) => hosted.push(durationMs),
    );
    const askedAt = performance.now();
    await harness.call(new Uint8Array(100));
    const waitedMs = performance.now() - askedAt;
    expect(hosted).toHaveLength(2);
    // A timer may be a little early.
    expect((hosted[0] ?? 0) + (hosted[1] ?? 0)).toBeLessThanOrEqual(waitedMs - 990);
  });

  test('lets timers of the page run while calls keep coming', async () => {
    harness = await shared();
    harness.answerer.serve(reversed);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await harness.call(Uint8Array.of(1, 2, 3), 30_000);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('loopback', () => {
  test('refuses an answer that would come later: nothing could wait for it', async () => {
    const channel = new LoopbackChannel();
    channel.serve(() => Promise.resolve(replyOf(new Uint8Array(2))));
    expect(channel.call(Uint8Array.of(1)).errno).toBe(errno.EAGAIN);
  });
});
