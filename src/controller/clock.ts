/** What time the guest sees. */
export interface Clock {
  /** Nanoseconds since 1970. */
  realtime(): bigint;
  /** Nanoseconds since some moment; never goes back. */
  monotonic(): bigint;
}

const NS_PER_MS = 1_000_000;

function nanoseconds(milliseconds: number): bigint {
  // In two parts: nanoseconds since 1970 are more than a double holds exactly.
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * BigInt(NS_PER_MS) + BigInt(Math.floor((milliseconds - whole) * NS_PER_MS));
}

/** A clock whose monotonic time goes on from a moment, as if none had passed since. */
export function clockFrom(clock: Clock, monotonicNs: bigint): Clock {
  const offset = monotonicNs - clock.monotonic();
  return { realtime: () => clock.realtime(), monotonic: () => clock.monotonic() + offset };
}

/** The machine's clock, as finely as the engine tells it. */
export const systemClock: Clock = {
  realtime: () => nanoseconds(performance.timeOrigin) + nanoseconds(performance.now()),
  monotonic: () => nanoseconds(performance.now()),
};
