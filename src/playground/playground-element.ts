/** `<glovebox-playground>`: the whole page. What is in it: files, editor, console, and slots for what shows more. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { GloveboxEditor } from '../editor/editor-element';
import { HOME } from '../editor/embedding';
import { icon } from '../editor/icons';
import type { SandboxOptions } from '../index';
import type { GaugesElement } from '../inspect/gauges-element';
import type { PythonSession } from '../repl/python-session';
import type { GloveboxTerminal } from '../repl/terminal-element';
import { buttonStyles, themeStyles } from '../theme/theme';
import type { Theme } from '../theme/theme-name';
import { renderBanner } from './banner';
import { Desk } from './desk';
import type { PlaygroundDialog } from './dialog-element';
import { EXAMPLES } from './examples';
import type { FilesRequest, PlaygroundFiles } from './files-element';
import { keyboardHelp } from './keyboard-help';
import type { MenuItem } from './menu-element';
import { playgroundStyles } from './playground-styles';
import { localStorageHere, type Settings, SettingsStore } from './settings';

type Disk = GaugesElement['disks'][number];

type Pane = 'files' | 'code' | 'side';

/** What may stand beside the console: elements that the page puts into the slots of these names. */
const SIDE_PARTS = { pictures: 'Pictures', inside: 'Inside' } as const;

type SlottedPart = keyof typeof SIDE_PARTS;
type SidePart = 'console' | SlottedPart;

const slottedParts = Object.keys(SIDE_PARTS) as SlottedPart[];

const NEXT_THEME = { auto: 'light', light: 'dark', dark: 'auto' } as const;

export class GloveboxPlayground extends LitElement {
  static override styles = [themeStyles, buttonStyles, playgroundStyles];

  static override properties = {
    theme: { reflect: true },
    guest: {},
  };

  declare theme: Theme;
  /** The folder of the interpreter's files. */
  declare guest: string;

  /** What programs find beside their files: to be set before `start`. */
  world: Pick<SandboxOptions, 'capabilities' | 'kinds'> = {};
  /** Called before each run of a file, which waits for it. */
  beforeRun: () => Promise<void> = () => Promise.resolve();

  readonly #settings = new SettingsStore(localStorageHere());
  #desk: Desk | undefined;
  #pane: Pane = 'code';
  #part: SidePart = 'console';
  #parts: readonly SlottedPart[] = [];
  #update: (() => void) | undefined;
  #kept = false;

  #editor: GloveboxEditor | undefined;
  #files: PlaygroundFiles | undefined;
  #terminal: GloveboxTerminal | undefined;
  #dialog: PlaygroundDialog | undefined;

  constructor() {
    super();
    this.theme = this.#settings.value.theme;
    this.guest = 'guest/';
  }

  /** What runs the programs of the open project: another one for each project, told by `glovebox-session`. */
  get session(): PythonSession | undefined {
    return this.#desk?.session;
  }

  /** What the open project takes of the browser's storage. */
  get disks(): readonly Disk[] {
    const project = this.#desk?.project;
    return project === undefined ? [] : [{ path: HOME, volume: project.volume }];
  }

  /** The text of the file that a guest calls so, as it is in the editor. */
  textAt(path: string): string | undefined {
    if (!path.startsWith(`${HOME}/`)) return undefined;
    return this.#editor?.textOf(path.slice(HOME.length + 1));
  }

  /** Lets the user see it, where there is room beside the editor. */
  reveal(part: SlottedPart): void {
    this.#showPart(part);
  }

  /** A newer version of the page is there; `use` loads it. */
  offerUpdate(use: () => void): void {
    this.#update = use;
    this.requestUpdate();
  }

  /** Everything is there without a network. */
  setKept(): void {
    this.#kept = true;
    this.requestUpdate();
  }

  /** Opens what the address or the last visit says, and starts Python. */
  async start(): Promise<void> {
    await this.updateComplete;
    const [editor, files, terminal, dialog] = [
      this.#editor,
      this.#files,
      this.#terminal,
      this.#dialog,
    ];
    if (editor === undefined || files === undefined) return;
    if (terminal === undefined || dialog === undefined) return;
    this.#desk = new Desk(this.#settings, {
      ...{ editor, files, dialog, terminal },
      guest: this.guest,
      world: this.world,
      beforeRun: () => this.beforeRun(),
      onUpdate: () => this.requestUpdate(),
      onSession: () => this.dispatchEvent(new Event('glovebox-session')),
      onFileShown: () => this.#showPane('code'),
    });
    await this.#desk.start(location.hash);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('theme')) document.documentElement.style.colorScheme = schemeOf(this.theme);
  }

  override render() {
    const { filesPx, consolePx, showFiles } = this.#settings.value;
    const desk = this.#desk;
    return html`
      ${this.#renderHeader()} ${this.#renderBanner()}
      <main
        data-pane=${this.#pane}
        .style=${`--files-width: ${filesPx}px; --side-width: ${consolePx}px`}
      >
        <playground-files
          ${ref((element) => this.#take('files', element))}
          ?hidden=${!showFiles && this.#pane !== 'files'}
          .project=${desk?.project}
          .shown=${this.#editor?.activePath ?? ''}
          .coming=${desk?.coming}
          @glovebox-files=${(event: CustomEvent<FilesRequest>) => void desk?.actions?.do(event.detail)}
        ></playground-files>
        <playground-splitter
          aria-label="Width of the files"
          ?hidden=${!showFiles}
          .value=${filesPx}
          .min=${140}
          .max=${420}
          @glovebox-resize=${(event: CustomEvent<number>) => this.#change({ filesPx: event.detail })}
        ></playground-splitter>
        <glovebox-editor
          ${ref((element) => this.#take('editor', element))}
          aria-label="Editor"
          .session=${desk?.session}
          managed
          @glovebox-change=${(event: CustomEvent<{ path: string }>) =>
            desk?.changed(event.detail.path)}
          @glovebox-run=${() => this.#showPane('side')}
          @glovebox-shown=${() => this.#onShown()}
        ></glovebox-editor>
        <playground-splitter
          behind
          aria-label="Width of the console"
          .value=${consolePx}
          .min=${240}
          .max=${900}
          @glovebox-resize=${(event: CustomEvent<number>) =>
            this.#change({ consolePx: event.detail })}
        ></playground-splitter>
        ${this.#renderSide()}
      </main>
      ${this.#renderFooter()} ${this.#renderPanes()}
      <playground-dialog
        ${ref((element) => this.#take('dialog', element))}
        .theme=${this.theme}
      ></playground-dialog>
    `;
  }

  #renderHeader() {
    const project = this.#desk?.project;
    return html`<header>
      <h1><img src="favicon.svg" alt="" /><span>Glovebox</span></h1>
      <playground-menu
        class="project"
        .label=${project?.title ?? 'Project'}
        .name=${`Project ${project?.title ?? ''}`}
        .items=${this.#projectItems()}
      ></playground-menu>
      <span class="space"></span>
      <playground-menu
        .label=${'Examples'}
        align="end"
        .items=${EXAMPLES.map(({ name, title, about }) => ({
          label: title,
          detail: about,
          action: () => void this.#desk?.openExample(name),
        }))}
      ></playground-menu>
      <button class="plain" aria-label="Share" title="Share by link" @click=${() => void this.#desk?.share()}>
        ${icon('share')}<span class="word">Share</span>
      </button>
      <button
        class="plain icon-only"
        aria-label="Theme: ${this.theme}"
        title="Theme: ${this.theme}"
        @click=${() => this.#nextTheme()}
      >
        ${icon(this.theme)}
      </button>
      <button
        class="plain icon-only"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
        @click=${() => void this.#dialog?.ask({ title: 'Keyboard shortcuts', list: keyboardHelp, choices: [] })}
      >
        ${icon('help')}
      </button>
    </header>`;
  }

  #projectItems(): MenuItem[] {
    const desk = this.#desk;
    const { showFiles, screenReader } = this.#settings.value;
    const isStored = desk?.project?.kind === 'stored';
    const entries = desk?.entries ?? [];
    return [
      ...entries.map((entry) => ({
        label: entry.title,
        checked: entry.id === desk?.project?.id,
        action: () => void desk?.switchTo(entry.id),
      })),
      { label: 'New project …', apart: entries.length > 0, action: () => void desk?.newProject() },
      { label: 'Rename …', disabled: !isStored, action: () => void desk?.renameProject() },
      {
        label: 'Download as zip',
        action: () => void desk?.actions?.do({ action: 'download', path: '', isFolder: true }),
      },
      { label: 'Delete …', disabled: !isStored, action: () => void desk?.deleteProject() },
      {
        label: 'Files panel',
        ...{ apart: true, checked: showFiles },
        action: () => this.#change({ showFiles: !showFiles }),
      },
      {
        label: 'Console for screen readers',
        checked: screenReader,
        action: () => this.#change({ screenReader: !screenReader }),
      },
    ];
  }

  #renderBanner() {
    const desk = this.#desk;
    return renderBanner({
      kind: desk?.project?.kind,
      unstored: desk?.unstored,
      update: this.#update,
      onRetry: () => void desk?.saveAll(),
      onDownload: (path) => desk?.downloadText(path),
      onUpdate: () => void this.#useUpdate(),
      onKeep: () => void desk?.keep(),
      onReopen: () => void desk?.switchTo(desk.project?.id ?? ''),
    });
  }

  #renderSide() {
    const tab = (part: SidePart, label: string) => html`<button
      role="tab"
      id="tab-${part}"
      aria-selected=${part === this.#part}
      aria-controls="part-${part}"
      tabindex=${part === this.#part ? 0 : -1}
      @click=${() => this.#showPart(part)}
      @keydown=${(event: KeyboardEvent) => this.#onPartKey(event)}
    >
      ${label}
    </button>`;
    return html`<section class="side" aria-label="Console">
      <div class="side-head">
        ${
          this.#parts.length === 0
            ? html`<h2>Console</h2>`
            : html`<div role="tablist" aria-label="Beside the editor">
              ${tab('console', 'Console')}
              ${this.#parts.map((part) => tab(part, SIDE_PARTS[part]))}
            </div>`
        }
        <button class="plain" @click=${() => this.#clear()}>Clear</button>
      </div>
      <div class="part console" id="part-console" ?hidden=${this.#part !== 'console'}>
        <glovebox-terminal
          ${ref((element) => this.#take('terminal', element))}
          .screenReader=${this.#settings.value.screenReader}
        ></glovebox-terminal>
        <slot name="help"></slot>
      </div>
      ${slottedParts.map(
        (part) => html`<div
          class="part"
          id="part-${part}"
          role="tabpanel"
          aria-labelledby="tab-${part}"
          ?hidden=${this.#part !== part}
        >
          <slot name=${part} @slotchange=${() => this.#onSlots()}></slot>
        </div>`,
      )}
    </section>`;
  }

  #renderFooter() {
    const project = this.#desk?.project;
    const sandbox = this.session?.sandbox;
    const where = {
      stored: 'Stored in this browser',
      'read-only': 'Read-only',
      shared: 'Not stored',
      unstored: 'Not stored',
    };
    return html`<footer>
      <span>${project === undefined ? '' : where[project.kind]}</span>
      ${this.#kept ? html`<span>Works offline</span>` : nothing}
      <span class="space"></span>
      ${this.#desk?.lastRun ? html`<span>Last run ${this.#desk.lastRun}</span>` : nothing}
      ${
        sandbox === undefined
          ? nothing
          : html`<span
            title="How the program waits for the page: ${
              sandbox.channel === 'shared'
                ? 'shared memory'
                : 'suspended by the browser, as this page is not cross-origin isolated'
            }"
            >Python 3.13 · ${sandbox.channel}</span
          >`
      }
    </footer>`;
  }

  #renderPanes() {
    const pane = (name: Pane, label: string, news = false) => html`<button
      aria-pressed=${this.#pane === name}
      class=${news ? 'news' : ''}
      @click=${() => this.#showPane(name)}
    >
      ${label}
    </button>`;
    return html`<nav class="panes" aria-label="Panes">
      ${pane('files', 'Files')}${pane('code', 'Code')}${pane('side', 'Console', this.#desk?.hasNews === true && this.#pane !== 'side')}
    </nav>`;
  }

  #take(name: 'files' | 'editor' | 'terminal' | 'dialog', element: Element | undefined): void {
    if (name === 'files') this.#files = element as PlaygroundFiles | undefined;
    else if (name === 'editor') this.#editor = element as GloveboxEditor | undefined;
    else if (name === 'terminal') this.#terminal = element as GloveboxTerminal | undefined;
    else this.#dialog = element as PlaygroundDialog | undefined;
  }

  #onShown(): void {
    this.#desk?.remember();
    this.requestUpdate();
  }

  #showPane(pane: Pane): void {
    this.#pane = pane;
    if (pane === 'side') this.#desk?.takeNews();
    this.requestUpdate();
  }

  #clear(): void {
    this.session?.clear();
    this.dispatchEvent(new Event('glovebox-clear'));
  }

  #showPart(part: SidePart): void {
    this.#part = part;
    this.requestUpdate();
  }

  #onPartKey(event: KeyboardEvent): void {
    const parts: readonly SidePart[] = ['console', ...this.#parts];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = parts.at((parts.indexOf(this.#part) + by) % parts.length) ?? 'console';
    this.#showPart(next);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus(),
    );
  }

  #onSlots(): void {
    const slots = [...this.renderRoot.querySelectorAll('slot')];
    const filled = new Set(
      slots.filter((slot) => slot.assignedElements().length > 0).map(({ name }) => name),
    );
    this.#parts = slottedParts.filter((part) => filled.has(part));
    if (this.#part !== 'console' && !filled.has(this.#part)) this.#part = 'console';
    this.requestUpdate();
  }

  #change(change: Partial<Settings>): void {
    this.#settings.change(change);
    this.requestUpdate();
  }

  #nextTheme(): void {
    this.theme = NEXT_THEME[this.theme];
    this.#settings.change({ theme: this.theme });
  }

  async #useUpdate(): Promise<void> {
    if (await this.#desk?.saveAll()) this.#update?.();
  }
}

function schemeOf(theme: Theme): string {
  return theme === 'auto' ? 'light dark' : theme;
}
