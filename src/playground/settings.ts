/** What the page remembers of its own: in the browser's local storage, or nowhere where there is none. */
import { isTheme, type Theme } from '../theme/theme-name';

export interface ProjectEntry {
  /** Of its volume. */
  readonly id: string;
  readonly title: string;
}

export interface ProjectState {
  readonly open: readonly string[];
  readonly active: string;
}

export interface Settings {
  readonly theme: Theme;
  /** Widths of the panes in pixels. */
  readonly filesPx: number;
  readonly consolePx: number;
  readonly showFiles: boolean;
  /** Whether the console tells screen readers its lines. */
  readonly screenReader: boolean;
  readonly projects: readonly ProjectEntry[];
  /** The project that was open last. */
  readonly project: string;
  /** What was open, by project. */
  readonly states: Readonly<Record<string, ProjectState>>;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'auto',
  filesPx: 208,
  consolePx: 460,
  showFiles: true,
  screenReader: false,
  projects: [],
  project: '',
  states: {},
};

const KEY = 'glovebox-playground';
const MOST_ENTRIES = 1000;

export class SettingsStore {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  #settings: Settings;

  /** `storage`: undefined where the browser keeps it from the page. */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined) {
    this.#storage = storage;
    this.#settings = read(storage);
  }

  get value(): Settings {
    return this.#settings;
  }

  /** What another tab has changed meanwhile stays: only what is given is written over it. */
  change(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    const projects = change.projects ?? read(this.#storage).projects;
    if (this.#storage !== undefined) this.#settings = { ...this.#settings, projects };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#settings));
    } catch {
      // Full or refused: it holds until the page is closed.
    }
  }
}

/** `localStorage`, unless the browser throws at whoever asks for it. */
export function localStorageHere(): Storage | undefined {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined;
  }
}

function read(storage: Pick<Storage, 'getItem'> | undefined): Settings {
  try {
    return settingsOf(JSON.parse(storage?.getItem(KEY) ?? 'null'));
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** Older versions of the page, and people, may have written anything. */
function settingsOf(value: unknown): Settings {
  if (typeof value !== 'object' || value === null) return DEFAULT_SETTINGS;
  const given = value as Partial<Record<keyof Settings, unknown>>;
  return {
    theme: isTheme(given.theme) ? given.theme : DEFAULT_SETTINGS.theme,
    filesPx: pixels(given.filesPx, DEFAULT_SETTINGS.filesPx),
    consolePx: pixels(given.consolePx, DEFAULT_SETTINGS.consolePx),
    showFiles: given.showFiles !== false,
    screenReader: given.screenReader === true,
    projects: Array.isArray(given.projects)
      ? given.projects.filter(isProjectEntry).slice(0, MOST_ENTRIES)
      : [],
    project: typeof given.project === 'string' ? given.project : '',
    states: statesOf(given.states),
  };
}

function pixels(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 && value < 10_000 ? value : otherwise;
}

function isProjectEntry(value: unknown): value is ProjectEntry {
  const { id, title } = (value ?? {}) as Partial<Record<keyof ProjectEntry, unknown>>;
  return typeof id === 'string' && id !== '' && typeof title === 'string';
}

function statesOf(value: unknown): Record<string, ProjectState> {
  const states: Record<string, ProjectState> = {};
  if (typeof value !== 'object' || value === null) return states;
  for (const [id, state] of Object.entries(value).slice(0, MOST_ENTRIES)) {
    const { open, active } = (state ?? {}) as Partial<Record<keyof ProjectState, unknown>>;
    if (!Array.isArray(open) || typeof active !== 'string') continue;
    states[id] = { open: open.filter((path) => typeof path === 'string'), active };
  }
  return states;
}
