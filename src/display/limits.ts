/** How much a guest may show: what is past a limit is refused, or takes the place of what is oldest. */
import { OptionError } from '../errors';
import { MAX_TRANSFER_BYTES } from '../protocol/numbers';

export interface DisplayLimits {
  /** Things shown at a time: the oldest go. */
  readonly items: number;
  /** Of all of them together: the oldest go. */
  readonly totalBytes: number;
  /** Of one. */
  readonly itemBytes: number;
  /** Canvases at a time; one that is past the limit takes the place of the oldest. */
  readonly canvases: number;
  /** Width times height, of a picture and of a canvas. */
  readonly pixels: number;
  /** Lines, polygons and the like on one canvas. */
  readonly shapes: number;
  /** Points of all that lies on one canvas. */
  readonly points: number;
}

export const DEFAULT_DISPLAY_LIMITS: DisplayLimits = {
  items: 100,
  totalBytes: 16 * 2 ** 20,
  itemBytes: 960 * 1024,
  canvases: 8,
  pixels: 16 * 2 ** 20,
  shapes: 50_000,
  points: 1_000_000,
};

/** What travels in one message holds no more, with what is around it. */
const MOST: Partial<DisplayLimits> = { itemBytes: MAX_TRANSFER_BYTES - 64 * 1024, items: 10_000 };

/** Throws `OptionError`. */
export function completeLimits(given: Partial<DisplayLimits> = {}): DisplayLimits {
  const limits: Record<keyof DisplayLimits, number> = { ...DEFAULT_DISPLAY_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(limits, name)) throw new OptionError(`display: ${name} is unknown`);
    if (value === undefined) continue;
    const key = name as keyof DisplayLimits;
    const most = MOST[key] ?? Number.MAX_SAFE_INTEGER;
    if (!(Number.isSafeInteger(value) && value >= 1 && value <= most)) {
      throw new OptionError(`display: ${name} must be a whole number from 1 to ${most}`);
    }
    limits[key] = value;
  }
  return limits;
}
