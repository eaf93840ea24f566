/** What the engines differ in, measured. */

import type { PythonGuest } from '../../src/index';
import { Python, pause } from './python';
import type { Figure } from './report';

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** How long `interrupt()` takes to end a busy loop. */
async function interruptLatency(python: Python): Promise<Figure[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const { end } = await python.going('print("going", flush=True)\nwhile True: pass');
    await pause(5 + (turn % 7));
    const askedAt = performance.now();
    python.sandbox.interrupt();
    await end;
    times.push(performance.now() - askedAt);
  }
  times.sort((a, b) => a - b);
  return [
    { name: 'interrupt p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'interrupt p99', value: quantile(times, 0.99), unit: 'ms' },
  ];
}

/** The shortest host call there is, from Python. */
async function hostCall(python: Python): Promise<Figure[]> {
  const median = await python.printed(`
import os, time
fd = os.open('/tmp/f', os.O_RDWR | os.O_CREAT)
def many(count=500):
    start = time.perf_counter()
    for _ in range(count): os.lseek(fd, 0, 0)
    return (time.perf_counter() - start) / count * 1e6
print(sorted(many() for _ in range(9))[4])
`);
  return [{ name: 'host call', value: Number(median), unit: 'µs' }];
}

/** Levels until RecursionError, through paths that use the engine's stack. */
async function reachedDepth(python: Python): Promise<Figure[]> {
  const printed = await python.printed(`
import sys
sys.setrecursionlimit(10**9)
reached = 0
class E:
    def __eq__(self, other):
        global reached
        reached += 1
        return E() == E()
try: E() == 1
except RecursionError: pass
through_python = reached
def fits(levels):
    inner = None
    for _ in range(levels): inner = [inner]
    try: repr(inner)
    except RecursionError: return False
    return True
low, high = 1, 100_000
while high - low > 1:
    middle = (low + high) // 2
    if fits(middle): low = middle
    else: high = middle
print(through_python, low)
`);
  const [throughPython, inC] = printed.split(' ').map(Number);
  return [
    { name: 'depth __eq__', value: throughPython ?? Number.NaN, unit: 'levels' },
    { name: 'depth repr', value: inC ?? Number.NaN, unit: 'levels' },
  ];
}

/** Programs that compute: in Python's own loop, and in C. */
async function compute(python: Python): Promise<Figure[]> {
  const printed = await python.printed(`
import hashlib, json, time
def python():
    total = 0
    for i in range(300_000): total += i & 3
def sorting(): sorted(str(i) for i in range(60_000))
def text(): json.loads(json.dumps([{'name': str(i), 'value': i} for i in range(5_000)]))
def hashing(): hashlib.sha256(bytes(1_000_000)).digest()
def median(work):
    times = []
    for _ in range(9):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[4] * 1e3
print(*(median(work) for work in (python, sorting, text, hashing)))
`);
  const times = printed.split(' ').map(Number);
  return ['loop', 'sort', 'json', 'hash'].map((name, index) => ({
    name: `compute ${name}`,
    value: times[index] ?? Number.NaN,
    unit: 'ms',
  }));
}

async function start(guest: PythonGuest): Promise<Figure[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const startedAt = performance.now();
    const { sandbox } = await Python.open(guest);
    times.push(performance.now() - startedAt);
    sandbox.dispose();
  }
  times.sort((a, b) => a - b);
  return [{ name: 'start', value: quantile(times, 0.5), unit: 'ms' }];
}

export async function measureFigures(guest: PythonGuest): Promise<Figure[]> {
  const figures = await start(guest);
  for (const measure of [compute, hostCall, interruptLatency, reachedDepth]) {
    const python = await Python.open(guest);
    try {
      figures.push(...(await measure(python)));
    } finally {
      python.sandbox.dispose();
    }
  }
  return figures;
}
