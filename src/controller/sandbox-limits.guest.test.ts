import { describe, expect } from 'vitest';
import { EndedError } from '../errors';
import { guestIt as it, pause } from '../testing/guest-test';
import { OUTPUT_LIMIT_MARKER } from './output';

const MiB = 1024 * 1024;

describe('the wall clock', () => {
  it('raises TimeLimitExceeded in a program that runs for too long: finally runs, variables stay', async ({
    open,
  }) => {
    const python = await open({ limits: { wallMs: 300 } });
    const outcome = await python.run(
      'n = 0\ntry:\n  while True: n += 1\nfinally: print("cleaned up")',
    );
    expect(outcome).toMatchObject({
      status: 'timeout',
      limit: 'wallMs',
      scope: 'run',
      alive: true,
      error: { type: 'TimeLimitExceeded', line: 3 },
    });
    expect(python.stdout).toBe('cleaned up\n');
    expect(python.stderr).toContain('TimeLimitExceeded: this run has used up its time');
    expect(await python.sandbox.evaluate('n')).toBeGreaterThan(1000);
  });

  it('is a limit even for a program that catches it and ends well', async ({ open }) => {
    const python = await open({ limits: { wallMs: 200 } });
    const source =
      'import glovebox\ntry:\n  while True: pass\nexcept glovebox.TimeLimitExceeded: print("caught")';
    const outcome = await python.run(source);
    expect(outcome).toMatchObject({ status: 'timeout', alive: true });
    expect(outcome).not.toHaveProperty('error');
    expect(python.stdout).toBe('caught\n');
  });

  it('ends a guest that heeds nothing, and no volume with it', async ({ open }) => {
    const python = await open({ limits: { wallMs: 300 } });
    await python.run('open("/home/kept.txt", "w").write("kept")');
    const outcome = await python.run('while True:\n  try:\n    while True: pass\n  except: pass');
    expect(outcome).toMatchObject({ status: 'timeout', alive: false });
    expect(outcome.wallMs).toBeGreaterThan(540);
    expect(outcome.wallMs).toBeLessThan(1200);
    await expect(python.run('pass')).rejects.toThrow(EndedError);
    await python.sandbox.restart();
    expect(await python.printed('print(open("/home/kept.txt").read())')).toBe('kept\n');
  });

  it('runs on while the guest sleeps', async ({ open }) => {
    const python = await open({ limits: { wallMs: 200 } });
    const outcome = await python.run('kept = 7\nimport time\ntime.sleep(60)');
    expect(outcome).toMatchObject({ status: 'timeout', alive: true });
    expect(outcome.wallMs).toBeLessThan(400);
    expect(await python.sandbox.evaluate('kept')).toBe(7);
  });

  it('starts anew with each run', async ({ open }) => {
    const python = await open({ limits: { wallMs: 500 } });
    for (let turn = 0; turn < 3; turn++) {
      const outcome = await python.run('import time\ntime.sleep(0.25)');
      expect(outcome).toMatchObject({ status: 'ok' });
    }
  });
});

describe('the CPU limit', () => {
  it('ends a guest that computes for too long', async ({ open }) => {
    const python = await open({ limits: { cpuMs: 300 } });
    expect(await python.run('while True: pass')).toMatchObject({ status: 'cpu', alive: true });
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });

  it('ends a guest at once where there is no grace', async ({ open }) => {
    const python = await open({ limits: { cpuMs: 300, graceMs: 0 } });
    expect(await python.run('while True: pass')).toMatchObject({ status: 'cpu', alive: false });
  });

  it('does not count what the guest sleeps', async ({ open }) => {
    const python = await open({ limits: { cpuMs: 300 } });
    const outcome = await python.run('import time\nfor _ in range(5): time.sleep(0.1)');
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(outcome.wallMs).toBeGreaterThan(490);
  });
});

describe('the memory limit', () => {
  const limits = { heapBytes: 64 * MiB };

  it.for([
    ['one large object', 'bytearray(100 * 2**20)'],
    ['many small ones', 'all = []\nwhile True: all.append(bytearray(1000))'],
    ['a repetition', '"x" * 10**9'],
    ['a number', '1 << (8 * 10**9)'],
    ['a list', '[None] * 10**9'],
  ])('raises MemoryError for %s, and the guest goes on', async ([, source], { open }) => {
    const python = await open({ limits });
    const outcome = await python.run(source ?? '');
    expect(outcome).toMatchObject({
      status: 'memory',
      alive: true,
      error: { type: 'MemoryError' },
    });
    expect(outcome.heapBytes).toBeLessThanOrEqual(limits.heapBytes);
    expect(await python.run('all = None')).toMatchObject({ status: 'ok' });
    expect(await python.printed('print(len(bytearray(2**20)))')).toBe('1048576\n');
  });

  it('can be caught', async ({ open }) => {
    const python = await open({ limits });
    const source =
      'try:\n  bytearray(100 * 2**20)\nexcept MemoryError:\n  print("as much as there is")';
    expect(await python.printed(source)).toBe('as much as there is\n');
  });
});

describe('the output limit', () => {
  it('ends a guest that floods, after exactly that much', async ({ open }) => {
    const python = await open({ limits: { outputBytes: 10_000 } });
    const outcome = await python.run('while True: print("x" * 99)');
    expect(outcome).toMatchObject({ status: 'output', limit: 'outputBytes', alive: true });
    expect(outcome.outputBytes).toBe(10_000);
    expect(python.stdout).toHaveLength(10_000 + OUTPUT_LIMIT_MARKER.length);
    expect(python.stdout.endsWith(OUTPUT_LIMIT_MARKER)).toBe(true);
    expect(python.stderr).toBe('');
    expect(await python.printed('print("and on")')).toBe('and on\n');
  });

  it('counts each run by itself, both streams together', async ({ open }) => {
    const python = await open({ limits: { outputBytes: 10_000 } });
    const source = 'import sys\nprint("x" * 4000)\nprint("y" * 4000, file=sys.stderr)';
    expect(await python.run(source)).toMatchObject({ status: 'ok' });
    expect(await python.run(source)).toMatchObject({ status: 'ok' });
    expect(await python.run(`${source}\n${source}`)).toMatchObject({ status: 'output' });
  });
});

describe('fuel', () => {
  const program = `
import json, re, collections
class Node:
    def __init__(self, depth): self.children = [Node(depth - 1) for _ in range(3)] if depth else []
    def count(self): return 1 + sum(child.count() for child in self.children)
def numbers():
    for n in range(500): yield n
words = collections.Counter(re.findall('[a-z]+', 'the quick brown fox ' * 200))
print(Node(5).count(), sum(numbers()), json.loads(json.dumps(dict(words))), len(str(3 ** 5000)))
`;

  it('is the same for the same program, to the step', async ({ open }) => {
    const used: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const python = await open();
      used.push((await python.run(program)).fuel);
    }
    expect(used[0]).toBeGreaterThan(1000);
    expect(new Set(used).size).toBe(1);
  });

  it('runs out at the same step, wherever that is', async ({ open }) => {
    const counts: unknown[] = [];
    for (const fuel of [100_000, 100_000, 100_001, 107]) {
      const python = await open({ limits: { fuel } });
      const outcome = await python.run('n = 0\ntry:\n  while True: n += 1\nfinally: print(n)');
      expect(outcome).toMatchObject({ status: 'cpu', limit: 'fuel', alive: true });
      counts.push(Number(python.stdout));
    }
    expect(counts[0]).toBeGreaterThan(90_000);
    expect(counts[1]).toBe(counts[0]);
    expect(counts[2]).toBe(Number(counts[0]) + 1);
    expect(counts[3]).toBeLessThan(107);
  });
});

describe('host calls', () => {
  it('past their number end the run', async ({ open }) => {
    const python = await open({ limits: { hostCalls: 1000 } });
    const outcome = await python.run('import os\nwhile True: os.stat("/usr")');
    expect(outcome).toMatchObject({ status: 'cpu', limit: 'hostCalls', alive: true });
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });
});

describe('the limits of a sandbox’s life', () => {
  it('hold over all its runs and restarts, and leave nothing to run with', async ({ open }) => {
    const python = await open({ limits: { lifetime: { fuel: 300_000 } } });
    const loop = 'for n in range(100_000): pass';
    expect(await python.run(loop)).toMatchObject({ status: 'ok' });
    await python.sandbox.restart();
    expect(await python.run(loop)).toMatchObject({ status: 'ok' });
    const last = await python.run(`${loop}\n${loop}`);
    expect(last).toMatchObject({ status: 'cpu', limit: 'fuel', scope: 'lifetime', alive: true });
    expect(python.sandbox.usage.lifetime.fuel).toBeGreaterThanOrEqual(300_000);
    expect(await python.run('print("never")')).toMatchObject({
      status: 'cpu',
      limit: 'fuel',
      scope: 'lifetime',
      fuel: 0,
    });
    await expect(python.sandbox.evaluate('1')).rejects.toThrow('cpu');
    expect(python.stdout).toBe('');
  });
});

describe('usage', () => {
  it('can be read while the guest is at work', async ({ open }) => {
    const python = await open();
    const before = python.sandbox.usage;
    expect(before.heapBytes).toBeGreaterThan(MiB);
    expect(before.lifetime.fuel).toBe(0);
    const running = python.run(
      'f = open("/home/f", "w")\nprint("going", flush=True)\nwhile True: pass',
    );
    await python.shows('going');
    await pause(100);
    const during = python.sandbox.usage;
    expect(during.run.wallMs).toBeGreaterThan(50);
    expect(during.run.cpuMs).toBeGreaterThan(50);
    expect(during.run.fuel).toBeGreaterThan(10_000);
    expect(during.run.outputBytes).toBe(6);
    expect(during.run.hostCalls).toBeGreaterThan(1);
    expect(during.openFiles).toBe(before.openFiles + 1);
    python.sandbox.interrupt();
    const { wallMs, fuel } = await running;
    expect(wallMs).toBeGreaterThanOrEqual(during.run.wallMs);
    expect(fuel).toBeGreaterThanOrEqual(during.run.fuel);
    const after = python.sandbox.usage;
    expect(after.lifetime.fuel).toBe(fuel);
    expect(after.run.fuel).toBe(fuel);
  });
});

describe('an output callback that takes its time', () => {
  it('makes the guest wait, and never lets it get ahead', async ({ open }) => {
    let underWay = 0;
    let most = 0;
    let bytes = 0;
    const python = await open({
      onOutput: async (piece) => {
        most = Math.max(most, ++underWay);
        bytes += piece.length;
        await pause(5);
        underWay--;
      },
    });
    const outcome = await python.run('for n in range(20): print("x" * 99, flush=True)');
    expect(outcome).toMatchObject({ status: 'ok', outputBytes: 2000 });
    expect([most, bytes]).toEqual([1, 2000]);
    expect(outcome.wallMs).toBeGreaterThan(95);
  });

  it('for ever does not keep the guest from being ended', async ({ open }) => {
    const python = await open({ onOutput: () => new Promise(() => undefined) });
    const running = python.run('kept = 7\nprint("x", flush=True)\nwhile True: pass');
    await pause(50);
    // Its traceback has no way out either.
    python.sandbox.interrupt({ graceMs: 200 });
    expect(await running).toMatchObject({ status: 'terminated' });
  });

  it('and then fails is a fault of the page', async ({ open }) => {
    const faults: unknown[] = [];
    const python = await open({
      onOutput: () => Promise.reject(new Error('no paper')),
      onFault: (fault) => faults.push(fault),
    });
    expect(await python.run('print("x")')).toMatchObject({ status: 'ok' });
    expect(faults).toHaveLength(1);
  });
});
