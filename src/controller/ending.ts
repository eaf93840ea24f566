/** From how a session's entry ended to what the page is told. */
import type { Outcome } from './outcome';
import type { Session, SessionEnd } from './session';

export interface Measures {
  readonly wallMs: number;
  readonly heapBytes: number;
  readonly alive: boolean;
}

export function measure(session: Session, end: SessionEnd): Measures {
  return {
    wallMs: session.context.stopwatch.elapsedMs,
    heapBytes: 'heapBytes' in end ? end.heapBytes : 0,
    alive: session.alive,
  };
}

export function outcomeOfEnd(
  session: Session,
  end: Exclude<SessionEnd, { kind: 'returned' }>,
): Outcome {
  const measures = measure(session, end);
  switch (end.kind) {
    case 'exit':
      return { ...measures, status: 'exit', exitCode: end.code };
    case 'trap':
      return { ...measures, status: 'trap', message: end.message };
    case 'ended':
      return end.reason === 'crashed'
        ? { ...measures, status: 'trap', message: end.message }
        : { ...measures, status: end.reason };
  }
}
