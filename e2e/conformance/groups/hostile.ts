/** The programs of `e2e/hostile/`: whatever they try, how they end is data, and nothing is left of them. */
import type { Outcome, SandboxOptions } from '../../../src/index';
import { claim, claimEqual, claimWithin, codeOf } from '../claims';
import { type Expectation, parseHostile } from '../hostile-program';
import { Leftovers } from '../leftovers';
import type { Python, Workshop } from '../python';
import type { Measures } from '../report';
import type { Group } from '../suite';
import { watchGaps } from '../timers';

const MiB = 1024 * 1024;

/** Time enough for most programs, in an engine that is as fast as Chromium. */
const limits = {
  wallMs: 2500,
  cpuMs: 2000,
  graceMs: 200,
  heapBytes: 64 * MiB,
  outputBytes: MiB / 4,
  openFiles: 32,
  hostCalls: 200_000,
} as const satisfies SandboxOptions['limits'];

/** For programs that do nothing but run into them. */
const soon = { ...limits, wallMs: 500, cpuMs: 400 } as const;

/** For programs that have to end by themselves, some of them when they have filled a memory that grows slowly. */
const late = { ...limits, wallMs: 15_000, cpuMs: 12_000 } as const;

function limitsFor(expectations: readonly Expectation[], slowness: number) {
  const hanging = expectations.filter(({ status }) => status === 'cpu' || status === 'timeout');
  const mixed = hanging.length === 0 ? late : limits;
  const usual = hanging.length === expectations.length ? soon : mixed;
  return { ...usual, wallMs: slowness * usual.wallMs, cpuMs: slowness * usual.cpuMs };
}

/** What a machine that is busy with other things adds: the figures tell what an idle one does. */
const NOISE_MS = 2000;

const sources: Readonly<Record<string, string>> = import.meta.glob('../../hostile/*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function isExpected(outcome: Outcome, expectations: readonly Expectation[]): boolean {
  return expectations.some(({ status, errors }) => {
    if (outcome.status !== status) return false;
    return (
      errors.length === 0 || ('error' in outcome && errors.includes(outcome.error?.type ?? ''))
    );
  });
}

/** The next run works, in this guest or, where the program has spoilt it, in the next one. */
async function goesOn(python: Python, after: string | undefined): Promise<void> {
  const { sandbox } = python;
  if (sandbox.alive && after !== undefined) claimEqual(await sandbox.evaluate(after), true);
  const works = async (): Promise<boolean> =>
    (await sandbox.evaluate('6 * 7').catch(() => undefined)) === 42;
  if (sandbox.alive && (await works())) return;
  if (!sandbox.alive) claimEqual(await codeOf(sandbox.run('pass')), 'ENDED');
  await sandbox.restart();
  claim(await works(), 'nothing runs any more');
}

function meets(source: string): (workshop: Workshop) => Promise<Measures> {
  const { expectations, after } = parseHostile(source);
  return async (workshop) => {
    const given = limitsFor(expectations, await workshop.slowness());
    const leftovers = new Leftovers();
    try {
      const python = await workshop.open({ limits: given });
      const gaps = watchGaps();
      const startedAt = performance.now();
      const outcome = await python.run(source);
      const durationMs = performance.now() - startedAt;
      const gapMs = gaps.stop();
      const told = `${JSON.stringify(outcome).slice(0, 1000)}\n${python.output.slice(-500)}`;
      claim(isExpected(outcome, expectations), told);
      claimEqual(outcome.alive, python.sandbox.alive);
      const deadlineMs = given.wallMs + given.graceMs;
      claimWithin(durationMs, deadlineMs + NOISE_MS, 'the run');
      claimWithin(gapMs, NOISE_MS, 'a turn of the page');
      await goesOn(python, after);
      python.sandbox.dispose();
      claimEqual(leftovers.found(), []);
      return { 'late ms': Math.max(0, durationMs - deadlineMs), 'gap ms': gapMs };
    } finally {
      leftovers.stop();
    }
  };
}

export const hostile: Group = Object.fromEntries(
  Object.entries(sources).map(([path, source]) => {
    const name = path.replace(/^.*\//, '').replace(/\.py$/, '');
    return [name, meets(source)];
  }),
);
