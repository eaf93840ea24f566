/** The nodes of an inode tree, and what can be said of them by themselves. */
import { FileError } from '../protocol/errno';
import type { CookieIndex } from './cookie-index';
import type { Inode } from './volume';

export interface NodeName {
  readonly parent: DirectoryNode;
  readonly name: string;
}

export interface NodeCommon {
  readonly inode: Inode;
  /** The names that lead here. The root has none, nor has a node that was removed while open. */
  readonly names: NodeName[];
  links: number;
  /** How many open files keep this node, whatever its links. */
  holds: number;
  accessedNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;
  size: number;
}

export interface FileNode extends NodeCommon {
  readonly kind: 'file';
}

export interface SymlinkNode extends NodeCommon {
  readonly kind: 'symlink';
}

export interface DirectoryNode extends NodeCommon {
  readonly kind: 'directory';
  /** The root has none, nor has a removed directory. */
  parent: DirectoryNode | undefined;
  readonly entries: CookieIndex<TreeNode>;
}

export type TreeNode = FileNode | SymlinkNode | DirectoryNode;

/** A node as a store has kept it: its names come by themselves. */
export interface KeptNode {
  readonly inode: Inode;
  readonly kind: TreeNode['kind'];
  readonly size: number;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export function isWithin(directory: DirectoryNode, ancestor: DirectoryNode): boolean {
  for (let at: DirectoryNode | undefined = directory; at; at = at.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

export function refuseReplacing(replaced: TreeNode, node: TreeNode): void {
  if (node.kind === 'directory') {
    if (replaced.kind !== 'directory') throw new FileError('ENOTDIR');
    if (replaced.entries.size > 0) throw new FileError('ENOTEMPTY');
  } else if (replaced.kind === 'directory') throw new FileError('EISDIR');
}

export function loseName(node: TreeNode, parent: DirectoryNode, name: string): void {
  const index = node.names.findIndex((other) => other.parent === parent && other.name === name);
  if (index >= 0) node.names.splice(index, 1);
}
