/** Warming up on a page. */
import { type WarmUpOptions, warmUp as warmUpOn } from '../controller/warm-up';
import { pagePlatform } from './platform';

/** Has the engine make its better code for the interpreter: see `WarmUpOptions`. */
export function warmUp(options: WarmUpOptions): Promise<void> {
  return warmUpOn(options, pagePlatform);
}
