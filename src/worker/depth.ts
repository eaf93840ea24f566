/**
 * How deep a guest's calls may nest on this engine's stack. No engine tells; so it is tried, with frames
 * as large as the interpreter's: what is too deep throws, and leaves the guest as it was.
 */

/** Below this the interpreter could not even start. */
const LEAST_LEVELS = 100;

/**
 * The rest of the stack is for the host calls at the bottom of it, and for levels that weigh more than
 * those tried: the heaviest seen, a sort whose key sorts, takes as much as one tried, all others less.
 */
const SHARE = 0.85;

/** Good enough: a search step more would gain little. */
const PRECISION = 0.05;

/** `tryDepth` calls itself so many times, never more than `mostLevels`; gives the levels to allow. */
export async function measureDepth(
  tryDepth: (levels: number) => unknown,
  mostLevels: number,
): Promise<number> {
  const holds = async (levels: number): Promise<boolean> => {
    try {
      await tryDepth(levels);
      return true;
    } catch {
      return false;
    }
  };
  let low = LEAST_LEVELS;
  let high = low * 2;
  while (low < mostLevels && (await holds(high))) {
    low = high;
    high = Math.min(high * 2, mostLevels);
  }
  while (high - low > low * PRECISION) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return Math.floor(Math.min(low, mostLevels) * SHARE);
}
