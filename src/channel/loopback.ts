/**
 * Both ends in one thread, for tests and measurements: the reply must be there at once, as
 * nothing could wait for it.
 */
import { NO_PROGRESS, type Progress } from '../protocol/control';
import { errno } from '../protocol/errno';
import { encodeRefusal, type Reply } from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import type { Answer, Answerer, Caller } from './channel';

export class LoopbackChannel implements Caller, Answerer {
  #answer: Answer | undefined;
  #signals = 0;
  progress = NO_PROGRESS;

  serve(answer: Answer): void {
    this.#answer = answer;
  }

  call(request: Uint8Array): Reply {
    const reply = this.#answer?.(request.slice());
    if (reply === undefined || isLater(reply)) return encodeRefusal(errno.EAGAIN);
    return { errno: reply.errno, payload: reply.payload.slice() };
  }

  report(progress: Progress): undefined {
    this.progress = progress;
  }

  signal(bits: number): void {
    this.#signals |= bits;
  }

  clear(): void {
    this.#signals = 0;
    this.progress = NO_PROGRESS;
  }

  takeSignals(): number {
    const signals = this.#signals;
    this.#signals = 0;
    return signals;
  }

  close(): void {
    this.#answer = undefined;
  }
}
