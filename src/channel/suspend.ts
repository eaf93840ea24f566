/**
 * The channel over a message port, for pages that get no shared memory: the guest does not block its
 * thread but is suspended by the engine (JSPI) until the reply's message is there.
 *
 * To the worker go replies (an object) and signals (a number: bits to add, or 0 to clear them all); to the
 * controller go requests (bytes) and reports (an object). A guest that only computes would never let its
 * worker see a message: with a report, the event loop gets a turn when it is time.
 */
import { NO_PROGRESS, type Progress } from '../protocol/control';
import type { Reply } from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import type { Answer, Answerer, Caller, HostedListener } from './channel';

/** Signals reach a busy guest at least this often. */
const BREATH_MS = 10;

/** What goes to the controller now and then. */
interface Report extends Progress {
  /** How long the guest has waited for replies since the last report. */
  readonly waitedMs: number;
}

/** The worker's end. */
export class SuspendCaller implements Caller {
  readonly #port: MessagePort;
  readonly #breather = new MessageChannel();
  #deliver: (reply: Reply) => void = () => undefined;
  #breathed: () => void = () => undefined;
  #signals = 0;
  #breathedAt = 0;
  #waitedMs = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Reply | number>) => {
      if (typeof data !== 'number') this.#deliver(data);
      else if (data === 0) this.#signals = 0;
      else this.#signals |= data;
    };
    this.#breather.port1.onmessage = () => this.#breathed();
  }

  /** Sends a request; the reply comes later. One call at a time. */
  call(request: Uint8Array): Promise<Reply> {
    // A copy of its own: the writer of requests uses its memory again.
    const message = request.slice();
    const askedAt = performance.now();
    const reply = new Promise<Reply>((resolve) => {
      this.#deliver = (delivered) => {
        this.#waitedMs += performance.now() - askedAt;
        resolve(delivered);
      };
    });
    this.#port.postMessage(message, [message.buffer]);
    return reply;
  }

  takeSignals(): number {
    const signals = this.#signals;
    this.#signals = 0;
    return signals;
  }

  /** Nothing while it is too early; else a promise for after the messages that wait. */
  report(progress: Progress): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.#breathedAt < BREATH_MS) return undefined;
    this.#breathedAt = now;
    const breathed = new Promise<void>((resolve) => {
      this.#breathed = resolve;
    });
    const report: Report = { ...progress, waitedMs: this.#waitedMs };
    this.#waitedMs = 0;
    this.#port.postMessage(report);
    this.#breather.port2.postMessage(undefined);
    return breathed;
  }
}

/** The controller's end. */
export class SuspendAnswerer implements Answerer {
  readonly #port: MessagePort;
  #progress = NO_PROGRESS;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  get progress(): Progress {
    return this.#progress;
  }

  serve(answer: Answer, onHosted: HostedListener = () => undefined): void {
    let answeredMs = 0;
    this.#port.onmessage = ({ data }: MessageEvent<Uint8Array | Report>) => {
      if (!(data instanceof Uint8Array)) {
        this.#progress = data;
        // What the guest waited and was not worked for, its messages were on their way.
        onHosted(Math.max(0, data.waitedMs - answeredMs));
        answeredMs = 0;
        return;
      }
      const askedAt = performance.now();
      const finish = (reply: Reply): void => {
        answeredMs += performance.now() - askedAt;
        this.#reply(reply);
      };
      const reply = answer(data);
      onHosted(performance.now() - askedAt, askedAt);
      if (isLater(reply)) void reply.then(finish);
      else finish(reply);
    };
  }

  signal(bits: number): void {
    this.#port.postMessage(bits);
  }

  clear(): void {
    this.#port.postMessage(0);
    this.#progress = NO_PROGRESS;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }

  #reply({ errno, payload }: Reply): void {
    // It may be a view of what a volume holds, and would be cloned with all that it is a view of.
    const own = payload.slice();
    this.#port.postMessage({ errno, payload: own } satisfies Reply, [own.buffer]);
  }
}
