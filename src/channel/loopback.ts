/**
 * Both ends in one thread, for tests and measurements: the reply must be there at once, as
 * nothing could wait for it.
 */
import { errno } from '../protocol/errno';
import { encodeRefusal } from '../protocol/frame';
import { isLater } from '../protocol/maybe';
import type { Answer, Answerer, Caller } from './channel';

export class LoopbackChannel implements Caller, Answerer {
  #answer: Answer | undefined;
  #signals = 0;

  serve(answer: Answer): void {
    this.#answer = answer;
  }

  call(request: Uint8Array): Uint8Array {
    const reply = this.#answer?.(request.slice());
    return reply === undefined || isLater(reply) ? encodeRefusal(errno.EAGAIN) : reply.slice();
  }

  breathe(): undefined {
    return undefined;
  }

  signal(bits: number): void {
    this.#signals |= bits;
  }

  clearSignals(): void {
    this.#signals = 0;
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
