/** A recording of a sandbox that goes on until it is stopped. */
import { BusyError } from '../errors';
import type { MemoryImage } from '../protocol/memory-image';
import type { Recorder } from './recorder';
import { Trace, type TraceHeader } from './trace';
import { OWN_NUMBERS } from './trace-bytes';

export const DEFAULT_RECORDED_BYTES = 256 * 1024 * 1024;

export interface RecordOptions {
  /**
   * Most bytes that are kept of what the guest says and is told, besides its memory. What follows is not recorded;
   * a replay goes up to there. Default 256 MiB.
   */
  readonly maxBytes?: number | undefined;
}

export interface RecordingParts {
  readonly recorder: Recorder;
  readonly header: TraceHeader;
  /** Of the guest, when it began. */
  readonly memory: MemoryImage;
  readonly isRunning: () => boolean;
  /** The sandbox forgets it. */
  readonly onStop: () => void;
}

export class Recording {
  readonly #parts: RecordingParts;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
  }

  /** How often the guest was entered and left so far. */
  get entries(): number {
    return this.#parts.recorder.entries.length;
  }

  /** Host calls so far. */
  get calls(): number {
    return this.#parts.recorder.calls;
  }

  /** Taken so far, besides the guest's memory. */
  get bytes(): number {
    return this.#parts.recorder.bytes;
  }

  /** Whether it has reached `maxBytes`. */
  get isFull(): boolean {
    return this.#parts.recorder.isFull;
  }

  /**
   * Ends it. A guest that ended, or a sandbox that was started again, was recorded up to there. Throws `BusyError`
   * while something runs; later calls give the same.
   */
  stop(): Trace {
    const { recorder, header, memory, isRunning, onStop } = this.#parts;
    if (isRunning())
      throw new BusyError('the sandbox runs: its recording can be stopped afterwards');
    onStop();
    return new Trace(header, { memory, numbers: OWN_NUMBERS, entries: [...recorder.entries] });
  }
}
