/** What a guest may use, and what happens when it wants more. */
import { claim, claimEqual, claimIncludes, claimMatches, claimWithin, codeOf } from '../claims';
import type { Python } from '../python';
import type { Group } from '../suite';

const MiB = 1024 * 1024;

/** Of programs that clean up: WebKitGTK, which interprets what is new to it, may take longer than usual. */
const graceMs = 2000;

/** The grace, and what a busy machine adds. */
const LATE_MS = 3000;

async function ended(
  python: Python,
  source: string,
  atMostMs: number,
): Promise<Awaited<ReturnType<Python['run']>>> {
  const startedAt = performance.now();
  const outcome = await python.run(source);
  claimWithin(performance.now() - startedAt, atMostMs + LATE_MS, 'the run');
  return outcome;
}

const cleansUp = `
n = 0
try:
    while True: n += 1
finally:
    print('cleaned up')
`;

/** Classes, generators, callbacks from C, imports, exceptions: whatever takes steps. */
const burner = `
import json, re, collections, itertools
class Node:
    def __init__(self, depth): self.children = [Node(depth - 1) for _ in range(3)] if depth else []
    def __len__(self): return 1 + sum(map(len, self.children))
    def __lt__(self, other): return len(self) < len(other)
def numbers():
    for n in range(3000):
        try:
            if n % 7 == 0: raise ValueError(n)
            yield n
        except ValueError: yield 0
words = collections.Counter(re.findall('[a-z]+', 'the quick brown fox ' * 200))
print(len(Node(6)), sum(numbers()), json.loads(json.dumps(dict(words))), len(str(3 ** 5000)))
print(sorted([Node(n % 4) for n in range(50)])[0], sum(itertools.accumulate(range(1000))))
async def wait(): return [n async for n in agen()]
async def agen():
    for n in range(500): yield n
try: wait().send(None)
except StopIteration as stop: print(len(stop.value))
`;

const heedless = `
while True:
    try:
        while True: pass
    except BaseException: pass
`;

export const limits: Group = {
  'a loop meets the wall deadline; finally runs and the variables stay': async (workshop) => {
    const python = await workshop.open({ limits: { wallMs: 400, graceMs } });
    const outcome = await ended(python, cleansUp, 400);
    claimMatches(outcome, { status: 'timeout', alive: true });
    claimIncludes(python.output, 'cleaned up');
    claim(Number(await python.sandbox.evaluate('n')) > 0, 'n is gone');
  },

  'a loop meets the CPU limit; finally runs and the variables stay': async (workshop) => {
    const python = await workshop.open({ limits: { cpuMs: 400, graceMs } });
    const outcome = await ended(python, cleansUp, 400);
    claimMatches(outcome, { status: 'cpu', alive: true });
    claimIncludes(python.output, 'cleaned up');
    claim(Number(await python.sandbox.evaluate('n')) > 0, 'n is gone');
  },

  'except Exception does not catch a deadline': async (workshop) => {
    const python = await workshop.open({ limits: { wallMs: 400, graceMs } });
    const source = 'while True:\n  try:\n    while True: pass\n  except Exception: pass';
    claimMatches(await ended(python, source, 400), { status: 'timeout', alive: true });
  },

  'a sleep meets the wall deadline': async (workshop) => {
    const python = await workshop.open({ limits: { wallMs: 400, graceMs } });
    const outcome = await ended(python, 'import time\ntime.sleep(60)', 400);
    claimMatches(outcome, { status: 'timeout', alive: true });
  },

  'what catches everything is ended, and restart() goes on': async (workshop) => {
    const python = await workshop.open({ limits: { wallMs: 300 } });
    claimMatches(await ended(python, heedless, 300), { status: 'timeout', alive: false });
    claimEqual(await codeOf(python.run('pass')), 'ENDED');
    await python.sandbox.restart();
    claimEqual(await python.printed('print(6 * 7)'), '42\n');
  },

  'a loop in C is ended': async (workshop) => {
    for (const source of [
      'sum(range(10**13))',
      // A search takes some 0.2 s: there is always another.
      'any(map(("b" * 10**7 * 9).__contains__, __import__("itertools").repeat("aa")))',
      'x = 7 ** 7 ** 9',
    ]) {
      const python = await workshop.open({ limits: { wallMs: 300 } });
      claimMatches(await ended(python, source, 300), { status: 'timeout' });
      if (!python.sandbox.alive) await python.sandbox.restart();
      claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
    }
  },

  'the CPU limit does not count sleep': async (workshop) => {
    const python = await workshop.open({ limits: { cpuMs: 400 } });
    const outcome = await python.run('import time\nfor _ in range(5): time.sleep(0.12)');
    claimMatches(outcome, { status: 'ok' });
  },

  'memory that is not there is a MemoryError, and the guest goes on': async (workshop) => {
    const python = await workshop.open({ limits: { heapBytes: 64 * MiB } });
    for (const source of [
      'bytearray(100 * 2**20)',
      'kept = []\nwhile True: kept.append(bytearray(100_000))',
      '"x" * 10**9',
      '[None] * 10**9',
    ]) {
      claimMatches(await python.run(source), { status: 'memory', alive: true });
      await python.run('kept = None');
      claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
    }
  },

  'output past its limit ends the run': async (workshop) => {
    const python = await workshop.open({ limits: { outputBytes: 10_000 } });
    const outcome = await python.run('while True: print("flood")');
    claimMatches(outcome, { status: 'output' });
    claim(python.output.length <= 11_000, `${python.output.length} characters came out`);
    if (!python.sandbox.alive) await python.sandbox.restart();
    claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
  },

  'files past the limit are an OSError': async (workshop) => {
    const python = await workshop.open({ limits: { openFiles: 10 } });
    const source = `
kept = []
try:
    while True: kept.append(open(f'/tmp/{len(kept)}', 'w'))
except OSError as error: print(error.strerror)
`;
    claimEqual(await python.printed(source), 'No file descriptors available\n');
  },

  'the same program takes the same fuel, to the step': async (workshop) => {
    const fuels: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const python = await workshop.open();
      fuels.push((await python.run(burner)).fuel);
    }
    claim(fuels[0] === fuels[1] && Number(fuels[0]) > 10_000, `${fuels.join(' and ')} steps`);
    return { fuel: fuels[0] ?? 0 };
  },

  'fuel runs out at the same step': async (workshop) => {
    const counts: string[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const python = await workshop.open({ limits: { fuel: 50_000, graceMs } });
      const source = 'n = 0\ntry:\n  while True: n += 1\nfinally: print(n)';
      claimMatches(await python.run(source), { status: 'cpu', limit: 'fuel', alive: true });
      counts.push(python.output.split('\n')[0] ?? '');
    }
    claim(counts[0] === counts[1] && Number(counts[0]) > 40_000, counts.join(' and '));
  },

  'limits that make no sense are refused': async (workshop) => {
    for (const limits of [
      { wallMs: 0 },
      { wallMs: Number.NaN },
      { cpuMs: -1 },
      { heapBytes: 1 },
      { heapBytes: 2 ** 40 },
      { openFiles: 1.5 },
      { outputBytes: '7' as unknown as number },
    ]) {
      claimEqual(await codeOf(workshop.open({ limits })), 'OPTION');
    }
  },
};
