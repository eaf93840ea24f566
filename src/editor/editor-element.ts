/**
 * `<glovebox-editor>`: programs, one tab each, and the buttons that run them. Alone on a page it brings its own
 * Python and console; a page that has those gives it its session.
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { LoadProgress, Outcome, Sandbox, SandboxOptions } from '../index';
import { runs } from '../repl/activity';
import { LIMIT_NAMES, type LimitAttributes } from '../repl/limit-attributes';
import type { PythonSession, RunOptions, RunReport } from '../repl/python-session';
import { buttonStyles, themeStyles } from '../theme/theme';
import type { Theme } from '../theme/theme-name';
import { renderBar } from './editor-bar';
import { editorStyles } from './editor-styles';
import { renderTabs } from './editor-tabs';
import { type Embedding, embed, fill, HOME } from './embedding';
import { OpenFiles } from './open-files';
import { usageText } from './usage-text';

export interface EditorEventMap {
  'glovebox-ready': CustomEvent<{ readonly sandbox: Sandbox }>;
  'glovebox-run': CustomEvent<{ readonly path: string }>;
  'glovebox-outcome': CustomEvent<{ readonly outcome: Outcome }>;
  'glovebox-change': CustomEvent<{ readonly path: string; readonly text: string }>;
}

/** Puts a file where the guest finds it. What it rejects with keeps the file unsaved; the run goes on all the same. */
export type SaveFile = (path: string, text: string) => Promise<void>;

const TEXT_ATTRIBUTES = [...(['src', 'files', 'guest'] as const), ...LIMIT_NAMES] as const;

export class GloveboxEditor extends LitElement implements LimitAttributes {
  static override styles = [themeStyles, buttonStyles, editorStyles];

  static override properties = {
    src: {},
    files: {},
    guest: {},
    wall: {},
    cpu: {},
    heap: {},
    output: {},
    steps: {},
    theme: { reflect: true },
    autorun: { type: Boolean },
    readonly: { type: Boolean, reflect: true },
    managed: { type: Boolean },
    session: { attribute: false },
    save: { attribute: false },
  };

  declare src: string | null;
  declare files: string | null;
  declare guest: string | null;
  declare wall: string | null;
  declare cpu: string | null;
  declare heap: string | null;
  declare output: string | null;
  declare steps: string | null;
  declare theme: Theme | null;
  declare autorun: boolean;
  declare readonly: boolean;
  /** Whether the page gives it files and a session; otherwise it has its own. */
  declare managed: boolean;
  declare session: PythonSession | undefined;
  declare save: SaveFile | undefined;
  /** Volumes, capabilities and variables for the element's own Python; to be set before it starts. */
  sandboxOptions: Pick<SandboxOptions, 'mounts' | 'capabilities' | 'kinds' | 'env'> = {};

  readonly #open = new OpenFiles(() => this.#onOpenFiles());
  #embedding: Embedding | undefined;
  #settled: Promise<void> = Promise.resolve();
  #listening: AbortController | undefined;
  #stepLimit: number | undefined;
  #progress: LoadProgress | undefined;
  #problem = '';
  #lastRun = '';
  /** Whose readiness has been told. */
  #announced: Sandbox | undefined;
  /** What was open and shown when it was told last. */
  #shown = '';

  constructor() {
    super();
    for (const name of TEXT_ATTRIBUTES) this[name] = null;
    this.theme = null;
    this.autorun = false;
    this.readonly = false;
    this.managed = false;
  }

  /** Of the file that is shown. */
  get value(): string {
    return this.#open.textOf(this.activePath) ?? '';
  }

  set value(text: string) {
    this.#open.replace(this.activePath, text);
    if (this.isConnected) this.#changed(this.activePath);
  }

  /** From `/home`. */
  get activePath(): string {
    return this.#open.active?.path ?? '';
  }

  get openPaths(): readonly string[] {
    return this.#open.all.map(({ path }) => path);
  }

  get unsavedPaths(): readonly string[] {
    return this.#open.all.filter(({ unsaved }) => unsaved).map(({ path }) => path);
  }

  get sandbox(): Sandbox | undefined {
    return this.session?.sandbox;
  }

  openFile(path: string, text: string): void {
    this.#open.open(path, text);
  }

  /** For what is not text, or too much of it: a sentence that says what it is. */
  openDescribed(path: string, description: string): void {
    this.#open.openDescribed(path, description);
  }

  showFile(path: string): void {
    this.#open.show(path);
  }

  closeFile(path: string): void {
    this.#open.close(path);
  }

  renameFile(from: string, to: string): void {
    this.#open.rename(from, to);
  }

  /** Puts another text in, as little of it new as possible: no change of the user's. */
  replaceText(path: string, text: string): void {
    this.#open.replace(path, text);
  }

  textOf(path: string): string | undefined {
    return this.#open.textOf(path);
  }

  setUnsaved(path: string, unsaved: boolean): void {
    this.#open.setUnsaved(path, unsaved);
  }

  goToLine(line: number): void {
    this.#open.view?.goToLine(line);
  }

  override focus(): void {
    this.#open.view?.focus();
  }

  /** How far the load of Python is. */
  showProgress(progress: LoadProgress): void {
    this.#progress = progress;
    this.requestUpdate();
  }

  /** Saves what is unsaved and runs the file that is shown. */
  async run(options: RunOptions = { steps: this.#stepLimit }): Promise<void> {
    await this.updateComplete;
    await this.#settled;
    const { session } = this;
    const path = this.activePath;
    const text = this.#open.textOf(path);
    if (session === undefined || text === undefined || runs(session.activity)) return;
    const shown = new CustomEvent('glovebox-run', {
      ...{ bubbles: true, composed: true, cancelable: true },
      detail: { path },
    });
    if (!this.dispatchEvent(shown)) return;
    this.#open.forgive();
    const isSaved = await this.#saveAll(path);
    const filename = `${HOME}/${path}`;
    try {
      if (isSaved) await session.runFile(filename, options);
      else await session.runSource(text, filename, options);
    } catch {
      // The session says why Python can't be started.
    }
  }

  /** The selected lines; nothing where none are. */
  async runSelection(): Promise<void> {
    const source = this.#open.view?.selectedLines ?? '';
    if (source === '') return;
    await this.session?.runSource(source, '<selection>', { steps: this.#stepLimit });
  }

  stop(): void {
    this.session?.stop();
  }

  async restart(): Promise<void> {
    await this.session?.restart();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.managed) this.toggleAttribute('embedded', true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moved elsewhere in the page it is connected again at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('readonly')) this.#open.readOnly = this.readonly;
    if (changed.has('session')) {
      this.#lastRun = '';
      this.#problem = '';
      this.#listen();
    }
  }

  protected override firstUpdated(): void {
    if (this.hasAttribute('embedded')) this.#settled = this.#embed();
    const parent = this.renderRoot.querySelector<HTMLElement>('.view');
    const root = this.shadowRoot;
    if (parent === null || root === null) return;
    const options = {
      ...{ parent, root },
      assist: async (...request: Parameters<PythonSession['assist']>) =>
        this.session?.assist(...request),
      onRun: () => void this.run(),
      onRunSelection: () => void this.runSelection(),
      onStop: () => this.stop(),
    };
    this.#open
      .load(options, (path) => this.#changed(path))
      .catch((error: unknown) => this.#fail(`The editor could not be loaded: ${messageOf(error)}`));
  }

  override render() {
    const active = this.#open.active;
    const text = this.#open.view === undefined ? (this.#open.textOf(this.activePath) ?? '') : '';
    const isDescribed = active?.description !== undefined;
    return html`
      ${this.#renderBar()} ${this.#problem === '' ? nothing : html`<p class="message" role="alert">${this.#problem}</p>`}
      ${this.#open.all.length > 1 || this.save !== undefined ? this.#renderTabs() : nothing}
      <div class="code" role="tabpanel" aria-label=${active?.path ?? 'No file'}>
        <div class="view" ?hidden=${isDescribed || active === undefined}></div>
        ${text === '' ? nothing : html`<pre class="unloaded">${text}</pre>`}
        ${
          isDescribed
            ? html`<div class="described">
              <strong>${active.path}</strong><span>${active.description}</span>
            </div>`
            : nothing
        }
        ${active === undefined ? html`<div class="described">No file is open.</div>` : nothing}
      </div>
      ${this.hasAttribute('embedded') ? html`<glovebox-terminal></glovebox-terminal>` : nothing}
    `;
  }

  #renderBar() {
    return renderBar({
      activity: this.session?.activity ?? 'idle',
      hasProgram: this.#open.active !== undefined,
      stepLimit: this.#stepLimit,
      progress: this.#progress,
      lastRun: this.#lastRun,
      onRun: () => void this.run(),
      onRunSelection: () => void this.runSelection(),
      onStop: () => this.stop(),
      onRestart: () => void this.restart(),
      onStepLimit: (steps) => {
        this.#stepLimit = steps;
        this.requestUpdate();
      },
    });
  }

  #renderTabs() {
    return renderTabs({
      files: this.#open.all,
      active: this.#open.active,
      onShow: (path) => this.showFile(path),
      onClose: (path) => void this.#close(path),
      onMoved: () => void this.#focusTab(),
    });
  }

  async #focusTab(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }

  /** What is not stored has to be stored first; who stores says whether that went well. */
  async #close(path: string): Promise<void> {
    if (this.unsavedPaths.includes(path) && !(await this.#saveOne(path))) return;
    this.#open.close(path);
  }

  #onOpenFiles(): void {
    this.requestUpdate();
    const shown = `${this.activePath}\0${this.openPaths.join('\0')}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.dispatchEvent(new Event('glovebox-shown'));
  }

  #changed(path: string): void {
    const detail = { path, text: this.#open.textOf(path) ?? '' };
    this.dispatchEvent(
      new CustomEvent('glovebox-change', { bubbles: true, composed: true, detail }),
    );
  }

  async #saveAll(path: string): Promise<boolean> {
    let isSaved = true;
    for (const unsaved of this.unsavedPaths) {
      const saved = await this.#saveOne(unsaved);
      if (unsaved === path) isSaved = saved;
    }
    return isSaved;
  }

  async #saveOne(path: string): Promise<boolean> {
    const text = this.#open.textOf(path) ?? '';
    try {
      if (this.save !== undefined) await this.save(path, text);
      else await this.#embedding?.files.write(path, text, { parents: true });
      if (this.#open.textOf(path) === text) this.#open.setUnsaved(path, false);
      return true;
    } catch {
      // Who saves says so to the user; the run goes on with what is written here.
      return false;
    }
  }

  async #embed(): Promise<void> {
    const view = this.renderRoot.querySelector('glovebox-terminal');
    if (view === null) return;
    try {
      const embedding = embed({
        guest: this.guest,
        view,
        limits: this,
        sandbox: this.sandboxOptions,
        onProgress: (progress) => this.showProgress(progress),
      });
      this.#embedding = embedding;
      this.session = embedding.session;
      for (const [path, text] of await fill(embedding, this)) {
        this.openFile(path, text);
      }
    } catch (error) {
      this.#fail(messageOf(error));
      return;
    }
    // Python is loaded when somebody means to use it, so that many editors on a page cost little.
    this.addEventListener('focusin', () => this.#startSoon(), { once: true });
    if (this.autorun) queueMicrotask(() => void this.run());
  }

  #startSoon(): void {
    this.session?.start().catch(() => undefined);
  }

  #listen(): void {
    this.#listening?.abort();
    const { session } = this;
    if (session === undefined) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    session.addEventListener('activity', () => this.#onActivity(session), { signal });
    session.addEventListener(
      'outcome',
      (event) => this.#onOutcome((event as CustomEvent<RunReport>).detail),
      { signal },
    );
  }

  #onActivity({ activity, sandbox }: PythonSession): void {
    if (activity === 'ready') this.#problem = '';
    if (activity === 'ready' && sandbox !== undefined && this.#announced !== sandbox) {
      this.#announced = sandbox;
      this.#tell('glovebox-ready', { sandbox });
    }
    this.requestUpdate();
  }

  #onOutcome({ outcome, filename }: RunReport): void {
    this.#lastRun = usageText(outcome);
    const error = 'error' in outcome ? outcome.error : undefined;
    if (error?.line !== undefined && filename.startsWith(`${HOME}/`)) {
      const message = error.message === '' ? error.type : `${error.type}: ${error.message}`;
      this.#open.fail(filename.slice(HOME.length + 1), { line: error.line, message });
    }
    this.#tell('glovebox-outcome', { outcome });
    this.requestUpdate();
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  #fail(problem: string): void {
    this.#problem = problem;
    this.requestUpdate();
  }

  #end(): void {
    this.#listening?.abort();
    this.#embedding?.session.close();
    this.#open.view?.destroy();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
