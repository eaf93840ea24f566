/**
 * The channel over shared memory, for cross-origin isolated pages and for Node.
 *
 * Layout: a header of 32-bit words, then the piece that is in transit. A message longer than the
 * room for a piece goes over in several, each acknowledged by the other end. `TURN` says who may
 * touch the rest: the end that hands over writes the piece and the lengths first, then the turn. But for
 * a long piece of a reply, whose bytes follow the turn: `ARRIVED` says how many of them are there, so that
 * the caller takes some while others are on their way.
 */
import { NO_PROGRESS, type Progress } from '../protocol/control';
import { copyBytes } from '../protocol/copy-bytes';
import type { Reply } from '../protocol/frame';
import { grow } from '../protocol/grow';
import { isLater } from '../protocol/maybe';
import { ARRIVAL_BYTES, MAX_TRANSFER_BYTES, PAGE_BYTES } from '../protocol/numbers';
import { Prefix } from '../protocol/prefix';
import type { Answer, Answerer, Caller, HostedListener } from './channel';

const TURN = 0;
const PIECE_BYTES = 1;
/** Bytes of the same message that follow this piece. */
const REMAINING_BYTES = 2;
const SIGNALS = 3;
/** What the guest reports of itself: in pages of 64 KiB, and a 64-bit count of steps. */
const HEAP_PAGES = 4;
const FUEL_AT_BYTE = 24;
/** Of the reply that is in transit. */
const ERRNO = 8;
/** How many bytes of a reply's piece are there. */
const ARRIVED = 9;
/** And one word more: of each end, whether it may have to be woken when it gets the turn. */
const ASLEEP = 10;
const HEADER_WORDS = 12;
const HEADER_BYTES = HEADER_WORDS * 4;

const CALLER = 0;
/** A piece of a request lies there, or the caller has taken a piece of the reply. */
const ANSWERER = 1;

/** Whatever one call may transfer goes over in one piece, with room for its other arguments. */
const DEFAULT_PIECE_BYTES = MAX_TRANSFER_BYTES + 64 * 1024;

/** Turns of the caller's loop before it lets the kernel wake it: some fifty microseconds. */
const CALLER_SPINS = 10_000;

/** A page that keeps answering gives the event loop its turn this often. */
const SLICE_MS = 6;

/** How long the answerer looks out for the next request: calls seldom come alone. */
const LOOKOUT_MS = 0.05;
/** And where they come close together. */
const BUSY_LOOKOUT_MS = 0.2;

export function createSharedMemory(pieceBytes = DEFAULT_PIECE_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + pieceBytes);
}

class SharedEnd {
  readonly words: Int32Array;
  readonly #fuel: BigInt64Array;
  readonly #piece: Uint8Array;
  readonly #prefix: Prefix;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, HEADER_WORDS);
    this.#fuel = new BigInt64Array(memory, FUEL_AT_BYTE, 1);
    this.#piece = new Uint8Array(memory, HEADER_BYTES);
    this.#prefix = new Prefix(this.#piece);
  }

  /** Hands the piece of `message` that starts at `from` to the answerer; gives where the next one starts. */
  request(message: Uint8Array, from: number): number {
    const to = this.#putLengths(message, from);
    copyBytes(message, from, to, this.#piece, 0);
    this.handTo(ANSWERER);
    return to;
  }

  /** As `request`, to the caller. */
  reply(message: Uint8Array, from: number): number {
    const to = this.#putLengths(message, from);
    const first = Math.min(to, from + ARRIVAL_BYTES);
    copyBytes(message, from, first, this.#piece, 0);
    this.words[ARRIVED] = first - from;
    this.handTo(CALLER);
    for (let done = first; done < to; ) {
      const end = Math.min(to, done + ARRIVAL_BYTES);
      copyBytes(message, done, end, this.#piece, done - from);
      done = end;
      Atomics.store(this.words, ARRIVED, done - from);
    }
    return to;
  }

  /** A wake-up is a call of the kernel's: only for who sleeps. */
  handTo(turn: number): void {
    Atomics.store(this.words, TURN, turn);
    if (Atomics.load(this.words, ASLEEP + turn) !== 0) Atomics.notify(this.words, TURN);
  }

  #putLengths(message: Uint8Array, from: number): number {
    const to = Math.min(message.length, from + this.#piece.length);
    this.words[PIECE_BYTES] = to - from;
    this.words[REMAINING_BYTES] = message.length - to;
    return to;
  }

  get progress(): Progress {
    const pages = Atomics.load(this.words, HEAP_PAGES);
    return { fuel: Number(Atomics.load(this.#fuel, 0)), heapBytes: pages * PAGE_BYTES };
  }

  set progress({ fuel, heapBytes }: Progress) {
    Atomics.store(this.words, HEAP_PAGES, heapBytes / PAGE_BYTES);
    Atomics.store(this.#fuel, 0, BigInt(fuel));
  }

  get remaining(): number {
    return this.words[REMAINING_BYTES] ?? 0;
  }

  get errno(): number {
    return this.words[ERRNO] ?? 0;
  }

  set errno(value: number) {
    this.words[ERRNO] = value;
  }

  get pieceBytes(): number {
    return this.words[PIECE_BYTES] ?? 0;
  }

  /** The piece that lies there, valid until the other end has the turn. */
  get piece(): Uint8Array {
    return this.#prefix.first(this.pieceBytes);
  }

  /** Copies the piece that lies there. */
  take(into: Uint8Array, at: number): void {
    copyBytes(this.#piece, 0, this.pieceBytes, into, at);
  }

  /** Returns when so many bytes of a reply's piece are there: the other end is about to write them. */
  awaitArrival(bytes: number): void {
    while (Atomics.load(this.words, ARRIVED) < bytes);
  }
}

export class SharedCaller implements Caller {
  readonly #end: SharedEnd;

  constructor(memory: SharedArrayBuffer) {
    this.#end = new SharedEnd(memory);
  }

  call(request: Uint8Array): Reply {
    const end = this.#end;
    let sent = 0;
    do {
      sent = end.request(request, sent);
      this.#waitForTurn();
    } while (sent < request.length);

    const { errno, piece } = end;
    const { remaining } = end;
    if (remaining === 0) {
      if (piece.length <= ARRIVAL_BYTES) return { errno, payload: piece };
      return { errno, payload: piece, awaitArrival: (bytes) => end.awaitArrival(bytes) };
    }
    const payload = new Uint8Array(piece.length + remaining);
    for (let taken = 0; ; ) {
      end.awaitArrival(end.pieceBytes);
      end.take(payload, taken);
      taken += end.pieceBytes;
      if (taken === payload.length) return { errno, payload };
      end.handTo(ANSWERER);
      this.#waitForTurn();
    }
  }

  /** Signals are in shared memory: nothing has to be waited for. */
  report(progress: Progress): undefined {
    this.#end.progress = progress;
  }

  takeSignals(): number {
    return Atomics.exchange(this.#end.words, SIGNALS, 0);
  }

  #waitForTurn(): void {
    const { words } = this.#end;
    for (let spins = 0; spins < CALLER_SPINS; spins++) {
      if (Atomics.load(words, TURN) === CALLER) return;
    }
    // Before the turn is looked at again: who hands it over looks at this afterwards.
    Atomics.store(words, ASLEEP + CALLER, 1);
    while (Atomics.load(words, TURN) !== CALLER) Atomics.wait(words, TURN, ANSWERER);
    Atomics.store(words, ASLEEP + CALLER, 0);
  }
}

/**
 * After each reply the answerer stays on the look-out for the next request, longer while they come close
 * together, which saves the wake-up; after `SLICE_MS` of that it lets the event loop run, so that the page can
 * paint and hear its user.
 */
export class SharedAnswerer implements Answerer {
  readonly #end: SharedEnd;
  readonly #yieldToEventLoop: (then: () => void) => void;
  #answer: Answer | undefined;
  #onHosted: HostedListener = () => undefined;
  /** When the first piece of a message went over that has several, more of which are to come. */
  #transferSince: number | undefined;
  /** Where requests are put together: they leave shared memory, which not all of a page's functions take. */
  #buffer = new Uint8Array(4096);
  #requests = new Prefix(this.#buffer);
  #received = 0;
  #reply: { payload: Uint8Array; sent: number } | undefined;
  #lastReplyAt = 0;

  constructor(memory: SharedArrayBuffer, yieldToEventLoop: (then: () => void) => void) {
    this.#end = new SharedEnd(memory);
    this.#yieldToEventLoop = yieldToEventLoop;
  }

  serve(answer: Answer, onHosted = this.#onHosted): void {
    const isServing = this.#answer !== undefined;
    this.#answer = answer;
    this.#onHosted = onHosted;
    if (!isServing) this.#awaitTurn();
  }

  get progress(): Progress {
    return this.#end.progress;
  }

  signal(bits: number): void {
    Atomics.or(this.#end.words, SIGNALS, bits);
  }

  clear(): void {
    Atomics.store(this.#end.words, SIGNALS, 0);
    this.#end.progress = NO_PROGRESS;
  }

  close(): void {
    this.#answer = undefined;
    // Wakes the pending waitAsync, whose callback then finds nothing to do: no promise is left.
    Atomics.notify(this.#end.words, TURN);
  }

  #awaitTurn(): void {
    const { words } = this.#end;
    Atomics.store(words, ASLEEP + ANSWERER, 1);
    const wait = Atomics.waitAsync(words, TURN, CALLER);
    if (wait.async) void wait.value.then(() => this.#slice());
    else this.#slice();
  }

  /**
   * Answers what comes until nothing does, an answer takes longer, or the slice is over. Looks at the clock
   * but twice a call: each look takes a browser a quarter of a microsecond, a call two or three.
   */
  #slice(): void {
    const start = performance.now();
    let now = start;
    const { words } = this.#end;
    Atomics.store(words, ASLEEP + ANSWERER, 0);
    for (;;) {
      if (this.#answer === undefined) return;
      if (Atomics.load(words, TURN) !== ANSWERER) return this.#awaitTurn();
      const often = now - this.#lastReplyAt < 2 * BUSY_LOOKOUT_MS;
      const since = this.#transferSince ?? now;
      const goesOn = this.#step();
      now = performance.now();
      this.#transferSince = this.#isTransferring ? since : undefined;
      if (!this.#isTransferring) this.#onHosted(now - since, since);
      if (!goesOn) return;
      this.#lastReplyAt = now;
      if (now - start > SLICE_MS) return this.#yieldToEventLoop(() => this.#slice());
      now = this.#lookOut(now, often ? BUSY_LOOKOUT_MS : LOOKOUT_MS);
    }
  }

  get #isTransferring(): boolean {
    return this.#received > 0 || this.#reply !== undefined;
  }

  /**
   * Gives the time at which it stopped looking, or up to a microsecond before that: it lets nobody wait
   * for a look at the clock.
   */
  #lookOut(since: number, durationMs: number): number {
    const { words } = this.#end;
    for (let now = since; ; now = performance.now()) {
      for (let spins = 0; spins < 64; spins++) {
        if (Atomics.load(words, TURN) === ANSWERER) return now;
      }
      if (now - since > durationMs) return now;
    }
  }

  /** Moves one piece. False: an answer is on its way, which will go on from there. */
  #step(): boolean {
    const end = this.#end;
    if (this.#reply !== undefined) {
      this.#sendReply();
      return true;
    }
    if (!this.#receive()) {
      end.handTo(CALLER);
      return true;
    }
    const request = this.#requests.first(this.#received);
    this.#received = 0;
    const reply = this.#answer?.(request);
    if (reply === undefined) return false;
    if (isLater(reply)) {
      void reply.then((later) => {
        if (this.#answer === undefined) return;
        this.#startReply(later);
        if (this.#isTransferring) this.#transferSince = performance.now();
        this.#awaitTurn();
      });
      return false;
    }
    this.#startReply(reply);
    return true;
  }

  /** Whether that was all of the request. */
  #receive(): boolean {
    const { pieceBytes, remaining } = this.#end;
    const needed = this.#received + pieceBytes + remaining;
    if (needed > this.#buffer.length) {
      this.#buffer = grow(this.#buffer, needed);
      this.#requests = new Prefix(this.#buffer);
    }
    this.#end.take(this.#buffer, this.#received);
    this.#received += pieceBytes;
    return remaining === 0;
  }

  #startReply({ errno, payload }: Reply): void {
    this.#end.errno = errno;
    this.#reply = { payload, sent: 0 };
    this.#sendReply();
  }

  #sendReply(): void {
    const reply = this.#reply;
    if (reply === undefined) return;
    reply.sent = this.#end.reply(reply.payload, reply.sent);
    if (reply.sent === reply.payload.length) this.#reply = undefined;
  }
}
