import type { Outcome } from '../index';
import { formatBytes, formatDuration } from '../terminal/units';

/** What a run took, in a few words. */
export function usageText({ wallMs, heapBytes }: Outcome): string {
  return `${formatDuration(wallMs)}, ${formatBytes(heapBytes)}`;
}
