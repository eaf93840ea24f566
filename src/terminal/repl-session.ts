/**
 * The interactive prompt of a sandbox at a terminal. While the user edits, the guest is at rest: keys are given to its
 * line editor in turns of their own, and what else there is to be done, by the page or by the program, takes place in
 * between. A statement is one run.
 */
import type { Limits } from '../controller/limits';
import type { Outcome } from '../controller/outcome';
import type { PromptAnswer, PromptKeys, Statement } from '../controller/prompt';
import type { Sandbox } from '../controller/sandbox';
import type { RestartOptions } from '../controller/sandbox-options';
import { BusyError, DisposedError, EndedError } from '../errors';
import { noteFor } from './outcome-note';
import { Patience } from './patience';
import type { Terminal } from './terminal';

/** `idle`: before and after all, and while the terminal is lent; `reading`: what runs waits for input. */
export type ReplState = 'idle' | 'editing' | 'running' | 'reading';

export interface ReplOptions {
  /** What comes first: what Python says at its start, or nothing. Default true. */
  readonly banner?: boolean | undefined;
  readonly onState?: ((state: ReplState) => void) | undefined;
  /** A statement has run; `exit`, `help` and the like are none. */
  readonly onStatement?: ((source: string, outcome: Outcome) => void) | undefined;
}

/** How it ended: by `exit` or Ctrl-D, because the sandbox may do nothing any more, or by `dispose`. */
export type ReplEnd =
  | { readonly reason: 'exit'; readonly exitCode: number }
  | { readonly reason: 'spent'; readonly outcome: Outcome }
  | { readonly reason: 'disposed' };

type Finished =
  | Exclude<PromptAnswer, { kind: 'editing' }>
  | { readonly kind: 'spent'; readonly outcome: Outcome };

/** How often the editor may fail before the interpreter is taken for broken. */
const MAX_FAILURES = 3;

const LOST = 'Python was ended, and is started anew: variables are gone, files are kept';

/** What comes before the output of a program that is not typed at the prompt: grey. */
const titled = (title: string): string => `\u001b[90m▶ ${title}\u001b[39m\n`;

const INTERRUPT = '\u0003';

export class ReplSession {
  readonly #sandbox: Sandbox;
  readonly #terminal: Terminal;
  readonly #options: ReplOptions;
  readonly #patience: Patience;
  #state: ReplState = 'idle';
  #disposed = false;
  #restarting: Promise<void> | undefined;
  /** How many tasks the terminal is lent to. */
  #lent = 0;
  /** Keys that the editor has not been given yet. */
  #keys = '';
  /** What the editor is given them by, while it is. */
  #feeding: Promise<void> | undefined;
  #feedAgain = false;
  #failures = 0;
  /** Where the cursor is in what the prompt takes of the screen; nothing: it is not there. */
  #row: number | undefined;
  /** Whether that was drawn for a terminal of another size. */
  #isOutdated = false;
  /** Something else may have been printed in its place: that is to stay readable. */
  #wasHidden = false;
  #banner: boolean;
  #finishEditing: ((answer: Finished | Error) => void) | undefined;

  constructor(sandbox: Sandbox, terminal: Terminal, options: ReplOptions = {}) {
    this.#sandbox = sandbox;
    this.#terminal = terminal;
    this.#options = options;
    this.#banner = options.banner ?? true;
    this.#patience = new Patience(sandbox);
    terminal.holder = {
      onKeys: (keys) => this.#onKeys(keys),
      onInterrupt: () => this.interrupt(),
      onReading: (isReading) => this.#onReading(isReading),
      onOutput: () => this.#onOutput(),
      onResize: () => this.#onResize(),
    };
  }

  get state(): ReplState {
    return this.#state;
  }

  /** Shows the prompt, and goes on until that ends. What a page did wrong rejects. */
  async run(): Promise<ReplEnd> {
    try {
      while (!this.#disposed) {
        const end = await this.#once();
        if (end !== undefined) return end;
      }
    } catch (error) {
      if (!this.#disposed && !(error instanceof DisposedError)) throw error;
    } finally {
      this.#setState('idle');
    }
    return { reason: 'disposed' };
  }

  /** As Ctrl-C does: stops what runs, and keeps its state; insisting ends the interpreter. */
  interrupt(): void {
    this.#patience.interrupt(this.#state === 'running');
  }

  /**
   * Takes the prompt off the screen, so that the terminal is for a program that the task runs in the sandbox; draws it
   * again afterwards, with what was typed so far.
   */
  async suspended<T>(task: () => Promise<T>): Promise<T> {
    this.#lent++;
    try {
      await this.#feeding;
      this.#hide();
      if (this.#finishEditing !== undefined) this.#setState('running');
      return await task();
    } finally {
      this.#lent--;
      if (this.#lent === 0 && this.#finishEditing !== undefined) {
        this.#setState('editing');
        this.#keys = this.#terminal.takeTyped() + this.#keys;
        this.#feed();
      }
    }
  }

  /**
   * The same for one program, whose end is followed as that of a statement. `title`: what it is called on the screen;
   * `limits`: its own, where it has others. Where the task rejects, the user is told.
   */
  async perform(
    title: string,
    task: () => Promise<Outcome | undefined>,
    limits: Limits = this.#sandbox.limits,
  ): Promise<void> {
    await this.suspended(async () => {
      await this.#terminal.write(titled(title));
      this.#patience.begin();
      try {
        const outcome = await task();
        if (outcome === undefined) return;
        const end = await this.#follow(outcome, limits);
        if (end !== undefined) this.#finishEditing?.({ kind: 'spent', outcome });
      } catch (error) {
        if (this.#disposed) return;
        if (isEnded(error)) await this.#revive(LOST);
        else await this.#note(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /**
   * Another interpreter in the place of this one, or one that goes on from an image. `note`: what the user is told of
   * it. Throws as `Sandbox.restart`.
   */
  async restart({
    note,
    ...options
  }: RestartOptions & { note?: string | undefined } = {}): Promise<void> {
    this.#restarting ??= this.#replace(options)
      .then(() => this.#note(note))
      .finally(() => {
        this.#restarting = undefined;
      });
    await this.#restarting;
    if (this.#finishEditing !== undefined) this.#feed();
  }

  /** Empties the screen; the prompt is drawn again at its top. */
  async clear(): Promise<void> {
    await this.#feeding;
    this.#terminal.clear();
    this.#row = undefined;
    if (this.#finishEditing !== undefined) this.#feed();
  }

  /** Lets go of the terminal. The sandbox is the caller's and stays. */
  dispose(): void {
    this.#disposed = true;
    this.#hide();
    this.#terminal.holder = undefined;
    this.#finishEditing?.(new DisposedError());
  }

  async #replace(options: RestartOptions): Promise<void> {
    // It was meant for the one before.
    this.#keys = '';
    this.#terminal.forgetTyped();
    await this.#sandbox.restart(options);
    this.#hide();
    this.#terminal.reset();
  }

  /** Edits a statement and runs it. Gives an end, if that was one. */
  async #once(): Promise<ReplEnd | undefined> {
    const answer = await this.#edit();
    this.#row = undefined;
    if (answer.kind === 'spent') return { reason: 'spent', outcome: answer.outcome };
    this.#terminal.giveBack(answer.rest + this.#keys);
    this.#keys = '';
    if (answer.kind === 'end') return { reason: 'exit', exitCode: 0 };
    const outcome = await this.#execute(answer.statement);
    if (outcome === undefined) return undefined;
    if (!answer.statement.isCommand) {
      this.#options.onStatement?.(answer.statement.source, outcome);
    }
    if (outcome.status === 'exit') return { reason: 'exit', exitCode: outcome.exitCode };
    return this.#follow(outcome);
  }

  #edit(): Promise<Finished> {
    return new Promise<Finished>((resolve, reject) => {
      this.#finishEditing = (answer) => {
        this.#finishEditing = undefined;
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      };
      if (this.#disposed) return this.#finishEditing(new DisposedError());
      if (this.#lent > 0) return;
      this.#setState('editing');
      this.#keys = this.#terminal.takeTyped() + this.#keys;
      this.#feed();
    });
  }

  /** Nothing: the guest was ended before it could begin. */
  async #execute(statement: Statement): Promise<Outcome | undefined> {
    this.#setState('running');
    this.#patience.begin();
    try {
      return await this.#sandbox.prompt.run(statement);
    } catch (error) {
      if (!isEnded(error)) throw error;
      await this.#revive(LOST);
      return undefined;
    }
  }

  /** After something that ended one way or another: tells the user, and sees to it that there is an interpreter. */
  async #follow(
    outcome: Outcome,
    limits: Limits = this.#sandbox.limits,
  ): Promise<ReplEnd | undefined> {
    // Interrupted before it could say so.
    if (outcome.status === 'interrupted' && outcome.error.traceback === '') {
      await this.#terminal.write('KeyboardInterrupt\n');
    }
    const note = noteOf(outcome, limits);
    if ('scope' in outcome && outcome.scope === 'lifetime') {
      await this.#note(note);
      return { reason: 'spent', outcome };
    }
    if (!outcome.alive) await this.#revive(note);
    else await this.#note(note);
    return undefined;
  }

  /** Waits for the interpreter that somebody has asked for, or starts one. */
  async #revive(note: string | undefined): Promise<void> {
    if (this.#restarting !== undefined) return this.#restarting;
    await this.#note(note);
    if (!this.#sandbox.alive) await this.#replace({});
  }

  async #note(text: string | undefined): Promise<void> {
    if (text === undefined) return;
    await this.#terminal.write(`${this.#terminal.isAtLineStart ? '' : '\n'}[${text}]\n`);
  }

  // --- editing ---

  /** Gives the editor the keys that there are, and shows the prompt if it is not there. */
  #feed(): void {
    this.#feedAgain = true;
    this.#feeding ??= this.#feedAll()
      .catch((error: unknown) => {
        this.#finishEditing?.(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        this.#feeding = undefined;
      });
  }

  async #feedAll(): Promise<void> {
    while (this.#finishEditing !== undefined && this.#lent === 0) {
      if (this.#isOutdated) this.#hide();
      this.#isOutdated = false;
      if (!this.#feedAgain && this.#keys === '') return;
      this.#feedAgain = false;
      await this.#feedOnce();
    }
  }

  async #feedOnce(): Promise<void> {
    this.#patience.begin();
    try {
      const { outcome, answer } = await this.#sandbox.prompt.type(() => this.#takeKeys());
      if (answer?.kind === 'editing') this.#row = answer.row;
      else if (answer !== undefined) this.#finishEditing?.(answer);
      else await this.#onFailure(outcome);
      if (answer !== undefined) this.#failures = 0;
    } catch (error) {
      if (!isEnded(error)) throw error;
      this.#hide();
      await this.#revive(LOST);
      this.#feedAgain = true;
    }
  }

  #takeKeys(): PromptKeys {
    const { columns, rows } = this.#terminal;
    const [keys, banner, redraw] = [this.#keys, this.#banner, this.#row === undefined];
    this.#keys = '';
    this.#banner = false;
    if (redraw && !this.#terminal.isAtLineStart && this.#wasHidden) this.#terminal.write('\n');
    this.#wasHidden = false;
    return { keys, banner, redraw, columns, rows };
  }

  /** The editor did not end well: a program broke it, a limit stopped it, or it was interrupted at a bad moment. */
  async #onFailure(outcome: Outcome): Promise<void> {
    this.#row = undefined;
    this.#feedAgain = true;
    const end = await this.#follow(outcome);
    if (end !== undefined) return this.#finishEditing?.({ kind: 'spent', outcome });
    if (++this.#failures < MAX_FAILURES) return;
    this.#failures = 0;
    await this.restart({ note: 'The prompt was broken: Python has been started anew' });
  }

  /** Takes the prompt off the screen, until it is fed again. */
  #hide(): void {
    if (this.#row === undefined) return;
    this.#terminal.eraseFrom(this.#row);
    this.#row = undefined;
    this.#wasHidden = true;
  }

  // --- what happens at the terminal ---

  #onKeys(keys: string): boolean {
    if (this.#state !== 'editing' || this.#lent > 0) return false;
    this.#keys += keys;
    if (keys.includes(INTERRUPT)) {
      // A completion may take for ever, or what the program does in between.
      this.#patience.interruptLate(this.#feeding, () => {
        this.#keys = this.#keys.replace(INTERRUPT, '');
      });
    }
    this.#feed();
    return true;
  }

  #onReading(isReading: boolean): void {
    if (this.#finishEditing !== undefined && this.#lent === 0) {
      // What the program does in between asks for something: it gets the keys meanwhile.
      if (isReading) this.#hide();
      this.#setState(isReading ? 'reading' : 'editing');
      if (!isReading) this.#feed();
      return;
    }
    if (this.#state === 'idle') return;
    this.#setState(isReading ? 'reading' : 'running');
    this.#patience.begin();
  }

  #onOutput(): void {
    if (this.#sandbox.prompt.typing || this.#row === undefined) return;
    this.#hide();
    if (this.#finishEditing !== undefined) this.#feed();
  }

  #onResize(): void {
    // What the editor draws just now, it draws for another size.
    this.#isOutdated = true;
    this.#feed();
  }

  #setState(state: ReplState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }
}

/** In one line. Nothing where Python has said it already. */
function noteOf(outcome: Outcome, limits: Limits): string | undefined {
  const note = noteFor(outcome, limits);
  if (note === undefined || (note.kind === 'stopped' && outcome.alive)) return undefined;
  const { title, text } = note;
  return `${title}. ${text}${outcome.alive ? '' : ' It is started anew; files are kept.'}`;
}

/** There is no interpreter, or not yet. */
function isEnded(error: unknown): boolean {
  return error instanceof EndedError || error instanceof BusyError;
}
