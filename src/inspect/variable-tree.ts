/** Variables as rows of a table, some of them opened, and which of them have changed. */
import type { VariableNode, VariablePath, Variables, Wanted } from './variable-nodes';

export interface VariableRow {
  readonly key: string;
  readonly path: VariablePath;
  /** From 1. */
  readonly level: number;
  /** Where there is more than is shown of what is at `path`: how much more. */
  readonly more?: number;
  readonly node?: VariableNode;
  readonly isOpen: boolean;
  /** Whether it was not there, or another one, when it was looked at last. */
  readonly isChanged: boolean;
}

/** Names, and entries of one of them, that are shown at first and with each "more". */
const PAGE = 100;
const MOST_SHOWN = 1000;
/** More can't be looked through. */
const MOST_OPEN = 64;
const MOST_LEVELS = 12;

const keyOf = (path: VariablePath): string => JSON.stringify(path);

export class VariableTree {
  /** By key of the path: how much of it is shown. */
  readonly #open = new Map<string, Wanted>([[keyOf([]), { path: [], most: PAGE }]]);
  #texts: ReadonlyMap<string, string> = new Map();
  #changed: ReadonlySet<string> = new Set();
  #variables: Variables | undefined;

  get variables(): Variables | undefined {
    return this.#variables;
  }

  get wanted(): readonly Wanted[] {
    return [...this.#open.values()];
  }

  /** `isNew`: the program has run since; what has changed is told then. */
  take(variables: Variables, isNew: boolean): void {
    const texts = new Map<string, string>();
    const changed = new Set<string>();
    for (const { key, node } of this.#rows(variables, () => true)) {
      if (node === undefined) continue;
      const text = `${node.type}\n${node.size ?? ''}\n${node.text}`;
      texts.set(key, text);
      const before = this.#texts.get(key);
      if (isNew ? this.#texts.size > 0 && before !== text : this.#changed.has(key))
        changed.add(key);
    }
    // What is gone is not asked for again: another one of that name begins closed.
    for (const { path } of this.#open.values()) {
      if (path.length > 0 && !texts.has(keyOf(path))) this.#open.delete(keyOf(path));
    }
    this.#variables = variables;
    this.#texts = texts;
    this.#changed = changed;
  }

  /** There is no program any more. */
  forget(): void {
    this.#variables = undefined;
    this.#texts = new Map();
    this.#changed = new Set();
  }

  /** `isShown`: asked of the variables themselves. */
  rows(isShown: (node: VariableNode) => boolean): readonly VariableRow[] {
    return this.#variables === undefined ? [] : this.#rows(this.#variables, isShown);
  }

  toggle(path: VariablePath): void {
    const key = keyOf(path);
    if (this.#open.delete(key)) return;
    if (path.length >= MOST_LEVELS || this.#open.size > MOST_OPEN) return;
    this.#open.set(key, { path, most: PAGE });
  }

  showMore(path: VariablePath): void {
    const wanted = this.#open.get(keyOf(path));
    if (wanted === undefined) return;
    const most = Math.min(MOST_SHOWN, wanted.most + PAGE);
    this.#open.set(keyOf(path), { path, most });
  }

  #rows(variables: Variables, isShown: (node: VariableNode) => boolean): readonly VariableRow[] {
    const rows: VariableRow[] = [];
    const add = ({ nodes, more }: Variables, parent: VariablePath): void => {
      const level = parent.length + 1;
      for (const node of nodes) {
        if (level === 1 && !isShown(node)) continue;
        const path = [...parent, node.label];
        const key = keyOf(path);
        const isOpen = node.opens && this.#open.has(key);
        rows.push({ key, path, level, node, isOpen, isChanged: this.#changed.has(key) });
        if (isOpen && node.nodes !== undefined) add({ nodes: node.nodes, more: node.more }, path);
      }
      if (more === 0) return;
      const key = `${keyOf(parent)} more`;
      rows.push({ key, path: parent, level, more, isOpen: false, isChanged: false });
    };
    add(variables, []);
    return rows;
  }
}
