/**
 * The nodes of a host directory that were seen, by numbers of our own, and the way to each.
 *
 * No real path is ever handed to the system as a whole, since any of its components might be, or
 * become, a symbolic link. On Linux the way goes from one open directory to the next, starting at
 * the root, by `/proc/self/fd/N/name`, which resolves exactly one component below an open
 * directory; each step refuses links (O_NOFOLLOW) and must arrive at the node that was seen there
 * before (device and inode number). So a process that swaps a directory for a link meanwhile, even
 * between two system calls, gets a refusal, never an access outside.
 *
 * Elsewhere there is no such path, and Node has no `openat`. There each component is looked at
 * (lstat) right before the whole path is used: links that lie about are refused, but a process
 * that swaps a directory for a link in between is not defended against.
 *
 * Not defended on any system: a directory that another process moves out of the folder while it is
 * open here stays reachable, and so does what another process mounts or hard-links into the folder.
 */
import * as fs from 'node:fs';
import { FileError } from '../protocol/errno';
import type { CookieIndex } from '../volume/cookie-index';
import type { Inode, NodeKind } from '../volume/volume';
import { withErrno } from './host-errno';

export interface HostNode {
  readonly inode: Inode;
  readonly kind: NodeKind;
  readonly dev: bigint;
  readonly ino: bigint;
  /** The names that are known to lead here, by `parent/name`. The root has none. */
  readonly names: Map<string, HostName>;
  holds: number;
  /** A directory's may be closed at any time when nothing holds it; a file's is there while held. */
  fd: number | undefined;
  /** Whether the file could be opened for writing the last time. */
  mayWrite: boolean;
  /** Of a directory that was listed. */
  listing: HostListing | undefined;
}

export interface HostName {
  readonly parent: HostNode;
  readonly name: string;
}

export interface HostListing {
  readonly index: CookieIndex<null>;
  /** Modification and change time of the directory when the names were read. */
  stamp: string;
}

/** Open directories that are kept so that the way to their content is short. */
const MAX_IDLE_DIRECTORIES = 64;

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = fs.constants;

export class HostNodes {
  readonly root: HostNode;
  readonly rootPath: string;
  /** Changed since they were last made durable. What is gone need not be. */
  readonly dirty = new Set<HostNode>();
  readonly #writable: boolean;
  readonly #anchored: boolean;
  readonly #byInode = new Map<Inode, HostNode>();
  readonly #byIdentity = new Map<string, HostNode>();
  /** Least recently used first. The root is not among them. */
  readonly #openDirectories = new Set<HostNode>();
  #lastInode = 0;

  /** `anchored`: whether `/proc/self/fd` is there and is used. */
  constructor(rootPath: string, rootFd: number, writable: boolean, anchored: boolean) {
    this.rootPath = rootPath;
    this.#writable = writable;
    this.#anchored = anchored;
    this.root = this.#add(fs.fstatSync(rootFd, { bigint: true }), 'directory');
    this.root.fd = rootFd;
  }

  node(inode: Inode): HostNode {
    const node = this.#byInode.get(inode);
    if (!node) throw new FileError('ESTALE');
    return node;
  }

  directory(inode: Inode): HostNode {
    const node = this.node(inode);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    return node;
  }

  file(inode: Inode): HostNode {
    const node = this.node(inode);
    if (node.kind === 'file') return node;
    throw new FileError(node.kind === 'directory' ? 'EISDIR' : 'EINVAL');
  }

  /** Only because it is held it is still there. */
  isRemoved(node: HostNode): boolean {
    return node.names.size === 0 && node !== this.root;
  }

  /** What the name leads to now, if that is something to be shown. */
  find(parent: HostNode, name: string): { node: HostNode; stats: fs.BigIntStats } | undefined {
    if (this.isRemoved(parent)) return undefined;
    const path = this.pathIn(parent, name);
    const stats = withErrno(() => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }));
    const kind = stats && kindOf(stats);
    if (!kind) return undefined;
    const known = this.#byIdentity.get(identityOf(stats));
    // A directory mounted within itself would make a tree without end, and a way without start.
    if (known?.kind === 'directory' && isWithin(parent, known)) return undefined;
    // The system may give the number of a file that is gone to another one.
    const node = known?.kind === kind ? known : this.#add(stats, kind);
    this.addName(node, parent, name);
    return { node, stats };
  }

  /** A path for one system call that must not follow a link in its last component. */
  pathIn(parent: HostNode, name: string): string {
    return `${this.#directoryPath(parent)}/${name}`;
  }

  directoryFd(node: HostNode): number {
    if (node.fd === undefined) this.#walkTo(node);
    if (node.fd === undefined) throw new FileError('ESTALE');
    return node.fd;
  }

  stats(node: HostNode): fs.BigIntStats {
    const { fd } = node;
    if (fd !== undefined) return withErrno(() => fs.fstatSync(fd, { bigint: true }));
    return this.wayTo(node).stats;
  }

  /** One of its names, with the node still there. ESTALE if no known name leads to it any more. */
  wayTo(node: HostNode): { path: string; stats: fs.BigIntStats } {
    for (const { parent, name } of node.names.values()) {
      const found = this.#lookAt(parent, name);
      if (found && isNode(found.stats, node)) return found;
      this.removeName(node, parent, name);
    }
    throw new FileError('ESTALE');
  }

  /** Uses the file's descriptor: the one that is held, or one for this time only. */
  withFile<T>(node: HostNode, use: (fd: number) => T): T {
    const held = node.fd;
    if (held !== undefined) return withErrno(() => use(held));
    const fd = this.#openFile(node);
    if (node.holds > 0) node.fd = fd;
    try {
      return withErrno(() => use(fd));
    } finally {
      if (node.fd !== fd) fs.closeSync(fd);
    }
  }

  withFileToWrite(node: HostNode, use: (fd: number) => void): void {
    this.withFile(node, (fd) => {
      if (!node.mayWrite) throw new FileError('EACCES');
      use(fd);
    });
  }

  /** A node whose name goes must be opened before, if it is held: there is no way to it after. */
  openIfHeld(node: HostNode): void {
    if (node.holds === 0 || node.fd !== undefined) return;
    try {
      if (node.kind === 'file') node.fd = this.#openFile(node);
      else if (node.kind === 'directory') this.#walkTo(node);
    } catch (reason) {
      // Without the permission to read it can still be retained and looked at by its name.
      if (!(reason instanceof FileError)) throw reason;
    }
  }

  retain(node: HostNode): void {
    node.holds++;
    this.openIfHeld(node);
  }

  release(node: HostNode): void {
    if (node.holds > 0) node.holds--;
    if (node.holds > 0) return;
    if (node.kind === 'file') this.#close(node);
    if (this.isRemoved(node)) this.#forget(node);
  }

  addName(node: HostNode, parent: HostNode, name: string): void {
    // A directory has one name: what was known before, another process has changed.
    if (node.kind === 'directory') node.names.clear();
    node.names.set(`${parent.inode}/${name}`, { parent, name });
  }

  /** The node is forgotten with its last known name, unless it is held. */
  removeName(node: HostNode, parent: HostNode, name: string): void {
    node.names.delete(`${parent.inode}/${name}`);
    if (node.names.size > 0) return;
    if (node.holds === 0) this.#forget(node);
    // Nothing keeps the system from giving its number to another node.
    else if (node.fd === undefined) this.#byIdentity.delete(identityOf(node));
  }

  /** Before an operation, never within one: the paths that it uses stay valid. */
  trim(): void {
    let idle = this.#openDirectories.size;
    for (const node of this.#openDirectories) {
      if (idle <= MAX_IDLE_DIRECTORIES) return;
      if (node.holds === 0) this.#close(node);
      idle--;
    }
  }

  close(): void {
    for (const node of this.#byInode.values()) this.#close(node);
    this.#byInode.clear();
    this.#byIdentity.clear();
  }

  #lookAt(parent: HostNode, name: string): { path: string; stats: fs.BigIntStats } | undefined {
    try {
      const path = this.pathIn(parent, name);
      const stats = withErrno(() => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }));
      return stats && { path, stats };
    } catch (reason) {
      // The directory itself is not where it was.
      if (isFileError(reason, 'ESTALE')) return undefined;
      throw reason;
    }
  }

  #add(stats: fs.BigIntStats, kind: NodeKind): HostNode {
    const { dev, ino } = stats;
    const inode = ++this.#lastInode as Inode;
    const names = new Map<string, HostName>();
    const state = { holds: 0, fd: undefined, mayWrite: false, listing: undefined };
    const node: HostNode = { inode, kind, dev, ino, names, ...state };
    this.#byInode.set(inode, node);
    this.#byIdentity.set(identityOf(stats), node);
    return node;
  }

  #forget(node: HostNode): void {
    this.#close(node);
    this.dirty.delete(node);
    this.#byInode.delete(node.inode);
    const identity = identityOf(node);
    if (this.#byIdentity.get(identity) === node) this.#byIdentity.delete(identity);
  }

  #close(node: HostNode): void {
    if (node.fd !== undefined) fs.closeSync(node.fd);
    node.fd = undefined;
    this.#openDirectories.delete(node);
  }

  #openFile(node: HostNode): number {
    const { path } = this.wayTo(node);
    // O_NONBLOCK: should another process put a pipe there meanwhile, opening it must not wait.
    const flags = O_NOFOLLOW | O_NONBLOCK;
    node.mayWrite = this.#writable;
    if (this.#writable) {
      try {
        return this.#openNode(path, flags | O_RDWR, node);
      } catch (reason) {
        if (!isFileError(reason, 'EACCES', 'EPERM', 'EROFS', 'ETXTBSY')) throw reason;
        node.mayWrite = false;
      }
    }
    return this.#openNode(path, flags | O_RDONLY, node);
  }

  #openNode(path: string, flags: number, node: HostNode): number {
    let fd: number;
    try {
      fd = withErrno(() => fs.openSync(path, flags));
    } catch (reason) {
      // Gone, or something else in its place: a link, a file for a directory, a socket.
      throw isFileError(reason, 'ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO')
        ? new FileError('ESTALE')
        : reason;
    }
    if (isNode(fs.fstatSync(fd, { bigint: true }), node)) return fd;
    fs.closeSync(fd);
    throw new FileError('ESTALE');
  }

  #directoryPath(node: HostNode): string {
    if (this.#anchored) return `/proc/self/fd/${this.#recentlyUsedFd(node)}`;
    let path = this.rootPath;
    for (const step of this.#stepsTo(node, this.root)) {
      path += `/${nameOf(step).name}`;
      const current = path;
      const stats = withErrno(() => fs.lstatSync(current, { bigint: true, throwIfNoEntry: false }));
      if (!stats || !isNode(stats, step)) throw new FileError('ESTALE');
    }
    return path;
  }

  #recentlyUsedFd(node: HostNode): number {
    const fd = this.directoryFd(node);
    if (this.#openDirectories.delete(node)) this.#openDirectories.add(node);
    return fd;
  }

  /** Opens the directory and, while there are few, leaves those on the way open for the next. */
  #walkTo(node: HostNode): void {
    const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
    if (!this.#anchored) {
      node.fd = this.#openNode(this.#directoryPath(node), flags, node);
      this.#openDirectories.add(node);
      return;
    }
    for (const step of this.#stepsTo(node, undefined)) {
      const { parent, name } = nameOf(step);
      step.fd = this.#openNode(`/proc/self/fd/${parent.fd}/${name}`, flags, step);
      this.#openDirectories.add(step);
      const crowded = this.#openDirectories.size > 2 * MAX_IDLE_DIRECTORIES;
      if (crowded && parent !== this.root && parent.holds === 0) this.#close(parent);
    }
  }

  /** The directories on the way, topmost first: below `from`, or below one that is open. */
  #stepsTo(node: HostNode, from: HostNode | undefined): HostNode[] {
    const steps: HostNode[] = [];
    let at = node;
    while (from ? at !== from : at.fd === undefined) {
      steps.push(at);
      at = nameOf(at).parent;
    }
    return steps.reverse();
  }
}

function nameOf(node: HostNode): HostName {
  for (const name of node.names.values()) return name;
  throw new FileError('ESTALE');
}

function identityOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** Devices, pipes and sockets are nothing that a guest should meet: they are not shown. */
function kindOf(stats: fs.BigIntStats): NodeKind | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : undefined;
}

function isNode(stats: fs.BigIntStats, node: HostNode): boolean {
  return stats.dev === node.dev && stats.ino === node.ino && kindOf(stats) === node.kind;
}

function isWithin(directory: HostNode, ancestor: HostNode): boolean {
  for (let at: HostNode | undefined = directory; at; at = parentOf(at)) {
    if (at === ancestor) return true;
  }
  return false;
}

/** The directory that the way to it goes through. The root, and a removed node, have none. */
export function parentOf(node: HostNode): HostNode | undefined {
  return node.names.values().next().value?.parent;
}

function isFileError(reason: unknown, ...names: string[]): boolean {
  return reason instanceof FileError && names.includes(reason.errnoName);
}
