/** Groups of tests, and what runs them one after the other. */
import { ClaimError } from './claims';
import type { Workshop } from './python';
import type { Measures, TestResult } from './report';
import { later } from './timers';

/** By title: each a claim that the test proves. */
export type Group = Readonly<
  Record<string, (workshop: Workshop) => Promise<Measures> | Promise<void>>
>;

/** No test takes nearly as long: one that does hangs. */
const PATIENCE_MS = 60_000;

function patience(): { readonly over: Promise<never>; readonly cancel: () => void } {
  let cancel = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    const timer = later(
      () => reject(new ClaimError(`nothing came of it in ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
    cancel = () => clearTimeout(timer);
  });
  return { over, cancel };
}

type Verdict = Pick<TestResult, 'failure' | 'measures'>;

async function verdictOf(test: Promise<Measures> | Promise<void>): Promise<Verdict> {
  const { over, cancel } = patience();
  try {
    const measures = await Promise.race([test, over]);
    return measures ? { measures } : {};
  } catch (error) {
    if (error instanceof ClaimError) return { failure: error.message };
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  } finally {
    cancel();
  }
}

export interface Listener {
  started(group: string, title: string): void;
  ended(result: TestResult): void;
}

export async function runGroups(
  groups: Readonly<Record<string, Group>>,
  workshop: Workshop,
  listener: Listener,
): Promise<void> {
  for (const [group, tests] of Object.entries(groups)) {
    for (const [title, test] of Object.entries(tests)) {
      listener.started(group, title);
      const startedAt = performance.now();
      const verdict = await verdictOf(test(workshop));
      workshop.tidy();
      const durationMs = Math.round(performance.now() - startedAt);
      listener.ended({ group, title, durationMs, ...verdict });
    }
  }
}
