/** A folder of the machine as a volume, for Node. */
import * as fs from 'node:fs';
import { FileError } from '../protocol/errno';
import { CookieIndex } from '../volume/cookie-index';
import { MAX_FILE_BYTES } from '../volume/limits';
import {
  checkName,
  checkNameLength,
  checkTarget,
  DEFAULT_MAX_NAME_BYTES,
  isName,
} from '../volume/names';
import type {
  Attributes,
  ChangeListener,
  DirectoryEntry,
  Inode,
  TimesChange,
  Volume,
  VolumeUsage,
} from '../volume/volume';
import { HostDirectoryError } from './host-directory-error';
import { type HostListing, type HostNode, HostNodes, parentOf } from './host-directory-nodes';
import { watchFolder } from './host-directory-watch';
import { withErrno } from './host-errno';

export interface HostDirectoryOptions {
  /** Default: read-only. */
  readonly writable?: boolean;
  /**
   * Whether to go by `/proc/self/fd`, without which another process could lead accesses astray.
   * Default: wherever the system has it.
   */
  readonly anchored?: boolean;
}

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = fs.constants;

/**
 * The folder is shown without devices, pipes and sockets, and without names that are not UTF-8.
 * Symbolic links are shown as links, and never followed here: their targets mean paths of the
 * guest's tree. The guest can't make links that would lead a program of the *host* out of the
 * folder: an absolute target, or one with `..` in it, is refused with EPERM.
 *
 * Whatever the user who runs this may read or write in the folder, the guest may: hard links and
 * mounts that lead there from elsewhere are part of it. Times are kept to the microsecond.
 */
export class HostDirectoryVolume implements Volume {
  readonly root: Inode;
  readonly readOnly: boolean;
  readonly #nodes: HostNodes;

  private constructor(nodes: HostNodes, readOnly: boolean) {
    this.#nodes = nodes;
    this.root = nodes.root.inode;
    this.readOnly = readOnly;
  }

  /** Throws `HostDirectoryError` if the path leads to no directory that can be read. */
  static open(path: string, options: HostDirectoryOptions = {}): HostDirectoryVolume {
    if (O_NOFOLLOW === undefined || O_DIRECTORY === undefined) {
      const reason = 'this system can not open files without following links';
      throw new HostDirectoryError('host-directory-unsupported', path, reason);
    }
    const writable = options.writable ?? false;
    try {
      const realPath = fs.realpathSync(path);
      const fd = fs.openSync(realPath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      const anchored = options.anchored ?? isAnchor(fd);
      return new HostDirectoryVolume(new HostNodes(realPath, fd, writable, anchored), !writable);
    } catch (reason) {
      throw HostDirectoryError.because(path, reason);
    }
  }

  lookup(directory: Inode, name: string): Inode | undefined {
    const parent = this.#directory(directory);
    checkNameLength(name, DEFAULT_MAX_NAME_BYTES);
    return isName(name) ? this.#nodes.find(parent, name)?.node.inode : undefined;
  }

  attributes(inode: Inode): Attributes {
    const node = this.#node(inode);
    const stats = this.#nodes.stats(node);
    return {
      inode,
      kind: node.kind,
      size: node.kind === 'directory' ? 0 : Number(stats.size),
      links: Number(stats.nlink),
      accessedNs: stats.atimeNs,
      modifiedNs: stats.mtimeNs,
      changedNs: stats.ctimeNs,
    };
  }

  list(directory: Inode, after: number, limit: number): DirectoryEntry[] {
    const node = this.#directory(directory);
    if (this.#nodes.isRemoved(node)) return [];
    const { index } = this.#listing(node, after === 0);
    const entries: DirectoryEntry[] = [];
    let at = after;
    while (entries.length < limit) {
      const slots = index.page(at, limit - entries.length);
      for (const { name, cookie } of slots) {
        at = cookie;
        const found = this.#nodes.find(node, name)?.node;
        if (found) entries.push({ name, inode: found.inode, kind: found.kind, cookie });
      }
      if (slots.length === 0) break;
    }
    return entries;
  }

  createFile(directory: Inode, name: string): Inode {
    const parent = this.#parentOfNew(directory, name);
    const path = this.#nodes.pathIn(parent, name);
    const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
    fs.closeSync(withErrno(() => fs.openSync(path, flags, 0o666)));
    return this.#created(parent, name);
  }

  createDirectory(directory: Inode, name: string): Inode {
    const parent = this.#parentOfNew(directory, name);
    const path = this.#nodes.pathIn(parent, name);
    withErrno(() => fs.mkdirSync(path, 0o777));
    return this.#created(parent, name);
  }

  createSymlink(directory: Inode, name: string, target: string): Inode {
    this.#refuseIfReadOnly();
    checkTarget(target);
    const parent = this.#parentOfNew(directory, name);
    if (target.split('/').includes('..') || target.startsWith('/')) throw new FileError('EPERM');
    const path = this.#nodes.pathIn(parent, name);
    withErrno(() => fs.symlinkSync(target, path));
    return this.#created(parent, name);
  }

  link(inode: Inode, directory: Inode, name: string): void {
    this.#refuseIfReadOnly();
    const node = this.#node(inode);
    const parent = this.#parentOfNew(directory, name);
    if (node.kind === 'directory') throw new FileError('EPERM');
    if (this.#nodes.isRemoved(node)) throw new FileError('ENOENT');
    // Other systems' link(2) may make a second name of what the link leads to.
    if (node.kind === 'symlink' && process.platform !== 'linux') throw new FileError('ENOTSUP');
    const to = this.#nodes.pathIn(parent, name);
    const { path } = this.#nodes.wayTo(node);
    withErrno(() => fs.linkSync(path, to));
    if (this.#nodes.find(parent, name)?.node !== node) {
      // Another process has put something else there in between: that must not get a new name.
      withErrno(() => fs.unlinkSync(to));
      throw new FileError('ESTALE');
    }
    this.#nodes.dirty.add(parent);
  }

  unlink(directory: Inode, name: string): void {
    this.#refuseIfReadOnly();
    const parent = this.#directory(directory);
    const node = this.#existing(parent, name);
    if (node.kind === 'directory') throw new FileError('EISDIR');
    this.#nodes.openIfHeld(node);
    const path = this.#nodes.pathIn(parent, name);
    withErrno(() => fs.unlinkSync(path));
    this.#nodes.removeName(node, parent, name);
    this.#nodes.dirty.add(parent);
  }

  removeDirectory(directory: Inode, name: string): void {
    this.#refuseIfReadOnly();
    const parent = this.#directory(directory);
    const node = this.#existing(parent, name);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    this.#nodes.openIfHeld(node);
    const path = this.#nodes.pathIn(parent, name);
    withErrno(() => fs.rmdirSync(path));
    this.#nodes.removeName(node, parent, name);
    this.#nodes.dirty.add(parent);
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): void {
    this.#refuseIfReadOnly();
    const source = this.#directory(fromDirectory);
    const target = this.#directory(toDirectory);
    const node = this.#existing(source, from);
    checkName(to, DEFAULT_MAX_NAME_BYTES);
    if (this.#nodes.isRemoved(target)) throw new FileError('ENOENT');
    const oldPath = this.#nodes.pathIn(source, from);
    const newPath = this.#nodes.pathIn(target, to);
    const replaced = this.#nodes.find(target, to)?.node;
    if (replaced) this.#nodes.openIfHeld(replaced);
    // What is not shown must not be lost, either.
    else if (exists(newPath)) throw new FileError('EEXIST');
    withErrno(() => fs.renameSync(oldPath, newPath));
    if (replaced === node) return;
    if (replaced) this.#nodes.removeName(replaced, target, to);
    if (source === target) source.listing?.index.rename(from, to);
    this.#nodes.addName(node, target, to);
    if (node.kind !== 'directory') this.#nodes.removeName(node, source, from);
    this.#nodes.dirty.add(source).add(target);
  }

  readLink(inode: Inode): string {
    const node = this.#node(inode);
    if (node.kind !== 'symlink') throw new FileError('EINVAL');
    const { path } = this.#nodes.wayTo(node);
    const target = withErrno(() => fs.readlinkSync(path, { encoding: 'buffer' }));
    const text = decoded(target);
    if (text === undefined) throw new FileError('EILSEQ');
    return text;
  }

  read(inode: Inode, offset: number, length: number): Uint8Array {
    return this.#nodes.withFile(this.#file(inode), (fd) => {
      const available = Math.min(length, fs.fstatSync(fd).size - offset);
      if (available <= 0) return new Uint8Array(0);
      const bytes = new Uint8Array(available);
      let done = 0;
      while (done < available) {
        const count = fs.readSync(fd, bytes, done, available - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    });
  }

  write(inode: Inode, offset: number, bytes: Uint8Array): void {
    const node = this.#writableFile(inode);
    if (bytes.length === 0) return;
    if (offset + bytes.length > MAX_FILE_BYTES) throw new FileError('EFBIG');
    this.#nodes.withFileToWrite(node, (fd) => {
      let done = 0;
      while (done < bytes.length) {
        done += fs.writeSync(fd, bytes, done, bytes.length - done, offset + done);
      }
    });
  }

  truncate(inode: Inode, size: number): void {
    const node = this.#writableFile(inode);
    if (size > MAX_FILE_BYTES) throw new FileError('EFBIG');
    this.#nodes.withFileToWrite(node, (fd) => fs.ftruncateSync(fd, size));
  }

  setTimes(inode: Inode, times: TimesChange): void {
    this.#refuseIfReadOnly();
    const node = this.#node(inode);
    const stats = this.#nodes.stats(node);
    const accessed = secondsOf(times.accessedNs ?? stats.atimeNs);
    const modified = secondsOf(times.modifiedNs ?? stats.mtimeNs);
    const { fd } = node;
    if (fd !== undefined) withErrno(() => fs.futimesSync(fd, accessed, modified));
    else {
      const { path } = this.#nodes.wayTo(node);
      withErrno(() => fs.lutimesSync(path, accessed, modified));
    }
    this.#nodes.dirty.add(node);
  }

  /** A node goes with the directories that lead to it. */
  sync(inode?: Inode): void {
    if (inode === undefined) {
      for (const node of [...this.#nodes.dirty]) this.#flush(node);
      return;
    }
    const node = this.#node(inode);
    this.#nodes.dirty.add(node);
    for (let at: HostNode | undefined = node; at; at = parentOf(at)) {
      if (this.#nodes.dirty.has(at)) this.#flush(at);
    }
  }

  retain(inode: Inode): void {
    this.#nodes.retain(this.#node(inode));
  }

  release(inode: Inode): void {
    this.#nodes.release(this.#node(inode));
  }

  /** Looks at every file: as slow as the folder is large. */
  usage(): VolumeUsage {
    let bytes = 0;
    let inodes = 1;
    const pending = [this.root];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const { inode, kind } of this.list(next, 0, Number.POSITIVE_INFINITY)) {
        inodes++;
        if (kind === 'directory') pending.push(inode);
        else bytes += this.attributes(inode).size;
      }
    }
    return { bytes, inodes };
  }

  /** Other programs' changes are told, too. */
  watch(listener: ChangeListener): () => void {
    return watchFolder(this.#nodes.rootPath, listener);
  }

  close(): void {
    this.sync();
    this.#nodes.close();
  }

  #refuseIfReadOnly(): void {
    if (this.readOnly) throw new FileError('EROFS');
  }

  #node(inode: Inode): HostNode {
    this.#nodes.trim();
    return this.#nodes.node(inode);
  }

  #directory(inode: Inode): HostNode {
    this.#nodes.trim();
    return this.#nodes.directory(inode);
  }

  #file(inode: Inode): HostNode {
    this.#nodes.trim();
    return this.#nodes.file(inode);
  }

  #writableFile(inode: Inode): HostNode {
    this.#refuseIfReadOnly();
    const node = this.#file(inode);
    this.#nodes.dirty.add(node);
    return node;
  }

  #parentOfNew(directory: Inode, name: string): HostNode {
    this.#refuseIfReadOnly();
    const parent = this.#directory(directory);
    if (this.#nodes.isRemoved(parent)) throw new FileError('ENOENT');
    checkName(name, DEFAULT_MAX_NAME_BYTES);
    if (exists(this.#nodes.pathIn(parent, name))) throw new FileError('EEXIST');
    return parent;
  }

  #existing(parent: HostNode, name: string): HostNode {
    checkName(name, DEFAULT_MAX_NAME_BYTES);
    const found = this.#nodes.find(parent, name);
    if (!found) throw new FileError('ENOENT');
    return found.node;
  }

  #created(parent: HostNode, name: string): Inode {
    this.#nodes.dirty.add(parent);
    const found = this.#nodes.find(parent, name);
    if (!found) throw new FileError('ESTALE');
    this.#nodes.dirty.add(found.node);
    return found.node.inode;
  }

  #listing(node: HostNode, fresh: boolean): HostListing {
    const { mtimeNs, ctimeNs } = this.#nodes.stats(node);
    const stamp = `${mtimeNs}/${ctimeNs}`;
    node.listing ??= { index: new CookieIndex(), stamp: '' };
    const { listing } = node;
    if (!fresh && listing.stamp === stamp) return listing;
    const path = this.#nodes.pathIn(node, '.');
    const names = new Set<string>();
    for (const bytes of withErrno(() => fs.readdirSync(path, { encoding: 'buffer' }))) {
      const name = decoded(bytes);
      if (name !== undefined) names.add(name);
    }
    for (const { name } of listing.index.values()) if (!names.has(name)) listing.index.delete(name);
    for (const name of names) listing.index.set(name, null);
    listing.stamp = stamp;
    return listing;
  }

  #flush(node: HostNode): void {
    this.#nodes.dirty.delete(node);
    try {
      if (node.kind === 'file') this.#nodes.withFile(node, (fd) => fs.fsyncSync(fd));
      if (node.kind === 'directory') {
        const fd = this.#nodes.directoryFd(node);
        withErrno(() => fs.fsyncSync(fd));
      }
    } catch (reason) {
      // Removed since: there is nothing left to make durable.
      if (!(reason instanceof FileError && reason.errnoName === 'ESTALE')) throw reason;
    }
  }
}

function exists(path: string): boolean {
  return withErrno(() => fs.lstatSync(path, { throwIfNoEntry: false })) !== undefined;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function secondsOf(ns: bigint): number {
  return Number(ns / 1000n) / 1e6;
}

function isAnchor(fd: number): boolean {
  try {
    const opened = fs.fstatSync(fd, { bigint: true });
    const reached = fs.statSync(`/proc/self/fd/${fd}/.`, { bigint: true });
    return opened.dev === reached.dev && opened.ino === reached.ino;
  } catch {
    return false;
  }
}
