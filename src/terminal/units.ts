/** Numbers as people read them. */

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `0 bytes`, `512 bytes`, `1.5 MiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  // What would be rounded to 1024 of one unit is 1 of the next.
  while (size >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return bytes === 1 ? '1 byte' : `${rounded(size)} ${BYTE_UNITS[unit]}`;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** `0 ms`, `250 ms`, `1.5 s`, `3 min 20 s`, `24 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59.95 * SECOND_MS) return `${rounded(ms / SECOND_MS)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (ms < HOUR_MS) return inTwo(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(ms / MINUTE_MS);
  return inTwo(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `950`, `12,345`, `1.2 million`, `10 billion`. */
export function formatCount(count: number): string {
  if (count < 999_950) return Math.round(count).toLocaleString('en');
  for (const [size, name] of COUNT_UNITS) {
    if (count < size * 999.5) return `${rounded(count / size)} ${name}`;
  }
  return count.toExponential(1);
}

const COUNT_UNITS = [
  [1e6, 'million'],
  [1e9, 'billion'],
  [1e12, 'trillion'],
] as const;

/** One digit after the point below ten, none above and none that is a zero. */
function rounded(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}

function inTwo(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `1 item`, `3 items`; the unit as it is for many. */
export function formatSize(count: number, unit: string): string {
  return `${formatCount(count)} ${count === 1 ? unit.replace(/s$/, '') : unit}`;
}
