/** What a user does with the files of a project, with the questions that go with it. */
import { exportZipBlob, type VolumeFiles } from '../index';
import type { PlaygroundDialog } from './dialog-element';
import { save } from './download';
import type { FilesRequest } from './files-element';
import {
  bringIn,
  chosen,
  dropped,
  type IncomingFile,
  type IncomingProgress,
} from './incoming-files';
import type { Project } from './project';
import { reasonOf } from './reason';
import type { Workspace } from './workspace';

export interface FileActionsHandlers {
  /** Something is there that was not; to be shown in the panel. */
  onMade(path: string): Promise<void>;
  onProgress(progress: IncomingProgress | undefined): void;
  /** The user has chosen a file to look at. */
  onOpened(): void;
}

export class FileActions {
  readonly #workspace: Workspace;
  readonly #dialog: PlaygroundDialog;
  readonly #handlers: FileActionsHandlers;

  constructor(workspace: Workspace, dialog: PlaygroundDialog, handlers: FileActionsHandlers) {
    this.#workspace = workspace;
    this.#dialog = dialog;
    this.#handlers = handlers;
  }

  /** Tells the user what goes wrong. */
  async do(request: FilesRequest): Promise<void> {
    const { action, path } = request;
    try {
      if (action === 'open') await this.#open(path);
      else if (action === 'new-file') await this.#newFile(path);
      else if (action === 'new-folder') await this.#newFolder(path);
      else if (action === 'rename') await this.#rename(path);
      else if (action === 'delete') await this.#delete(request);
      else if (action === 'download') await this.#download(request);
      else await this.#upload(request);
    } catch (error) {
      const what = path === '' ? 'That' : `“${path}”:`;
      await this.#dialog.tell('That did not work', `${what} ${reasonOf(error)}.`);
    }
  }

  get #project(): Project {
    return this.#workspace.project;
  }

  get #files(): VolumeFiles {
    return this.#workspace.project.files;
  }

  async #open(path: string): Promise<void> {
    await this.#workspace.open(path);
    this.#handlers.onOpened();
  }

  async #newFile(folder: string): Promise<void> {
    const path = await this.#askPath('New file', 'Make it', within(folder, 'untitled.py'));
    if (path === undefined) return;
    await this.#files.write(path, '', { parents: true });
    await this.#handlers.onMade(path);
    await this.#open(path);
  }

  async #newFolder(folder: string): Promise<void> {
    const path = await this.#askPath('New folder', 'Make it', within(folder, 'folder'));
    if (path === undefined) return;
    await this.#files.makeDirectory(path, { parents: true });
    await this.#handlers.onMade(path);
  }

  async #rename(from: string): Promise<void> {
    const to = await this.#askPath(`Rename “${nameOf(from)}”`, 'Rename', from);
    if (to === undefined || to === from) return;
    await this.#workspace.saveAll();
    const folder = to.slice(0, Math.max(0, to.lastIndexOf('/')));
    if (folder !== '') await this.#files.makeDirectory(folder, { parents: true });
    await this.#files.rename(from, to);
    this.#workspace.moved(from, to);
    await this.#handlers.onMade(to);
  }

  async #delete({ path, isFolder }: FilesRequest): Promise<void> {
    if (path === '') return;
    const answer = await this.#dialog.ask({
      title: `Delete “${nameOf(path)}”?`,
      text: isFolder
        ? 'The folder goes with all that is in it. This can not be undone.'
        : 'This can not be undone.',
      choices: [{ value: 'delete', label: 'Delete', kind: 'danger' }],
    });
    if (answer === undefined) return;
    await this.#files.remove(path);
    this.#workspace.forget(path);
  }

  async #download({ path, isFolder }: FilesRequest): Promise<void> {
    await this.#workspace.saveAll();
    const { volume, title } = this.#project;
    if (!isFolder) {
      save(new Blob([await this.#files.read(path)]), nameOf(path));
      return;
    }
    let directory = volume.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      directory = (await volume.lookup(directory, name)) ?? directory;
    }
    const name = path === '' ? title.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-') : nameOf(path);
    save(await exportZipBlob(volume, directory), `${name}.zip`);
  }

  async #upload({ path, transfer }: FilesRequest): Promise<void> {
    const incoming = await (transfer === undefined ? choose() : dropped(transfer));
    if (incoming.length === 0 || !(await this.#mayReplace(incoming, path))) return;
    // What is written here and not stored yet must not be stored over what comes.
    await this.#workspace.saveAll();
    try {
      await bringIn(incoming, this.#project.volume, path, this.#handlers.onProgress);
    } finally {
      this.#handlers.onProgress(undefined);
    }
    const [first] = incoming;
    const made = first === undefined ? path : within(path, first.path);
    await this.#handlers.onMade((await this.#files.exists(made)) ? made : path);
  }

  async #mayReplace(incoming: readonly IncomingFile[], folder: string): Promise<boolean> {
    const there: string[] = [];
    for (const { path } of incoming) {
      const isArchive = path.toLowerCase().endsWith('.zip') && !path.includes('/');
      if (!isArchive && (await this.#files.exists(within(folder, path)))) there.push(path);
    }
    if (there.length === 0) return true;
    const [first = ''] = there;
    const answer = await this.#dialog.ask({
      title: there.length === 1 ? `Replace “${first}”?` : `Replace ${there.length} files?`,
      text: 'Files of the same names are there already.',
      choices: [{ value: 'replace', label: 'Replace', kind: 'danger' }],
    });
    return answer !== undefined;
  }

  async #askPath(title: string, button: string, value: string): Promise<string | undefined> {
    const siblings = new Set(await this.#pathsBeside(value));
    const answer = await this.#dialog.ask({
      title,
      input: { label: 'Name, with / for folders', value },
      check: (path) =>
        wrongWith(path) ?? (path !== value && siblings.has(path) ? TAKEN : undefined),
      choices: [{ value: 'yes', label: button, kind: 'primary' }],
    });
    if (answer === undefined) return undefined;
    if (answer.input !== value && (await this.#files.exists(answer.input))) {
      await this.#dialog.tell(title, TAKEN);
      return undefined;
    }
    return answer.input;
  }

  async #pathsBeside(path: string): Promise<string[]> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    return (await this.#files.list(folder)).map(({ name }) => within(folder, name));
  }
}

const TAKEN = 'Something of that name is there already.';

/** Of a path that a user typed; undefined: nothing. */
export function wrongWith(path: string): string | undefined {
  const parts = path.split('/');
  if (path === '') return 'It needs a name.';
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return 'Between slashes there has to be a name, other than . and ..';
  }
  if (path.includes('\0') || !path.isWellFormed()) return 'That is no name for a file.';
  const longest = Math.max(...parts.map((part) => new TextEncoder().encode(part).length));
  return longest > 255 ? 'The name is too long.' : undefined;
}

export function within(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The browser's own dialog; nothing where the user closes it. */
function choose(): Promise<IncomingFile[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(chosen(input.files ?? [])));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
