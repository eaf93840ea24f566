/** The guest's standard input: asked of the page when the guest reads and nothing is left. */
import { FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import type { Interruption } from './interruption';
import type { Stopwatch } from './stopwatch';

/**
 * Gives the next piece of input, at once or later: it may take minutes, as the guest's clocks
 * stand still meanwhile. `null` is the end of the input.
 */
export type StdinSource = () => Maybe<string | Uint8Array | null>;

const EMPTY = new Uint8Array(0);
const utf8 = new TextEncoder();

export class Stdin {
  readonly #source: StdinSource | undefined;
  readonly #interruption: Interruption;
  readonly #stopwatch: Stopwatch;
  #left: Uint8Array = EMPTY;
  /** An interrupted read leaves its question open: the answer goes to the next read. */
  #asked: Promise<boolean> | undefined;
  #ended = false;

  constructor(source: StdinSource | undefined, interruption: Interruption, stopwatch: Stopwatch) {
    this.#source = source;
    this.#interruption = interruption;
    this.#stopwatch = stopwatch;
  }

  get available(): number {
    return this.#left.length;
  }

  /** Waits until a read would not have to; EINTR if interrupted, EIO if the page's source fails. */
  async ready(): Promise<void> {
    if (this.#left.length > 0 || this.#ended) return;
    this.#asked ??= this.#ask();
    const resume = this.#stopwatch.pause();
    try {
      this.#ended = !(await this.#interruption.wait(this.#asked));
    } finally {
      resume();
    }
  }

  /** Up to `room` bytes; none at the end of the input, once: a terminal may go on after it. */
  read(room: number): Maybe<Uint8Array> {
    if (room === 0) return EMPTY;
    if (this.#left.length > 0 || this.#ended) return this.#take(room);
    return this.ready().then(() => this.#take(room));
  }

  #take(room: number): Uint8Array {
    this.#ended = false;
    const taken = this.#left.subarray(0, room);
    this.#left = this.#left.subarray(room);
    return taken;
  }

  /** True: there is input; false: it has ended. */
  async #ask(): Promise<boolean> {
    try {
      const piece = (await this.#source?.()) ?? null;
      if (piece === null) return false;
      if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) throw new FileError('EIO');
      this.#left = typeof piece === 'string' ? utf8.encode(piece) : piece;
      return this.#left.length > 0;
    } catch {
      throw new FileError('EIO', 'the source of stdin failed');
    } finally {
      this.#asked = undefined;
    }
  }
}
