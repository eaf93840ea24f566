import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Platform, WorkerHandle } from './platform';
import { SpareWorker } from './spare-worker';

interface FakeWorker extends WorkerHandle {
  ended: boolean;
  keeps: boolean;
  fail: (message: string) => void;
}

function fakePlatform() {
  const workers: FakeWorker[] = [];
  const createWorker = (onFailure: (message: string) => void): WorkerHandle => {
    const worker: FakeWorker = {
      endpoint: new MessageChannel().port1,
      ended: false,
      keeps: true,
      fail: onFailure,
      terminate: () => {
        worker.ended = true;
      },
      keepAlive: (keeps) => {
        worker.keeps = keeps;
      },
    };
    workers.push(worker);
    return worker;
  };
  return { workers, platform: { createWorker } as unknown as Platform };
}

const ignore = (): void => undefined;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a spare worker', () => {
  test('is there before it is asked for, and keeps no process alive until then', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    expect(workers).toMatchObject([{ keeps: false }]);
    expect(spare.take(ignore)).toBe(workers[0]);
    expect(workers).toMatchObject([{ keeps: true }]);
  });

  test('is given to one only; the next gets a new one until another was prepared', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    const given = [spare.take(ignore), spare.take(ignore)];
    expect(given).toEqual(workers);
    spare.prepare();
    spare.prepare();
    expect(workers).toHaveLength(2);
    vi.runAllTimers();
    expect(workers).toHaveLength(3);
    spare.prepare();
    vi.runAllTimers();
    expect(workers).toHaveLength(3);
    expect(spare.take(ignore)).toBe(workers[2]);
  });

  test('tells of its failure whoever has it', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    const failures: string[] = [];
    spare.take((message) => failures.push(message));
    workers[0]?.fail('broken');
    expect(failures).toEqual(['broken']);
  });

  test('that has failed is given to nobody', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    workers[0]?.fail('blocked');
    expect(spare.take(ignore)).toBe(workers[1]);
    expect(workers[0]?.ended).toBe(true);
  });

  test('ends when nobody will need it, and no other comes', () => {
    const { workers, platform } = fakePlatform();
    const spare = new SpareWorker(platform);
    spare.end();
    expect(workers).toMatchObject([{ ended: true }]);
    spare.prepare();
    vi.runAllTimers();
    expect(workers).toHaveLength(1);
  });
});
