import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Budget } from './limits';
import { type BudgetName, Watchdog } from './watchdog';

const UNLIMITED: Budget = {
  wallMs: Number.POSITIVE_INFINITY,
  cpuMs: Number.POSITIVE_INFINITY,
  fuel: Number.POSITIVE_INFINITY,
  outputBytes: Number.POSITIVE_INFINITY,
  hostCalls: Number.POSITIVE_INFINITY,
};

function open(budget: Partial<Budget>, graceMs = 100) {
  const events: string[] = [];
  const watchdog = new Watchdog({
    progress: () => ({ fuel: 77, heapBytes: 0 }),
    onReached: (limit) => events.push(`reached ${limit}`),
    onOverdue: (limit) => events.push(`overdue ${limit}`),
  });
  watchdog.start({ budget: { ...UNLIMITED, ...budget }, graceMs });
  return { watchdog, events };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

describe('the watchdog', () => {
  test.each([
    ['wallMs', { wallMs: 50 }],
    ['cpuMs', { cpuMs: 50 }],
  ] as const)('tells of %s, and after the grace that it is overdue', (limit, budget) => {
    const { watchdog, events } = open(budget);
    vi.advanceTimersByTime(49);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toEqual([`reached ${limit}`]);
    vi.advanceTimersByTime(100);
    expect(events).toEqual([`reached ${limit}`, `overdue ${limit}`]);
    expect(watchdog.reached).toBe(limit);
  });

  test('is silent about a grace that was enough', () => {
    const { watchdog, events } = open({ wallMs: 50 });
    vi.advanceTimersByTime(120);
    watchdog.stop();
    vi.advanceTimersByTime(1000);
    expect(events).toEqual(['reached wallMs']);
    expect(watchdog.reached).toBe('wallMs');
    expect(watchdog.used.wallMs).toBe(120);
  });

  test('without a grace says overdue at once', () => {
    const { events } = open({ wallMs: 50 }, 0);
    vi.advanceTimersByTime(50);
    expect(events).toEqual(['overdue wallMs']);
  });

  test('tells of the first limit alone', () => {
    const { watchdog, events } = open({ wallMs: 50, cpuMs: 60, hostCalls: 0 });
    vi.advanceTimersByTime(70);
    watchdog.countHostCall();
    watchdog.reach('fuel');
    expect(events).toEqual(['reached wallMs']);
  });

  test('lets a waiting guest be: neither clock moves while both stand still', () => {
    const { watchdog, events } = open({ wallMs: 50, cpuMs: 50 });
    const goOn = [watchdog.wall.pause(), watchdog.cpu.pause()];
    vi.advanceTimersByTime(10_000);
    for (const go of goOn) go();
    vi.advanceTimersByTime(49);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toHaveLength(1);
  });

  test('takes what host calls took off the time to compute, and rings later', () => {
    const { watchdog, events } = open({ cpuMs: 50 });
    vi.advanceTimersByTime(30);
    watchdog.cpu.exclude(20);
    vi.advanceTimersByTime(30);
    expect(events).toEqual([]);
    expect(watchdog.used).toMatchObject({ cpuMs: 40, wallMs: 60 });
    vi.advanceTimersByTime(10);
    expect(events).toEqual(['reached cpuMs']);
  });

  test('counts host calls and output, and gives the last bytes that still fit', () => {
    const { watchdog, events } = open({ hostCalls: 2, outputBytes: 10 });
    watchdog.countHostCall();
    watchdog.countHostCall();
    expect(events).toEqual([]);
    watchdog.countHostCall();
    expect(events).toEqual(['reached hostCalls']);
    expect([8, 8, 8].map((bytes) => watchdog.takeOutput(bytes))).toEqual([8, 2, 0]);
    expect(watchdog.used).toMatchObject({ hostCalls: 3, outputBytes: 10, fuel: 77 });
  });

  test('starts each run anew, and hears of nothing between two of them', () => {
    const { watchdog, events } = open({ hostCalls: 1 });
    watchdog.stop();
    for (const limit of ['fuel', 'outputBytes'] satisfies BudgetName[]) watchdog.reach(limit);
    watchdog.countHostCall();
    watchdog.countHostCall();
    expect(events).toEqual([]);
    watchdog.start({ budget: { ...UNLIMITED, hostCalls: 1 }, graceMs: 5 });
    expect(watchdog.used.hostCalls).toBe(0);
    watchdog.countHostCall();
    watchdog.countHostCall();
    expect(events).toEqual(['reached hostCalls']);
  });
});
