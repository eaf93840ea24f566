/** What a guest may use. Every limit has a default that is safe for a page. */
import { OptionError } from '../errors';

/** What is used up as a guest runs. Each may be `Infinity`. */
export interface Budget {
  /** Real time in milliseconds, waiting for the user's input excluded. Default 30 s a run. */
  readonly wallMs: number;
  /** Time to compute in milliseconds, host calls and waits excluded. Default 20 s a run. */
  readonly cpuMs: number;
  /**
   * Steps of the interpreter: each frame that starts or goes on, each jump back. The same program takes
   * the same number everywhere. Default 10^10 a run.
   */
  readonly fuel: number;
  /** Bytes printed, on both streams together. Default 16 MiB a run. */
  readonly outputBytes: number;
  /** Host calls. Default 10^7 a run. */
  readonly hostCalls: number;
}

/** The budget is that of one run. */
export interface Limits extends Budget {
  /** Most bytes of the guest's linear memory. Default 128 MiB. */
  readonly heapBytes: number;
  /** Files and directories open at once. Default 64. */
  readonly openFiles: number;
  /**
   * At a limit of its budget a run gets the exception TimeLimitExceeded and this many milliseconds to
   * clean up; then its guest is ended. Default 250; 0: ended at once.
   */
  readonly graceMs: number;
  /**
   * Of all runs of a sandbox together, over restarts too. Defaults: 24 h, 1 h of computing, 10^12 steps,
   * 1 GiB printed, 10^9 host calls; what one run may use, if that is more.
   */
  readonly lifetime: Budget;
}

/** Limits as they are given: what is left out has its default. */
export type LimitsGiven = Partial<Omit<Limits, 'lifetime'>> & {
  readonly lifetime?: Partial<Budget> | undefined;
};

const MiB = 1024 * 1024;

const HOUR_MS = 3_600_000;

const DEFAULT_BUDGET: Budget = {
  wallMs: 30_000,
  cpuMs: 20_000,
  fuel: 1e10,
  outputBytes: 16 * MiB,
  hostCalls: 1e7,
};

const DEFAULT_LIFETIME: Budget = {
  wallMs: 24 * HOUR_MS,
  cpuMs: HOUR_MS,
  fuel: 1e12,
  outputBytes: 1024 * MiB,
  hostCalls: 1e9,
};

export const DEFAULT_LIMITS: Limits = {
  ...DEFAULT_BUDGET,
  heapBytes: 128 * MiB,
  openFiles: 64,
  graceMs: 250,
  lifetime: DEFAULT_LIFETIME,
};

/** What 32-bit WebAssembly can address. */
export const MAX_HEAP_BYTES = 4096 * MiB;

const MAX_OPEN_FILES = 65_536;

/** The longest that a timer can be set for. */
const MAX_GRACE_MS = 2 ** 31 - 1;

/** The given limits over the defaults; a nonsensical one throws `OptionError`. */
export function completeLimits(given: LimitsGiven = {}): Limits {
  const { lifetime, ...ofRun } = given;
  const { lifetime: _, ...defaults } = DEFAULT_LIMITS;
  const limits = complete('limits', ofRun, defaults);
  const most: Record<string, number> = {};
  for (const name of Object.keys(DEFAULT_LIFETIME) as (keyof Budget)[]) {
    most[name] = Math.max(DEFAULT_LIFETIME[name], limits[name]);
  }
  return {
    ...limits,
    lifetime: complete('limits.lifetime', lifetime ?? {}, most as unknown as Budget),
  };
}

/** The interpreter starts in this much; with less it could not say what is wrong. */
export const MINIMUM_HEAP_BYTES = 24 * MiB;

/** As `completeLimits`; less memory than the interpreter starts with throws, too. */
export function completePythonLimits(given: LimitsGiven = {}): Limits {
  const limits = completeLimits(given);
  if (limits.heapBytes < MINIMUM_HEAP_BYTES) {
    throw new OptionError(
      `limits.heapBytes is ${limits.heapBytes}, but Python needs at least ${MINIMUM_HEAP_BYTES}`,
    );
  }
  return limits;
}

function complete<T extends object>(path: string, given: Partial<T>, defaults: T): T {
  const limits = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key)) throw new OptionError(`${path}.${key} is unknown`);
    // As an option that is left out: callers pass on what they may have been given.
    if (value !== undefined) Object.assign(limits, { [key]: check(path, key as RangeName, value) });
  }
  return limits;
}

interface Range {
  readonly most: number;
  readonly whole: boolean;
  readonly orInfinity: boolean;
  readonly orZero?: boolean;
}

const USED_UP: Range = { most: Number.MAX_SAFE_INTEGER, whole: true, orInfinity: true };
const TIME: Range = { ...USED_UP, whole: false };

type RangeName = Exclude<keyof Limits, 'lifetime'>;

const RANGES: Readonly<Record<RangeName, Range>> = {
  heapBytes: { most: MAX_HEAP_BYTES, whole: true, orInfinity: false },
  wallMs: TIME,
  cpuMs: TIME,
  fuel: USED_UP,
  outputBytes: USED_UP,
  hostCalls: USED_UP,
  openFiles: { most: MAX_OPEN_FILES, whole: true, orInfinity: false },
  graceMs: { most: MAX_GRACE_MS, whole: false, orInfinity: false, orZero: true },
};

function check(path: string, name: RangeName, value: unknown): number {
  const { most, whole, orInfinity, orZero = false } = RANGES[name];
  if (orInfinity && value === Number.POSITIVE_INFINITY) return value;
  if (typeof value === 'number' && (value > 0 || (orZero && value === 0)) && value <= most) {
    if (!whole || Number.isInteger(value)) return value;
  }
  const kind = whole ? 'a whole number, ' : '';
  const least = orZero ? 'at least 0' : 'more than 0';
  const range = `${least} and at most ${most}${orInfinity ? ', or Infinity' : ''}`;
  throw new OptionError(`${path}.${name} must be ${kind}${range}: ${String(value)}`);
}
