import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Durability } from './indexeddb-database';
import { WriteBack } from './write-back';

afterEach(() => vi.useRealTimers());

/** A store whose commits take as many turns as they are told, and what is stored in it. */
function storeOf(turns: () => number) {
  const state = { changes: 0, stored: 0, durable: 0, running: 0, most: 0 };
  const commit = async (durability: Durability): Promise<void> => {
    const { changes } = state;
    state.most = Math.max(state.most, ++state.running);
    for (let left = turns(); left > 0; left--) await undefined;
    state.running--;
    state.stored = changes;
    if (durability === 'strict') state.durable = changes;
  };
  return { state, writeBack: new WriteBack(commit, () => undefined) };
}

function randoms(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 16) % below;
  };
}

describe('WriteBack', () => {
  it('has stored what it answers for, however those who ask come in between', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = randoms(seed);
      const { state, writeBack } = storeOf(() => random(6));
      const user = async (): Promise<void> => {
        for (let round = 0; round < 8; round++) {
          for (let left = random(7); left > 0; left--) await undefined;
          const change = ++state.changes;
          const durability = random(2) === 0 ? 'relaxed' : 'strict';
          if (random(8) === 0) {
            await writeBack.exclusive(async () => {
              const { stored } = state;
              for (let left = random(5); left > 0; left--) await undefined;
              expect(state.running).toBe(0);
              expect(state.stored).toBe(stored);
            });
          }
          await writeBack.request(durability);
          expect(state.stored).toBeGreaterThanOrEqual(change);
          if (durability === 'strict') expect(state.durable).toBeGreaterThanOrEqual(change);
        }
      };
      await Promise.all([user(), user(), user()]);
      expect(state.most).toBe(1);
      expect(writeBack.busy).toBe(false);
      writeBack.stop();
    }
  });

  it('shares the next commit among all who ask while one is under way', async () => {
    let commits = 0;
    const writeBack = new WriteBack(
      async () => {
        commits++;
        await new Promise((resolve) => setTimeout(resolve));
      },
      () => undefined,
    );
    await Promise.all(Array.from({ length: 10 }, () => writeBack.request('strict')));
    expect(commits).toBe(2);
  });

  it('goes on after a commit that failed, and tells only those whose it was', async () => {
    const works = [false, true, false];
    const failures: unknown[] = [];
    const writeBack = new WriteBack(
      async () => {
        await undefined;
        if (!works.shift()) throw new Error('full');
      },
      (failure) => failures.push(failure),
    );
    const first = writeBack.request('strict');
    const second = writeBack.request('relaxed');
    await expect(first).rejects.toThrow('full');
    await second;
    writeBack.start();
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    expect(writeBack.busy).toBe(false);
  });

  it('commits soon after the changes end, and after a second if they do not', async () => {
    vi.useFakeTimers();
    const { state, writeBack } = storeOf(() => 0);
    state.changes = 1;
    writeBack.touch();
    await vi.advanceTimersByTimeAsync(80);
    expect(state.stored).toBe(1);
    for (let ms = 0; ms < 1100; ms += 20) {
      state.changes++;
      writeBack.touch();
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(state.stored).toBeGreaterThan(1);
    writeBack.stop();
  });
});
