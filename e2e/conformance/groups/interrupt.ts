/** Stop, and what is left after it. */
import { claim, claimEqual, claimIncludes, claimMatches, claimWithin } from '../claims';
import { type Python, pause } from '../python';
import type { Group } from '../suite';

/** Far above what an engine alone on its machine needs. */
const AT_ONCE_MS = 1000;

const interrupted = { status: 'interrupted', alive: true };

async function stopped(python: Python, source: string, afterMs = 20): Promise<void> {
  await python.run('kept = 41');
  const { end } = await python.going(`print("going", flush=True)\n${source}`);
  await pause(afterMs);
  const askedAt = performance.now();
  python.sandbox.interrupt();
  claimMatches(await end, interrupted);
  claimWithin(performance.now() - askedAt, AT_ONCE_MS, 'the interrupt');
  claimIncludes(python.output, 'KeyboardInterrupt');
  claimEqual(await python.sandbox.evaluate('kept + 1'), 42);
}

export const interrupt: Group = {
  'a loop that does nothing ends': async (workshop) =>
    stopped(await workshop.shared(), 'while True: pass'),

  'a loop in a function ends': async (workshop) =>
    stopped(await workshop.shared(), 'def spin():\n  while True: pass\nspin()'),

  'time.sleep ends': async (workshop) =>
    stopped(await workshop.shared(), 'import time\ntime.sleep(60)'),

  'asyncio.sleep ends': async (workshop) =>
    stopped(await workshop.shared(), 'import asyncio\nasyncio.run(asyncio.sleep(60))', 200),

  'a regular expression that backtracks for ever ends': async (workshop) =>
    stopped(await workshop.shared(), 'import re\nre.match("(a*)*b", "a" * 40)'),

  'a sort with a key ends': async (workshop) =>
    stopped(await workshop.shared(), 'while True: sorted(range(100_000), key=lambda n: -n)'),

  'a program that makes host calls without end stops': async (workshop) =>
    stopped(await workshop.shared(), 'import os\nwhile True: os.stat("/usr")'),

  'a wait for input ends, and the answer goes to the next who asks': async (workshop) => {
    let answer: (line: string) => void = () => undefined;
    const python = await workshop.open({
      stdin: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    await stopped(python, 'input()');
    const printed = python.printed('print(input())');
    await pause(20);
    answer('late\n');
    claimIncludes(await printed, 'late');
  },

  'a program can catch it and go on': async (workshop) => {
    const python = await workshop.shared();
    const { end } = await python.going(`
import time
try:
    print('going', flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print('caught')
finally:
    print('cleaned up')
`);
    python.sandbox.interrupt();
    claimMatches(await end, { status: 'ok', alive: true });
    claimEqual(python.output, 'going\ncaught\ncleaned up\n');
  },

  'the variables of a running loop are there afterwards, 100 times in a row': async (workshop) => {
    const python = await workshop.shared();
    await python.run('n = 0');
    let before = 0;
    for (let turn = 0; turn < 100; turn++) {
      const { end } = await python.going('print("going", flush=True)\nwhile True: n += 1');
      await pause(turn % 4);
      python.sandbox.interrupt();
      claimMatches(await end, interrupted);
      const n = Number(await python.sandbox.evaluate('n'));
      claim(n > before, `turn ${turn}: n went from ${before} to ${n}`);
      before = n;
    }
  },

  'nothing running, nothing happens; twice is once': async (workshop) => {
    const python = await workshop.open();
    python.sandbox.interrupt();
    claimMatches(await python.run('for n in range(100_000): pass'), { status: 'ok' });
    const { end } = await python.going('print("going", flush=True)\nwhile True: pass');
    python.sandbox.interrupt();
    python.sandbox.interrupt();
    claimMatches(await end, interrupted);
    claimMatches(await python.run('for n in range(100_000): pass'), { status: 'ok' });
    python.sandbox.dispose();
    python.sandbox.interrupt();
  },
};
