/** A recording of a sandbox that goes on until it is stopped. */
import { BusyError } from '../errors';
import type { MemoryImage } from '../protocol/memory-image';
import type { CallLog } from './call-log';
import { Recorder } from './recorder';
import type { Session } from './session';
import { Trace, type TraceHeader } from './trace';
import { OWN_NUMBERS } from './trace-bytes';

const DEFAULT_RECORDED_BYTES = 256 * 1024 * 1024;

export interface RecordOptions {
  /**
   * Most bytes that are kept of what the guest says and is told, besides its memory. What follows is not recorded;
   * a replay goes up to there. Default 256 MiB.
   */
  readonly maxBytes?: number | undefined;
}

interface RecordingParts {
  readonly recorder: Recorder;
  readonly header: TraceHeader;
  /** Of the guest, when it began. */
  readonly memory: MemoryImage;
  readonly isRunning: () => boolean;
  /** Where the calls are written down that it keeps. */
  readonly log: CallLog;
}

/** Begins one between two entries. `isRunning`: whether the guest is entered. Throws `BusyError`, `EndedError`. */
export async function beginRecording(
  session: Session,
  log: CallLog,
  header: TraceHeader,
  isRunning: () => boolean,
  { maxBytes = DEFAULT_RECORDED_BYTES }: RecordOptions,
): Promise<Recording> {
  if (log.recorder !== undefined) throw new BusyError('the sandbox is recorded already');
  const memory = await session.capture();
  const recorder = new Recorder(maxBytes);
  log.recorder = recorder;
  return new Recording({ recorder, header, memory, isRunning, log });
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
    const { recorder, header, memory, isRunning, log } = this.#parts;
    if (isRunning())
      throw new BusyError('the sandbox runs: its recording can be stopped afterwards');
    // Another one may have begun since it was stopped.
    if (log.recorder === recorder) log.recorder = undefined;
    return new Trace(header, { memory, numbers: OWN_NUMBERS, entries: [...recorder.entries] });
  }
}
