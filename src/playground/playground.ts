/** One sandbox and the parts of the page around it: who may do what, and when. */
import type { Outcome, Sandbox } from '../index';
import type { OutputPane } from './output-pane';
import type { Prompt } from './prompt';
import type { Activity, StatusLine } from './status';

export interface Controls {
  readonly run: HTMLButtonElement;
  readonly stop: HTMLButtonElement;
  readonly restart: HTMLButtonElement;
}

/** How long an interrupt may take to show before Stop ends the interpreter itself. */
const PATIENCE_MS = 2_000;

export class Playground {
  readonly #sandbox: Sandbox;
  readonly #output: OutputPane;
  readonly #prompt: Prompt;
  readonly #status: StatusLine;
  readonly #controls: Controls;
  #activity: Activity = 'ready';
  /** The guest does one thing at a time: a run waits for a check that is under way. */
  #checking: Promise<void> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    sandbox: Sandbox,
    output: OutputPane,
    prompt: Prompt,
    status: StatusLine,
    controls: Controls,
  ) {
    this.#sandbox = sandbox;
    this.#output = output;
    this.#prompt = prompt;
    this.#status = status;
    this.#controls = controls;
    this.#enter('ready');
  }

  async runProgram(source: string): Promise<void> {
    await this.#checking;
    if (!this.#is('ready')) return;
    this.#output.startLine();
    this.#output.scrollToEnd();
    await this.#run(source, '<program>', 'exec');
  }

  async runStatement(source: string): Promise<void> {
    if (!this.#is('ready')) return;
    this.#output.startLine();
    const lines = source.trimEnd().split('\n');
    this.#output.typed(lines.map((line, at) => `${at === 0 ? '>>>' : '...'} ${line}\n`).join(''));
    this.#output.scrollToEnd();
    await this.#run(source, '<prompt>', 'single');
  }

  async isComplete(source: string): Promise<boolean> {
    if (!this.#is('ready') || this.#checking !== undefined) return false;
    const answer = this.#sandbox.isComplete(source);
    this.#checking = answer.catch(() => false).then(() => undefined);
    try {
      return await answer;
    } finally {
      this.#checking = undefined;
    }
  }

  /** What the sandbox's `stdin` asks for. */
  async readLine(): Promise<string | null> {
    if (!this.#is('running')) return null;
    this.#enter('input');
    const line = await this.#prompt.readLine();
    this.#output.typed(line ?? '\n');
    if (this.#is('input')) this.#enter('running');
    return line;
  }

  /** The first time an interrupt, which keeps the variables; the second time the end. */
  stop(): void {
    if (this.#is('stopping')) {
      void this.restart();
      return;
    }
    if (!this.#is('running') && !this.#is('input')) return;
    this.#enter('stopping');
    this.#patience = setTimeout(() => void this.restart(), PATIENCE_MS);
    this.#sandbox.interrupt();
    // After the interrupt: the program must not take this for the end of its input.
    this.#prompt.cancelReadLine();
  }

  async restart(): Promise<void> {
    if (this.#is('starting')) return;
    this.#enter('starting');
    this.#prompt.cancelReadLine();
    try {
      await this.#checking;
      await this.#sandbox.restart();
    } catch (error) {
      this.#output.note(`Python could not be started anew: ${String(error)}`);
      this.#enter('failed');
      return;
    }
    this.#output.note('Python has been started anew: all variables are gone.');
    this.#enter('ready');
    this.#prompt.focusIfIdle();
  }

  async #run(source: string, filename: string, mode: 'exec' | 'single'): Promise<void> {
    this.#enter('running');
    this.#status.runs();
    const outcome = await this.#sandbox.run(source, { filename, mode });
    this.#status.ran(outcome.wallMs, outcome.heapBytes);
    const note = noteFor(outcome);
    if (note !== undefined) this.#output.note(note);
    // A restart that ended this run is under way already.
    if (this.#is('starting')) return;
    if (outcome.alive) this.#enter('ready');
    else await this.restart();
  }

  #is(activity: Activity): boolean {
    return this.#activity === activity;
  }

  #enter(activity: Activity): void {
    clearTimeout(this.#patience);
    this.#activity = activity;
    const runs = activity === 'running' || activity === 'input' || activity === 'stopping';
    this.#status.show(activity);
    this.#prompt.mode = activity === 'ready' ? 'statement' : 'busy';
    this.#controls.run.disabled = activity !== 'ready';
    this.#controls.stop.disabled = !runs;
    this.#controls.stop.textContent = activity === 'stopping' ? 'Force stop' : 'Stop';
    this.#controls.restart.disabled = activity === 'starting';
  }
}

/** What the program itself has not told. */
function noteFor(outcome: Outcome): string | undefined {
  switch (outcome.status) {
    case 'exit':
      return `The program ended itself with status ${outcome.exitCode}.`;
    case 'timeout':
      return 'Stopped: the program used up its time.';
    case 'cpu':
      return outcome.limit === 'hostCalls'
        ? 'Stopped: the program asked more of the page than it may.'
        : 'Stopped: the program used up its processor time.';
    case 'output':
      return 'Stopped: the program printed more than it may.';
    case 'trap':
      return `The interpreter broke down: ${outcome.message}`;
    default:
      return undefined;
  }
}
