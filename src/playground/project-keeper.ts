/** Which projects there are, and how one of them is opened, with all that may be in the way. */
import { VolumeError } from '../index';
import type { PlaygroundDialog } from './dialog-element';
import {
  copyFiles,
  newProjectId,
  openProject,
  type Project,
  putPrograms,
  removeProject,
  storedProjectIds,
  temporaryProject,
} from './project';
import { reasonOf } from './reason';
import type { ProjectEntry, SettingsStore } from './settings';
import { readShareFragment, type SharedPrograms, ShareLinkError } from './share-link';

const UNTITLED = 'Untitled project';
const LONGEST_TITLE = 80;

export class ProjectKeeper {
  readonly #settings: SettingsStore;
  readonly #dialog: PlaygroundDialog;
  /** What a new project begins with. */
  readonly #welcome: SharedPrograms;

  constructor(settings: SettingsStore, dialog: PlaygroundDialog, welcome: SharedPrograms) {
    this.#settings = settings;
    this.#dialog = dialog;
    this.#welcome = welcome;
  }

  get entries(): readonly ProjectEntry[] {
    return this.#settings.value.projects;
  }

  /** From the address's fragment, or undefined, after saying why. */
  async shared(fragment: string): Promise<{ project: Project; main: string } | undefined> {
    try {
      const programs = readShareFragment(fragment);
      const project = temporaryProject('From a link', 'shared');
      await putPrograms(project.files, programs);
      return { project, main: programs.main };
    } catch (error) {
      const reason = error instanceof ShareLinkError ? error.message : reasonOf(error);
      void this.#dialog.tell("The link can't be opened", `${reason} Nothing was run or changed.`);
      return undefined;
    }
  }

  /** The one that was open last, another one, or a new one: at worst one that is not stored. */
  async last(): Promise<Project> {
    await this.#findStored();
    const { project } = this.#settings.value;
    const entry = this.entries.find(({ id }) => id === project) ?? this.entries[0];
    const opened = entry === undefined ? undefined : await this.open(entry);
    return opened ?? this.create(this.#freeTitle('My project'));
  }

  /** Undefined if the user would rather not. */
  async open(entry: ProjectEntry): Promise<Project | undefined> {
    try {
      return this.#opened(await openProject(entry.id, entry.title));
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      if (error.code === 'volume-busy') return this.#openBusy(entry);
      if (error.code === 'volume-damaged') return this.#openDamaged(entry);
      void this.#dialog.tell(`“${entry.title}” can't be opened`, `${error.message}.`);
      return undefined;
    }
  }

  async create(title: string, programs: SharedPrograms = this.#welcome): Promise<Project> {
    const id = newProjectId();
    try {
      const project = await openProject(id, title);
      await putPrograms(project.files, programs);
      this.#add({ id, title });
      return this.#opened(project);
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      // The page shows as long as it lasts that this one is not stored.
      const project = temporaryProject(title, 'unstored');
      await putPrograms(project.files, programs);
      return project;
    }
  }

  /** A stored one with the same files. Rejects with `VolumeError` or `FileError`, and leaves nothing then. */
  async keep(from: Project, title: string): Promise<Project> {
    const id = newProjectId();
    const project = await openProject(id, title);
    try {
      await copyFiles(from.files, project.files);
      await project.files.sync();
    } catch (error) {
      await project.volume.close();
      await removeProject(id);
      throw error;
    }
    this.#add({ id, title });
    return this.#opened(project);
  }

  /** Undefined if the user would rather not. */
  async askTitle(question: string, button: string, value: string): Promise<string | undefined> {
    const answer = await this.#dialog.ask({
      title: question,
      input: { label: 'Name', value },
      check: (title) =>
        title === '' || title.length > LONGEST_TITLE
          ? `A name has 1 to ${LONGEST_TITLE} characters.`
          : undefined,
      choices: [{ value: 'yes', label: button, kind: 'primary' }],
    });
    return answer?.input;
  }

  rename(id: string, title: string): void {
    const renamed = this.entries.map((entry) => (entry.id === id ? { id, title } : entry));
    this.#settings.change({ projects: renamed });
  }

  /** Of one that is closed. Rejects with `VolumeError`. */
  async remove(id: string): Promise<void> {
    await removeProject(id);
    const { [id]: _, ...states } = this.#settings.value.states;
    this.#settings.change({ projects: this.entries.filter((entry) => entry.id !== id), states });
  }

  freeTitle(): string {
    return this.#freeTitle('New project');
  }

  #opened(project: Project): Project {
    this.#settings.change({ project: project.id });
    return project;
  }

  #add(entry: ProjectEntry): void {
    this.#settings.change({ projects: [...this.entries, entry] });
  }

  #freeTitle(wanted: string): string {
    const taken = new Set(this.entries.map(({ title }) => title));
    let title = wanted;
    for (let number = 2; taken.has(title); number++) title = `${wanted} ${number}`;
    return title;
  }

  /** Projects whose titles the browser has forgotten are still there. */
  async #findStored(): Promise<void> {
    const known = new Set(this.entries.map(({ id }) => id));
    const found = (await storedProjectIds()).filter((id) => !known.has(id));
    if (found.length === 0) return;
    const entries = found.map((id) => ({ id, title: UNTITLED }));
    this.#settings.change({ projects: [...this.entries, ...entries] });
  }

  async #openBusy(entry: ProjectEntry): Promise<Project | undefined> {
    const { id, title } = entry;
    const answer = await this.#dialog.ask({
      title: `“${title}” is open in another tab`,
      text: 'One tab at a time can change a project. This one can show it as it was stored last.',
      choices: [
        { value: 'new', label: 'New project' },
        { value: 'wait', label: 'Wait until it is free' },
        { value: 'read-only', label: 'Open read-only', kind: 'primary' },
      ],
    });
    if (answer?.choice === 'wait') return this.#waitFor(entry);
    if (answer?.choice !== 'read-only') return undefined;
    return openProject(id, title, { mode: 'read-only' });
  }

  async #waitFor({ id, title }: ProjectEntry): Promise<Project | undefined> {
    const [waiting, asking] = [new AbortController(), new AbortController()];
    const opening = openProject(id, title, { mode: 'wait', signal: waiting.signal });
    const asked = this.#dialog.ask({
      title: `Waiting for “${title}”`,
      text: 'It opens here as soon as the other tab is closed.',
      choices: [],
      signal: asking.signal,
    });
    void asked.then(() => waiting.abort());
    try {
      const project = await opening;
      asking.abort();
      return this.#opened(project);
    } catch (error) {
      if (waiting.signal.aborted) return undefined;
      throw error;
    }
  }

  async #openDamaged({ id, title }: ProjectEntry): Promise<Project | undefined> {
    const answer = await this.#dialog.ask({
      title: `“${title}” is damaged`,
      text: 'The browser has lost part of it. Repairing keeps all files that can still be read.',
      choices: [{ value: 'repair', label: 'Repair', kind: 'primary' }],
    });
    if (answer === undefined) return undefined;
    return this.#opened(await openProject(id, title, { repair: true }));
  }
}
