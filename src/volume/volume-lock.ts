/** One owner for a stored volume, over all pages of an origin. The lock dies with its page. */
import { VolumeError } from './volume-error';

export interface VolumeLock {
  release(): void;
}

export interface LockOptions {
  /** `fail`: VolumeError `volume-busy` at once if another has it. */
  readonly mode: 'fail' | 'wait';
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export async function lockVolume(
  volume: string,
  lock: string,
  { mode, signal }: LockOptions,
): Promise<VolumeLock> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks === undefined) {
    const reason = 'this browser has no Web Locks, or keeps them from pages that are not secure';
    throw new VolumeError('volume-unsupported', volume, reason);
  }
  return new Promise((resolve, reject) => {
    const hold = (granted: Lock | null): Promise<void> | undefined => {
      if (granted === null) {
        reject(new VolumeError('volume-busy', volume, 'it is open for writing elsewhere'));
        return undefined;
      }
      return new Promise((release) => resolve({ release }));
    };
    const options: LockOptionsOf = mode === 'fail' ? { ifAvailable: true } : {};
    if (mode === 'wait' && signal) options.signal = signal;
    locks.request(lock, options, hold).catch((error: unknown) => {
      if (signal?.aborted) return reject(error);
      const reason = error instanceof Error ? error.message : String(error);
      reject(new VolumeError('volume-unsupported', volume, reason));
    });
  });
}

type LockOptionsOf = { ifAvailable?: boolean; signal?: AbortSignal };
