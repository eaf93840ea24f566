/** The account of a sandbox: its last host calls, as they were asked and answered. */
import { OptionError } from '../errors';
import type { Request } from '../protocol/frame';
import type { HostCallName, HostCallResult } from '../protocol/table';
import { type CallFilter, createFilter } from './account-filter';
import { type AccountedCall, kept, keptArguments } from './accounted-call';

const DEFAULT_ACCOUNTED_CALLS = 1000;
const MAX_ACCOUNTED_CALLS = 10_000_000;

export interface AccountOptions {
  /** How many of the last calls are kept: each takes some 2 KB at most. 0: none. Default 1,000. */
  readonly calls?: number | undefined;
}

export interface CallsOptions extends CallFilter {
  /** `for await` goes on with each call as it is made, until the sandbox is disposed. Default false. */
  readonly follow?: boolean | undefined;
  /** Calls with a greater `number`: who has seen the others pays for the new ones only. Default 0. */
  readonly after?: number | undefined;
}

/** Calls of an account, the oldest that is kept first. Each iteration starts from there. */
export interface Calls extends Iterable<AccountedCall>, AsyncIterable<AccountedCall> {}

/** Throws `OptionError`. Undefined: none is kept. */
export function createAccount(
  { calls = DEFAULT_ACCOUNTED_CALLS }: AccountOptions = {},
  caller?: string,
): Account | undefined {
  if (calls === 0) return undefined;
  if (Number.isInteger(calls) && calls > 0 && calls <= MAX_ACCOUNTED_CALLS)
    return new Account(calls, caller);
  throw new OptionError(
    `account.calls must be a whole number, at most ${MAX_ACCOUNTED_CALLS}: ${String(calls)}`,
  );
}

/** Without an account. */
export const NO_CALLS: Calls = {
  *[Symbol.iterator]() {},
  async *[Symbol.asyncIterator]() {},
};

/** What the channel and volumes may change with the next call. */
interface Answered {
  readonly name: HostCallName;
  readonly args: Request['args'] | undefined;
  readonly errno: number;
  readonly result: HostCallResult<HostCallName> | undefined;
}

export class Account {
  readonly #size: number;
  readonly #caller: string | undefined;
  readonly #ring: AccountedCall[] = [];
  /** Calls that came, and those of them that are over. */
  #asked = 0;
  #published = 0;
  /** Answered, but how long that took is not told yet. */
  #untimed: Answered | undefined;
  /** When the call came that was told of last. */
  #askedAt = performance.now();
  #run = 0;
  #runs = 0;
  #runStartedAt = performance.now();
  #isClosed = false;
  #onMore: (() => void) | undefined;
  #more: Promise<void> | undefined;

  /** `size`: more than 0. */
  constructor(size: number, caller?: string) {
    this.#size = size;
    this.#caller = caller;
  }

  /** The calls that follow are of a run; else of the interpreter on its way up. */
  begin(isRun: boolean): void {
    this.#run = isRun ? ++this.#runs : 0;
    this.#runStartedAt = performance.now();
  }

  /**
   * A call that was answered, later than at once or not; where not, `time` tells how long that took. What takes time
   * is done there, as the guest has its answer by then.
   */
  add(
    name: HostCallName,
    args: Request['args'] | undefined,
    errno: number,
    result: HostCallResult<HostCallName> | undefined,
    isLate: boolean,
  ): void {
    this.#asked++;
    this.#untimed = { name, args, errno, result };
    if (isLate) this.time(performance.now() - this.#askedAt, this.#askedAt);
  }

  /** How long the guest waited since a call came, whose answer is there or is still to come. */
  time(durationMs: number, askedAt: number): void {
    this.#askedAt = askedAt;
    const answered = this.#untimed;
    if (answered === undefined) return;
    this.#untimed = undefined;
    const { name, args, errno, result } = answered;
    const number = this.#asked;
    this.#ring[(number - 1) % this.#size] = {
      number,
      run: this.#run,
      caller: this.#caller,
      name,
      args: args === undefined ? {} : keptArguments(name, args),
      errno,
      result: kept(result, name),
      atMs: askedAt - this.#runStartedAt,
      durationMs,
    };
    this.#published = number;
    this.#tell();
  }

  /** Ends what follows it. */
  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  calls({ follow = false, after = 0, ...filter }: CallsOptions): Calls {
    if (!Number.isSafeInteger(after)) {
      throw new OptionError(`calls: after must be the number of a call: ${String(after)}`);
    }
    const isWanted = createFilter(filter);
    return {
      [Symbol.iterator]: () => this.#kept(isWanted, after),
      [Symbol.asyncIterator]: () => this.#following(isWanted, after, follow),
    };
  }

  *#kept(isWanted: (call: AccountedCall) => boolean, after: number): Generator<AccountedCall> {
    const last = this.#published;
    for (let number = Math.max(this.#oldest, after + 1); number <= last; number++) {
      const call = this.#get(number);
      // A call that was overtaken meanwhile is gone.
      if (call !== undefined && isWanted(call)) yield call;
    }
  }

  async *#following(
    isWanted: (call: AccountedCall) => boolean,
    after: number,
    follow: boolean,
  ): AsyncGenerator<AccountedCall> {
    for (let number = Math.max(this.#oldest, after + 1); ; number++) {
      while (follow && !this.#isClosed && number > this.#published) await this.#nextCall();
      if (number > this.#published) return;
      number = Math.max(number, this.#oldest);
      const call = this.#get(number);
      if (call !== undefined && isWanted(call)) yield call;
    }
  }

  get #oldest(): number {
    return Math.max(1, this.#published - this.#size + 1);
  }

  #get(number: number): AccountedCall | undefined {
    const call = this.#ring[(number - 1) % this.#size];
    return call?.number === number ? call : undefined;
  }

  #nextCall(): Promise<void> {
    this.#more ??= new Promise((resolve) => {
      this.#onMore = resolve;
    });
    return this.#more;
  }

  #tell(): void {
    this.#onMore?.();
    this.#onMore = this.#more = undefined;
  }
}
