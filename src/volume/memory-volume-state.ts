/** A volume in memory as plain data: what a memory image keeps of it, and what comes back of that. */
import { FileError } from '../protocol/errno';
import type { InodeTree } from './inode-tree';
import { MAX_INODE } from './limits';
import { checkName, checkTarget, utf8Length } from './names';
import type { KeptNode, TreeNode } from './tree-node';
import type { Quotas } from './tree-volume';
import { type Inode, MAX_COOKIE } from './volume';

export interface MemoryVolumeState {
  /** The number that the next node gets. */
  readonly nextInode: number;
  /** The root among them, which has no names. */
  readonly nodes: readonly NodeState[];
}

export interface NodeState extends KeptNode {
  readonly names: readonly NameState[];
  /** Of a symbolic link. */
  readonly target: string;
  /** Of a file: as long as its size says. */
  readonly content: Uint8Array;
}

export interface NameState {
  readonly parent: Inode;
  readonly name: string;
  /** Where a listing under way goes on. */
  readonly cookie: number;
}

/** `targetOf`, `contentOf`: what the volume keeps by itself. */
export function captureTree(
  tree: InodeTree,
  targetOf: (inode: Inode) => string,
  contentOf: (inode: Inode, size: number) => Uint8Array,
): MemoryVolumeState {
  const names = new Map<Inode, NameState[]>();
  for (const parent of tree.nodes()) {
    if (parent.kind !== 'directory') continue;
    for (const { name, value, cookie } of parent.entries.values()) {
      const known = names.get(value.inode);
      const one = { parent: parent.inode, name, cookie };
      if (known === undefined) names.set(value.inode, [one]);
      else known.push(one);
    }
  }
  const nodes = [...tree.nodes()].map((node): NodeState => {
    const { inode, kind, size, accessedNs, modifiedNs, changedNs } = node;
    return {
      ...{ inode, kind, size, accessedNs, modifiedNs, changedNs },
      names: names.get(inode) ?? [],
      target: kind === 'symlink' ? targetOf(inode) : '',
      content: kind === 'file' ? contentOf(inode, size) : new Uint8Array(0),
    };
  });
  return { nextInode: tree.nextInode, nodes };
}

/**
 * Into a tree that is still empty. `held`: nodes that open files keep, so that they need no name. The state may
 * come from anywhere: for one that no volume could have been in, it throws `FileError` or `RangeError`.
 */
export function restoreTree(
  tree: InodeTree,
  { nodes, nextInode }: MemoryVolumeState,
  held: ReadonlySet<Inode>,
  { maxInodes, maxNameBytes }: Quotas,
): void {
  if (nodes.length > maxInodes) throw new FileError('ENOSPC');
  if (!isInode(nextInode)) throw new RangeError(`${nextInode} is the number of no node`);
  const restored = new Map<Inode, TreeNode>();
  for (const node of nodes) {
    checkNode(node, nextInode);
    if (restored.has(node.inode)) throw new RangeError(`two nodes ${node.inode}`);
    if (node.inode === tree.root && node.kind !== 'directory') throw new RangeError('no root');
    restored.set(node.inode, tree.restore(node));
  }
  if (!restored.has(tree.root)) throw new RangeError('there is no root');
  const named = nodes.flatMap((node) => node.names.map((name) => ({ ...name, inode: node.inode })));
  // As they were given: the oldest name of a directory has the greatest cookie.
  named.sort((a, b) => b.cookie - a.cookie);
  const cookies = new Set<string>();
  for (const { parent, name, cookie, inode } of named) {
    const [directory, node] = [restored.get(parent), restored.get(inode)];
    if (directory?.kind !== 'directory' || node === undefined || node === restored.get(tree.root)) {
      throw new RangeError(`${JSON.stringify(name)} is in no directory`);
    }
    checkName(name, maxNameBytes);
    const place = `${parent}/${cookie}`;
    if (!Number.isSafeInteger(cookie) || cookie < 1 || cookie > MAX_COOKIE || cookies.has(place)) {
      throw new RangeError(`${cookie} is no cookie`);
    }
    cookies.add(place);
    if (directory.entries.has(name) || (node.kind === 'directory' && node.parent !== undefined)) {
      throw new FileError('EEXIST');
    }
    tree.restoreName(directory, name, node, cookie);
  }
  checkPlaces(tree, restored.values(), held);
  tree.reserveInodes(nextInode);
}

function isInode(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_INODE;
}

function checkNode({ inode, kind, size, target, content }: NodeState, nextInode: number): void {
  if (!isInode(inode) || inode >= nextInode)
    throw new RangeError(`${inode} is the number of no node`);
  if (kind === 'symlink') checkTarget(target);
  const expected = kind === 'symlink' ? utf8Length(target) : content.length;
  if (size !== expected)
    throw new RangeError(`node ${inode} has ${expected} bytes instead of ${size}`);
}

/** Everything is in the root, or held by an open file. */
function checkPlaces(
  tree: InodeTree,
  restored: Iterable<TreeNode>,
  held: ReadonlySet<Inode>,
): void {
  const reached = new Set<TreeNode>([tree.node(tree.root)]);
  // What is added meanwhile is walked, too.
  for (const node of reached) {
    if (node.kind !== 'directory') continue;
    for (const { value } of node.entries.values()) reached.add(value);
  }
  for (const node of restored) {
    if (reached.has(node)) continue;
    if (node.names.length > 0 || !held.has(node.inode)) {
      throw new RangeError(`nothing leads to node ${node.inode}`);
    }
    if (node.kind !== 'directory') continue;
    if (node.entries.size > 0) throw new FileError('ENOTEMPTY');
    node.links = 0;
  }
}
