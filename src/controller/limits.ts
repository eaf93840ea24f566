/** What a guest may use. Every limit has a default that is safe for a page. */
import { OptionError } from '../errors';

export interface Limits {
  /** Most bytes of the guest's linear memory. Default 128 MiB. */
  readonly heapBytes: number;
  /**
   * Real time of one run in milliseconds, waiting for the user's input excluded. Default 30 s;
   * `Infinity` for none.
   */
  readonly wallMs: number;
  /**
   * Time that one run may compute, in milliseconds: its waits in host calls are not counted. Default
   * 20 s; `Infinity` for none.
   */
  readonly cpuMs: number;
  /** Bytes that one run may print. Default 16 MiB; `Infinity` for no limit. */
  readonly outputBytes: number;
  /** Files and directories open at once. Default 64. */
  readonly openFiles: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  heapBytes: 128 * MiB,
  wallMs: 30_000,
  cpuMs: 20_000,
  outputBytes: 16 * MiB,
  openFiles: 64,
};

/** What 32-bit WebAssembly can address. */
export const MAX_HEAP_BYTES = 4096 * MiB;

const MAX_OPEN_FILES = 65_536;

/** The given limits over the defaults; a nonsensical one throws `OptionError`. */
export function completeLimits(given: Partial<Limits> = {}): Limits {
  const limits: Record<keyof Limits, number> = { ...DEFAULT_LIMITS };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, key)) throw new OptionError(`limits.${key} is unknown`);
    // As an option that is left out: callers pass on what they may have been given.
    if (value !== undefined) limits[key as keyof Limits] = check(key as keyof Limits, value);
  }
  return limits;
}

interface Range {
  readonly most: number;
  readonly whole: boolean;
  readonly orInfinity: boolean;
}

const RANGES: Readonly<Record<keyof Limits, Range>> = {
  heapBytes: { most: MAX_HEAP_BYTES, whole: true, orInfinity: false },
  wallMs: { most: Number.MAX_SAFE_INTEGER, whole: false, orInfinity: true },
  cpuMs: { most: Number.MAX_SAFE_INTEGER, whole: false, orInfinity: true },
  outputBytes: { most: Number.MAX_SAFE_INTEGER, whole: true, orInfinity: true },
  openFiles: { most: MAX_OPEN_FILES, whole: true, orInfinity: false },
};

function check(name: keyof Limits, value: number): number {
  const { most, whole, orInfinity } = RANGES[name];
  if (orInfinity && value === Number.POSITIVE_INFINITY) return value;
  const fits = typeof value === 'number' && value > 0 && value <= most;
  if (fits && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number, ' : '';
  const range = `more than 0 and at most ${most}${orInfinity ? ', or Infinity' : ''}`;
  throw new OptionError(`limits.${name} must be ${kind}${range}: ${String(value)}`);
}
