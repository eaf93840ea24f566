/** The rows of a files panel: what is in the folders that are unfolded, kept up to date. */
import { FileError, type FileInfo, type VolumeChange, type VolumeFiles } from '../index';
import { HISTORY, inOrder } from './file-content';

export interface Row {
  /** From the root, without a slash before it. */
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
  readonly unfolded: boolean;
  /** From 0. */
  readonly depth: number;
  readonly size: number;
  /** Among those in the same folder, from 1. */
  readonly position: number;
  readonly siblings: number;
}

/** Listing a folder again costs more the larger it is: changes are gathered. */
const GATHER_MS = 60;

export class FileTree {
  readonly #files: VolumeFiles;
  readonly #onChange: () => void;
  readonly #stopWatching: () => void;
  /** What is in each folder that is unfolded. */
  readonly #folders = new Map<string, readonly FileInfo[]>();
  readonly #stale = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rows: readonly Row[] | undefined;
  #closed = false;

  /** `onChange`: there are other rows. */
  constructor(files: VolumeFiles, onChange: () => void) {
    this.#files = files;
    this.#onChange = onChange;
    this.#stopWatching = files.watch('', (changes) => this.#onChanges(changes));
  }

  get rows(): readonly Row[] {
    this.#rows ??= [...this.#rowsIn('', 0)];
    return this.#rows;
  }

  async load(): Promise<void> {
    await this.unfold('');
  }

  async unfold(folder: string): Promise<void> {
    await this.#list(folder);
    this.#changed();
  }

  fold(folder: string): void {
    for (const path of this.#folders.keys()) {
      if (path === folder || path.startsWith(`${folder}/`)) this.#folders.delete(path);
    }
    this.#changed();
  }

  /** Unfolds what a path lies in. */
  async reveal(path: string): Promise<void> {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (!this.#folders.has(folder)) await this.#list(folder);
    }
    this.#changed();
  }

  /** Shows at once what was just done, without waiting for the volume to tell. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#folders.keys()].map((folder) => this.#list(folder)));
    this.#changed();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stopWatching();
  }

  *#rowsIn(folder: string, depth: number): Generator<Row> {
    const infos = this.#folders.get(folder) ?? [];
    for (const [index, { name, kind, size }] of infos.entries()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const isFolder = kind === 'directory';
      const unfolded = isFolder && this.#folders.has(path);
      const place = { position: index + 1, siblings: infos.length };
      yield { path, name, isFolder, unfolded, depth, size, ...place };
      if (unfolded) yield* this.#rowsIn(path, depth + 1);
    }
  }

  async #list(folder: string): Promise<void> {
    try {
      const infos = await this.#files.list(folder);
      const shown = folder === '' ? infos.filter(({ name }) => name !== HISTORY) : infos;
      this.#folders.set(folder, inOrder(shown));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      // It is gone, or has become something else.
      this.#folders.delete(folder);
    }
  }

  #onChanges(changes: readonly VolumeChange[]): void {
    for (const { path } of changes) {
      const folder = path.slice(1, Math.max(1, path.lastIndexOf('/')));
      if (this.#folders.has(folder)) this.#stale.add(folder);
    }
    if (this.#stale.size > 0) this.#timer ??= setTimeout(() => void this.#update(), GATHER_MS);
  }

  async #update(): Promise<void> {
    const stale = [...this.#stale];
    this.#stale.clear();
    this.#timer = undefined;
    await Promise.all(stale.map((folder) => this.#list(folder)));
    this.#changed();
  }

  #changed(): void {
    this.#rows = undefined;
    if (!this.#closed) this.#onChange();
  }
}
