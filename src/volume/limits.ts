/** Limits that the page gives to a volume: checked once, when the volume is made. */

/** No file grows past this, however large the quota: sizes stay far from where numbers lose bits. */
export const MAX_FILE_BYTES = 2 ** 40;

/** Nodes are never so many: their numbers, which are not used again, stay as far from it, too. */
export const MAX_INODE = 10 ** 15;

/** A limit that is no count: negative, fractional, not a number. */
export class VolumeLimitError extends RangeError {
  override readonly name = 'VolumeLimitError';
  readonly code = 'volume-limit';
  readonly limit: string;

  constructor(limit: string, value: unknown) {
    super(`${limit} must be a whole number of at least 0, or Infinity: ${String(value)}`);
    this.limit = limit;
  }
}

export function limitOf(limit: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (value !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(value) && value >= 0)) {
    throw new VolumeLimitError(limit, value);
  }
  return value;
}
