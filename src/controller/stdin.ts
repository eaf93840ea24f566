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

export interface StdinOptions {
  /** Without one the input has ended from the beginning. */
  readonly source: StdinSource | undefined;
  /** What comes before its first piece. */
  readonly left?: Uint8Array | undefined;
  readonly interruption: Interruption;
  /** Stands still while the guest waits for its user. */
  readonly wall: Stopwatch;
  /** The source failed: the guest only sees EIO. */
  readonly onFault: (fault: unknown) => void;
}

/** Something that will come, unless it is no longer wanted. */
export interface Arrival {
  readonly done: Promise<void>;
  readonly cancel: () => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (refusal: FileError) => void;
}

const EMPTY = new Uint8Array(0);
const utf8 = new TextEncoder();

export class Stdin {
  readonly #options: StdinOptions;
  /** Those who want the answer: an interrupted read leaves the question open, but not itself. */
  readonly #waiters = new Set<Waiter>();
  #left: Uint8Array = EMPTY;
  #asked = false;
  #ended = false;

  constructor(options: StdinOptions) {
    this.#options = options;
    this.#left = options.left ?? EMPTY;
  }

  /** What has come and was not read yet. */
  get left(): Uint8Array {
    return this.#left;
  }

  get available(): number {
    return this.#left.length;
  }

  /** Forgets what has come. */
  discard(): void {
    this.#left = EMPTY;
  }

  /** When a read would not have to wait; EIO if the page's source fails. */
  arrival(): Arrival {
    let cancel = (): void => undefined;
    const done = new Promise<void>((resolve, reject) => {
      if (this.#left.length > 0 || this.#ended) return resolve();
      const waiter = { resolve, reject };
      this.#waiters.add(waiter);
      cancel = () => void this.#waiters.delete(waiter);
      this.#ask();
    });
    return { done, cancel };
  }

  /**
   * Up to `room` bytes; none at the end of the input, once: a terminal may go on after it. EINTR if
   * interrupted: then the answer goes to the next read.
   */
  read(room: number): Maybe<Uint8Array> {
    if (room === 0) return EMPTY;
    if (this.#left.length > 0 || this.#ended) return this.#take(room);
    return this.#waitAndTake(room);
  }

  async #waitAndTake(room: number): Promise<Uint8Array> {
    const arrival = this.arrival();
    const resume = this.#options.wall.pause();
    try {
      await this.#options.interruption.wait(arrival.done);
    } finally {
      arrival.cancel();
      resume();
    }
    return this.#take(room);
  }

  #take(room: number): Uint8Array {
    this.#ended = false;
    const taken = this.#left.subarray(0, room);
    this.#left = this.#left.subarray(room);
    return taken;
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const settle = (tell: (waiter: Waiter) => void): void => {
      this.#asked = false;
      const waiters = [...this.#waiters];
      this.#waiters.clear();
      for (const waiter of waiters) tell(waiter);
    };
    void this.#nextPiece().then(
      (piece) => {
        this.#left = piece;
        this.#ended = piece.length === 0;
        settle((waiter) => waiter.resolve());
      },
      (fault: unknown) => {
        settle((waiter) => waiter.reject(new FileError('EIO', 'the source of stdin failed')));
        this.#options.onFault(fault);
      },
    );
  }

  /** Empty at the end of the input. */
  async #nextPiece(): Promise<Uint8Array> {
    const piece = (await this.#options.source?.()) ?? EMPTY;
    if (typeof piece === 'string') return utf8.encode(piece);
    // A copy: the page may use its own again before the guest has read it all.
    if (piece instanceof Uint8Array) return piece.slice();
    throw new TypeError('stdin gave neither text, nor bytes, nor null');
  }
}
