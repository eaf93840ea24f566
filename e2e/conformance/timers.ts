/** How long the page's event loop has others wait. */

/** The longest time between two turns of the event loop, over a while. */
export async function longestGap(durationMs: number): Promise<number> {
  const channel = new MessageChannel();
  const turn = (): Promise<unknown> =>
    new Promise((resolve) => {
      channel.port1.onmessage = resolve;
      setTimeout(() => channel.port2.postMessage(undefined), 4);
    });
  const startedAt = performance.now();
  let longestMs = 0;
  for (let last = startedAt; last - startedAt < durationMs; ) {
    await turn();
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }
  channel.port1.close();
  return longestMs;
}
