/** The public face: a Python interpreter that the page feeds, watches, stops and throws away. */
import { type GuestValue, unmarshal } from '../capability/marshal';
import { BusyError, DisposedError, EndedError, EvaluationError, OptionError } from '../errors';
import type { ChannelKind } from '../protocol/control';
import { PAGE_BYTES } from '../protocol/numbers';
import { type Measures, measure, outcomeOfEnd, outcomeOfLimit } from './ending';
import { createContext, createTree, reportFault, type WorldOptions } from './guest-world';
import { giveRequest, startInterpreter, takeResult, wakeInterpreter } from './interpreter';
import { Ledger } from './ledger';
import { completeLimits, type Limits } from './limits';
import { type Namespace, splitPath } from './namespace';
import type { Outcome } from './outcome';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import { Session, type SessionEnd } from './session';
import type { Program, TurnRequest, TurnResult } from './turn';
import { addUsed, NOTHING_USED, type Used } from './watchdog';

export interface SandboxOptions extends WorldOptions {
  readonly guest: PythonGuest;
  /** The guest's first working directory. Default `/home`. */
  readonly cwd?: string | undefined;
}

export interface RunOptions {
  /** What tracebacks call the source. Default `<input>`. */
  readonly filename?: string;
  /** `single`: as at the prompt, an expression's value is shown. Default `exec`. */
  readonly mode?: 'exec' | 'single';
  /** `sys.argv`; without it, it stays as it is. */
  readonly argv?: readonly string[];
}

export interface InterruptOptions {
  /** The guest is ended if it is still at work after so many milliseconds. Default: never. */
  readonly graceMs?: number;
}

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

/** The interpreter starts in this much; with less it could not say what is wrong. */
export const MINIMUM_HEAP_BYTES = 24 * 1024 * 1024;

const utf8 = new TextEncoder();

export class Sandbox {
  readonly limits: Limits;
  /** How the guest's host calls block: chosen by what the page can do. */
  readonly channel: ChannelKind;
  readonly #options: SandboxOptions;
  readonly #platform: Platform;
  readonly #namespace: Namespace;
  readonly #onFault: (fault: unknown) => void;
  readonly #ledger: Ledger;
  #session: Session | undefined;
  /** Settles when what is going on now is over. */
  #running: Promise<unknown> | undefined;
  #restarting: Promise<void> | undefined;
  #disposed = false;

  private constructor(
    options: SandboxOptions,
    platform: Platform,
    channel: ChannelKind,
    limits: Limits,
    namespace: Namespace,
  ) {
    this.#options = options;
    this.#platform = platform;
    this.channel = channel;
    this.limits = limits;
    this.#ledger = new Ledger(limits);
    this.#namespace = namespace;
    this.#onFault = options.onFault ?? reportFault;
  }

  /**
   * A sandbox with a started interpreter. Throws `OptionError`, `MountError`, `EnvironmentError`,
   * or `StartError`, and leaves nothing behind then.
   */
  static async create(options: SandboxOptions, platform: Platform): Promise<Sandbox> {
    const channel = platform.chooseChannel();
    const limits = completeLimits(options.limits);
    if (limits.heapBytes < MINIMUM_HEAP_BYTES) {
      throw new OptionError(
        `limits.heapBytes is ${limits.heapBytes}, but Python needs at least ${MINIMUM_HEAP_BYTES}`,
      );
    }
    const namespace = await createTree({ '/usr': options.guest.library }, options.mounts);
    const sandbox = new Sandbox(options, platform, channel, limits, namespace);
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

  get running(): boolean {
    return this.#running !== undefined;
  }

  get usage(): Usage {
    const session = this.#session;
    const run = session?.watchdog.used ?? NOTHING_USED;
    const over = this.#ledger.used;
    return {
      run,
      lifetime: this.running ? addUsed(over, run) : over,
      heapBytes: session?.progress.heapBytes ?? 0,
      openFiles: session?.context.fds.count ?? 0,
    };
  }

  /**
   * Runs Python source in `__main__`; what it defines stays. Bytes may be anything: what is no
   * Python is Python's own error. Throws `BusyError`, `EndedError`, `DisposedError`.
   */
  async run(source: string | Uint8Array, options: RunOptions = {}): Promise<Outcome> {
    const outcome = await this.#turn({
      kind: 'run',
      source: typeof source === 'string' ? utf8.encode(source) : source,
      filename: options.filename ?? '<input>',
      mode: options.mode ?? 'exec',
      argv: options.argv ?? null,
    });
    return outcome.outcome;
  }

  /** Runs what the command line of `python` can name. */
  async runProgram(program: Program): Promise<Outcome> {
    return (await this.#turn(program)).outcome;
  }

  /** The value of a Python expression. Throws `EvaluationError` where there is none. */
  async evaluate(expression: string): Promise<GuestValue> {
    const { outcome, value } = await this.#turn({
      kind: 'evaluate',
      source: utf8.encode(expression),
      filename: '<expression>',
    });
    if (outcome.status === 'ok') return value === undefined ? null : unmarshal(value);
    if ('error' in outcome) {
      const { type, message, traceback } = outcome.error;
      throw new EvaluationError(type, message, traceback);
    }
    throw new EvaluationError(outcome.status, '', '');
  }

  /** Whether the source is a whole statement, or nonsense, so that a prompt should run it. */
  async isComplete(source: string): Promise<boolean> {
    const { outcome, value } = await this.#turn({ kind: 'complete', source });
    return outcome.status !== 'ok' || value === undefined || unmarshal(value) === true;
  }

  /**
   * Raises KeyboardInterrupt in what is running; nothing happens if nothing is. A program may catch it
   * and go on, unless `graceMs` says how long it may.
   */
  interrupt({ graceMs }: InterruptOptions = {}): void {
    const session = this.#session;
    const running = this.#running;
    if (running === undefined || session === undefined) return;
    session.interrupt();
    if (graceMs === undefined) return;
    const timer = setTimeout(() => session.terminate('terminated'), graceMs);
    void running.finally(() => clearTimeout(timer));
  }

  /** Ends the guest, whatever it does. What is running ends as `terminated`. */
  terminate(): void {
    this.#session?.terminate('terminated');
  }

  /** A fresh interpreter over the same volumes; the old one, if it lives, is ended. */
  async restart(): Promise<void> {
    if (this.#disposed) throw new DisposedError();
    this.#restarting ??= this.#replace().finally(() => {
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
      const { end, conclude } = await this.#enter(session, 'glovebox_finish');
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
    this.#session = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #replace(): Promise<void> {
    this.terminate();
    await this.#running;
    await this.#start();
  }

  async #start(): Promise<void> {
    if (this.#disposed) throw new DisposedError();
    const { guest, cwd = '/home' } = this.#options;
    const env = { HOME: '/home', PWD: cwd, TERM: 'dumb', ...this.#options.env };
    const image = canWake(this.#options) ? guest.image : undefined;
    const session = new Session({
      module: guest.module,
      image,
      depths: guest.depths,
      memory: {
        initialPages: guest.memory.initialPages,
        maximumPages: Math.floor(this.limits.heapBytes / PAGE_BYTES),
      },
      platform: this.#platform,
      channel: this.channel,
      onHostCall: this.#options.onHostCall,
      onFault: this.#onFault,
      createContext: (watchdog) =>
        createContext(
          this.#namespace,
          { ...this.#options, env },
          { limits: this.limits, args: ['python3'], onFault: this.#onFault, watchdog },
        ),
    });
    this.#session = session;
    try {
      await (image === undefined ? startInterpreter(session) : wakeInterpreter(session, env));
    } catch (error) {
      throw this.#disposed ? new DisposedError() : error;
    }
  }

  async #turn(request: TurnRequest): Promise<{ outcome: Outcome; value?: Uint8Array | undefined }> {
    return this.#exclusively(async (session) => {
      const { spent } = this.#ledger;
      if (spent !== undefined) {
        const measures = { ...NOTHING_USED, heapBytes: session.progress.heapBytes, alive: true };
        return { outcome: outcomeOfLimit(measures, spent, 'lifetime') };
      }
      giveRequest(session, request);
      // An interrupt that came too late for one run must not hit the next: entering clears it.
      const { end, conclude } = await this.#enter(session, 'glovebox_turn');
      const result = takeResult(session, end);
      if (end.kind !== 'returned') return { outcome: conclude(end) };
      if (result === undefined) {
        session.terminate('crashed');
        const message = 'the interpreter gave no answer';
        return { outcome: { ...measure(session), status: 'trap', message } };
      }
      const value = result.status === 'ok' ? result.value : undefined;
      return { outcome: conclude(result), value };
    });
  }

  /** Enters the guest with what it may still use up; `conclude` makes an outcome of how that went. */
  async #enter(
    session: Session,
    entry: string,
  ): Promise<{
    end: SessionEnd;
    conclude: (how: TurnResult | Exclude<SessionEnd, { kind: 'returned' }>) => Outcome;
  }> {
    const { allowance } = this.#ledger;
    const end = await session.enter(entry, allowance);
    this.#ledger.add(session.watchdog.used);
    const { reached } = session.watchdog;
    return {
      end,
      conclude: (how) => {
        if ('kind' in how) {
          return outcomeOfEnd(session, how, (limit) => this.#ledger.scopeOf(limit, allowance));
        }
        const measures = measure(session);
        if (reached === undefined) return outcomeOfResult(how, measures);
        const error = 'error' in how ? how.error : undefined;
        return outcomeOfLimit(measures, reached, this.#ledger.scopeOf(reached, allowance), error);
      },
    };
  }

  async #exclusively<T>(task: (session: Session) => Promise<T>): Promise<T> {
    if (this.#disposed) throw new DisposedError();
    if (this.#running !== undefined || this.#restarting !== undefined) throw new BusyError();
    const session = this.#session;
    if (session === undefined || !session.alive) {
      throw new EndedError('the guest has ended: restart() the sandbox');
    }
    const running = task(session);
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }
}

/**
 * Whether what the interpreter found at the start of the image is what it would find at one of its own: the
 * variables that it reads then, and its library, are fixed in there.
 */
function canWake({ env = {}, mounts = {} }: SandboxOptions): boolean {
  return (
    Object.keys(env).every((name) => !name.startsWith('PYTHON')) &&
    Object.keys(mounts).every((path) => splitPath(path)[0] !== 'usr')
  );
}

function outcomeOfResult(result: TurnResult, measures: Measures): Outcome {
  switch (result.status) {
    case 'ok':
      return { ...measures, status: 'ok' };
    case 'exit':
      return { ...measures, status: 'exit', exitCode: result.exitCode };
    case 'interrupted':
      return { ...measures, status: 'interrupted', error: result.error };
    case 'error':
    // TimeLimitExceeded, though no limit was reached: the program's own doing.
    case 'limit':
      return {
        ...measures,
        status: result.error.type === 'MemoryError' ? 'memory' : 'error',
        error: result.error,
      };
  }
}
