/** A volume that lives in memory and answers at once. */
import { FileError } from '../protocol/errno';
import { ChunkedContent } from './chunked-content';
import { type DirectoryNode, type FileNode, InodeTree } from './inode-tree';
import { limitOf } from './limits';
import { checkTarget, DEFAULT_MAX_NAME_BYTES, utf8Length } from './names';
import type { Attributes, DirectoryEntry, Inode, TimesChange, Volume, VolumeUsage } from './volume';

export interface MemoryVolumeOptions {
  readonly readOnly?: boolean;
  /** Content and link targets, by their size: gaps count. Default 256 MiB. */
  readonly maxBytes?: number;
  /** Nodes, the root included, and each name of a file after its first. Default 100,000. */
  readonly maxInodes?: number;
  /** UTF-8 bytes. Default 255. */
  readonly maxNameBytes?: number;
  /** Nanoseconds since 1970. */
  readonly now?: () => bigint;
}

/** By path: a file's text or bytes; null for a directory, whose path ends with a slash. */
export type MemoryVolumeEntries = Readonly<Record<string, string | Uint8Array | null>>;

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const DEFAULT_MAX_INODES = 100_000;
const NOTHING = new Uint8Array(0);

export class MemoryVolume implements Volume {
  readonly root: Inode;
  readonly #tree: InodeTree;
  /** A file that was never written to has none. */
  readonly #contents = new Map<Inode, ChunkedContent>();
  readonly #targets = new Map<Inode, string>();

  constructor(options: MemoryVolumeOptions = {}) {
    this.#tree = new InodeTree({
      maxBytes: limitOf('maxBytes', options.maxBytes, DEFAULT_MAX_BYTES),
      maxInodes: limitOf('maxInodes', options.maxInodes, DEFAULT_MAX_INODES),
      maxNameBytes: limitOf('maxNameBytes', options.maxNameBytes, DEFAULT_MAX_NAME_BYTES),
      now: options.now ?? (() => BigInt(Date.now()) * 1_000_000n),
      onGone: (inode) => {
        this.#contents.delete(inode);
        this.#targets.delete(inode);
      },
    });
    this.root = this.#tree.root;
    if (options.readOnly) this.#tree.seal();
  }

  /** Directories on the way are made. Throws `FileError` for a path that can't be. */
  static from(entries: MemoryVolumeEntries, options: MemoryVolumeOptions = {}): MemoryVolume {
    const volume = new MemoryVolume({ ...options, readOnly: false });
    for (const [path, content] of Object.entries(entries)) volume.#add(path, content);
    if (options.readOnly) volume.#tree.seal();
    return volume;
  }

  get readOnly(): boolean {
    return this.#tree.sealed;
  }

  lookup(directory: Inode, name: string): Inode | undefined {
    return this.#tree.lookup(directory, name);
  }

  attributes(inode: Inode): Attributes {
    return this.#tree.attributes(inode);
  }

  list(directory: Inode, after: number, limit: number): DirectoryEntry[] {
    return this.#tree.list(directory, after, limit);
  }

  createFile(directory: Inode, name: string): Inode {
    return this.#tree.createFile(directory, name).inode;
  }

  createDirectory(directory: Inode, name: string): Inode {
    return this.#tree.createDirectory(directory, name).inode;
  }

  createSymlink(directory: Inode, name: string, target: string): Inode {
    this.#tree.refuseIfSealed();
    checkTarget(target);
    const { inode } = this.#tree.createSymlink(directory, name, utf8Length(target));
    this.#targets.set(inode, target);
    return inode;
  }

  link(inode: Inode, directory: Inode, name: string): void {
    this.#tree.link(inode, directory, name);
  }

  unlink(directory: Inode, name: string): void {
    this.#tree.unlink(directory, name);
  }

  removeDirectory(directory: Inode, name: string): void {
    this.#tree.removeDirectory(directory, name);
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): void {
    this.#tree.rename(fromDirectory, from, toDirectory, to);
  }

  readLink(inode: Inode): string {
    this.#tree.accessed(this.#tree.symlink(inode));
    return this.#targets.get(inode) ?? '';
  }

  read(inode: Inode, offset: number, length: number): Uint8Array {
    const node = this.#tree.file(inode);
    this.#tree.accessed(node);
    const available = Math.min(length, node.size - offset);
    if (available <= 0) return NOTHING;
    return this.#contents.get(inode)?.read(offset, available) ?? new Uint8Array(available);
  }

  write(inode: Inode, offset: number, bytes: Uint8Array): void {
    const node = this.#writable(inode);
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    if (end > node.size) this.#tree.resize(node, end);
    let content = this.#contents.get(inode);
    if (!content) {
      content = new ChunkedContent();
      this.#contents.set(inode, content);
    }
    content.write(offset, bytes);
    this.#tree.modified(node);
  }

  truncate(inode: Inode, size: number): void {
    const node = this.#writable(inode);
    if (size < node.size) this.#contents.get(inode)?.shrink(size);
    this.#tree.resize(node, size);
    this.#tree.modified(node);
  }

  setTimes(inode: Inode, times: TimesChange): void {
    this.#tree.setTimes(inode, times);
  }

  /** Memory is as durable as it gets. */
  sync(inode?: Inode): void {
    if (inode !== undefined) this.#tree.node(inode);
  }

  retain(inode: Inode): void {
    this.#tree.retain(inode);
  }

  release(inode: Inode): void {
    this.#tree.release(inode);
  }

  usage(): VolumeUsage {
    return this.#tree.usage();
  }

  close(): void {
    this.#tree.clear();
    this.#contents.clear();
    this.#targets.clear();
  }

  #writable(inode: Inode): FileNode {
    this.#tree.refuseIfSealed();
    return this.#tree.file(inode);
  }

  #add(path: string, content: string | Uint8Array | null): void {
    const parts = path.split('/');
    const last = parts.pop() ?? '';
    if ((content === null) !== (last === '')) {
      throw new FileError('EINVAL', `${path}: a path that ends with a slash goes with null`);
    }
    let parent = this.#tree.directory(this.root);
    for (const part of parts) parent = this.#directoryIn(parent, part);
    if (content === null) return;
    const inode = this.createFile(parent.inode, last);
    this.write(inode, 0, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  }

  #directoryIn(parent: DirectoryNode, name: string): DirectoryNode {
    const found = this.#tree.lookup(parent.inode, name);
    return found === undefined
      ? this.#tree.createDirectory(parent.inode, name)
      : this.#tree.directory(found);
  }
}
