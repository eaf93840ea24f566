/** The files that an editor has open, their texts, and which of them is shown. */
import type { CodeView, CodeViewOptions } from './code-view';
import type { Failure } from './failed-line';

export interface OpenFile {
  readonly path: string;
  /** What it is instead of text that can be edited: a sentence. */
  readonly description: string | undefined;
  readonly unsaved: boolean;
}

export class OpenFiles {
  #files: readonly OpenFile[] = [];
  #active = '';
  /** Until the view is there. */
  readonly #texts = new Map<string, string>();
  #failed: readonly [path: string, failure: Failure] | undefined;
  #view: CodeView | undefined;
  #readOnly = false;
  readonly #onUpdate: () => void;

  constructor(onUpdate: () => void) {
    this.#onUpdate = onUpdate;
  }

  get all(): readonly OpenFile[] {
    return this.#files;
  }

  get active(): OpenFile | undefined {
    return this.#files.find(({ path }) => path === this.#active);
  }

  get view(): CodeView | undefined {
    return this.#view;
  }

  /** Loads the view, which is no part of what a page needs to show a program. */
  async load(options: Omit<CodeViewOptions, 'onChange'>, onChange: (path: string) => void) {
    const { CodeView } = await import('./code-view');
    const view = new CodeView({
      ...options,
      onChange: (path) => {
        this.#set(path, { unsaved: true });
        onChange(path);
      },
    });
    view.readOnly = this.#readOnly;
    this.#view = view;
    for (const [path, text] of this.#texts) view.open(path, text);
    this.#texts.clear();
    view.show(this.#active);
    if (this.#failed !== undefined) view.fail(...this.#failed);
    this.#onUpdate();
  }

  set readOnly(value: boolean) {
    this.#readOnly = value;
    if (this.#view !== undefined) this.#view.readOnly = value;
  }

  open(path: string, text: string): void {
    if (this.#has(path)) return;
    if (this.#view === undefined) this.#texts.set(path, text);
    else this.#view.open(path, text);
    this.#add({ path, description: undefined, unsaved: false });
  }

  openDescribed(path: string, description: string): void {
    if (!this.#has(path)) this.#add({ path, description, unsaved: false });
  }

  show(path: string): void {
    if (!this.#has(path)) return;
    this.#active = path;
    this.#view?.show(path);
    this.#onUpdate();
  }

  close(path: string): void {
    const at = this.#files.findIndex((file) => file.path === path);
    if (at === -1) return;
    this.#files = this.#files.filter((file) => file.path !== path);
    this.#texts.delete(path);
    this.#view?.close(path);
    if (this.#active === path) {
      this.#active = '';
      const next = this.#files[Math.min(at, this.#files.length - 1)];
      if (next !== undefined) this.show(next.path);
    }
    this.#onUpdate();
  }

  rename(from: string, to: string): void {
    if (!this.#has(from)) return;
    this.close(to);
    const text = this.#texts.get(from);
    this.#texts.delete(from);
    if (text !== undefined) this.#texts.set(to, text);
    this.#view?.rename(from, to);
    this.#files = this.#files.map((file) => (file.path === from ? { ...file, path: to } : file));
    if (this.#active === from) this.#active = to;
    this.#onUpdate();
  }

  replace(path: string, text: string): void {
    if (this.#texts.has(path)) this.#texts.set(path, text);
    this.#view?.replace(path, text);
  }

  textOf(path: string): string | undefined {
    return this.#texts.get(path) ?? this.#view?.textOf(path);
  }

  /** Marks the line where a program failed, and no other one. */
  fail(path: string, failure: Failure): void {
    if (this.#view === undefined) this.#failed = [path, failure];
    else this.#view.fail(path, failure);
  }

  /** Takes the mark away. */
  forgive(): void {
    this.#failed = undefined;
    this.#view?.fail('', undefined);
  }

  setUnsaved(path: string, unsaved: boolean): void {
    this.#set(path, { unsaved });
  }

  #has(path: string): boolean {
    return this.#files.some((file) => file.path === path);
  }

  #add(file: OpenFile): void {
    this.#files = [...this.#files, file];
    if (this.#active === '') this.show(file.path);
    else this.#onUpdate();
  }

  #set(path: string, change: Partial<OpenFile>): void {
    const before = this.#files;
    this.#files = before.map((file) => (file.path === path ? { ...file, ...change } : file));
    this.#onUpdate();
  }
}
