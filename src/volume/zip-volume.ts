/** A read-only volume over zip archives, merged into one tree. */
import { FileError } from '../protocol/errno';
import { isLater, type Maybe } from '../protocol/maybe';
import { InodeTree, ROOT_INODE } from './inode-tree';
import { limitOf } from './limits';
import { DEFAULT_MAX_NAME_BYTES } from './names';
import type { DirectoryNode, TreeNode } from './tree-node';
import type {
  Attributes,
  ChangeListener,
  DirectoryEntry,
  Inode,
  Volume,
  VolumeUsage,
} from './volume';
import { type LazyArchive, targetOf, ZipArchive } from './zip-archive';
import type { ZipEntry, ZipLimits } from './zip-directory';
import { ZipError } from './zip-error';
import type { ZipBranch } from './zip-tree';

export type { LazyArchive } from './zip-archive';

export interface ZipVolumeOptions {
  /** Files and directories of all the archives, implied directories included. Default 100,000. */
  readonly maxEntries?: number;
  /** Inflated bytes of one file. Default 256 MiB. */
  readonly maxFileBytes?: number;
  /** Inflated bytes of all the files. Default 1 GiB. */
  readonly maxTotalBytes?: number;
  /** Inflated bytes kept of files that are not open. Default 64 MiB. */
  readonly maxCachedBytes?: number;
}

interface Place {
  readonly archive: ZipArchive;
  readonly entry: ZipEntry;
}

const MiB = 1024 * 1024;

export class ZipVolume implements Volume {
  readonly readOnly = true;
  readonly root = ROOT_INODE;
  readonly #archives: readonly (Uint8Array | LazyArchive)[];
  readonly #limits: ZipLimits;
  #opened: InodeTree | undefined;
  readonly #places = new Map<Inode, Place>();
  readonly #checked = new Set<Inode>();
  /** Inflated contents, least recently used first. */
  readonly #cache = new Map<Inode, Uint8Array>();
  readonly #maxCachedBytes: number;
  #cachedBytes = 0;

  private constructor(options: ZipVolumeOptions, archives: readonly (Uint8Array | LazyArchive)[]) {
    this.#archives = archives;
    this.#limits = {
      maxEntries: limitOf('maxEntries', options.maxEntries, 100_000),
      maxFileBytes: limitOf('maxFileBytes', options.maxFileBytes, 256 * MiB),
      maxTotalBytes: limitOf('maxTotalBytes', options.maxTotalBytes, 1024 * MiB),
    };
    this.#maxCachedBytes = limitOf('maxCachedBytes', options.maxCachedBytes, 64 * MiB);
  }

  /**
   * Throws `ZipError` for an archive that is broken, hostile or beyond the limits. Where several
   * archives hold one path, the first has it.
   */
  static from(
    archives: Uint8Array | readonly (Uint8Array | LazyArchive)[],
    options: ZipVolumeOptions = {},
  ): ZipVolume {
    const volume = new ZipVolume(options, archives instanceof Uint8Array ? [archives] : archives);
    volume.#open();
    return volume;
  }

  /**
   * For archives that are known to be good: their directories are read when something of them is wanted first, which
   * takes some time. What is wrong with them is thrown then.
   */
  static lazily(archives: readonly (Uint8Array | LazyArchive)[]): ZipVolume {
    return new ZipVolume({}, archives);
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

  createFile(): never {
    throw new FileError('EROFS');
  }

  createDirectory(): never {
    throw new FileError('EROFS');
  }

  createSymlink(): never {
    throw new FileError('EROFS');
  }

  link(): never {
    throw new FileError('EROFS');
  }

  unlink(): never {
    throw new FileError('EROFS');
  }

  removeDirectory(): never {
    throw new FileError('EROFS');
  }

  rename(): never {
    throw new FileError('EROFS');
  }

  write(): never {
    throw new FileError('EROFS');
  }

  truncate(): never {
    throw new FileError('EROFS');
  }

  setTimes(): never {
    throw new FileError('EROFS');
  }

  readLink(inode: Inode): Maybe<string> {
    this.#tree.symlink(inode);
    const path = this.#places.get(inode)?.entry.path ?? '';
    return orIoError(() => answer(this.#content(inode), (content) => targetOf(content, path)));
  }

  read(inode: Inode, offset: number, length: number): Maybe<Uint8Array> {
    const { size } = this.#tree.file(inode);
    const available = Math.min(length, size - offset);
    if (available <= 0) return new Uint8Array(0);
    return answer(this.#content(inode), (content) => content.subarray(offset, offset + available));
  }

  sync(inode?: Inode): void {
    if (inode !== undefined) this.#tree.node(inode);
  }

  retain(inode: Inode): void {
    this.#tree.retain(inode);
  }

  release(inode: Inode): void {
    this.#tree.release(inode);
  }

  /** What the archives hold, inflated or not. */
  usage(): VolumeUsage {
    return this.#tree.usage();
  }

  /** Nothing ever changes. */
  watch(_listener: ChangeListener): () => void {
    return () => undefined;
  }

  close(): void {
    this.#tree.clear();
    this.#places.clear();
    this.#cache.clear();
    this.#cachedBytes = 0;
  }

  #content(inode: Inode): Maybe<Uint8Array> {
    const cached = this.#cache.get(inode);
    if (cached) {
      this.#cache.delete(inode);
      this.#cache.set(inode, cached);
      return cached;
    }
    const place = this.#places.get(inode);
    if (!place) throw new FileError('ESTALE');
    return orIoError(() => {
      const content = place.archive.content(place.entry, this.#checked.has(inode));
      return answer(content, (bytes) => {
        this.#tree.node(inode);
        this.#checked.add(inode);
        if (place.entry.deflated) this.#keep(inode, bytes);
        return bytes;
      });
    });
  }

  /** Open files stay: to inflate a file again for each of its reads would cost far more. */
  #keep(inode: Inode, content: Uint8Array): void {
    // Two reads may have waited for the same archive.
    this.#cachedBytes += content.length - (this.#cache.get(inode)?.length ?? 0);
    this.#cache.set(inode, content);
    for (const [other, { length }] of this.#cache) {
      if (this.#cachedBytes <= this.#maxCachedBytes) return;
      if (other === inode || this.#tree.node(other).holds > 0) continue;
      this.#cache.delete(other);
      this.#cachedBytes -= length;
    }
  }

  get #tree(): InodeTree {
    return this.#opened ?? this.#open();
  }

  #open(): InodeTree {
    const limits = this.#limits;
    const tree = new InodeTree({
      maxBytes: limits.maxTotalBytes,
      // The root is no entry.
      maxInodes: limits.maxEntries + 1,
      maxNameBytes: DEFAULT_MAX_NAME_BYTES,
      now: () => 0n,
    });
    for (const archive of this.#archives) this.#merge(tree, new ZipArchive(archive, limits));
    tree.seal();
    this.#opened = tree;
    return tree;
  }

  #merge(tree: InodeTree, archive: ZipArchive): void {
    const pending: [ZipBranch, DirectoryNode][] = [[archive.top, tree.directory(tree.root)]];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [branch, directory] = next;
      const modifiedNs = directory.modifiedNs || branch.modifiedNs;
      for (const [name, child] of branch.children) {
        const there = directory.entries.get(name);
        const node = there ?? this.#enter(tree, directory, name, child, archive);
        if (node.kind === 'directory' && child.kind === 'directory') pending.push([child, node]);
      }
      setTimes(directory, modifiedNs);
    }
  }

  #enter(
    tree: InodeTree,
    parent: DirectoryNode,
    name: string,
    branch: ZipBranch,
    archive: ZipArchive,
  ): TreeNode {
    const node = create(tree, parent.inode, name, branch);
    if (branch.entry && branch.kind !== 'directory') {
      this.#places.set(node.inode, { archive, entry: branch.entry });
      setTimes(node, branch.modifiedNs);
    }
    return node;
  }
}

function create(
  tree: InodeTree,
  parent: Inode,
  name: string,
  { kind, entry }: ZipBranch,
): TreeNode {
  const size = entry?.bytes ?? 0;
  try {
    if (kind === 'directory') return tree.createDirectory(parent, name);
    if (kind === 'symlink') return tree.createSymlink(parent, name, size);
    const file = tree.createFile(parent, name);
    tree.resize(file, size);
    return file;
  } catch (refusal) {
    if (!(refusal instanceof FileError)) throw refusal;
    throw new ZipError('zip-limit', 'more than the limits allow altogether', entry?.path);
  }
}

function setTimes(node: TreeNode, ns: bigint): void {
  node.accessedNs = ns;
  node.modifiedNs = ns;
  node.changedNs = ns;
}

function answer<T, U>(value: Maybe<T>, use: (value: T) => U): Maybe<U> {
  return isLater(value) ? value.then(use) : use(value);
}

/** What is wrong with an archive is for the page. The guest's read of it failed: no more. */
function orIoError<T>(ask: () => Maybe<T>): Maybe<T> {
  try {
    const value = ask();
    return isLater(value) ? value.catch(throwIoError) : value;
  } catch (reason) {
    return throwIoError(reason);
  }
}

function throwIoError(reason: unknown): never {
  throw reason instanceof ZipError ? new FileError('EIO', reason.message) : reason;
}
