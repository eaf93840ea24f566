/** What a guest prints, on its way to the page: as fast as the page takes it, as much as the run may. */
import { FileError } from '../protocol/errno';
import { isLater, type Maybe } from '../protocol/maybe';
import type { StreamName } from './fd-table';
import type { Interruption } from './interruption';
import type { Watchdog } from './watchdog';

export type OutputStream = Exclude<StreamName, 'stdin'>;

/**
 * Bytes as the guest wrote them: a piece may end in the middle of a character. They are valid until it
 * returns. Where it gives a promise the guest waits for that, which keeps it from printing faster than
 * its output can be shown.
 */
export type OutputListener = (bytes: Uint8Array, stream: OutputStream) => unknown;

export interface OutputOptions {
  readonly onOutput: OutputListener | undefined;
  readonly interruption: Interruption;
  readonly onFault: (fault: unknown) => void;
  readonly watchdog: Watchdog;
}

const utf8 = new TextEncoder();

/** What is shown in the place of all that is beyond the limit. */
export const OUTPUT_LIMIT_MARKER = '\n[output limit reached: nothing more of this run is shown]\n';

export function createOutput({
  onOutput,
  interruption,
  onFault,
  watchdog,
}: OutputOptions): (stream: OutputStream, bytes: Uint8Array) => Maybe<void> {
  const deliver = (bytes: Uint8Array, stream: OutputStream): Maybe<void> => {
    try {
      const taken = onOutput?.(bytes, stream);
      if (!isLater(taken)) return;
      // A guest can be stopped while the page does not get on; what it wrote is written all the same.
      return interruption.wait(taken.then(() => undefined, onFault)).catch(() => undefined);
    } catch (error) {
      onFault(error);
    }
  };
  return (stream, bytes) => {
    const room = watchdog.takeOutput(bytes.length);
    const shown = room > 0 ? deliver(bytes.subarray(0, room), stream) : undefined;
    if (room === bytes.length) return shown;
    // Once the guest knows, what it still prints has nowhere to go: no error can tell it more.
    if (watchdog.reached !== undefined) return;
    void deliver(utf8.encode(OUTPUT_LIMIT_MARKER), stream);
    watchdog.reach('outputBytes');
    // Its C looks for signals, finds that of the limit, and does not try again.
    throw new FileError('EINTR', 'output limit');
  };
}
