/**
 * One guest from its start to its end: the berth where it lives, and the handlers of its host calls.
 * What it was is gone with it; a sandbox that goes on makes another.
 */
import { EndedError, StartError } from '../errors';
import type { Entered, Progress } from '../protocol/control';
import type { MemoryImage } from '../protocol/memory-image';
import type { Berth } from './berth';
import type { CallLog } from './call-log';
import { createDispatcher, type HostCall } from './dispatcher';
import { createHandlers } from './host-calls';
import type { HostContext } from './host-calls/context';
import { type Allowance, type BudgetName, Watchdog } from './watchdog';

/** Why a guest was ended from outside: at a limit, on request, or because its worker broke down. */
export type EndReason = BudgetName | 'terminated' | 'crashed';

export type SessionEnd =
  | Entered
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly message: string };

export interface SessionOptions {
  readonly berth: Berth;
  readonly createContext: (watchdog: Watchdog) => HostContext;
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  readonly onFault: (fault: unknown) => void;
  readonly log?: CallLog | undefined;
  /** For a guest that may sleep. */
  readonly bed?: Bed | undefined;
}

/** What a guest needs that gives its memory back for a while. */
export interface Bed {
  /** Resolves when there is room for its memory. */
  enter(): Promise<void>;
  /** Where its memory will be: as the first one, but for `initialize`. */
  createBerth(): Berth;
  /** It is awake. */
  arrive(): void;
  /** It is entered. */
  use(): void;
  /** Its memory is gone: it sleeps, or has ended. */
  leave(): void;
}

const CAPTURE_MS = 20_000;

/** The guest's numbers of them. */
const SIGINT = 2;
const SIGXCPU = 24;
const SIGXFSZ = 25;

export class Session {
  readonly context: HostContext;
  readonly watchdog: Watchdog;
  readonly #options: SessionOptions;
  #berth: Berth;
  /** The guest's memory while it has none of its own. */
  #asleep: MemoryImage | undefined;
  /** Signals for what is entered next, where they are kept for that, as while it is woken: bit n for signal n. */
  #signals: number | undefined;
  readonly #ended: Promise<SessionEnd>;
  #end: (end: SessionEnd) => void = () => undefined;
  #alive = true;
  /** What the worker told of the last entry's end. */
  #last: Progress | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#berth = options.berth;
    this.watchdog = new Watchdog({
      progress: () => this.progress,
      onReached: (limit) => this.#signal(limit === 'outputBytes' ? SIGXFSZ : SIGXCPU),
      onOverdue: (limit) => this.terminate(limit),
    });
    try {
      this.context = options.createContext(this.watchdog);
    } catch (error) {
      this.#berth.end();
      options.bed?.leave();
      throw error;
    }
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#moveIn();
  }

  #moveIn(): void {
    const { onHostCall, onFault, log } = this.#options;
    this.#berth.onFailure = (message) => this.terminate('crashed', message);
    this.#berth.serve(
      createDispatcher({
        handlers: createHandlers(this.context),
        onHostCall,
        onFault,
        log,
        watchdog: this.watchdog,
      }),
      (durationMs, askedAt) => {
        this.watchdog.cpu.exclude(durationMs);
        log?.onHosted(durationMs, askedAt);
      },
      this.watchdog.cpu,
    );
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Whether the guest has given its memory back until it is entered again. */
  get asleep(): boolean {
    return this.#asleep !== undefined;
  }

  /** How far the guest is: exact between two entries, as of its last report while one is going on. */
  get progress(): Progress {
    return this.#last ?? this.#berth.channel.answerer.progress;
  }

  /**
   * Instantiates the module, whose start section and `_initialize` may run code already, and enters an export where
   * one is named.
   */
  start(allowance: Allowance, entry?: string): Promise<SessionEnd> {
    return this.#within(allowance, () => this.#berth.start(entry));
  }

  /** Runs an export until it returns or the guest, which is awake, ends: at its limits if nothing else ends it. */
  enter(entry: string, allowance: Allowance): Promise<SessionEnd> {
    this.#options.bed?.use();
    return this.#within(allowance, () => this.#berth.control.enter(entry, allowance.budget.fuel));
  }

  async #within(allowance: Allowance, enter: () => Promise<Entered>): Promise<SessionEnd> {
    if (!this.#alive) return this.#ended;
    this.#berth.channel.answerer.clear();
    this.context.interruption.clear();
    if (this.#signals !== undefined && this.#signals !== 0) this.#pass(this.#signals);
    this.#signals = undefined;
    this.#last = undefined;
    this.watchdog.start(allowance);
    try {
      const end = await this.#settle(enter());
      if (end.kind === 'ended') this.#last = this.progress;
      else this.#last = { fuel: end.fuel, heapBytes: end.heapBytes };
      return end;
    } finally {
      this.watchdog.stop();
      this.context.desk.giveUp();
    }
  }

  /** What the guest is, between two entries, as the difference to its image. Throws `EndedError`. */
  async capture(): Promise<MemoryImage> {
    if (this.#asleep !== undefined) return this.#asleep;
    // What the guest does for it is nobody's run, and takes no time but in one that has broken its own heap.
    const timer = setTimeout(() => this.terminate('crashed', 'no end of a capture'), CAPTURE_MS);
    try {
      return await this.#unlessEnded(this.#berth.capture());
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives the guest's memory back, between two entries. Throws `EndedError`. */
  async sleep(): Promise<void> {
    const { bed } = this.#options;
    if (bed === undefined || this.#asleep !== undefined) return;
    this.#last ??= this.progress;
    this.#asleep = await this.capture();
    this.#berth.end();
    bed.leave();
  }

  /**
   * Before the next entry, if it sleeps. A guest that ends meanwhile has ended. Throws `StartError` where there is no room
   * for its memory: it sleeps on.
   */
  async wake(): Promise<void> {
    const { bed } = this.#options;
    const memory = this.#asleep;
    if (bed === undefined || memory === undefined) return;
    this.#signals ??= 0;
    await Promise.race([bed.enter(), this.#ended]);
    if (!this.#alive) return bed.leave();
    try {
      this.#berth = bed.createBerth();
      this.#moveIn();
      const awake = this.#berth.start().then(async (started) => {
        if (started.kind !== 'returned') throw new Error(messageOf(started));
        await this.#berth.control.restore(memory);
      });
      await Promise.race([awake, this.#ended]);
    } catch (error) {
      this.#berth.end();
      bed.leave();
      this.#signals = undefined;
      const why = error instanceof Error ? error.message : String(error);
      throw new StartError(`the guest sleeps on, as it can't be woken: ${why}`);
    }
    this.#asleep = undefined;
    bed.arrive();
  }

  /** Makes the guest what another one was. Before the first entry only. Throws `EndedError`. */
  async restore(snapshot: MemoryImage): Promise<void> {
    await this.#unlessEnded(this.#berth.control.restore(snapshot));
  }

  /** Another guest in the place of this one, which was made from an image. Throws `EndedError`. */
  async renew(): Promise<void> {
    await this.#unlessEnded(this.#berth.control.renew());
  }

  /** How the guest was woken by the session before this one, if it was. */
  get woken(): string | undefined {
    return this.#berth.woken;
  }

  /** Leaves a guest that was woken so to the next session. Throws `EndedError`. */
  async leave(woken: string): Promise<void> {
    await this.#unlessEnded(this.#berth.leave(woken));
  }

  async #unlessEnded<T>(order: Promise<T>): Promise<T> {
    const ended = this.#ended.then((): never => {
      throw new EndedError('the guest has ended meanwhile');
    });
    return Promise.race([order, ended]);
  }

  /** The guest notices when it looks at its signals, at once if it waits in a host call. */
  interrupt(): void {
    this.#signal(SIGINT);
  }

  /** The same for what is entered next. */
  interruptNext(): void {
    this.#signals = (this.#signals ?? 0) | (1 << SIGINT);
  }

  #signal(number: number): void {
    if (this.#signals === undefined) this.#pass(1 << number);
    else this.#signals |= 1 << number;
  }

  #pass(signals: number): void {
    this.#berth.channel.answerer.signal(signals);
    this.context.interruption.interrupt();
  }

  terminate(reason: EndReason, message = ''): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#berth.end();
    this.#options.bed?.leave();
    this.context.interruption.interrupt();
    this.watchdog.stop();
    this.context.fds.closeAll();
    this.context.desk.close();
    this.#end({ kind: 'ended', reason, message });
  }

  async #settle(entered: Promise<Entered>): Promise<SessionEnd> {
    const failed = entered.catch((error: unknown): SessionEnd => {
      const message = error instanceof Error ? error.message : String(error);
      this.terminate('crashed', message);
      return { kind: 'ended', reason: 'crashed', message };
    });
    const end = await Promise.race([failed, this.#ended]);
    // After these the instance must not be entered again.
    if (end.kind === 'exit' || end.kind === 'trap') this.terminate('terminated');
    return end;
  }
}

function messageOf(end: Entered): string {
  return 'message' in end ? end.message : end.kind;
}
