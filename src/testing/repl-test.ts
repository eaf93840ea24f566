/** For guest tests: the prompt of a real interpreter at a terminal that a test types at. */
import { expect } from 'vitest';
import type { Outcome } from '../controller/outcome';
import type { Sandbox } from '../controller/sandbox';
import type { RestoreOptions, SandboxOptions } from '../controller/sandbox-options';
import { type ReplEnd, ReplSession, type ReplState } from '../terminal/repl-session';
import { Terminal, type TerminalOptions } from '../terminal/terminal';
import { FakeScreen } from './fake-screen';
import { guestIt, type OpenedSandbox, pause } from './guest-test';

export const key = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  backspace: '\u007f',
  f1: '\u001bOP',
  f2: '\u001bOQ',
  f3: '\u001bOR',
  ctrl: (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 0x1f),
  pasted: (text: string): string => `\u001b[200~${text}\u001b[201~`,
} as const;

export class OpenedRepl {
  readonly screen: FakeScreen;
  readonly terminal: Terminal;
  readonly sandbox: Sandbox;
  readonly session: ReplSession;
  readonly end: Promise<ReplEnd>;
  readonly statements: (readonly [string, Outcome['status']])[] = [];
  readonly states: ReplState[] = [];

  constructor(screen: FakeScreen, terminal: Terminal, sandbox: Sandbox) {
    this.screen = screen;
    this.terminal = terminal;
    this.sandbox = sandbox;
    this.session = new ReplSession(sandbox, terminal, {
      banner: false,
      onStatement: (source, { status }) => this.statements.push([source, status]),
      onState: (state) => this.states.push(state),
    });
    this.end = this.session.run();
  }

  type(...keys: readonly string[]): void {
    for (const each of keys) this.terminal.type(each);
  }

  /** Waits for that. */
  async shows(text: string): Promise<void> {
    await this.until(() => this.screen.text.includes(text), text);
  }

  /** Waits until the last lines of the screen are these. */
  async endsWith(...lines: readonly string[]): Promise<void> {
    const text = lines.join('\n');
    await this.until(() => this.screen.text.trimEnd().endsWith(text), text);
  }

  /** Waits until the editor has all its keys and the prompt is there. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const until = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > until) expect(this.screen.text).toContain(what);
      await pause(2);
    }
  }

  /** Types a statement, and waits for the prompt after it. Gives what is between. */
  async answerTo(...lines: readonly string[]): Promise<string> {
    const count = this.statements.length;
    const before = this.screen.text.trimEnd();
    this.type(...lines.map((line) => `${line}\r`));
    await this.until(() => this.statements.length > count, `the end of ${lines.join('; ')}`);
    await this.until(() => this.session.state !== 'running', 'a prompt');
    await this.until(() => /(^|\n)>>> ?$/.test(this.screen.text.trimEnd()), '>>>');
    return this.screen.text
      .trimEnd()
      .slice(before.length)
      .replace(/\n>>>$/, '');
  }
}

interface ReplOptions extends Partial<SandboxOptions> {
  readonly screen?: FakeScreen;
  readonly terminalOptions?: TerminalOptions;
}

/** `guestIt` with prompts; colours are off unless a test asks for them. */
export const replIt = guestIt
  .extend('repl', ({ open }, { onCleanup }) => {
    const opened: OpenedRepl[] = [];
    onCleanup(() => {
      for (const { session } of opened) session.dispose();
    });
    return async ({
      screen = new FakeScreen(),
      terminalOptions,
      ...options
    }: ReplOptions = {}): Promise<OpenedRepl> => {
      const terminal = new Terminal(screen, terminalOptions);
      const env = { NO_COLOR: '1', ...options.env };
      const { sandbox } = await open({ ...terminal.attachment, ...options, env });
      const repl = new OpenedRepl(screen, terminal, sandbox);
      opened.push(repl);
      return repl;
    };
  })
  .extend('resumed', ({ restore }, { onCleanup }) => {
    const opened: OpenedRepl[] = [];
    onCleanup(() => {
      for (const { session } of opened) session.dispose();
    });
    return async (
      image: Parameters<typeof restore>[0],
      options: Partial<RestoreOptions> = {},
    ): Promise<OpenedRepl> => {
      const screen = new FakeScreen();
      const terminal = new Terminal(screen);
      const { sandbox }: OpenedSandbox = await restore(image, {
        ...terminal.attachment,
        ...options,
      });
      const repl = new OpenedRepl(screen, terminal, sandbox);
      opened.push(repl);
      return repl;
    };
  });
