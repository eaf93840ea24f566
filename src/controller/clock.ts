/** What time the guest sees. */
import { OptionError } from '../errors';

export interface Clock {
  /** Nanoseconds since 1970. */
  realtime(): bigint;
  /** Nanoseconds since some moment; never goes back. */
  monotonic(): bigint;
  /** Nanoseconds that the guest has computed. Default: as they are measured. */
  cpu?(): bigint;
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
  const cpu = clock.cpu === undefined ? {} : { cpu: () => clock.cpu?.() ?? 0n };
  return { realtime: () => clock.realtime(), monotonic: () => clock.monotonic() + offset, ...cpu };
}

/** The machine's clock, as finely as the engine tells it. */
export const systemClock: Clock = {
  realtime: () => nanoseconds(performance.timeOrigin) + nanoseconds(performance.now()),
  monotonic: () => nanoseconds(performance.now()),
};

/**
 * A clock that stands at `startMs` (since 1970) and goes `stepNs` further each time that somebody looks: the same times
 * for the same program. Two sandboxes want one each. It takes no notice of real time: what sleeps does so for real.
 * Defaults: 1970, 1 ms. Throws `OptionError`.
 */
export function fixedClock(startMs = 0, stepNs: number | bigint = 1_000_000): Clock {
  if (!Number.isFinite(startMs) || startMs < 0) {
    throw new OptionError(`startMs must be a time after 1970, in milliseconds: ${startMs}`);
  }
  if (!(typeof stepNs === 'bigint' || Number.isSafeInteger(stepNs)) || stepNs < 0) {
    throw new OptionError(`stepNs must be a whole number of nanoseconds: ${stepNs}`);
  }
  const start = nanoseconds(startMs);
  const step = BigInt(stepNs);
  let passed = 0n;
  const look = (): bigint => {
    passed += step;
    return passed;
  };
  return { realtime: () => start + look(), monotonic: look, cpu: look };
}
