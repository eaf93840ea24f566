/**
 * One sandbox at one terminal: a prompt, and programs of the page's that run between its statements. Who may do what,
 * and when.
 */
import type {
  AssistTask,
  GuestValue,
  Limits,
  Outcome,
  PythonGuest,
  RestartOptions,
  SandboxOptions,
} from '../index';
import { Sandbox } from '../page/guest';
import { type ReplEnd, ReplSession, type ReplState } from '../terminal/repl-session';
import type { Attachment, Terminal } from '../terminal/terminal';
import { type Activity, runs } from './activity';
import { IdleWarmUp } from './idle-warm-up';
import type { GloveboxTerminal } from './terminal-element';

export interface SessionOptions {
  readonly loadGuest: () => Promise<PythonGuest>;
  /** On the page already, and shown by nobody else. */
  readonly view: GloveboxTerminal;
  readonly sandbox: Omit<SandboxOptions, 'guest' | keyof Attachment>;
  /** Whether what Python says at its start comes first. Default true. */
  readonly banner?: boolean | undefined;
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
  readonly limits: Limits;
  /** Of a statement at the prompt. */
  readonly source?: string;
}

interface Work {
  /** What comes before it, and may fail. */
  readonly prepare?: (sandbox: Sandbox) => Promise<void>;
  readonly run: (sandbox: Sandbox, limits: { limits?: { fuel: number } }) => Promise<Outcome>;
}

/** How long an interrupt may take to show before Stop ends the interpreter itself. */
const PATIENCE_MS = 2_000;

/** So long a run waits for help with typing that is under way, before it is interrupted. */
const HELP_PATIENCE_MS = 300;

/** So long a program that reached a limit may take to clean up and to tell where: on a phone that takes a while. */
const GRACE_MS = 1_000;

const ANEW = 'Python has been started anew: variables are gone, files are kept';

/**
 * `activity`: something else is going on. `outcome`: a run is over, a `CustomEvent<RunReport>`. `exit`: the program at
 * the prompt has ended, a `CustomEvent<ReplEnd>`; another one begins.
 */
export class PythonSession extends EventTarget {
  readonly #options: SessionOptions;
  #sandbox: Sandbox | undefined;
  #terminal: Terminal | undefined;
  #prompt: ReplSession | undefined;
  #starting: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  #activity: Activity = 'idle';
  /** The guest does one thing at a time: a run waits for help that is under way. */
  #helping: Promise<void> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #warmUp: IdleWarmUp | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Once Python has been started. */
  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  get terminal(): Terminal | undefined {
    return this.#terminal;
  }

  /** What the prompt is doing. */
  get promptState(): ReplState {
    return this.#prompt?.state ?? 'idle';
  }

  /** Starts Python unless it is there. Rejects with what the library throws; asking again tries again. */
  async start(): Promise<void> {
    this.#starting ??= this.#start();
    await this.#starting;
  }

  /** Runs a file that the guest sees. Does nothing while something else runs. */
  runFile(path: string, options: RunOptions = {}): Promise<void> {
    return this.#run(path, options, {
      prepare: async (sandbox) => this.#options.beforeRun?.(sandbox, path),
      run: (sandbox, limits) => sandbox.runProgram({ kind: 'file', path, argv: [] }, limits),
    });
  }

  /** The same for source that is in no file. */
  runSource(source: string, filename: string, options: RunOptions = {}): Promise<void> {
    return this.#run(filename, options, {
      run: (sandbox, limits) => sandbox.run(source, { filename, ...limits }),
    });
  }

  /** Lends the terminal to what the task runs in the sandbox; the prompt is back afterwards. */
  async suspended<T>(task: () => Promise<T>): Promise<T> {
    return this.#prompt?.suspended(task) ?? task();
  }

  /** Undefined where the guest has something else to do, or gives no answer. */
  async assist(task: AssistTask, args: readonly string[]): Promise<GuestValue | undefined> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined || this.#activity !== 'ready' || this.#helping) return undefined;
    const answer = sandbox.assist(task, args).catch(() => undefined);
    this.#helping = answer.then(() => {
      this.#helping = undefined;
    });
    const answered = await answer;
    // A program that made its interpreter loop where it should only be looked at.
    if (!sandbox.alive && this.#activity === 'ready') await this.restart();
    return answered;
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
    this.#prompt?.interrupt();
  }

  /** Another interpreter, or one that goes on from an image. Rejects as `Sandbox.restart` where the image is no good. */
  async restart(options: RestartOptions = {}): Promise<void> {
    if (this.#prompt === undefined) return;
    this.#restarting ??= this.#restart(this.#prompt, options).finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
  }

  /** Empties the terminal. */
  clear(): void {
    void this.#prompt?.clear();
  }

  /** Ends the guest, and what it is doing. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
    this.#warmUp?.stop();
    this.#prompt?.dispose();
    this.#sandbox?.dispose();
  }

  async #start(): Promise<void> {
    const { view, loadGuest, sandbox: options } = this.#options;
    this.#enter('starting');
    view.status = { loading: 'Loading Python …' };
    try {
      // First, as the screen takes the page's time while that waits for the files.
      const loading = loadGuest();
      const { terminal, shown } = view.open();
      const limits = { graceMs: GRACE_MS, ...options.limits };
      const created = loading.then((guest) => {
        this.#warmUp = new IdleWarmUp(guest);
        return Sandbox.create({ ...options, ...terminal.attachment, guest, limits });
      });
      const [sandbox] = await Promise.all([created, shown]).catch((error: unknown) => {
        // Where it is the screen that failed.
        void created.then((unused) => unused.dispose()).catch(() => undefined);
        throw error;
      });
      if (this.#closed) return sandbox.dispose();
      view.status = undefined;
      this.#sandbox = sandbox;
      this.#terminal = terminal;
      void this.#converse(sandbox, terminal).catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#starting = undefined;
      this.#fail(error);
      throw error;
    }
  }

  /** One prompt after another, for as long as the sandbox may do something. */
  async #converse(sandbox: Sandbox, terminal: Terminal): Promise<void> {
    while (!this.#closed) {
      const prompt = new ReplSession(sandbox, terminal, {
        banner: this.#options.banner,
        onState: (state) => this.#onState(state),
        onStatement: (source, outcome) =>
          this.#report({ outcome, filename: '<prompt>', limits: sandbox.limits, source }),
      });
      this.#prompt = prompt;
      const end = await prompt.run();
      prompt.dispose();
      if (this.#closed || end.reason === 'disposed') return;
      this.dispatchEvent(new CustomEvent<ReplEnd>('exit', { detail: end }));
      if (end.reason === 'spent') return this.#enter('spent');
      this.#enter('starting');
      await terminal.write(`[${endOf(end.exitCode)}; a new one starts]\n`);
      terminal.reset();
      await sandbox.restart();
    }
  }

  async #restart(prompt: ReplSession, options: RestartOptions): Promise<void> {
    const before = this.#activity;
    this.#enter('starting');
    await this.#withoutHelp();
    const note = options.from === undefined ? ANEW : undefined;
    try {
      await prompt.restart({ ...options, note });
    } catch (error) {
      if (this.#closed) return;
      // The image was no good, and nothing has happened.
      if (this.#sandbox?.alive === true) this.#enter(before);
      else this.#fail(error);
      throw error;
    }
    if (prompt.state === 'editing') this.#enter('ready');
  }

  async #run(filename: string, { steps }: RunOptions, { prepare, run }: Work): Promise<void> {
    await this.start();
    await this.#restarting;
    const [sandbox, terminal, prompt] = [this.#sandbox, this.#terminal, this.#prompt];
    if (!sandbox || !terminal || !prompt || this.#activity !== 'ready') return;
    this.#enter('running');
    await this.#withoutHelp();
    const own = steps === undefined ? {} : { limits: { fuel: steps } };
    const limits = { ...sandbox.limits, ...own.limits };
    const title = filename.split('/').at(-1) ?? filename;
    const task = async (): Promise<Outcome | undefined> => {
      await prepare?.(sandbox).catch(() => undefined);
      // Stopped before it has begun: an interrupt has met what was done for it, or nothing.
      if (this.#activity === 'stopping') await terminal.write('KeyboardInterrupt\n');
      if (this.#activity !== 'running') return undefined;
      const outcome = await run(sandbox, own);
      if (!this.#closed) this.#report({ outcome, filename, limits });
      return outcome;
    };
    await prompt.perform(title, task, limits);
  }

  #report(report: RunReport): void {
    this.dispatchEvent(new CustomEvent<RunReport>('outcome', { detail: report }));
  }

  async #withoutHelp(): Promise<void> {
    if (this.#helping === undefined) return;
    const timer = setTimeout(() => this.#sandbox?.interrupt(), HELP_PATIENCE_MS);
    await this.#helping;
    clearTimeout(timer);
  }

  #onState(state: ReplState): void {
    if (state === 'editing') this.#enter('ready');
    // Until it has heeded what it was told it only seems to go on.
    else if (state !== 'idle' && this.#activity !== 'stopping' && this.#activity !== 'starting') {
      if (state === 'reading') this.#options.view.focus();
      this.#enter(state === 'reading' ? 'input' : 'running');
    }
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    const reason = error instanceof Error ? error.message : String(error);
    const failed = `Python could not be started: ${reason}`;
    const retry = (): void => void this.start().catch(() => undefined);
    this.#options.view.status = this.#sandbox === undefined ? { failed, retry } : { failed };
    this.#enter('failed');
  }

  #enter(activity: Activity): void {
    if (this.#closed) return;
    if (!runs(activity) || activity === 'running') clearTimeout(this.#patience);
    if (activity === this.#activity) return;
    this.#activity = activity;
    if (activity === 'ready') this.#warmUp?.begin();
    else this.#warmUp?.stop();
    this.dispatchEvent(new Event('activity'));
  }
}

function endOf(exitCode: number): string {
  return exitCode === 0 ? 'Python has ended' : `Python has ended with status ${exitCode}`;
}
