/** `<glovebox-repl>`: a prompt of Python in a page. */
import { html, LitElement } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { RestartOptions, Sandbox, SandboxOptions } from '../index';
import type { ReplState } from '../terminal/repl-session';
import type { Terminal } from '../terminal/terminal';
import { themeStyles } from '../theme/theme';
import type { Theme } from '../theme/theme-name';
import { guestAt } from './guest-cache';
import { LIMIT_NAMES, type LimitAttributes, limitsOf } from './limit-attributes';
import { PythonSession, type RunReport } from './python-session';
import { replStyles } from './repl-styles';
import type { GloveboxTerminal } from './terminal-element';

/**
 * Attributes: `guest`, the folder of the interpreter's files; `wall`, `cpu`, `heap`, `output`, `steps`, what one
 * statement may take; `theme`; `screen-reader`.
 * Events, all of which bubble: `glovebox-ready`; `glovebox-outcome` with `{ source, outcome }` for each statement;
 * `glovebox-state` with `{ state }`; `glovebox-exit` with how the program at the prompt ended.
 */
export class GloveboxRepl extends LitElement implements LimitAttributes {
  static override styles = [themeStyles, replStyles];

  static override properties = {
    guest: {},
    wall: {},
    cpu: {},
    heap: {},
    output: {},
    steps: {},
    theme: { reflect: true },
    screenReader: { type: Boolean, attribute: 'screen-reader' },
  };

  declare guest: string | null;
  declare wall: string | null;
  declare cpu: string | null;
  declare heap: string | null;
  declare output: string | null;
  declare steps: string | null;
  declare theme: Theme | null;
  declare screenReader: boolean;

  /** More options for its sandbox; to be set before the element is in the page. */
  sandboxOptions: Pick<SandboxOptions, 'mounts' | 'capabilities' | 'kinds' | 'env' | 'limits'> = {};
  #view: GloveboxTerminal | undefined;
  #session: PythonSession | undefined;
  #state: ReplState = 'idle';

  constructor() {
    super();
    for (const name of [...LIMIT_NAMES, 'guest', 'theme'] as const) this[name] = null;
    this.screenReader = false;
  }

  get session(): PythonSession | undefined {
    return this.#session;
  }

  get sandbox(): Sandbox | undefined {
    return this.#session?.sandbox;
  }

  get terminal(): Terminal | undefined {
    return this.#session?.terminal;
  }

  get state(): ReplState {
    return this.#session?.promptState ?? 'idle';
  }

  /** All that is to be read in the terminal. */
  get text(): string {
    return this.#view?.text ?? '';
  }

  override focus(): void {
    this.#view?.focus();
  }

  /** As Ctrl-C does, and Stop in an editor: keeps the variables; again: ends the interpreter. */
  stop(): void {
    this.#session?.stop();
  }

  /** Another interpreter, or one that goes on from an image. Throws as `Sandbox.restart`. */
  async restart(options: RestartOptions = {}): Promise<void> {
    await this.#session?.restart(options);
  }

  /** Lends the terminal to a program that the task runs in the sandbox; the prompt is back afterwards. */
  suspended<T>(task: () => Promise<T>): Promise<T> {
    return this.#session?.suspended(task) ?? task();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#session === undefined && this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // It may only be moved to another place.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  protected override firstUpdated(): void {
    this.#begin();
  }

  protected override render() {
    return html`<glovebox-terminal
      ${ref((element) => {
        this.#view = element as GloveboxTerminal | undefined;
      })}
      .screenReader=${this.screenReader}
    ></glovebox-terminal>`;
  }

  #begin(): void {
    const view = this.#view;
    if (view === undefined) return;
    const { limits: given, ...options } = this.sandboxOptions;
    try {
      const limits = { ...limitsOf(this), ...given };
      this.#session = this.#follow(
        new PythonSession({
          view,
          loadGuest: () => guestAt(this.guest),
          sandbox: { ...options, limits },
        }),
      );
    } catch (error) {
      view.status = { failed: error instanceof Error ? error.message : String(error) };
      return;
    }
    // It says itself why Python can't be started.
    void this.#session.start().then(
      () => this.#tell('glovebox-ready', { sandbox: this.sandbox }),
      () => undefined,
    );
  }

  #follow(session: PythonSession): PythonSession {
    session.addEventListener('activity', () => {
      const { state } = this;
      if (state === this.#state) return;
      this.#state = state;
      this.#tell('glovebox-state', { state });
    });
    session.addEventListener('outcome', (event) => {
      const { source, outcome } = (event as CustomEvent<RunReport>).detail;
      this.#tell('glovebox-outcome', { source, outcome });
    });
    session.addEventListener('exit', (event) =>
      this.#tell('glovebox-exit', (event as CustomEvent<unknown>).detail),
    );
    return session;
  }

  #end(): void {
    this.#session?.close();
    this.#session = undefined;
    this.#state = 'idle';
    this.#view?.close();
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
