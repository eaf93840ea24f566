/**
 * Blocking request and reply between the worker's stubs and the controller. A channel carries
 * bytes, in whole messages of any length, and a word of signals that the guest can look at
 * without asking.
 */
import type { Maybe } from '../protocol/maybe';

/** The worker's end. */
export interface Caller {
  /**
   * Sends a request. Where the thread can block, the reply is there when this returns, valid until
   * the next call; elsewhere it comes later, and the guest has to be suspended until then.
   */
  call(request: Uint8Array): Maybe<Uint8Array>;
  /** What a busy guest has to wait for now and then, so that its worker gets to see signals. */
  breathe(): Promise<void> | undefined;
  /** Takes the pending signals (bit n: signal n), leaving none. */
  takeSignals(): number;
}

/** Must not throw, and its promise must not reject. */
export type Answer = (request: Uint8Array) => Maybe<Uint8Array>;

/** The controller's end. */
export interface Answerer {
  /** Answers requests, one at a time, until `close`. */
  serve(answer: Answer): void;
  /** Adds to the pending signals. */
  signal(bits: number): void;
  /** Takes back the signals that the guest has not seen. */
  clearSignals(): void;
  /** Ends the service. A request that is waiting, or comes later, is never answered. */
  close(): void;
}
