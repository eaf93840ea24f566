/** What a sandbox has used of what it may, as gauges show it. */
import type { Limits } from '../controller/limits';
import type { Outcome } from '../controller/outcome';
import type { Usage } from '../controller/sandbox';
import type { BudgetName, Used } from '../controller/watchdog';
import { formatBudget, type LimitName } from '../terminal/outcome-note';
import { formatBytes, formatCount } from '../terminal/units';

export interface Reading {
  /** From 0 to 1; undefined where there is no limit. */
  readonly share: number | undefined;
  /** `1.2 s`. */
  readonly used: string;
  /** `30 s`, `no limit`. */
  readonly most: string;
  readonly state: 'ok' | 'near' | 'over';
}

export interface Gauge {
  readonly key: string;
  readonly label: string;
  /** Of the run that is going on or was the last; of now, where it is no matter of runs. */
  readonly now: Reading;
  /** Of all runs together. */
  readonly lifetime?: Reading;
  /** Whether this limit ended the run. */
  readonly ended: boolean;
}

/** A volume whose use is shown. */
export interface DiskUse {
  /** Where it is mounted. */
  readonly path: string;
  readonly bytes: number;
  /** `Infinity`: no limit. */
  readonly maxBytes: number;
}

const NEAR = 0.8;

export function readingOf(used: number, most: number, format: (amount: number) => string): Reading {
  const share = most === Number.POSITIVE_INFINITY ? undefined : Math.min(1, used / most);
  const reached = share === undefined ? 'ok' : share >= 1 ? 'over' : share >= NEAR ? 'near' : 'ok';
  const limit = share === undefined ? 'no limit' : format(most);
  return { share, used: format(used), most: limit, state: reached };
}

const BUDGETS: readonly (readonly [BudgetName, string])[] = [
  ['cpuMs', 'Computing'],
  ['wallMs', 'Time'],
  ['fuel', 'Steps'],
  ['outputBytes', 'Output'],
  ['hostCalls', 'Host calls'],
];

/** `outcome`: of the last run, whose figures and end are shown then. */
export function readGauges(
  usage: Usage,
  limits: Limits,
  disks: readonly DiskUse[],
  outcome: Outcome | undefined,
): readonly Gauge[] {
  const run: Used = outcome ?? usage.run;
  const reached: LimitName | undefined =
    outcome === undefined
      ? undefined
      : 'limit' in outcome
        ? outcome.limit
        : outcome.status === 'memory'
          ? 'heapBytes'
          : undefined;
  const budgets = BUDGETS.map(([name, label]): Gauge => {
    const format = (amount: number): string => amountOf(name, amount);
    return {
      key: name,
      label,
      now: readingOf(run[name], limits[name], format),
      lifetime: readingOf(usage.lifetime[name], limits.lifetime[name], format),
      ended: reached === name,
    };
  });
  const heap: Gauge = {
    key: 'heapBytes',
    label: 'Memory',
    now: readingOf(usage.heapBytes, limits.heapBytes, formatBytes),
    ended: reached === 'heapBytes',
  };
  const files: Gauge = {
    key: 'openFiles',
    label: 'Open files',
    now: readingOf(usage.openFiles, limits.openFiles, formatCount),
    ended: false,
  };
  const used = disks.map(
    ({ path, bytes, maxBytes }): Gauge => ({
      key: `disk ${path}`,
      label: `Disk ${path}`,
      now: readingOf(bytes, maxBytes, formatBytes),
      ended: false,
    }),
  );
  const [cpu, wall, ...others] = budgets;
  return [cpu, wall, heap, ...others, files, ...used].filter((gauge) => gauge !== undefined);
}

/** Without the unit that the gauge's label says already. */
function amountOf(name: BudgetName, amount: number): string {
  return name === 'fuel' || name === 'hostCalls' ? formatCount(amount) : formatBudget(name, amount);
}
