/** The body of a response, as it was sent or decoded, piece by piece. */
import { MAX_TRANSFER_BYTES } from '../protocol/numbers';
import { type Exchange, refusalFor } from './network-exchange';
import { Refusal } from './refusal';

/** What fits in a message to the guest with all that is around it. */
const MAX_PIECE_BYTES = MAX_TRANSFER_BYTES - 4096;

export class NetworkBody {
  readonly #exchange: Exchange;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** So many bytes more may come. */
  #budget: number;
  /** Has arrived, and was not asked for yet. */
  #rest: Uint8Array = new Uint8Array();
  /** Is on its way: what a reader that was stopped has asked for goes to the next one. */
  #coming: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  #isBeingRead = false;
  #isAtEnd = false;

  /** Closes the exchange when there is no more to come. */
  constructor(source: ReadableStream<Uint8Array>, exchange: Exchange, maxBytes: number) {
    this.#exchange = exchange;
    this.#budget = maxBytes;
    this.#reader = source.getReader();
    exchange.signal.addEventListener('abort', () => this.#giveUp(), { once: true });
  }

  /**
   * Up to `size` bytes of it, as soon as there are some; none at its end. Waits for `seconds` at most. Throws a
   * `Refusal`.
   */
  async read(size: number, seconds: number | null, nobodyWaits: AbortSignal): Promise<Uint8Array> {
    if (this.#isBeingRead) throw new Refusal('busy', 'the response is being read already');
    this.#isBeingRead = true;
    try {
      while (this.#rest.length === 0 && !this.#isAtEnd) await this.#pull(seconds, nobodyWaits);
      return this.#take(Math.min(Math.max(size, 1), MAX_PIECE_BYTES));
    } finally {
      this.#isBeingRead = false;
    }
  }

  close(): void {
    this.#exchange.close();
  }

  async #pull(seconds: number | null, nobodyWaits: AbortSignal): Promise<void> {
    const { end } = this.#exchange;
    if (end !== undefined) throw end;
    this.#coming ??= this.#next();
    const { done, value } = await this.#exchange.during(this.#coming, nobodyWaits, seconds);
    this.#coming = undefined;
    if (done) return this.#finish();
    this.#budget -= value.length;
    if (this.#budget < 0) {
      this.#exchange.close(new Refusal('size', 'the response is larger than it may be'));
      return;
    }
    this.#rest = value;
  }

  /** What broke stays broken. */
  async #next(): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      return await this.#reader.read();
    } catch (error) {
      const failure = refusalFor(error);
      this.#exchange.close(failure);
      throw failure;
    }
  }

  #take(size: number): Uint8Array {
    const piece = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return piece;
  }

  #finish(): void {
    this.#isAtEnd = true;
    this.#exchange.close();
  }

  #giveUp(): void {
    this.#rest = new Uint8Array();
    void this.#reader.cancel().catch(() => undefined);
  }
}
