/** Replays on a page. */
import { type ReplayOptions, type ReplayResult, replay as replayTrace } from '../controller/replay';
import type { Trace } from '../controller/trace';
import { pagePlatform } from './platform';

/**
 * Lets a guest live through a recording once more, without the volumes, clocks and capabilities of then: the answers
 * come from the trace. Throws `TraceError`.
 */
export function replay(trace: Trace | Uint8Array, options: ReplayOptions): Promise<ReplayResult> {
  return replayTrace(trace, options, pagePlatform);
}
