/** From how a session's entry ended to what the page is told. */
import type { GuestError, LimitScope, Outcome, OutcomeStatus } from './outcome';
import type { Session, SessionEnd } from './session';
import type { TurnResult } from './turn';
import { type BudgetName, NOTHING_USED, type Used } from './watchdog';

export interface Measures extends Used {
  readonly heapBytes: number;
  readonly alive: boolean;
}

export const STATUS_OF_LIMIT = {
  wallMs: 'timeout',
  cpuMs: 'cpu',
  fuel: 'cpu',
  hostCalls: 'cpu',
  outputBytes: 'output',
} as const satisfies Record<BudgetName, string>;

export function measure(session: Session): Measures {
  const { heapBytes } = session.progress;
  return { ...session.watchdog.used, heapBytes, alive: session.alive };
}

export function outcomeOfLimit(
  measures: Measures,
  limit: BudgetName,
  scope: LimitScope,
  error?: GuestError,
): Outcome {
  const status = STATUS_OF_LIMIT[limit];
  return { ...measures, status, limit, scope, ...(error === undefined ? {} : { error }) };
}

/** `scopeOf`: whose the limit is. */
export function outcomeOfEnd(
  session: Session,
  end: Exclude<SessionEnd, { kind: 'returned' }>,
  scopeOf: (limit: BudgetName) => LimitScope,
): Outcome {
  const measures = measure(session);
  switch (end.kind) {
    case 'exit':
      return { ...measures, status: 'exit', exitCode: end.code };
    case 'trap':
      return { ...measures, status: 'trap', message: end.message };
    case 'ended':
      if (end.reason === 'crashed') return { ...measures, status: 'trap', message: end.message };
      if (end.reason === 'terminated') return { ...measures, status: 'terminated' };
      return outcomeOfLimit(measures, end.reason, scopeOf(end.reason));
  }
}

/** What a turn that came to its end is told as, where no limit was reached. */
export function statusOfResult(result: TurnResult): OutcomeStatus {
  return outcomeOfResult(result, { ...NOTHING_USED, heapBytes: 0, alive: true }).status;
}

/** What a turn that came to its end is told as. */
export function outcomeOfResult(result: TurnResult, measures: Measures): Outcome {
  switch (result.status) {
    case 'ok':
      return { ...measures, status: 'ok' };
    case 'exit':
      return { ...measures, status: 'exit', exitCode: result.exitCode };
    case 'interrupted':
      return { ...measures, status: 'interrupted', error: result.error };
    case 'error':
    // TimeLimitExceeded, though no limit was reached: the program's own doing.
    case 'limit':
      return {
        ...measures,
        status: result.error.type === 'MemoryError' ? 'memory' : 'error',
        error: result.error,
      };
  }
}
