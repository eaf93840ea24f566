/** One sandbox and its console: who may do what, and when. */
import {
  type AssistTask,
  type GuestValue,
  type Outcome,
  type PythonGuest,
  Sandbox,
  type SandboxOptions,
} from '../index';
import { type Activity, runs } from './activity';
import type { Console } from './console';
import { noteFor } from './outcome-note';

export interface SessionOptions {
  readonly loadGuest: () => Promise<PythonGuest>;
  readonly console: Console;
  readonly sandbox: Omit<SandboxOptions, 'guest' | 'onOutput' | 'stdin'>;
  /** Before the file of this path runs; what it rejects with does not keep it from running. */
  readonly beforeRun?: ((sandbox: Sandbox, path: string) => Promise<void>) | undefined;
}

export interface RunOptions {
  /** Steps of the interpreter after which it is stopped. */
  readonly steps?: number | undefined;
}

/** How a run went. */
export interface RunReport {
  readonly outcome: Outcome;
  /** The name of what ran: a path, or something in angle brackets. */
  readonly filename: string;
}

/** How long an interrupt may take to show before Stop ends the interpreter itself. */
const PATIENCE_MS = 2_000;

/** So long a run waits for help with typing that is under way, before it is interrupted. */
const HELP_PATIENCE_MS = 300;

/** `activity`: something else is going on. `outcome`: a run is over, a `CustomEvent<RunReport>`. */
export class PythonSession extends EventTarget {
  readonly console: Console;
  readonly #options: SessionOptions;
  #sandbox: Sandbox | undefined;
  #starting: Promise<Sandbox> | undefined;
  #restarting: Promise<void> | undefined;
  #activity: Activity = 'idle';
  /** Why Python can't be started. */
  #failure: unknown;
  /** The guest does one thing at a time: a run waits for help that is under way. */
  #helping: Promise<void> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
    this.console = options.console;
    this.console.connect({
      isComplete: (source) => this.isComplete(source),
      runStatement: (source) => void this.runStatement(source),
      interrupt: () => this.stop(),
    });
    this.console.show('idle');
  }

  get activity(): Activity {
    return this.#activity;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** Once Python has been started. */
  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  /** Starts Python unless it is there. Rejects with what the library throws; asking again tries again. */
  async start(): Promise<void> {
    this.#starting ??= this.#start();
    await this.#starting;
  }

  /** Runs a file that the guest sees. Does nothing while something else runs. */
  runFile(path: string, options: RunOptions = {}): Promise<void> {
    return this.#run(path, options, async (sandbox, limits) => {
      await this.#options.beforeRun?.(sandbox, path).catch(() => undefined);
      // Stopped before it has begun: the interrupt has met what was done for it.
      if (this.#activity !== 'running') return undefined;
      return sandbox.runProgram({ kind: 'file', path, argv: [] }, limits);
    });
  }

  /** The same for source that is in no file. */
  runSource(source: string, filename: string, options: RunOptions = {}): Promise<void> {
    return this.#run(filename, options, (sandbox, limits) =>
      sandbox.run(source, { filename, ...limits }),
    );
  }

  async runStatement(source: string): Promise<void> {
    if (this.#activity !== 'ready') return;
    this.console.startLine();
    this.console.showStatement(source);
    await this.#run('<prompt>', {}, (sandbox) =>
      sandbox.run(source, { filename: '<prompt>', mode: 'single' }),
    );
  }

  async isComplete(source: string): Promise<boolean> {
    return (await this.#help((sandbox) => sandbox.isComplete(source))) ?? false;
  }

  /** Undefined where the guest has something else to do, or gives no answer. */
  async assist(task: AssistTask, args: readonly string[]): Promise<GuestValue | undefined> {
    return this.#help((sandbox) => sandbox.assist(task, args));
  }

  /** The first time an interrupt, which keeps the variables; the second time the end. */
  stop(): void {
    if (this.#activity === 'stopping') {
      void this.restart();
      return;
    }
    if (this.#activity !== 'running' && this.#activity !== 'input') return;
    this.#enter('stopping');
    this.#patience = setTimeout(() => void this.restart(), PATIENCE_MS);
    this.#sandbox?.interrupt();
    // After the interrupt: the program must not take this for the end of its input.
    this.console.cancelReadLine();
  }

  async restart(): Promise<void> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return;
    this.#restarting ??= this.#restart(sandbox).finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
  }

  async #restart(sandbox: Sandbox): Promise<void> {
    this.#enter('starting');
    this.console.cancelReadLine();
    try {
      await this.#withoutHelp();
      await sandbox.restart();
    } catch (error) {
      if (this.#closed) return;
      this.console.note(`Python could not be started anew: ${messageOf(error)}`);
      this.#fail(error);
      return;
    }
    if (this.#closed) return;
    this.console.note('Python has been started anew: all variables are gone.');
    this.#enter('ready');
    this.console.focusIfIdle();
  }

  /** Ends the guest, and what it is doing. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
    this.console.cancelReadLine();
    this.#sandbox?.dispose();
  }

  async #start(): Promise<Sandbox> {
    this.#enter('starting');
    try {
      const sandbox = await Sandbox.create({
        ...this.#options.sandbox,
        guest: await this.#options.loadGuest(),
        onOutput: (bytes, stream) => this.console.write(bytes, stream),
        stdin: () => this.#readLine(),
      });
      if (this.#closed) {
        sandbox.dispose();
        return sandbox;
      }
      this.#sandbox = sandbox;
      this.#enter('ready');
      return sandbox;
    } catch (error) {
      this.#starting = undefined;
      this.#fail(error);
      throw error;
    }
  }

  async #run(
    filename: string,
    { steps }: RunOptions,
    run: (sandbox: Sandbox, limits: { limits?: { fuel: number } }) => Promise<Outcome | undefined>,
  ): Promise<void> {
    await this.start();
    await this.#restarting;
    const sandbox = this.#sandbox;
    if (sandbox === undefined || this.#activity !== 'ready') return;
    this.#enter('running');
    await this.#withoutHelp();
    this.console.startLine();
    let outcome: Outcome | undefined;
    try {
      outcome = await run(sandbox, steps === undefined ? {} : { limits: { fuel: steps } });
    } catch (error) {
      if (!this.#closed) this.console.note(`That could not be run: ${messageOf(error)}`);
    }
    if (this.#closed) return;
    if (outcome !== undefined) this.#report(outcome, filename);
    // A restart that ended this run is under way already.
    if (this.activity === 'starting') return;
    if (sandbox.alive) this.#enter('ready');
    else await this.restart();
  }

  #report(outcome: Outcome, filename: string): void {
    const note = noteFor(outcome);
    if (note !== undefined) this.console.note(note);
    this.dispatchEvent(new CustomEvent<RunReport>('outcome', { detail: { outcome, filename } }));
  }

  async #help<T>(task: (sandbox: Sandbox) => Promise<T>): Promise<T | undefined> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined || this.#activity !== 'ready' || this.#helping) return undefined;
    const answer = task(sandbox).catch(() => undefined);
    this.#helping = answer.then(() => {
      this.#helping = undefined;
    });
    const answered = await answer;
    // A program that made its interpreter loop where it should only be looked at.
    if (!sandbox.alive && this.#activity === 'ready') await this.restart();
    return answered;
  }

  async #withoutHelp(): Promise<void> {
    if (this.#helping === undefined) return;
    const timer = setTimeout(() => this.#sandbox?.interrupt(), HELP_PATIENCE_MS);
    await this.#helping;
    clearTimeout(timer);
  }

  async #readLine(): Promise<string | null> {
    if (this.#activity !== 'running') return null;
    this.#enter('input');
    const line = await this.console.readLine();
    if (this.activity === 'input') this.#enter('running');
    return line;
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#enter('failed');
  }

  #enter(activity: Activity): void {
    // The console may be another session's by now.
    if (this.#closed) return;
    if (!runs(activity) || activity === 'running') clearTimeout(this.#patience);
    this.#activity = activity;
    this.console.show(activity);
    this.dispatchEvent(new Event('activity'));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
