/** What the user is told of a statement that did not just end, in a line of its own. */
import type { Outcome } from '../controller/outcome';

const LIMITS: Readonly<Record<string, string>> = {
  wallMs: 'the time limit',
  cpuMs: 'the CPU limit',
  fuel: 'the limit of steps',
  hostCalls: 'the limit of host calls',
  outputBytes: 'the output limit',
};

/** Nothing where Python has said it already. */
export function noteOf(outcome: Outcome): string | undefined {
  const what = whatEnded(outcome);
  if (outcome.alive) return what;
  return `${what ?? 'the interpreter is gone'}; a new one starts: variables are lost, files are kept`;
}

function whatEnded(outcome: Outcome): string | undefined {
  switch (outcome.status) {
    case 'timeout':
    case 'cpu':
    case 'output': {
      const whose = outcome.scope === 'lifetime' ? ' of this sandbox' : '';
      return `${LIMITS[outcome.limit] ?? 'a limit'}${whose} was reached`;
    }
    case 'trap':
      return 'the interpreter crashed';
    case 'terminated':
      return 'the interpreter was ended';
    case 'memory':
      return outcome.alive ? undefined : 'there was no memory left';
    default:
      return undefined;
  }
}
