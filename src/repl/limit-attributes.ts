/** Limits as an element's attributes give them: short texts with units. */
import type { Budget, LimitsGiven } from '../index';

export interface LimitAttributes {
  /** Times: `10` or `10s`, `500ms`, `2m`. */
  readonly wall?: string | null;
  readonly cpu?: string | null;
  /** Bytes: `64m`, `512k`, `1g`, or their number. */
  readonly heap?: string | null;
  readonly output?: string | null;
  /** Steps of the interpreter. */
  readonly steps?: string | null;
}

/** The names of all of them, for elements that have them as attributes. */
export const LIMIT_NAMES = ['wall', 'cpu', 'heap', 'output', 'steps'] as const;

const MS: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000 };
const BYTES: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** An attribute that is no limit: the message names it and says what would be right. */
export class LimitAttributeError extends Error {
  override readonly name = 'LimitAttributeError';
}

/** `none` is no limit, spelled out; what is left out has its default. Throws `LimitAttributeError`. */
export function limitsOf(given: LimitAttributes): LimitsGiven {
  const limits: Record<keyof Budget | 'heapBytes', number | undefined> = {
    wallMs: quantity('wall', given.wall, MS, 'a time such as 10, 500ms or 2m', true),
    cpuMs: quantity('cpu', given.cpu, MS, 'a time such as 10, 500ms or 2m', true),
    heapBytes: quantity('heap', given.heap, BYTES, 'a size such as 64m or 1g', false),
    outputBytes: quantity('output', given.output, BYTES, 'a size such as 512k or 16m', true),
    fuel: quantity('steps', given.steps, { '': 1 }, 'a number of steps', true),
    hostCalls: undefined,
  };
  const set = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as LimitsGiven;
}

function quantity(
  name: string,
  text: string | null | undefined,
  units: Readonly<Record<string, number>>,
  expected: string,
  orNone: boolean,
): number | undefined {
  if (text === undefined || text === null) return undefined;
  const given = text.trim().toLowerCase();
  if (orNone && given === 'none') return Number.POSITIVE_INFINITY;
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(given) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const value = digits === '' || factor === undefined ? 0 : Math.round(Number(digits) * factor);
  if (value > 0 && Number.isSafeInteger(value)) return value;
  throw new LimitAttributeError(
    `${name}="${text.slice(0, 40)}" should be ${expected}${orNone ? ', or none' : ''}`,
  );
}
