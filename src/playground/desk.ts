/** What is on the page: a project, its Python, and what a user does with both. */
import type { GloveboxEditor } from '../editor/editor-element';
import { HOME } from '../editor/embedding';
import { usageText } from '../editor/usage-text';
import type { PythonGuest, SandboxOptions } from '../index';
import { guestAt } from '../repl/guest-cache';
import { PythonSession, type RunReport } from '../repl/python-session';
import type { GloveboxTerminal } from '../repl/terminal-element';
import type { PlaygroundDialog } from './dialog-element';
import { save } from './download';
import { sourceOf, WELCOME } from './examples';
import { FileActions } from './file-actions';
import type { PlaygroundFiles } from './files-element';
import type { IncomingProgress } from './incoming-files';
import type { Project } from './project';
import { ProjectKeeper } from './project-keeper';
import { reasonOf } from './reason';
import type { ProjectEntry, SettingsStore } from './settings';
import { isShareFragment } from './share-link';
import { share } from './sharing';
import { Workspace } from './workspace';

export interface DeskOptions {
  readonly editor: GloveboxEditor;
  readonly files: PlaygroundFiles;
  readonly terminal: GloveboxTerminal;
  readonly dialog: PlaygroundDialog;
  /** The folder of the interpreter's files, from the page's own. */
  readonly guest: string;
  /** What programs find beside their files. */
  readonly world: Pick<SandboxOptions, 'capabilities' | 'kinds'>;
  readonly beforeRun: () => Promise<void>;
  /** Something that is shown has changed. */
  readonly onUpdate: () => void;
  /** Another project has another Python. */
  readonly onSession: () => void;
  /** The user has chosen a file to look at. */
  readonly onFileShown: () => void;
}

/** The user has a Stop button, and the console keeps only what it can show. */
const LIMITS = {
  wallMs: Number.POSITIVE_INFINITY,
  cpuMs: Number.POSITIVE_INFINITY,
  fuel: Number.POSITIVE_INFINITY,
  outputBytes: Number.POSITIVE_INFINITY,
  hostCalls: Number.POSITIVE_INFINITY,
  heapBytes: 256 * 2 ** 20,
};

export class Desk {
  readonly #settings: SettingsStore;
  readonly #options: DeskOptions;
  #keeper: ProjectKeeper | undefined;
  #workspace: Workspace | undefined;
  #actions: FileActions | undefined;
  #session: PythonSession | undefined;
  #coming: IncomingProgress | undefined;
  #unstored: { readonly path: string; readonly reason: string } | undefined;
  #hasNews = false;
  #lastRun = '';
  /** Not while one project is closed and the next one is not open. */
  #remembers = false;

  constructor(settings: SettingsStore, options: DeskOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  get project(): Project | undefined {
    return this.#workspace?.project;
  }

  get session(): PythonSession | undefined {
    return this.#session;
  }

  get actions(): FileActions | undefined {
    return this.#actions;
  }

  get entries(): readonly ProjectEntry[] {
    return this.#keeper?.entries ?? [];
  }

  /** What comes in from outside just now. */
  get coming(): IncomingProgress | undefined {
    return this.#coming;
  }

  get unstored(): { readonly path: string; readonly reason: string } | undefined {
    return this.#unstored;
  }

  /** Whether a run is over that nobody has seen. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** What the last run took. */
  get lastRun(): string {
    return this.#lastRun;
  }

  takeNews(): void {
    this.#hasNews = false;
  }

  /** What the fragment of the address or the last visit says, and Python for it. */
  async start(fragment: string): Promise<void> {
    const { dialog } = this.#options;
    // Long before there is a project to run: it takes longest.
    this.#loadGuest().catch(() => undefined);
    const welcome = { files: new Map([['main.py', await sourceOf(WELCOME)]]), main: 'main.py' };
    const keeper = new ProjectKeeper(this.#settings, dialog, welcome);
    this.#keeper = keeper;
    const shared = isShareFragment(fragment) ? await keeper.shared(fragment) : undefined;
    await this.#show(shared?.project ?? (await keeper.last()), shared?.main);
    addEventListener('hashchange', () => {
      if (isShareFragment(location.hash)) location.reload();
    });
    addEventListener('beforeunload', (event) => {
      if (this.#hasUnkept()) event.preventDefault();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.saveAll();
    });
  }

  changed(path: string): void {
    this.#workspace?.changed(path);
  }

  /** Whether all is stored now. */
  async saveAll(): Promise<boolean> {
    return (await this.#workspace?.saveAll()) ?? true;
  }

  /** Which files are open, for the next visit. */
  remember(): void {
    const project = this.project;
    if (!this.#remembers || project?.kind !== 'stored' || this.#workspace === undefined) return;
    const states = { ...this.#settings.value.states, [project.id]: this.#workspace.state };
    this.#settings.change({ states });
  }

  downloadText(path: string): void {
    const text = this.#options.editor.textOf(path) ?? '';
    save(new Blob([text], { type: 'text/x-python' }), path.split('/').at(-1) ?? path);
  }

  /** In a file of its own; one that is there and another one stays as it is. */
  async openExample(name: string): Promise<void> {
    const workspace = this.#workspace;
    if (workspace === undefined) return;
    await this.#telling(async () => {
      const source = await sourceOf(name);
      const { files } = workspace.project;
      const base = name.replace(/\.py$/, '');
      let path = name;
      for (let number = 2; await files.exists(path); number++) {
        if ((await files.readText(path)) === source) break;
        path = `${base}_${number}.py`;
      }
      if (!(await files.exists(path))) await files.write(path, source);
      await workspace.open(path);
      this.#options.onFileShown();
    });
  }

  async share(): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    await this.saveAll();
    await share(project, this.#options.editor.activePath, this.#options.dialog);
  }

  async switchTo(id: string): Promise<void> {
    const entry = this.entries.find((one) => one.id === id);
    const current = this.project;
    if (entry === undefined || this.#keeper === undefined) return;
    if (current?.kind === 'stored' && current.id === id) return;
    const keeper = this.#keeper;
    await this.#telling(async () => {
      if (!(await this.#mayLeave())) return;
      const project = await keeper.open(entry);
      if (project !== undefined) await this.#show(project);
    });
  }

  async newProject(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined || !(await this.#mayLeave())) return;
    const title = await keeper.askTitle('New project', 'Make it', keeper.freeTitle());
    if (title === undefined) return;
    await this.#telling(async () => this.#show(await keeper.create(title)));
  }

  async renameProject(): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    const title = await this.#keeper?.askTitle('Rename the project', 'Rename', project.title);
    if (title === undefined) return;
    this.#keeper?.rename(project.id, title);
    this.#workspace?.retitle(title);
    this.#options.onUpdate();
  }

  async deleteProject(): Promise<void> {
    const { project } = this;
    const keeper = this.#keeper;
    if (project === undefined || keeper === undefined) return;
    const answer = await this.#options.dialog.ask({
      title: `Delete “${project.title}”?`,
      text: 'All its files go with it. This can not be undone.',
      choices: [{ value: 'delete', label: 'Delete the project', kind: 'danger' }],
    });
    if (answer === undefined) return;
    await this.#telling(async () => {
      await this.#close();
      await keeper.remove(project.id);
      await this.#show(await keeper.last());
    });
  }

  /** Of a project that is only in memory: a stored one with the same files. */
  async keep(): Promise<void> {
    const { project } = this;
    const keeper = this.#keeper;
    if (project === undefined || keeper === undefined) return;
    const title = await keeper.askTitle('Keep as a project', 'Keep', keeper.freeTitle());
    if (title === undefined) return;
    await this.#telling(async () => {
      await this.saveAll();
      const main = this.#options.editor.activePath;
      const kept = await keeper.keep(project, title);
      // The link has done what it is for: another visit opens the project.
      history.replaceState(null, '', location.pathname + location.search);
      await this.#show(kept, main);
    });
  }

  async #show(project: Project, main?: string): Promise<void> {
    await this.#close();
    const { editor, dialog, files, onUpdate } = this.#options;
    const workspace = new Workspace(project, editor, {
      onUnstored: (path, error) => {
        this.#unstored = { path, reason: reasonOf(error) };
        onUpdate();
      },
      onStored: () => {
        this.#unstored = undefined;
        onUpdate();
      },
      onConflict: async (path) => {
        const answer = await dialog.ask({
          title: `The program has changed “${path}”`,
          text: 'You have changed it, too, and that is not stored yet.',
          choices: [{ value: 'theirs', label: "Take the program's" }],
        });
        return answer !== undefined;
      },
    });
    this.#workspace = workspace;
    this.#actions = new FileActions(workspace, dialog, {
      onMade: (path) => files.reveal(path),
      onProgress: (progress) => {
        this.#coming = progress;
        onUpdate();
      },
      onOpened: () => this.#options.onFileShown(),
    });
    const session = this.#startSession(workspace);
    onUpdate();
    await workspace.resume(
      main === undefined ? this.#settings.value.states[project.id] : { open: [main], active: main },
    );
    this.#remembers = true;
    this.#options.onSession();
    // It says itself why Python can't be started.
    await session.start().catch(() => undefined);
  }

  #loadGuest(): Promise<PythonGuest> {
    const { guest, editor } = this.#options;
    return guestAt(guest, {
      onProgress: (progress) => editor.showProgress(progress),
      // The page's service worker does, which may only not be there yet.
      keep: false,
    });
  }

  #startSession(workspace: Workspace): PythonSession {
    const session = new PythonSession({
      loadGuest: () => this.#loadGuest(),
      view: this.#options.terminal,
      banner: false,
      sandbox: {
        mounts: { [HOME]: workspace.project.volume },
        limits: LIMITS,
        ...this.#options.world,
      },
      beforeRun: async (sandbox, path) => {
        await this.#options.beforeRun();
        if (workspace.takeModulesChanged(path.slice(HOME.length + 1)))
          await sandbox.assist('refresh', [`${HOME}/`]);
      },
    });
    session.addEventListener('activity', () => {
      // It says itself why Python can't be started.
      if (session.activity === 'failed') this.#hasNews = true;
      this.#options.onUpdate();
    });
    session.addEventListener('outcome', (event) => {
      this.#lastRun = usageText((event as CustomEvent<RunReport>).detail.outcome);
      this.#hasNews = true;
      this.#options.onUpdate();
    });
    this.#session = session;
    return session;
  }

  async #close(): Promise<void> {
    const workspace = this.#workspace;
    if (workspace === undefined) return;
    await workspace.saveAll();
    this.#remembers = false;
    this.#session?.close();
    workspace.close();
    this.#workspace = undefined;
    this.#unstored = undefined;
    this.#lastRun = '';
    await workspace.project.volume.close();
  }

  /** Whether something would be lost with the page. */
  #hasUnkept(): boolean {
    const isTemporary = this.project?.kind === 'unstored' || this.project?.kind === 'shared';
    return (
      this.#options.editor.unsavedPaths.length > 0 ||
      (isTemporary && this.#workspace?.hasChanged === true)
    );
  }

  async #mayLeave(): Promise<boolean> {
    await this.saveAll();
    if (!this.#hasUnkept()) return true;
    const answer = await this.#options.dialog.ask({
      title: `Leave “${this.project?.title ?? ''}”?`,
      text: 'What was changed in it is not stored anywhere, and goes with it.',
      choices: [{ value: 'leave', label: 'Leave it', kind: 'danger' }],
    });
    return answer !== undefined;
  }

  async #telling(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      await this.#options.dialog.tell('That did not work', `${reasonOf(error)}.`);
    }
  }
}
