/** The public face: a Python interpreter that the page feeds, watches, stops and throws away. */
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import type { HostValue } from '../capability/value-type';
import { BusyError, DisposedError, EndedError, OptionError } from '../errors';
import type { ChannelKind } from '../protocol/control';
import { type Calls, type CallsOptions, NO_CALLS } from './account';
import { type Beginning, begin, createSession, prepareBeginning } from './beginning';
import type { BerthPool } from './berth-pool';
import { measure } from './ending';
import { reportFault } from './guest-world';
import { Lane } from './lane';
import type { Cause } from './ledger';
import { type Budget, completeLimits, completePythonLimits, type Limits } from './limits';
import type { Outcome } from './outcome';
import type { Platform } from './platform';
import { Prompt } from './prompt';
import { beginRecording, type Recording, type RecordOptions } from './recording';
import { SandboxImage } from './sandbox-image';
import type {
  EvaluateOptions,
  ForkOptions,
  InterruptOptions,
  RestartOptions,
  RestoreOptions,
  RunOptions,
  SandboxOptions,
  SnapshotOptions,
} from './sandbox-options';
import { captureWorld, type SandboxState } from './sandbox-state';
import type { Session } from './session';
import type { AssistTask, Program, TurnRequest } from './turn';
import { turnValue } from './turn-value';
import { type TakeOptions, Turns, type TurnTaken } from './turns';
import { addUsed, NOTHING_USED, type Used } from './watchdog';

/** What a sandbox has used, as of now. */
export interface Usage {
  /** By the run that is going on, or by the last one. */
  readonly run: Used;
  /** By all runs of the sandbox. */
  readonly lifetime: Used;
  /** Size of the guest's linear memory when it told last. */
  readonly heapBytes: number;
  readonly openFiles: number;
}

const utf8 = new TextEncoder();

/**
 * Help with typing is no reason to compute for long, whatever the program has made of its interpreter. It may have
 * to wait for a part of the library, which is no reason to end anything.
 */
const ASSIST_BUDGET: Partial<Budget> = { cpuMs: 5_000, fuel: 1e7 };

/** Where its workers come from. */
interface Place {
  readonly platform: Platform;
  readonly pool: BerthPool | undefined;
}

export class Sandbox {
  readonly limits: Limits;
  /** How the guest's host calls block: chosen by what the page can do. */
  readonly channel: ChannelKind;
  /** For what shows it on a terminal. */
  readonly prompt: Prompt;
  readonly #options: SandboxOptions;
  readonly #place: Place;
  #beginning: Beginning;
  readonly #onFault: (fault: unknown) => void;
  readonly #lane = new Lane();
  readonly #turns: Turns;
  #session: Session | undefined;
  #restarting: Promise<void> | undefined;
  #disposed = false;

  private constructor(
    options: SandboxOptions,
    place: Place,
    channel: ChannelKind,
    limits: Limits,
    beginning: Beginning,
  ) {
    this.#options = options;
    this.#place = place;
    this.channel = channel;
    this.limits = limits;
    this.#turns = new Turns(limits, options, () => void this.#advance());
    this.#beginning = beginning;
    this.#onFault = options.onFault ?? reportFault;
    this.prompt = new Prompt({
      between: (request) => this.#lane.background(() => this.#take(request(), 'prompt')),
      run: (request) => this.#turn(request, { patient: true }),
    });
  }

  /**
   * A sandbox with a started interpreter. Throws `OptionError`, `MountError`, `EnvironmentError`,
   * or `StartError`, and leaves nothing behind then.
   */
  static create(options: SandboxOptions, platform: Platform, pool?: BerthPool): Promise<Sandbox> {
    return Sandbox.#open(options, { platform, pool });
  }

  /**
   * A sandbox that goes on where another one was. The image may be the file that `SandboxImage.encode` made. Throws
   * what `create` does, and `ImageError` for an image that does not fit: nothing of it has reached a guest then.
   */
  static async restore(
    image: SandboxImage | Uint8Array,
    { verifyWith, ...options }: RestoreOptions,
    platform: Platform,
    pool?: BerthPool,
  ): Promise<Sandbox> {
    if (image instanceof SandboxImage) {
      if (verifyWith === undefined) return Sandbox.#open(options, { platform, pool }, image.state);
      throw new OptionError('verifyWith is for an image that comes as a file');
    }
    const { state } = await SandboxImage.decode(image, { verifyWith });
    return Sandbox.#open(options, { platform, pool }, state);
  }

  static async #open(options: SandboxOptions, place: Place, from?: SandboxState): Promise<Sandbox> {
    const channel = place.platform.chooseChannel();
    const limits = completePythonLimits(options.limits);
    const beginning = await prepareBeginning(options, limits, from);
    const sandbox = new Sandbox(options, place, channel, limits, beginning);
    try {
      await sandbox.#start();
    } catch (error) {
      sandbox.dispose();
      throw error;
    }
    return sandbox;
  }

  /** Whether there is a guest to run code in. */
  get alive(): boolean {
    return this.#session?.alive ?? false;
  }

  /** Whether the guest has given its memory back until it is used: see `sleep`. */
  get asleep(): boolean {
    return this.#session?.asleep ?? false;
  }

  get running(): boolean {
    return this.#lane.running !== undefined;
  }

  get usage(): Usage {
    const session = this.#session;
    const run = session?.watchdog.used ?? NOTHING_USED;
    const over = this.#turns.ledger.used;
    return {
      run,
      lifetime: this.#lane.occupied === undefined ? over : addUsed(over, run),
      heapBytes: session?.progress.heapBytes ?? 0,
      openFiles: session?.context.fds.count ?? 0,
    };
  }

  /**
   * Runs Python source in `__main__`; what it defines stays. Bytes may be anything: what is no
   * Python is Python's own error. Throws `BusyError`, `EndedError`, `DisposedError`.
   */
  async run(source: string | Uint8Array, options: RunOptions = {}): Promise<Outcome> {
    const request: TurnRequest = {
      kind: 'run',
      source: typeof source === 'string' ? utf8.encode(source) : source,
      filename: options.filename ?? '<input>',
      mode: options.mode ?? 'exec',
      argv: options.argv ?? null,
    };
    return (await this.#turn(request, { narrower: options.limits })).outcome;
  }

  /** Runs what the command line of `python` can name. */
  async runProgram(
    program: Program,
    { limits }: Pick<RunOptions, 'limits'> = {},
  ): Promise<Outcome> {
    return (await this.#turn(program, { narrower: limits })).outcome;
  }

  /**
   * The value of a Python expression; what the guest has a handle of is the page's own object. Throws
   * `EvaluationError` where there is none. `aside`: see `EvaluateOptions`.
   */
  async evaluate(expression: string, { aside = false }: EvaluateOptions = {}): Promise<GuestValue> {
    const request: TurnRequest = {
      kind: 'evaluate',
      source: utf8.encode(expression),
      filename: '<expression>',
    };
    const taken = aside
      ? await this.#lane.background(() => this.#take(request, 'background'))
      : await this.#turn(request);
    return turnValue(taken, this.#session);
  }

  /**
   * What an editor asks an idle guest about source: the answer is as hostile as any value of a guest's. Throws as
   * `evaluate` does.
   */
  async assist(task: AssistTask, args: readonly string[]): Promise<GuestValue> {
    const request: TurnRequest = { kind: 'assist', task, arguments: args };
    return turnValue(await this.#turn(request, { narrower: ASSIST_BUDGET }), this.#session);
  }

  /** Whether the source is a whole statement, or nonsense, so that a prompt should run it. */
  async isComplete(source: string): Promise<boolean> {
    const { outcome, value } = await this.#turn({ kind: 'complete', source });
    return outcome.status !== 'ok' || value === undefined || unmarshal(value) === true;
  }

  /**
   * Calls the guest's handlers of an event (`@glovebox.on('touched')`) with a value, after whatever is going on, and
   * runs what they left to be done at once. Throws `ValueError` for a value that can't be given to a guest,
   * `BusyError` where a thousand events wait already, `EndedError`, `DisposedError`.
   */
  async emit(event: string, value: HostValue = null): Promise<Outcome> {
    const turn = await this.#lane.queue(() => this.#take({ kind: 'emit', event, value }, 'page'));
    return turn.outcome;
  }

  /**
   * Raises KeyboardInterrupt in what is running, and in a run that waits for what goes on by itself; nothing happens if
   * nothing is there. A program may catch it and go on, unless `graceMs` says how long it may.
   */
  interrupt({ graceMs }: InterruptOptions = {}): void {
    const session = this.#session;
    const over = this.#lane.interrupt();
    if (over === undefined || session === undefined) return;
    session.interrupt();
    if (graceMs === undefined) return;
    const timer = setTimeout(() => session.terminate('terminated'), graceMs);
    void over.finally(() => clearTimeout(timer));
  }

  /** Ends the guest, whatever it does. What is running ends as `terminated`. */
  terminate(): void {
    this.#session?.terminate('terminated');
  }

  /**
   * The last host calls, those of the interpreter's own start included: as many as the option `account` keeps. A
   * guest that makes more than that in 6 ms can overtake who follows it: the numbers tell.
   */
  calls(options: CallsOptions = {}): Calls {
    return this.#turns.account?.calls(options) ?? NO_CALLS;
  }

  /**
   * Records all that the guest is told from here on, so that `replay` can let it live through that once more. Takes
   * its memory first, which must not run meanwhile. Throws `BusyError`, too where it is recorded already,
   * `EndedError`, `DisposedError`.
   */
  async record(options: RecordOptions = {}): Promise<Recording> {
    return this.#exclusively((session) => {
      const { log } = this.#turns;
      const { buildId, depths } = this.#options.guest;
      const baseId = this.#beginning.base?.id ?? '';
      const { heapBytes } = this.limits;
      const header = { buildId, baseId, heapBytes, depth: depths.get(this.channel) ?? 0 };
      const isRunning = (): boolean => this.running && this.#turns.log === log;
      return beginRecording(session, log, header, isRunning, options);
    });
  }

  /**
   * All that the guest is, and its own volumes; of the page's the paths that they are mounted on. Nothing must be
   * running: what waits in a host call has a stack that only the engine holds. Throws `BusyError`, `EndedError`,
   * `DisposedError`, and `ImageError` where a file of the page's is open that is not in its place any more.
   */
  async snapshot({ wait = false }: SnapshotOptions = {}): Promise<SandboxImage> {
    while (wait && (this.#lane.occupied ?? this.#restarting) !== undefined) {
      await (this.#lane.occupied ?? this.#restarting?.catch(() => undefined));
    }
    return this.#exclusively(async (session) => {
      const memory = await this.#turns.capture(session);
      const { guest, mounts } = this.#options;
      const { tree, base } = this.#beginning;
      const world = await captureWorld(session.context, tree, mounts);
      return new SandboxImage({ buildId: guest.buildId, baseId: base?.id ?? '', memory, ...world });
    });
  }

  /** An independent twin: its own volumes are copies, the page's are the same. Throws as `snapshot` and `create` do. */
  async fork(options: ForkOptions = {}): Promise<Sandbox> {
    const image = await this.snapshot();
    return Sandbox.#open({ ...this.#options, ...options }, this.#place, image.state);
  }

  /**
   * Gives the guest's memory back, after whatever is going on: of some 10 MiB the page keeps what differs from the base
   * image. Nothing else changes; what uses the guest next wakes it, which takes as long as a start, and throws
   * `StartError` where the engine has no memory for it: it sleeps on then. Happens by itself to the one that was used
   * longest ago, where more than `mostAwake` of `PythonGuest.load` are there. Throws `BusyError` during a restart, `EndedError`,
   * `DisposedError`.
   */
  async sleep(): Promise<void> {
    await this.#lane.background(() => this.#turns.sleep(this.#guest()));
  }

  /**
   * A fresh interpreter over the same volumes, or one that goes on from an image, with the volumes of its own that
   * it had; the old one, if it lives, is ended. Throws `ImageError` before it is.
   */
  async restart({ from }: RestartOptions = {}): Promise<void> {
    if (this.#disposed) throw new DisposedError();
    this.#restarting ??= this.#replace(from?.state).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /**
   * Ends the interpreter as a program ends: `atexit` functions run, files are flushed. The guest is
   * gone afterwards.
   */
  async finish(): Promise<Outcome> {
    return this.#exclusively(async (session) => {
      const { end, conclude } = await this.#turns.enter(session, 'glovebox_finish', 'page');
      session.terminate('terminated');
      if (end.kind !== 'returned') return conclude(end);
      const measures = measure(session);
      return end.status === 0
        ? { ...measures, status: 'ok' }
        : { ...measures, status: 'exit', exitCode: end.status };
    });
  }

  /** Ends the guest and its worker. The volumes are the caller's and stay. */
  dispose(): void {
    this.#disposed = true;
    this.terminate();
    this.#turns.close();
    this.#session = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #replace(from: SandboxState | undefined): Promise<void> {
    const { tree } = this.#beginning;
    const beginning = await prepareBeginning(this.#options, this.limits, from, tree);
    this.#turns.stop();
    this.terminate();
    await this.#lane.occupied;
    this.#beginning = beginning;
    await this.#start();
  }

  async #start(): Promise<void> {
    const { residents, spare } = this.#options.guest;
    let hasBegun = false;
    const isFree = (): boolean =>
      this.#lane.occupied === undefined && this.#restarting === undefined;
    const resident = { isIdle: () => hasBegun && isFree(), sleep: () => this.sleep() };
    await residents.enter(resident);
    if (this.#disposed) {
      residents.leave(resident);
      throw new DisposedError();
    }
    const log = this.#turns.begin();
    const session = createSession(this.#options, this.#beginning, {
      ...this.#place,
      resident,
      log,
      channel: this.channel,
      limits: this.limits,
      onFault: this.#onFault,
    });
    this.#session = session;
    try {
      const allowance = this.#turns.ledger.allowance('page');
      const waits = await begin(session, this.#options, this.#beginning, allowance);
      this.#turns.follow(session, waits);
      hasBegun = true;
    } catch (error) {
      session.terminate('terminated');
      throw this.#disposed ? new DisposedError() : error;
    } finally {
      residents.arrive(resident);
      // A worker that starts takes the time of others: the next one begins when this one is done.
      spare?.prepare();
      this.#place.pool?.refill();
    }
  }

  #turn(
    request: TurnRequest,
    { narrower, patient }: { narrower?: Partial<Budget> | undefined; patient?: boolean } = {},
  ): Promise<TurnTaken> {
    if (narrower !== undefined) completeLimits(narrower);
    return this.#lane.enter(
      (wasInterrupted) => this.#take(request, 'page', { narrower, wasInterrupted }),
      { patient },
    );
  }

  /** What the guest left to be done when nobody asks anything of it. */
  async #advance(): Promise<void> {
    try {
      await this.#lane.background(async () => {
        if (!this.alive || this.#restarting !== undefined) return;
        const { outcome } = await this.#take({ kind: 'advance' }, 'background');
        if (outcome.status !== 'ok') this.#options.onBackground?.(outcome);
      });
    } catch (fault) {
      this.#onFault(fault);
    }
  }

  async #take(request: TurnRequest, cause: Cause, options?: TakeOptions): Promise<TurnTaken> {
    return this.#turns.take(this.#guest(), request, cause, options);
  }

  #exclusively<T>(task: (session: Session) => Promise<T>): Promise<T> {
    return this.#lane.enter(async () => task(this.#guest()));
  }

  /** Throws `DisposedError`, `BusyError`, `EndedError`. */
  #guest(): Session {
    if (this.#disposed) throw new DisposedError();
    if (this.#restarting !== undefined) throw new BusyError();
    const session = this.#session;
    if (session?.alive === true) return session;
    throw new EndedError('the guest has ended: restart() the sandbox');
  }
}
