/** What differs between the names and files below an overlay and those that it shows. */
import type { DirectoryNode, TreeNode } from './tree-node';
import type { Inode, NodeKind } from './volume';

export interface OverlayChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly path: string;
  /** Of what is there now; of a removed path undefined. */
  readonly node: NodeKind | undefined;
}

/** Of each directory below, by its number in the overlay: what its names led to. */
export type BaseNames = Map<Inode, ReadonlyMap<string, Inode>>;

/** In order of their paths; what is in a directory that was added or removed is listed, too. */
export function changesBetween(
  base: BaseNames,
  root: DirectoryNode,
  changed: ReadonlySet<Inode>,
): OverlayChange[] {
  const found: OverlayChange[] = [];
  const gone = (path: string, inode: Inode): void => {
    found.push({ kind: 'removed', path, node: undefined });
    for (const [name, child] of base.get(inode) ?? []) gone(`${path}/${name}`, child);
  };
  const added = (path: string, node: TreeNode): void => {
    found.push({ kind: 'added', path, node: node.kind });
    if (node.kind !== 'directory') return;
    for (const { name, value } of node.entries.values()) added(`${path}/${name}`, value);
  };
  const compare = (path: string, directory: DirectoryNode): void => {
    const before = base.get(directory.inode) ?? new Map<string, Inode>();
    for (const [name, inode] of before) {
      if (!directory.entries.has(name)) gone(`${path}/${name}`, inode);
    }
    for (const { name, value } of directory.entries.values()) {
      const at = `${path}/${name}`;
      const was = before.get(name);
      if (was === undefined) added(at, value);
      else if (was !== value.inode) {
        // A program that saves a file mostly puts a new one in the place of the old one.
        if (value.kind !== 'directory' && !base.has(was)) {
          found.push({ kind: 'changed', path: at, node: value.kind });
        } else {
          gone(at, was);
          added(at, value);
        }
      } else if (value.kind === 'directory') compare(at, value);
      else if (changed.has(was)) found.push({ kind: 'changed', path: at, node: value.kind });
    }
  };
  compare('', root);
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
