/** A project in the editor: what is open is stored as it is written, and shows what the program makes of it. */
import type { GloveboxEditor } from '../editor/editor-element';
import { FileError, type VolumeChange } from '../index';
import { contentOf, HISTORY } from './file-content';
import type { Project } from './project';
import type { ProjectState } from './settings';

export interface WorkspaceHandlers {
  /** The browser or the project does not take it. */
  onUnstored(path: string, error: unknown): void;
  /** What could not be stored before has been. */
  onStored(): void;
  /** Whether what the program wrote is to take the place of what the user wrote. */
  onConflict(path: string): Promise<boolean>;
}

/** So long after the last key a file is stored. */
const SAVE_DELAY_MS = 600;

export class Workspace {
  #project: Project;
  readonly #editor: GloveboxEditor;
  readonly #handlers: WorkspaceHandlers;
  readonly #stopWatching: () => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** What each file held when it was stored or read last. */
  readonly #stored = new Map<string, string>();
  readonly #conflicts = new Set<string>();
  #hasChanged = false;
  /** Programs that have changed since the last run. */
  #changedPrograms = new Set<string>();

  constructor(project: Project, editor: GloveboxEditor, handlers: WorkspaceHandlers) {
    this.#project = project;
    this.#editor = editor;
    this.#handlers = handlers;
    this.#stopWatching = project.files.watch('', (changes) => void this.#onChanges(changes));
    editor.readonly = project.volume.readOnly;
    editor.save = (path, text) => this.#save(path, text);
  }

  get project(): Project {
    return this.#project;
  }

  /** Whether anything in it has changed since it was opened. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  get state(): ProjectState {
    return { open: this.#editor.openPaths, active: this.#editor.activePath };
  }

  /** Opens what was open, as far as it is still there; otherwise a program, if there is one. */
  async resume(state: ProjectState | undefined): Promise<void> {
    for (const path of state?.open ?? []) {
      if (await this.#isFile(path)) await this.open(path);
    }
    if (this.#editor.openPaths.length === 0) {
      const files = await this.project.files.list();
      const programs = files.filter(({ kind, name }) => kind === 'file' && name.endsWith('.py'));
      const main = programs.find(({ name }) => name === 'main.py') ?? programs[0];
      if (main !== undefined) await this.open(main.name);
    }
    if (state !== undefined) this.#editor.showFile(state.active);
  }

  /** Rejects with `FileError`. */
  async open(path: string): Promise<void> {
    const content = await contentOf(this.project.files, path);
    if (content.kind === 'described') this.#editor.openDescribed(path, content.description);
    else {
      this.#stored.set(path, content.text);
      this.#editor.openFile(path, content.text);
    }
    this.#editor.showFile(path);
  }

  /** The user has written something. */
  changed(path: string): void {
    clearTimeout(this.#timers.get(path));
    this.#timers.set(
      path,
      setTimeout(() => void this.#saveOpen(path), SAVE_DELAY_MS),
    );
  }

  /** Whether all is stored now. */
  async saveAll(): Promise<boolean> {
    await Promise.all(this.#editor.unsavedPaths.map((path) => this.#saveOpen(path)));
    return this.#editor.unsavedPaths.length === 0;
  }

  /** Whether what the file imports may have to be imported anew; asking forgets it. */
  takeModulesChanged(path: string): boolean {
    const changed = this.#changedPrograms;
    changed.delete(path);
    this.#changedPrograms = new Set();
    return changed.size > 0;
  }

  /** Closes what is open at or below a path, which is gone. */
  forget(path: string): void {
    for (const open of this.#editor.openPaths) {
      if (isWithin(open, path)) this.#editor.closeFile(open);
    }
  }

  /** What was at a path is at another one. */
  moved(from: string, to: string): void {
    for (const open of this.#editor.openPaths) {
      if (!isWithin(open, from)) continue;
      const moved = to + open.slice(from.length);
      this.#stored.set(moved, this.#stored.get(open) ?? '');
      this.#editor.renameFile(open, moved);
    }
  }

  retitle(title: string): void {
    this.#project = { ...this.#project, title };
  }

  close(): void {
    this.#stopWatching();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const path of this.#editor.openPaths) this.#editor.closeFile(path);
  }

  async #saveOpen(path: string): Promise<void> {
    const text = this.#editor.textOf(path);
    const isUnsaved = this.#editor.unsavedPaths.includes(path);
    if (text === undefined || !isUnsaved || this.#conflicts.has(path)) return;
    try {
      await this.#save(path, text);
      if (this.#editor.textOf(path) === text) this.#editor.setUnsaved(path, false);
    } catch {
      // Those who are asked to handle it know.
    }
  }

  async #save(path: string, text: string): Promise<void> {
    clearTimeout(this.#timers.get(path));
    const before = this.#stored.get(path);
    this.#stored.set(path, text);
    // A run that follows at once does not wait for the volume to tell.
    if (path.endsWith('.py')) this.#changedPrograms.add(path);
    try {
      await this.project.files.write(path, text, { parents: true });
      void this.#sync(path);
    } catch (error) {
      if (before === undefined) this.#stored.delete(path);
      else this.#stored.set(path, before);
      this.#handlers.onUnstored(path, error);
      throw error;
    }
  }

  /** The volume has it; whether the browser keeps it shows a little later, for which no run has to wait. */
  async #sync(path: string): Promise<void> {
    try {
      await this.project.files.sync();
      this.#handlers.onStored();
    } catch (error) {
      // Closed meanwhile, which has stored all.
      if (error instanceof FileError && error.errnoName === 'ESTALE') return;
      this.#editor.setUnsaved(path, true);
      this.#handlers.onUnstored(path, error);
    }
  }

  async #onChanges(changes: readonly VolumeChange[]): Promise<void> {
    const paths = new Set(changes.map(({ path }) => path.slice(1)));
    paths.delete(HISTORY);
    if (paths.size === 0) return;
    this.#hasChanged = true;
    for (const path of paths) if (path.endsWith('.py')) this.#changedPrograms.add(path);
    for (const path of this.#editor.openPaths) if (paths.has(path)) await this.#compare(path);
  }

  async #compare(path: string): Promise<void> {
    const written = this.#editor.textOf(path);
    // What the editor can't show is not looked at again.
    if (written === undefined || this.#conflicts.has(path)) return;
    let text: string;
    try {
      const content = await contentOf(this.project.files, path);
      if (content.kind !== 'text') return;
      text = content.text;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      // Removed, and yet open: it is stored again when the user runs or edits it.
      this.#editor.setUnsaved(path, true);
      return;
    }
    if (text === this.#stored.get(path) || text === this.#editor.textOf(path)) return;
    if (this.#editor.unsavedPaths.includes(path) && !(await this.#prefersTheirs(path))) return;
    this.#stored.set(path, text);
    this.#editor.replaceText(path, text);
    this.#editor.setUnsaved(path, false);
  }

  async #prefersTheirs(path: string): Promise<boolean> {
    this.#conflicts.add(path);
    const theirs = await this.#handlers.onConflict(path);
    this.#conflicts.delete(path);
    if (!theirs) await this.#saveOpen(path);
    return theirs;
  }

  async #isFile(path: string): Promise<boolean> {
    try {
      return (await this.project.files.stat(path)).kind === 'file';
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
