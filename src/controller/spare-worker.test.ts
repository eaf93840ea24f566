import { expose } from 'comlink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { InstanceOptions, Started, StartOptions } from '../protocol/control';
import type { WorkerHandle } from './platform';
import { SpareWorker } from './spare-worker';

interface FakeWorker extends WorkerHandle {
  ended: boolean;
  keeps: boolean;
  fail: (message: string) => void;
  readonly prepared: InstanceOptions[];
  readonly started: StartOptions[];
}

const ports: MessagePort[] = [];

/** `canPrepare`: what the workers answer. */
function fakePlatform(canPrepare = true) {
  const workers: FakeWorker[] = [];
  const createWorker = (onFailure: (message: string) => void): WorkerHandle => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const worker: FakeWorker = {
      ...{ endpoint: port1, ended: false, keeps: true, fail: onFailure, prepared: [], started: [] },
      terminate: () => {
        worker.ended = true;
      },
      keepAlive: (keeps) => {
        worker.keeps = keeps;
      },
    };
    const control = {
      prepare: async (instance: InstanceOptions): Promise<boolean> => {
        worker.prepared.push(instance);
        return canPrepare;
      },
      start: async (options: StartOptions): Promise<Started> => {
        worker.started.push(options);
        return { kind: 'returned', status: 0, fuel: 0, heapBytes: 0 };
      },
    };
    expose(control, port2);
    workers.push(worker);
    return worker;
  };
  return { workers, platform: { createWorker } };
}

/** Any module: nobody here makes an instance of it. */
const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const INSTANCE: InstanceOptions = {
  ...{ module, memory: { initialPages: 1, maximumPages: 2 }, channel: 'shared' },
};
const REST = {
  ...{ initialize: false, mostDepth: 9 },
  channel: { kind: 'shared', memory: new SharedArrayBuffer(16) },
} as const;

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** The next one, which begins a while after it was asked for. */
async function next(spare: SpareWorker, workers: readonly FakeWorker[]): Promise<FakeWorker> {
  const count = workers.length;
  spare.prepare();
  await vi.waitFor(() => expect(workers).toHaveLength(count + 1));
  return workers[count] as FakeWorker;
}

describe('a spare worker', () => {
  test('is there before it is asked for, and keeps no process alive until then', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    expect(workers).toMatchObject([{ keeps: false, prepared: [] }]);
    expect(spare.take(INSTANCE)).toBeDefined();
    expect(workers).toMatchObject([{ keeps: true }]);
  });

  test('is given to one only; there is none until another was prepared, and no more than that', async () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    expect([spare.take(INSTANCE), spare.take(INSTANCE)]).toEqual([expect.anything(), undefined]);
    spare.prepare();
    expect(workers).toHaveLength(1);
    await next(spare, workers);
    spare.prepare();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(workers).toHaveLength(2);
    expect(spare.take(INSTANCE)).toBeDefined();
  });

  test('has an instance as the last one was, which is not made again', async () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    await spare.take(INSTANCE)?.start(INSTANCE, REST, []);
    expect(workers[0]?.started).toMatchObject([{ instance: INSTANCE, mostDepth: 9 }]);
    const worker = await next(spare, workers);
    await vi.waitFor(() => expect(worker.prepared).toEqual([INSTANCE]));
    await spare.take({ ...INSTANCE })?.start({ ...INSTANCE }, REST, []);
    expect(worker.started).toMatchObject([{ instance: undefined, mostDepth: 9 }]);
  });

  test('makes another instance for who wants another, or where there could be none', async () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    spare.take(INSTANCE);
    const worker = await next(spare, workers);
    const large = { ...INSTANCE, memory: { initialPages: 1, maximumPages: 3 } };
    await spare.take(large)?.start(large, REST, []);
    expect(worker.started).toMatchObject([{ instance: large }]);

    const full = fakePlatform(false);
    const without = new SpareWorker(full.platform);
    without.take(INSTANCE);
    const failed = await next(without, full.workers);
    await vi.waitFor(() => expect(failed.prepared).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await without.take(INSTANCE)?.start(INSTANCE, REST, []);
    expect(failed.started).toMatchObject([{ instance: INSTANCE }]);
  });

  test('tells of its failure whoever has it', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    const failures: string[] = [];
    const taken = spare.take(INSTANCE);
    if (taken !== undefined) taken.onFailure = (message) => failures.push(message);
    workers[0]?.fail('broken');
    expect(failures).toEqual(['broken']);
  });

  test('that has failed is given to nobody', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    workers[0]?.fail('blocked');
    expect(spare.take(INSTANCE)).toBeUndefined();
    expect(workers[0]?.ended).toBe(true);
  });

  test('ends when nobody will need it, and no other comes', async () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    spare.end();
    expect(workers).toMatchObject([{ ended: true }]);
    spare.prepare();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(workers).toHaveLength(1);
  });
});
