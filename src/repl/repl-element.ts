/** `<glovebox-repl>`: a prompt of Python in a page. */
import xtermStyle from '@xterm/xterm/css/xterm.css?inline';
import { html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import type { RestartOptions } from '../controller/sandbox-options';
import { Sandbox, type SandboxOptions } from '../index';
import { type ReplEnd, ReplSession, type ReplState } from '../terminal/repl-session';
import { type Attachment, Terminal } from '../terminal/terminal';
import { loadGuest } from './guests';
import { style } from './style';
import { colorProbes, themeIn } from './theme';
import type { XtermScreen } from './xterm-screen';

/** Makes a sandbox whose streams lead to a terminal: its options have the attachment's among them. */
export type OpenSandbox = (attachment: Attachment) => Promise<Sandbox>;

const MS_PER_S = 1000;
const MIB = 2 ** 20;

/** What is to be seen before the prompt, or in its place. */
type Status = { readonly loading: string } | { readonly failed: string } | undefined;

/** What there is while the element is in a page. */
interface Stage {
  readonly screen: XtermScreen;
  readonly terminal: Terminal;
  readonly sandbox: Sandbox;
}

/**
 * Attributes: `guest`, the folder of the interpreter's files (default `guest/`); `wall` and `cpu`, what one statement
 * may take, in seconds; `heap`, the most memory, in MiB; `screen-reader`.
 * Events, all of which bubble: `glovebox-ready`; `glovebox-outcome` with `{ source, outcome }` for each statement;
 * `glovebox-state` with `{ state }`; `glovebox-exit` with how it ended.
 */
export class GloveboxRepl extends LitElement {
  static override styles = [unsafeCSS(xtermStyle), style];
  static override properties = {
    guest: { type: String },
    wall: { type: Number },
    cpu: { type: Number },
    heap: { type: Number },
    screenReader: { type: Boolean, attribute: 'screen-reader' },
    status: { state: true },
  };

  declare guest: string;
  declare wall: number | undefined;
  declare cpu: number | undefined;
  declare heap: number | undefined;
  declare screenReader: boolean;
  declare private status: Status;

  /** More options for the sandbox that the element makes. Counts from the next start on. */
  options: Partial<SandboxOptions> = {};
  /** Makes the sandbox, in the place of the element; it is the page's then and outlives the element. */
  open: OpenSandbox | undefined;
  #stage: Stage | undefined;
  #session: ReplSession | undefined;
  /** Counts the starts: what belongs to an earlier one does not go on. */
  #start = 0;
  #isStarted = false;

  constructor() {
    super();
    this.guest = 'guest/';
    this.screenReader = false;
    this.status = { loading: 'Loading the terminal…' };
  }

  get sandbox(): Sandbox | undefined {
    return this.#stage?.sandbox;
  }

  get terminal(): Terminal | undefined {
    return this.#stage?.terminal;
  }

  get state(): ReplState {
    return this.#session?.state ?? 'idle';
  }

  /** All that is to be read in the terminal. */
  get text(): string {
    return this.#stage?.screen.text ?? '';
  }

  override focus(): void {
    this.#stage?.screen.focus();
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#session?.interrupt();
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
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.updateComplete.then(() => this.#begin());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // It may only be moved to another place.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('screenReader') && this.#stage !== undefined) {
      this.#stage.screen.screenReader = this.screenReader;
    }
  }

  protected override render(): TemplateResult {
    return html`
      ${colorProbes(() => this.#recolor())}
      <div class="screen" part="screen"></div>
      ${this.#renderStatus()}
    `;
  }

  #renderStatus(): TemplateResult | undefined {
    const { status } = this;
    if (status === undefined) return undefined;
    if ('loading' in status) {
      return html`<div class="status" role="status">
        <span>${status.loading}</span><progress aria-label=${status.loading}></progress>
      </div>`;
    }
    return html`<div class="status failed" role="alert">
      <span>${status.failed}</span>
      <button type="button" @click=${() => this.#begin()}>Try again</button>
    </div>`;
  }

  async #begin(): Promise<void> {
    const start = ++this.#start;
    const isCurrent = (): boolean => start === this.#start;
    try {
      this.status = { loading: 'Loading the terminal…' };
      const stage = await this.#prepare(isCurrent);
      if (stage === undefined) return;
      this.status = undefined;
      this.#tell('glovebox-ready', {});
      await this.#goOn(stage, isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      this.#close();
      this.status = { failed: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Nothing where the element was taken out of its page meanwhile. */
  async #prepare(isCurrent: () => boolean): Promise<Stage | undefined> {
    const { XtermScreen } = await import('./xterm-screen');
    const element = this.renderRoot.querySelector<HTMLElement>('.screen');
    if (!isCurrent() || element === null) return undefined;
    const { fontFamily, fontSize } = getComputedStyle(element);
    const screen = new XtermScreen(element, {
      theme: themeIn(this.renderRoot),
      fontFamily,
      fontSize: Number.parseFloat(fontSize),
      screenReader: this.screenReader,
      onKeys: (keys) => terminal.type(keys),
      onResize: () => terminal.resize(),
    });
    const terminal = new Terminal(screen);
    this.status = { loading: 'Loading Python…' };
    try {
      const sandbox = await (this.open ?? ((attachment) => this.#create(attachment)))(
        terminal.attachment,
      );
      if (isCurrent()) {
        this.#stage = { screen, terminal, sandbox };
        return this.#stage;
      }
      if (this.open === undefined) sandbox.dispose();
    } catch (error) {
      screen.dispose();
      throw error;
    }
    screen.dispose();
    return undefined;
  }

  async #create(attachment: Attachment): Promise<Sandbox> {
    const { wall, cpu, heap, options } = this;
    const limits = {
      ...(wall === undefined ? {} : { wallMs: wall * MS_PER_S }),
      ...(cpu === undefined ? {} : { cpuMs: cpu * MS_PER_S }),
      ...(heap === undefined ? {} : { heapBytes: heap * MIB }),
      ...options.limits,
    };
    const guest = options.guest ?? (await loadGuest(this.guest));
    return Sandbox.create({ ...options, ...attachment, guest, limits });
  }

  /** One prompt after another: after an end, the next is a key away. */
  async #goOn({ sandbox, terminal }: Stage, isCurrent: () => boolean): Promise<void> {
    while (isCurrent()) {
      const session = new ReplSession(sandbox, terminal, {
        onState: (state) => this.#tell('glovebox-state', { state }),
        onStatement: (source, outcome) => this.#tell('glovebox-outcome', { source, outcome }),
      });
      this.#session = session;
      const end = await session.run();
      session.dispose();
      if (!isCurrent()) return;
      this.#tell('glovebox-exit', end);
      if (end.reason !== 'exit') return;
      terminal.write(`${noteOf(end)}\n`);
      await enterAt(terminal);
      terminal.reset();
      if (isCurrent()) await sandbox.restart();
    }
  }

  #end(): void {
    this.#start++;
    this.#isStarted = false;
    this.#close();
    this.status = { loading: 'Loading the terminal…' };
  }

  #close(): void {
    this.#session?.dispose();
    this.#session = undefined;
    if (this.open === undefined) this.#stage?.sandbox.dispose();
    this.#stage?.screen.dispose();
    this.#stage = undefined;
  }

  #recolor(): void {
    if (this.#stage !== undefined) this.#stage.screen.theme = themeIn(this.renderRoot);
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function noteOf({ exitCode }: Extract<ReplEnd, { reason: 'exit' }>): string {
  const how = exitCode === 0 ? 'has ended' : `has ended with status ${exitCode}`;
  return `[Python ${how}; Enter starts it again]`;
}

function enterAt(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const nothing = (): void => undefined;
    terminal.holder = {
      onKeys: (keys) => {
        const at = keys.indexOf('\r');
        if (at < 0) return true;
        // What follows is for the prompt that comes.
        terminal.holder = undefined;
        terminal.giveBack(keys.slice(at + 1));
        resolve();
        return true;
      },
      ...{ onInterrupt: nothing, onReading: nothing, onOutput: nothing, onResize: nothing },
    };
  });
}
