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

export interface Structure {
  /** Each with the names that it keeps; directories before what is in them. The root is first. */
  readonly reached: ReadonlyMap<Inode, { readonly node: StoredNode; names: StoredName[] }>;
  /** Removed while they were open, by a page that did not live to see them closed. */
  readonly orphans: readonly StoredNode[];
  /** Have names, but none that leads here from the root. */
  readonly lost: readonly StoredNode[];
  readonly problems: readonly StructureProblem[];
}

export function structureOf(nodes: ReadonlyMap<Inode, StoredNode>, root: Inode): Structure {
  const problems: StructureProblem[] = [];
  const children = new Map<Inode, [StoredName, StoredNode][]>();
  const taken = new Set<string>();
  const orphans: StoredNode[] = [];
  for (const node of nodes.values()) {
    if (node.inode === root) continue;
    if (node.names.length === 0) orphans.push(node);
    for (const [index, name] of node.names.entries()) {
      const message = refusal(nodes, root, taken, node, name, index);
      if (message !== undefined) problems.push({ inode: node.inode, name, message });
      else {
        taken.add(`${name.parent}/${name.name}`);
        const siblings = children.get(name.parent);
        if (siblings === undefined) children.set(name.parent, [[name, node]]);
        else siblings.push([name, node]);
      }
    }
  }

  const reached = new Map<Inode, { readonly node: StoredNode; names: StoredName[] }>();
  const rootNode = nodes.get(root);
  if (rootNode !== undefined) reached.set(root, { node: rootNode, names: [] });
  const pending = [root];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const [name, node] of children.get(at) ?? []) {
      const known = reached.get(node.inode);
      if (known !== undefined) known.names.push(name);
      else {
        reached.set(node.inode, { node, names: [name] });
        if (node.kind === 'directory') pending.push(node.inode);
      }
    }
  }
  const lost = [...nodes.values()].filter(
    ({ inode, names }) => inode !== root && names.length > 0 && !reached.has(inode),
  );
  for (const { inode } of lost) problems.push({ inode, message: 'nothing leads to it' });
  return { reached, orphans, lost, problems };
}

function refusal(
  nodes: ReadonlyMap<Inode, StoredNode>,
  root: Inode,
  taken: ReadonlySet<string>,
  node: StoredNode,
  { parent, name }: StoredName,
  index: number,
): string | undefined {
  const directory = nodes.get(parent);
  if (parent !== root && directory === undefined) return 'its directory is not there';
  if (directory !== undefined && directory.kind !== 'directory') return 'it lies in no directory';
  if (taken.has(`${parent}/${name}`)) return 'the name is taken by another node';
  if (node.kind === 'directory' && index > 0) return 'a directory with a second name';
  return undefined;
}
