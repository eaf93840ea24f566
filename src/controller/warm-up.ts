/** Has the engine make its better code for the interpreter before a program needs it. */
import { OptionError } from '../errors';
import { begin, createSession, prepareBeginning } from './beginning';
import { Berth } from './berth';
import { runTrial } from './interpreter';
import { completePythonLimits } from './limits';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import type { Session } from './session';

export interface WarmUpOptions {
  readonly guest: PythonGuest;
  /** How long a worker computes for it. Default 1000. */
  readonly ms?: number | undefined;
  /** Ends it early. What the engine has made by then stays. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_MS = 1000;
const MOST_MS = 30_000;

/**
 * Runs some Python of ours in a worker that nobody gets. Engines compile what runs often once more, and better, while it
 * runs on in the code that it has: for the evaluation loop that takes 0.3 to 0.5 s. The code is the module's, and so all
 * sandboxes of this guest in this page, or process, run in it from then on. Best while there is nothing else to do.
 * Throws `OptionError`, `EnvironmentError`, `StartError`.
 */
export async function warmUp(
  { guest, ms = DEFAULT_MS, signal }: WarmUpOptions,
  platform: Platform,
): Promise<void> {
  if (!(ms > 0 && ms <= MOST_MS)) {
    throw new OptionError(`ms is ${ms}: it must be more than 0 and at most ${MOST_MS}`);
  }
  const { default: practice } = await import('../../wasm/cpython/training/practice.py?raw');
  if (signal?.aborted) return;
  const session = await openSession(guest, platform);
  const end = (): void => session.terminate('terminated');
  signal?.addEventListener('abort', end);
  try {
    const program = `${practice}\npractise_for(${ms / 1000})`;
    // It may have been aborted while the session was opened.
    if (!signal?.aborted) await runTrial(session, program);
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

/** In a worker of its own: the spare one is for who can't wait. */
async function openSession(guest: PythonGuest, platform: Platform): Promise<Session> {
  const options = { guest };
  const limits = completePythonLimits();
  const beginning = await prepareBeginning(options, limits, undefined);
  const session = createSession(options, beginning, {
    ...{ platform, channel: platform.chooseChannel(), limits, onFault: () => undefined },
    pool: { take: (wanted) => new Berth({ ...wanted, spare: undefined }) },
  });
  await begin(session, options, beginning, { budget: limits.lifetime, graceMs: 0 });
  return session;
}
