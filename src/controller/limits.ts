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
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, key)) throw new OptionError(`limits.${key} is unknown`);
  }
  const limits = { ...DEFAULT_LIMITS, ...given };
  check('heapBytes', limits.heapBytes, MAX_HEAP_BYTES, false);
  check('wallMs', limits.wallMs, Number.MAX_SAFE_INTEGER, true);
  check('cpuMs', limits.cpuMs, Number.MAX_SAFE_INTEGER, true);
  check('outputBytes', limits.outputBytes, Number.MAX_SAFE_INTEGER, true);
  check('openFiles', limits.openFiles, MAX_OPEN_FILES, false);
  return limits;
}

function check(name: keyof Limits, value: number, most: number, orInfinity: boolean): void {
  if (orInfinity && value === Number.POSITIVE_INFINITY) return;
  if (typeof value === 'number' && value > 0 && value <= most) return;
  const range = `more than 0 and at most ${most}${orInfinity ? ', or Infinity' : ''}`;
  throw new OptionError(`limits.${name} must be ${range}: ${String(value)}`);
}
