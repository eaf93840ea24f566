/**
 * Blocking request and reply between the worker's stubs and the controller. A channel carries
 * whole messages of any length, and a word of signals that the guest can look at without asking.
 */
import type { Progress } from '../protocol/control';
import type { Reply } from '../protocol/frame';
import type { Maybe } from '../protocol/maybe';

/** The worker's end. */
export interface Caller {
  /**
   * Sends a request. Where the thread can block, the reply is there when this returns, its payload valid
   * until the next call; elsewhere it comes later, and the guest has to be suspended until then.
   */
  call(request: Uint8Array): Maybe<Reply>;
  /**
   * Tells how far the guest is, without asking anything. What it gives, a busy guest has to wait for, so
   * that its worker gets to see signals.
   */
  report(progress: Progress): Promise<void> | undefined;
  /** Takes the pending signals (bit n: signal n), leaving none. */
  takeSignals(): number;
}

/**
 * Must not throw, and its promise must not reject. The request is valid until it is answered. The payload of
 * a reply may be a view of what the answerer keeps.
 */
export type Answer = (request: Uint8Array) => Maybe<Reply>;

/** `askedAt`: when the request was there (`performance.now()`); undefined: it was for messages on their way. */
export type HostedListener = (durationMs: number, askedAt?: number) => void;

/** The controller's end. */
export interface Answerer {
  /**
   * Answers requests, one at a time, until `close` or until another `serve` takes over. `onHosted` hears how
   * long the guest has waited for `answer` to return, and for messages on their way where that takes noticeable
   * time; not how long for an answer that comes later.
   */
  serve(answer: Answer, onHosted?: HostedListener): void;
  /** Adds to the pending signals. */
  signal(bits: number): void;
  /** Before the guest is entered again: takes back signals that it has not seen, forgets its reports. */
  clear(): void;
  /** How far the guest was when it reported last. */
  readonly progress: Progress;
  /** Ends the service. A request that is waiting, or comes later, is never answered. */
  close(): void;
}
