/** What a program itself has not told about its end. */
import type { BudgetName, Outcome } from '../index';

const number = new Intl.NumberFormat('en');

const REACHED: Readonly<Record<BudgetName, (outcome: Outcome) => string>> = {
  wallMs: ({ wallMs }) => `the program used up its time (${seconds(wallMs)}).`,
  cpuMs: ({ cpuMs }) => `the program used up its processor time (${seconds(cpuMs)}).`,
  fuel: ({ fuel }) => `the program ran ${number.format(fuel)} steps, as many as it may.`,
  hostCalls: ({ hostCalls }) =>
    `the program asked the page ${number.format(hostCalls)} times, as often as it may.`,
  outputBytes: () => 'the program printed more than it may.',
};

/** Undefined where its own output says it all. */
export function noteFor(outcome: Outcome): string | undefined {
  switch (outcome.status) {
    case 'exit':
      return `The program ended itself with status ${outcome.exitCode}.`;
    case 'timeout':
    case 'cpu':
    case 'output': {
      const whose = outcome.scope === 'lifetime' ? ' All runs together count.' : '';
      return `Stopped: ${REACHED[outcome.limit](outcome)}${whose}`;
    }
    case 'memory':
      return 'The program needed more memory than it may have.';
    case 'trap':
      return `The interpreter broke down: ${outcome.message}`;
    default:
      return undefined;
  }
}

/** What a run took, in a few words. */
export function usageText({ wallMs, heapBytes }: Outcome): string {
  const time = wallMs < 1000 ? `${wallMs.toFixed(0)} ms` : seconds(wallMs);
  return `${time}, ${(heapBytes / 2 ** 20).toFixed(0)} MiB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
