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

/** Each directory by name, followed by what is in it; so it is for those added or removed, too. */
export function changesBetween(
  base: BaseNames,
  root: DirectoryNode,
  changed: ReadonlySet<Inode>,
): OverlayChange[] {
  const found: OverlayChange[] = [];
  /** What is still to be looked at, last first: trees may be deeper than the stack of calls. */
  const pending: (() => void)[] = [];

  const within = <T>(
    path: string,
    names: Iterable<readonly [string, T]>,
    look: (path: string, what: T) => void,
  ): void => {
    const inOrder = [...names].sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0));
    for (const [name, what] of inOrder) pending.push(() => look(`${path}/${name}`, what));
  };
  const gone = (path: string, inode: Inode): void => {
    found.push({ kind: 'removed', path, node: undefined });
    within(path, base.get(inode) ?? [], gone);
  };
  const added = (path: string, node: TreeNode): void => {
    found.push({ kind: 'added', path, node: node.kind });
    if (node.kind === 'directory') within(path, namesIn(node), added);
  };
  const compare = (path: string, { was, is }: { was?: Inode; is?: TreeNode }): void => {
    if (is === undefined) {
      if (was !== undefined) gone(path, was);
    } else if (was === undefined) added(path, is);
    else if (was === is.inode) {
      if (is.kind === 'directory') compareIn(path, is);
      else if (changed.has(was)) found.push({ kind: 'changed', path, node: is.kind });
    } else if (is.kind !== 'directory' && !base.has(was)) {
      // A program that saves a file mostly puts a new one in the place of the old one.
      found.push({ kind: 'changed', path, node: is.kind });
    } else {
      pending.push(() => added(path, is));
      gone(path, was);
    }
  };
  const compareIn = (path: string, directory: DirectoryNode): void => {
    const names = new Map<string, { was?: Inode; is?: TreeNode }>();
    for (const [name, was] of base.get(directory.inode) ?? []) names.set(name, { was });
    for (const [name, is] of namesIn(directory)) names.set(name, { ...names.get(name), is });
    within(path, names, compare);
  };

  compareIn('', root);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) next();
  return found;
}

function* namesIn(directory: DirectoryNode): Generator<[string, TreeNode]> {
  for (const { name, value } of directory.entries.values()) yield [name, value];
}
