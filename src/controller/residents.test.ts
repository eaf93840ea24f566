import { describe, expect, test, vi } from 'vitest';
import { Residents } from './residents';

function resident(residents: Residents, name: string, log: string[], isIdle = true) {
  const self = {
    isIdle: () => isIdle,
    sleep: async () => {
      log.push(name);
      residents.leave(self);
    },
    rest: () => {
      isIdle = true;
    },
  };
  return self;
}

type TestResident = ReturnType<typeof resident>;

async function come(residents: Residents, one: TestResident): Promise<void> {
  await residents.enter(one);
  residents.arrive(one);
}

describe('residents', () => {
  test('sleep when there are too many, the one that was used longest ago first', async () => {
    const log: string[] = [];
    const residents = new Residents(2);
    const a = resident(residents, 'a', log);
    await come(residents, a);
    await come(residents, resident(residents, 'b', log));
    expect(log).toEqual([]);
    residents.use(a);
    await come(residents, resident(residents, 'c', log));
    expect(log).toEqual(['b']);
    await come(residents, resident(residents, 'd', log));
    expect(log).toEqual(['b', 'a']);
  });

  test('make room by leaving, and are not counted twice', async () => {
    const log: string[] = [];
    const residents = new Residents(1);
    const a = resident(residents, 'a', log);
    await come(residents, a);
    residents.leave(a);
    residents.leave(a);
    residents.use(a);
    await come(residents, resident(residents, 'b', log));
    expect(log).toEqual([]);
  });

  test('that are busy are waited for', async () => {
    const log: string[] = [];
    const residents = new Residents(1);
    const busy = resident(residents, 'busy', log, false);
    await come(residents, busy);
    let isIn = false;
    const entered = come(residents, resident(residents, 'other', log)).then(() => {
      isIn = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isIn).toBe(false);
    busy.rest();
    await entered;
    expect(log).toEqual(['busy']);
  });

  test('that stay busy are not waited for without end: they may wait for who is to enter', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    try {
      const residents = new Residents(1);
      const entered: string[] = [];
      const enter = async (name: string): Promise<void> => {
        await come(residents, resident(residents, name, [], false));
        entered.push(name);
      };
      await enter('busy');
      const others = [enter('other'), enter('third')];
      await vi.advanceTimersByTimeAsync(900);
      expect(entered).toEqual(['busy']);
      await vi.advanceTimersByTimeAsync(200);
      expect(entered).toEqual(['busy', 'other']);
      await vi.advanceTimersByTimeAsync(1000);
      expect(entered).toEqual(['busy', 'other', 'third']);
      await Promise.all(others);
    } finally {
      vi.useRealTimers();
    }
  });

  test('go their way at once, each its own, where many enter together', async () => {
    const log: string[] = [];
    const residents = new Residents(3);
    const old = ['a', 'b', 'c'].map((name) => resident(residents, name, log));
    for (const one of old) await come(residents, one);
    await Promise.all(
      ['d', 'e', 'f'].map((name) => come(residents, resident(residents, name, log))),
    );
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('that can not sleep, as they have ended, are no hindrance', async () => {
    const residents = new Residents(1);
    const ended = resident(residents, 'ended', []);
    await come(residents, { ...ended, sleep: () => Promise.reject(new Error('ended')) });
    await come(residents, resident(residents, 'other', []));
  });

  test('come a few at a time, so that each is there soon', async () => {
    const residents = new Residents(10, 2);
    const entered: string[] = [];
    const all = ['a', 'b', 'c', 'd'].map((name) => resident(residents, name, []));
    const entering = all.map(async (one, index) => {
      await residents.enter(one);
      entered.push('abcd'.charAt(index));
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(entered).toEqual(['a', 'b']);
    residents.arrive(all[1] as TestResident);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(entered).toEqual(['a', 'b', 'c']);
    residents.leave(all[0] as TestResident);
    await Promise.all(entering);
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
  });
});
