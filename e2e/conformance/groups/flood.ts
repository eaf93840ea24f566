/** Output and host calls without end: the page keeps breathing. */
import { claim, claimEqual, claimMatches } from '../claims';
import { type Python, pause } from '../python';
import type { Group } from '../suite';
import { longestGap } from '../timers';

/** What a click may wait for its answer. */
const LONGEST_GAP_MS = 100;

/** A busy machine makes anyone stand still now and then; a starved page does all the time. */
const TRIES = 3;

async function pageBreathes(python: Python, source: string): Promise<void> {
  await python.run('import os, time\nfd = os.open("/tmp/f", os.O_RDWR | os.O_CREAT)');
  const running = python.run(source);
  let gapMs = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TRIES && gapMs >= LONGEST_GAP_MS; turn++) {
    gapMs = Math.min(gapMs, await longestGap(1000));
  }
  python.sandbox.interrupt();
  claimMatches(await running, { status: 'interrupted', alive: true });
  claim(gapMs < LONGEST_GAP_MS, `the page stood still for at least ${Math.round(gapMs)} ms`);
  claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
}

const quiet = { limits: { outputBytes: Number.POSITIVE_INFINITY }, onOutput: () => undefined };

export const flood: Group = {
  'timers of the page run while a guest prints': async (workshop) =>
    pageBreathes(await workshop.open(quiet), 'while True: print("x" * 200)'),

  'timers of the page run while a guest prints megabytes at once': async (workshop) =>
    pageBreathes(await workshop.open(quiet), 'text = "x" * 5_000_000\nwhile True: print(text)'),

  'timers of the page run while a guest makes host calls': async (workshop) =>
    pageBreathes(await workshop.open(quiet), 'while True: os.lseek(fd, 0, 0)'),

  'timers of the page run while a guest asks for the time': async (workshop) =>
    pageBreathes(await workshop.open(quiet), 'while True: time.time()'),

  'timers of the page run while a guest reads and writes': async (workshop) =>
    pageBreathes(
      await workshop.open(quiet),
      'while True: os.pwrite(fd, b"x" * 65536, 0), os.pread(fd, 65536, 0)',
    ),

  'every byte comes out, in order': async (workshop) => {
    let bytes = 0;
    let wrong = 0;
    const python = await workshop.open({
      onOutput: (piece) => {
        for (const byte of piece) if (byte !== 97 + (bytes++ % 26)) wrong++;
      },
    });
    const source = 'import string\nfor _ in range(1000): print(end=string.ascii_lowercase * 100)';
    claimMatches(await python.run(source), { status: 'ok' });
    claimEqual([bytes, wrong], [2_600_000, 0]);
  },

  'an output callback that throws is a fault of the page, and none of the guest': async (
    workshop,
  ) => {
    const faults: unknown[] = [];
    const python = await workshop.open({
      onOutput: () => {
        throw new Error('no paper');
      },
      onFault: (fault) => faults.push(fault),
    });
    claimMatches(await python.run('print("x")'), { status: 'ok', alive: true });
    claim(faults.length > 0, 'no fault was reported');
    await pause(0);
  },
};
