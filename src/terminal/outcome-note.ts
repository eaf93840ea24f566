/** What to tell of a run's end that the program itself has not told: the limit that ended it, above all. */
import type { Limits } from '../controller/limits';
import type { Outcome } from '../controller/outcome';
import type { BudgetName } from '../controller/watchdog';
import { shownLine } from './shown-text';
import { formatBytes, formatCount, formatDuration } from './units';

export type LimitName = BudgetName | 'heapBytes';

export interface Note {
  /** `limit`: it was stopped at one; `ended`: by itself; `stopped`: by the user or the page; `broken`: by a fault. */
  readonly kind: 'limit' | 'ended' | 'stopped' | 'broken';
  readonly title: string;
  readonly text: string;
  /** The limit that was reached. */
  readonly limit?: LimitName;
}

const GONE = ' Python has ended with it: its variables are gone.';

/**
 * Nothing for a run that ended well, or with an error that Python shows itself. `limits`: those of the sandbox, to
 * tell how much was allowed; without them, how much was used.
 */
export function noteFor(outcome: Outcome, limits?: Limits): Note | undefined {
  const rest = outcome.alive ? '' : GONE;
  switch (outcome.status) {
    case 'timeout':
    case 'cpu':
    case 'output':
      return noteOfLimit(outcome, limits, rest);
    case 'memory': {
      const most = formatBytes(limits?.heapBytes ?? outcome.heapBytes);
      return {
        kind: 'limit',
        limit: 'heapBytes',
        title: 'Stopped: out of memory',
        text: `The program wanted more than the ${most} of memory that it may have.${rest}`,
      };
    }
    case 'exit':
      return {
        kind: 'ended',
        title: 'The program ended itself',
        text: `Its exit status is ${outcome.exitCode}${outcome.exitCode === 0 ? ': all went well' : ''}.`,
      };
    case 'interrupted':
      return {
        kind: 'stopped',
        title: 'Stopped by you',
        text: outcome.alive ? 'All variables are as they were at that moment.' : rest.trim(),
      };
    case 'terminated':
      return { kind: 'stopped', title: 'Ended from outside', text: rest.trim() };
    case 'trap':
      return {
        kind: 'broken',
        title: 'The interpreter broke down',
        text: `${shownLine(outcome.message, 300)}.${rest}`,
      };
    default:
      return undefined;
  }
}

type Limited = Extract<Outcome, { readonly limit: BudgetName }>;

function noteOfLimit(outcome: Limited, limits: Limits | undefined, rest: string): Note {
  const { limit, scope } = outcome;
  const { title, what, hint } = WORDS[limit];
  const allowed = scope === 'run' ? limits?.[limit] : limits?.lifetime[limit];
  const amount = formatBudget(limit, allowed ?? outcome[limit]);
  const whose = scope === 'run' ? 'one run may' : 'all runs together may';
  const text =
    allowed === undefined && scope === 'lifetime'
      ? `All runs together have used up what they may ${what}.`
      : `The program ${what === 'take' ? 'took' : `has ${DONE[what]}`} ${amount}: that is all that ${whose} ${what}.`;
  const more = scope === 'run' ? ` ${hint}` : '';
  return { kind: 'limit', limit, title, text: `${text}${more}${rest}` };
}

/** An amount of a budget with its unit. */
export function formatBudget(name: LimitName, amount: number): string {
  if (amount === Number.POSITIVE_INFINITY) return 'no limit';
  switch (name) {
    case 'wallMs':
    case 'cpuMs':
      return formatDuration(amount);
    case 'outputBytes':
    case 'heapBytes':
      return formatBytes(amount);
    case 'fuel':
      return `${formatCount(amount)} steps`;
    case 'hostCalls':
      return `${formatCount(amount)} host calls`;
  }
}

const DONE = { compute: 'computed for', print: 'printed', make: 'made' } as const;

interface Words {
  readonly title: string;
  readonly what: 'take' | keyof typeof DONE;
  readonly hint: string;
}

const LOOP = 'Often a loop that never ends is the reason.';

const WORDS: Readonly<Record<BudgetName, Words>> = {
  wallMs: { title: 'Stopped: time is up', what: 'take', hint: LOOP },
  cpuMs: { title: 'Stopped: computing time is up', what: 'compute', hint: LOOP },
  fuel: { title: 'Stopped: no steps left', what: 'make', hint: LOOP },
  outputBytes: {
    title: 'Stopped: too much output',
    what: 'print',
    hint: 'Often a print in a loop that never ends is the reason.',
  },
  hostCalls: {
    title: 'Stopped: too many calls to the page',
    what: 'make',
    hint: 'Each file that is opened, each line that is read is one or more.',
  },
};
