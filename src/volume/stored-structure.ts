/**
 * What tree the stored nodes make. Each holds its own names; whatever they claim, the result is a
 * tree: names that contradict others are left out, and what nothing leads to is told.
 */
import type { StoredName, StoredNode } from './indexeddb-records';
import type { Inode } from './volume';

export interface StructureProblem {
  readonly inode: Inode;
  readonly name?: StoredName;
  readonly message: string;
}

export interface Reached {
  readonly node: StoredNode;
  readonly names: StoredName[];
}

type Children = Map<Inode, [StoredName, StoredNode][]>;

export class Structure {
  /** Each with the names that it keeps; directories before what is in them. The root is first. */
  readonly reached = new Map<Inode, Reached>();
  /** Removed while they were open, by a page that did not live to see them closed. */
  readonly orphans: StoredNode[] = [];
  /** Have names, but none that leads here from the root. */
  readonly lost: readonly StoredNode[];
  readonly problems: StructureProblem[] = [];
  readonly #children: Children = new Map();
  /** The directory of the first name that is not refused. */
  readonly #parents = new Map<Inode, Inode>();

  constructor(nodes: ReadonlyMap<Inode, StoredNode>, root: Inode) {
    const taken = new Set<string>();
    for (const node of nodes.values()) {
      if (node.inode === root) continue;
      if (node.names.length === 0) this.orphans.push(node);
      for (const [index, name] of node.names.entries()) {
        const message = refusal(nodes, root, taken, node, name, index);
        if (message === undefined) this.#accept(name, node, taken);
        else this.problems.push({ inode: node.inode, name, message });
      }
    }
    const rootNode = nodes.get(root);
    if (rootNode !== undefined) this.reached.set(root, { node: rootNode, names: [] });
    this.#reachFrom(root);
    this.lost = [...nodes.values()].filter(
      ({ inode, names }) => inode !== root && names.length > 0 && !this.reached.has(inode),
    );
    for (const { inode } of this.lost)
      this.problems.push({ inode, message: 'nothing leads to it' });
  }

  /** A node gets a name that it did not have, and with it is reached what lies in it. */
  add(node: StoredNode, name: StoredName): void {
    this.reached.set(node.inode, { node, names: [name] });
    this.#reachFrom(node.inode);
  }

  /**
   * Those of the lost that have to be given a name for all of them to be found, each while the ones
   * before it have got theirs.
   */
  *topsOfLost(): Iterable<StoredNode> {
    const lost = new Map(this.lost.map((node) => [node.inode, node]));
    for (const node of this.lost) if (!this.#parents.has(node.inode)) yield node;
    // What is left lies in directories that lie in each other: going up ends in such a circle.
    for (const { inode } of this.lost) {
      if (this.reached.has(inode)) continue;
      const seen = new Set<Inode>();
      let at = inode;
      for (; !seen.has(at); at = this.#parents.get(at) ?? at) seen.add(at);
      const top = lost.get(at);
      if (top !== undefined) yield top;
    }
  }

  #accept(name: StoredName, node: StoredNode, taken: Set<string>): void {
    taken.add(keyOf(name));
    const siblings = this.#children.get(name.parent);
    if (siblings === undefined) this.#children.set(name.parent, [[name, node]]);
    else siblings.push([name, node]);
    if (!this.#parents.has(node.inode)) this.#parents.set(node.inode, name.parent);
  }

  #reachFrom(start: Inode): void {
    const pending = [start];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const [name, node] of this.#children.get(at) ?? []) {
        const known = this.reached.get(node.inode);
        if (known === undefined) {
          this.reached.set(node.inode, { node, names: [name] });
          if (node.kind === 'directory') pending.push(node.inode);
        } else if (node.kind !== 'directory') known.names.push(name);
        // A directory that is known was given another name: this one made a circle.
      }
    }
  }
}

function refusal(
  nodes: ReadonlyMap<Inode, StoredNode>,
  root: Inode,
  taken: ReadonlySet<string>,
  node: StoredNode,
  name: StoredName,
  index: number,
): string | undefined {
  const directory = nodes.get(name.parent);
  if (name.parent !== root && directory === undefined) return 'its directory is not there';
  if (directory !== undefined && directory.kind !== 'directory') return 'it lies in no directory';
  if (taken.has(keyOf(name))) return 'the name is taken by another node';
  if (node.kind === 'directory' && index > 0) return 'a directory with a second name';
  return undefined;
}

function keyOf({ parent, name }: StoredName): string {
  return `${parent}/${name}`;
}
