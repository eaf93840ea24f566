/** How long the page's event loop has others wait. */

/** Taken before any test can watch what the library does with it. */
export const later = globalThis.setTimeout.bind(globalThis);

const TURN_MS = 4;

/** `stop` gives the longest time between two turns of the event loop since this began. */
export function watchGaps(): { readonly stop: () => number } {
  let longestMs = 0;
  let last = performance.now();
  let watching = true;
  const look = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (watching) later(look, TURN_MS);
  };
  later(look, TURN_MS);
  return {
    stop: () => {
      watching = false;
      look();
      return longestMs;
    },
  };
}

/** The longest time between two turns of the event loop, over a while. */
export async function longestGap(durationMs: number): Promise<number> {
  const gaps = watchGaps();
  await new Promise((resolve) => later(resolve, durationMs));
  return gaps.stop();
}
