/**
 * The structure of a volume: nodes, names, links, times and quotas, and every refusal that POSIX
 * asks for. It holds no content and no link targets: a store keeps those under the node's inode,
 * and is told when a node is gone for good.
 *
 * Where POSIX leaves the choice between two errors open, Linux's choice is taken.
 */
import { FileError } from '../protocol/errno';
import { ChangeFeed } from './change-feed';
import { CookieIndex } from './cookie-index';
import { MAX_FILE_BYTES, MAX_INODE } from './limits';
import { checkName, checkNameLength } from './names';
import {
  type DirectoryNode,
  type FileNode,
  isWithin,
  type KeptNode,
  loseName,
  type NodeCommon,
  refuseReplacing,
  type SymlinkNode,
  type TreeNode,
} from './tree-node';
import type { Attributes, DirectoryEntry, Inode, TimesChange, VolumeUsage } from './volume';

export interface TreeOptions {
  /** Content bytes and bytes of link targets. */
  readonly maxBytes: number;
  /** Nodes, and each name of a file after its first: names take room too. */
  readonly maxInodes: number;
  readonly maxNameBytes: number;
  readonly now: () => bigint;
  /** Neither names nor open files lead to it any more. */
  readonly onGone?: (inode: Inode) => void;
  /** What a store has to keep of it is not what it was: everything but the time of access. */
  readonly onChanged?: (node: TreeNode) => void;
  readonly feed?: ChangeFeed | undefined;
}

/** Of each tree's root: the first node that is made. */
export const ROOT_INODE = 1 as Inode;

export class InodeTree {
  readonly root: Inode;
  /** Tells those who watch. */
  readonly feed: ChangeFeed;
  readonly #options: TreeOptions;
  readonly #nodes = new Map<Inode, TreeNode>();
  #lastInode = 0;
  #bytes = 0;
  #inodes = 0;
  #sealed = false;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.feed = options.feed ?? new ChangeFeed();
    const root = this.#newDirectory(undefined);
    this.root = root.inode;
  }

  /** From now on each change is EROFS, and reading leaves no trace in the times. */
  seal(): void {
    this.#sealed = true;
  }

  unseal(): void {
    this.#sealed = false;
  }

  get sealed(): boolean {
    return this.#sealed;
  }

  refuseIfSealed(): void {
    if (this.#sealed) throw new FileError('EROFS');
  }

  /** The number that the next node gets. */
  get nextInode(): number {
    return this.#lastInode + 1;
  }

  /** Numbers below `next` have been in use. */
  reserveInodes(next: number): void {
    this.#lastInode = Math.max(this.#lastInode, next - 1);
  }

  /** Brings back a node that a store has kept; the root's number gives its times to the root. */
  restore({ inode, kind, size, accessedNs, modifiedNs, changedNs }: KeptNode): TreeNode {
    const times = { accessedNs, modifiedNs, changedNs };
    const existing = this.#nodes.get(inode);
    if (existing) return Object.assign(existing, times);
    const common = { inode, size, links: 0, holds: 0, names: [], ...times };
    const node: TreeNode =
      kind === 'directory'
        ? { ...common, kind, links: 2, parent: undefined, entries: new CookieIndex() }
        : { ...common, kind };
    this.#nodes.set(inode, node);
    this.#inodes++;
    this.#bytes += size;
    this.reserveInodes(inode + 1);
    return node;
  }

  /** Gives a restored node a name that it had. */
  restoreName(parent: DirectoryNode, name: string, node: TreeNode, cookie?: number): void {
    parent.entries.set(name, node, cookie);
    node.names.push({ parent, name });
    if (node.kind === 'directory') {
      node.parent = parent;
      parent.links++;
    } else {
      node.links++;
      if (node.links > 1) this.#inodes++;
    }
  }

  /** Takes out a restored node that nothing leads to. */
  drop(node: TreeNode): void {
    node.links = 0;
    this.#forgetIfGone(node);
  }

  /** The node, if there is one. */
  find(inode: Inode): TreeNode | undefined {
    return this.#nodes.get(inode);
  }

  nodes(): Iterable<TreeNode> {
    return this.#nodes.values();
  }

  clear(): void {
    this.#nodes.clear();
    this.#bytes = 0;
    this.#inodes = 0;
  }

  usage(): VolumeUsage {
    return { bytes: this.#bytes, inodes: this.#inodes };
  }

  node(inode: Inode): TreeNode {
    const node = this.#nodes.get(inode);
    if (!node) throw new FileError('ESTALE');
    return node;
  }

  directory(inode: Inode): DirectoryNode {
    const node = this.node(inode);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    return node;
  }

  file(inode: Inode): FileNode {
    const node = this.node(inode);
    if (node.kind === 'file') return node;
    throw new FileError(node.kind === 'directory' ? 'EISDIR' : 'EINVAL');
  }

  symlink(inode: Inode): SymlinkNode {
    const node = this.node(inode);
    if (node.kind !== 'symlink') throw new FileError('EINVAL');
    return node;
  }

  lookup(directory: Inode, name: string): Inode | undefined {
    const found = this.directory(directory).entries.get(name);
    if (found) return found.inode;
    checkNameLength(name, this.#options.maxNameBytes);
    return undefined;
  }

  attributes(inode: Inode): Attributes {
    const { kind, size, links, accessedNs, modifiedNs, changedNs } = this.node(inode);
    return { inode, kind, size, links, accessedNs, modifiedNs, changedNs };
  }

  list(directory: Inode, after: number, limit: number): DirectoryEntry[] {
    const node = this.directory(directory);
    this.accessed(node);
    return node.entries.page(after, limit).map(({ name, value, cookie }) => {
      return { name, inode: value.inode, kind: value.kind, cookie };
    });
  }

  createFile(directory: Inode, name: string): FileNode {
    const parent = this.#parentOfNew(directory, name);
    const node: FileNode = { ...this.#newCommon(0), kind: 'file' };
    return this.#enter(parent, name, node);
  }

  /** `size`: bytes of its target. */
  createSymlink(directory: Inode, name: string, size: number): SymlinkNode {
    const parent = this.#parentOfNew(directory, name);
    const node: SymlinkNode = { ...this.#newCommon(size), kind: 'symlink' };
    return this.#enter(parent, name, node);
  }

  createDirectory(directory: Inode, name: string): DirectoryNode {
    const parent = this.#parentOfNew(directory, name);
    const node = this.#newDirectory(parent);
    parent.links++;
    return this.#enter(parent, name, node);
  }

  link(inode: Inode, directory: Inode, name: string): void {
    this.refuseIfSealed();
    const node = this.node(inode);
    const parent = this.#parentOfNew(directory, name);
    if (node.kind === 'directory') throw new FileError('EPERM');
    if (node.links === 0) throw new FileError('ENOENT');
    this.#chargeInode();
    node.links++;
    node.changedNs = this.#options.now();
    this.#enter(parent, name, node);
  }

  unlink(directory: Inode, name: string): void {
    this.refuseIfSealed();
    const parent = this.directory(directory);
    const node = this.#existing(parent, name);
    if (node.kind === 'directory') throw new FileError('EISDIR');
    this.feed.removed(parent, name);
    parent.entries.delete(name);
    this.modified(parent);
    this.#loseName(node, parent, name);
  }

  removeDirectory(directory: Inode, name: string): void {
    this.refuseIfSealed();
    const parent = this.directory(directory);
    const node = this.#existing(parent, name);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    if (node.entries.size > 0) throw new FileError('ENOTEMPTY');
    this.feed.removed(parent, name);
    parent.entries.delete(name);
    this.modified(parent);
    this.#loseName(node, parent, name);
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): void {
    this.refuseIfSealed();
    const source = this.directory(fromDirectory);
    const target = this.directory(toDirectory);
    const node = this.#existing(source, from);
    checkName(to, this.#options.maxNameBytes);
    const replaced = target.entries.get(to);
    if (node.kind === 'directory' && isWithin(target, node)) throw new FileError('EINVAL');
    if (replaced?.kind === 'directory' && isWithin(source, replaced)) {
      throw new FileError('ENOTEMPTY');
    }
    if (replaced === node) return;
    if (target.links === 0) throw new FileError('ENOENT');
    if (replaced) refuseReplacing(replaced, node);

    this.feed.removed(source, from);
    if (replaced) this.feed.removed(target, to);
    if (source === target) source.entries.rename(from, to);
    else {
      source.entries.delete(from);
      target.entries.set(to, node);
    }
    loseName(node, source, from);
    node.names.push({ parent: target, name: to });
    if (node.kind === 'directory') {
      node.parent = target;
      source.links--;
      target.links++;
    }
    this.modified(source);
    if (source !== target) this.modified(target);
    node.changedNs = source.changedNs;
    this.#options.onChanged?.(node);
    this.feed.created(target, to);
    if (replaced) this.#loseName(replaced, target, to);
  }

  /** EFBIG, ENOSPC, or the new size: the store then makes the content agree. */
  resize(node: FileNode, size: number): void {
    this.refuseIfSealed();
    if (size > MAX_FILE_BYTES) throw new FileError('EFBIG');
    this.#chargeBytes(size - node.size);
    node.size = size;
    this.#options.onChanged?.(node);
  }

  setTimes(inode: Inode, times: TimesChange): void {
    this.refuseIfSealed();
    const node = this.node(inode);
    if (times.accessedNs !== undefined) node.accessedNs = times.accessedNs;
    if (times.modifiedNs !== undefined) node.modifiedNs = times.modifiedNs;
    node.changedNs = this.#options.now();
    this.#options.onChanged?.(node);
    this.feed.changed(node);
  }

  /** The content was read. */
  accessed(node: TreeNode): void {
    if (!this.#sealed) node.accessedNs = this.#options.now();
  }

  /** The content was changed. */
  modified(node: TreeNode): void {
    this.refuseIfSealed();
    node.modifiedNs = this.#options.now();
    node.changedNs = node.modifiedNs;
    this.#options.onChanged?.(node);
    if (node.kind === 'file') this.feed.changed(node);
  }

  retain(inode: Inode): void {
    this.node(inode).holds++;
  }

  release(inode: Inode): void {
    const node = this.node(inode);
    if (node.holds > 0) node.holds--;
    this.#forgetIfGone(node);
  }

  #existing(parent: DirectoryNode, name: string): TreeNode {
    const node = parent.entries.get(name);
    if (node) return node;
    checkName(name, this.#options.maxNameBytes);
    throw new FileError('ENOENT');
  }

  #parentOfNew(directory: Inode, name: string): DirectoryNode {
    this.refuseIfSealed();
    const parent = this.directory(directory);
    if (parent.links === 0) throw new FileError('ENOENT');
    checkName(name, this.#options.maxNameBytes);
    if (parent.entries.has(name)) throw new FileError('EEXIST');
    return parent;
  }

  #newCommon(size: number): NodeCommon {
    // Only where a store tells of such a number.
    if (this.#lastInode >= MAX_INODE) throw new FileError('ENOSPC');
    this.#chargeInode();
    try {
      this.#chargeBytes(size);
    } catch (refusal) {
      this.#inodes--;
      throw refusal;
    }
    const now = this.#options.now();
    const inode = ++this.#lastInode as Inode;
    const times = { accessedNs: now, modifiedNs: now, changedNs: now };
    return { inode, names: [], links: 1, holds: 0, ...times, size };
  }

  #newDirectory(parent: DirectoryNode | undefined): DirectoryNode {
    const node: DirectoryNode = {
      ...this.#newCommon(0),
      kind: 'directory',
      parent,
      entries: new CookieIndex(),
    };
    // Its name and its own `.`; each directory in it adds a `..`.
    node.links = 2;
    this.#nodes.set(node.inode, node);
    return node;
  }

  #enter<T extends TreeNode>(parent: DirectoryNode, name: string, node: T): T {
    this.#nodes.set(node.inode, node);
    parent.entries.set(name, node);
    node.names.push({ parent, name });
    // The same moment: the clock is asked once.
    parent.modifiedNs = node.changedNs;
    parent.changedNs = node.changedNs;
    this.#options.onChanged?.(node);
    this.#options.onChanged?.(parent);
    this.feed.created(parent, name);
    return node;
  }

  #loseName(node: TreeNode, parent: DirectoryNode, name: string): void {
    loseName(node, parent, name);
    node.changedNs = parent.changedNs;
    if (node.kind === 'directory') {
      node.links = 0;
      node.parent = undefined;
      parent.links--;
    } else {
      node.links--;
      if (node.links > 0) this.#inodes--;
    }
    this.#options.onChanged?.(node);
    this.#forgetIfGone(node);
  }

  #forgetIfGone(node: TreeNode): void {
    if (node.links > 0 || node.holds > 0) return;
    if (!this.#nodes.delete(node.inode)) return;
    this.#inodes--;
    this.#bytes -= node.size;
    this.#options.onGone?.(node.inode);
  }

  #chargeInode(): void {
    if (this.#inodes >= this.#options.maxInodes) throw new FileError('ENOSPC');
    this.#inodes++;
  }

  #chargeBytes(more: number): void {
    if (more > 0 && this.#bytes + more > this.#options.maxBytes) throw new FileError('ENOSPC');
    this.#bytes += more;
  }
}
