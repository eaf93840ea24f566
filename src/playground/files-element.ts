/** `<playground-files>`: the tree of a project's files. Only the rows that are seen are elements. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../editor/icons';
import { buttonStyles, themeStyles } from '../theme/theme';
import { sizeText } from './file-content';
import { FileTree, type Row } from './file-tree';
import { filesStyles } from './files-styles';
import type { IncomingProgress } from './incoming-files';
import type { Project } from './project';

/** What a user asks for; who listens does it. `path`: a file or folder, or the folder that something goes to. */
export type FilesAction =
  | 'open'
  | 'new-file'
  | 'new-folder'
  | 'rename'
  | 'delete'
  | 'download'
  | 'upload';

export interface FilesRequest {
  readonly action: FilesAction;
  readonly path: string;
  readonly isFolder: boolean;
  /** With `upload`, where something was dropped. */
  readonly transfer?: DataTransfer;
}

const ROW_PX = 26;
const TOUCH_ROW_PX = 40;
/** Rows beyond the edges that are there before they are seen. */
const MARGIN_ROWS = 8;

export class PlaygroundFiles extends LitElement {
  static override styles = [themeStyles, buttonStyles, filesStyles];

  static override properties = {
    project: { attribute: false },
    /** The file that the editor shows. */
    shown: {},
    coming: { attribute: false },
    theme: { reflect: true },
  };

  declare project: Project | undefined;
  declare shown: string;
  declare coming: IncomingProgress | undefined;
  declare theme: string | null;

  #tree: FileTree | undefined;
  #selected = '';
  #top = 0;
  #height = 600;
  readonly #rowPx = matchMedia('(pointer: coarse)').matches ? TOUCH_ROW_PX : ROW_PX;

  constructor() {
    super();
    this.shown = '';
    this.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.classList.add('over');
    });
    this.addEventListener('dragleave', () => this.classList.remove('over'));
    this.addEventListener('drop', (event) => this.#onDrop(event));
  }

  /** Selects a path and has it in sight. */
  async reveal(path: string): Promise<void> {
    await this.#tree?.refresh();
    await this.#tree?.reveal(path);
    this.#select(path);
  }

  async refresh(): Promise<void> {
    await this.#tree?.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#tree?.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.#selected = this.shown;
    if (!changed.has('project')) return;
    this.#tree?.close();
    this.#tree = undefined;
    if (this.project === undefined) return;
    this.#tree = new FileTree(this.project.files, () => this.requestUpdate());
    void this.#tree.load();
  }

  protected override firstUpdated(): void {
    const tree = this.renderRoot.querySelector('.tree');
    if (tree === null) return;
    new ResizeObserver(() => {
      this.#height = tree.clientHeight;
      this.requestUpdate();
    }).observe(tree);
  }

  override render() {
    const rows = this.#tree?.rows ?? [];
    const readOnly = this.project?.volume.readOnly ?? true;
    const selected = this.#row(this.#selected);
    return html`<div class="head">
        <h2 id="files-title">Files</h2>
        ${this.#button('new-file', 'New file', readOnly)}
        ${this.#button('new-folder', 'New folder', readOnly)}
        ${this.#button('upload', 'Upload files', readOnly)}
      </div>
      ${this.#renderTree(rows)}
      ${this.coming === undefined ? nothing : this.#renderComing(this.coming)}
      <div class="actions" role="group" aria-label="Selected file">
        ${this.#button('rename', 'Rename (F2)', readOnly || selected === undefined)}
        ${this.#button('delete', 'Delete (Del)', readOnly || selected === undefined)}
        ${this.#button(
          'download',
          selected === undefined ? 'Download the project as zip' : `Download ${selected.name}`,
          false,
        )}
      </div>`;
  }

  #button(action: Exclude<FilesAction, 'open'>, name: string, disabled: boolean) {
    return html`<button
      class="plain"
      aria-label=${name}
      title=${name}
      ?disabled=${disabled}
      @click=${() => this.#ask(action)}
    >
      ${icon(action)}
    </button>`;
  }

  #renderTree(rows: readonly Row[]) {
    const first = Math.max(0, Math.floor(this.#top / this.#rowPx) - MARGIN_ROWS);
    const count = Math.ceil(this.#height / this.#rowPx) + 2 * MARGIN_ROWS;
    const visible = rows.slice(first, first + count);
    // The one that has the keyboard stays, wherever one scrolls.
    const at = rows.findIndex(({ path }) => path === this.#selected);
    const kept = rows[at];
    const isOutside = at !== -1 && (at < first || at >= first + count);
    const shown = kept !== undefined && isOutside ? [...visible, kept] : visible;
    const index = new Map(
      shown.map((row) => [row.path, rows.indexOf(row, row === kept ? at : first)]),
    );
    return html`<div
      class="tree"
      role="tree"
      aria-labelledby="files-title"
      tabindex=${at === -1 ? 0 : -1}
      @scroll=${(event: Event) => this.#onScroll(event)}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, rows)}
      @click=${(event: MouseEvent) => this.#onBackground(event)}
    >
      ${
        rows.length === 0
          ? html`<p class="empty" role="treeitem" aria-level="1">
            No files. Drop some here, or make one.
          </p>`
          : nothing
      }
      <div role="none" .style=${`height: ${rows.length * this.#rowPx}px`}></div>
      ${repeat(
        shown,
        ({ path }) => path,
        (row) => this.#renderRow(row, index.get(row.path) ?? 0),
      )}
    </div>`;
  }

  #renderRow(row: Row, index: number) {
    const { path, name, isFolder, unfolded, depth, size } = row;
    const selected = path === this.#selected;
    return html`<div
      class="row ${path === this.shown ? 'shown' : ''}"
      role="treeitem"
      data-path=${path}
      aria-level=${depth + 1}
      aria-setsize=${row.siblings}
      aria-posinset=${row.position}
      aria-selected=${selected}
      aria-expanded=${isFolder ? unfolded : nothing}
      tabindex=${selected ? 0 : -1}
      title=${path}
      .style=${`top: ${index * this.#rowPx}px; padding-left: ${0.5 + depth * 0.875}rem`}
      @click=${() => this.#onClick(row)}
    >
      <span class="fold ${unfolded ? 'unfolded' : ''}">${isFolder ? icon('down') : nothing}</span>
      ${icon(isFolder ? 'folder' : 'file')}
      <span class="name">${name}</span>
      ${isFolder ? nothing : html`<span class="size">${sizeText(size)}</span>`}
    </div>`;
  }

  #renderComing({ name, doneBytes, totalBytes }: IncomingProgress) {
    return html`<div class="coming">
      <span>${name}</span>
      <progress aria-label="Bringing files in" max=${totalBytes} .value=${doneBytes}></progress>
    </div>`;
  }

  #row(path: string): Row | undefined {
    return this.#tree?.rows.find((row) => row.path === path);
  }

  #onScroll(event: Event): void {
    this.#top = (event.currentTarget as HTMLElement).scrollTop;
    this.requestUpdate();
  }

  #onClick(row: Row): void {
    this.#select(row.path);
    if (row.isFolder) this.#toggle(row);
    else this.#ask('open');
  }

  /** A click beside the rows selects nothing: what is made then goes to the root. */
  #onBackground({ target }: MouseEvent): void {
    if (target instanceof Element && target.closest('.row') === null) this.#select('');
  }

  #toggle({ path, unfolded }: Row): void {
    if (unfolded) this.#tree?.fold(path);
    else void this.#tree?.unfold(path);
  }

  #onKey(event: KeyboardEvent, rows: readonly Row[]): void {
    const at = rows.findIndex(({ path }) => path === this.#selected);
    const row = rows[at];
    const page = Math.max(1, Math.floor(this.#height / this.#rowPx) - 1);
    const to = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    if (to !== undefined) this.#selectAt(rows, Math.max(0, at + to));
    else if (event.key === 'Home') this.#selectAt(rows, 0);
    else if (event.key === 'End') this.#selectAt(rows, rows.length - 1);
    else if (row === undefined) return;
    else if (event.key === 'ArrowRight' && row.isFolder && !row.unfolded) this.#toggle(row);
    else if (event.key === 'ArrowRight' && row.isFolder) this.#selectAt(rows, at + 1);
    else if (event.key === 'ArrowLeft' && row.unfolded) this.#toggle(row);
    else if (event.key === 'ArrowLeft') this.#select(folderOf(row.path));
    else if (event.key === 'Enter' || event.key === ' ') this.#onClick(row);
    else if (event.key === 'F2') this.#ask('rename');
    else if (event.key === 'Delete') this.#ask('delete');
    else return;
    event.preventDefault();
  }

  #selectAt(rows: readonly Row[], at: number): void {
    const row = rows[Math.min(at, rows.length - 1)];
    if (row === undefined) return;
    this.#select(row.path);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('.row[aria-selected=true]')?.focus(),
    );
  }

  #select(path: string): void {
    this.#selected = path;
    const at = this.#tree?.rows.findIndex((row) => row.path === path) ?? -1;
    const tree = this.renderRoot.querySelector('.tree');
    if (at !== -1 && tree !== null) {
      const [top, bottom] = [at * this.#rowPx, (at + 1) * this.#rowPx];
      if (top < tree.scrollTop) tree.scrollTop = top;
      else if (bottom > tree.scrollTop + this.#height) tree.scrollTop = bottom - this.#height;
    }
    this.requestUpdate();
  }

  #onDrop(event: DragEvent): void {
    event.preventDefault();
    this.classList.remove('over');
    if (event.dataTransfer === null) return;
    const target = event
      .composedPath()
      .find((part) => part instanceof HTMLElement && part.dataset.path);
    const row = this.#row((target as HTMLElement | undefined)?.dataset.path ?? '');
    const path = row === undefined || row.isFolder ? (row?.path ?? '') : folderOf(row.path);
    this.#request({ action: 'upload', path, isFolder: true, transfer: event.dataTransfer });
  }

  #ask(action: FilesAction): void {
    const row = this.#row(this.#selected);
    const isNew = action === 'new-file' || action === 'new-folder' || action === 'upload';
    const path =
      row === undefined || row.isFolder || !isNew ? (row?.path ?? '') : folderOf(row.path);
    this.#request({ action, path, isFolder: row?.isFolder ?? true });
  }

  #request(detail: FilesRequest): void {
    this.dispatchEvent(new CustomEvent<FilesRequest>('glovebox-files', { detail }));
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
