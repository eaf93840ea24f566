/** A volume that lives in memory and answers at once. */
import { FileError } from '../protocol/errno';
import { ChunkedContent } from './chunked-content';
import { captureTree, type MemoryVolumeState, restoreTree } from './memory-volume-state';
import { SpareChunks } from './spare-chunks';
import type { DirectoryNode } from './tree-node';
import { type QuotaOptions, quotasOf, TreeVolume } from './tree-volume';
import { type Inode, newMemory } from './volume';

export interface MemoryVolumeOptions extends QuotaOptions {
  readonly readOnly?: boolean;
}

/** By path: a file's text or bytes; null for a directory, whose path ends with a slash. */
export type MemoryVolumeEntries = Readonly<Record<string, string | Uint8Array | null>>;

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const NOTHING = new Uint8Array(0);

export class MemoryVolume extends TreeVolume {
  /** A file that was never written to has none. */
  readonly #contents = new Map<Inode, ChunkedContent>();
  readonly #spare = new SpareChunks();

  /** Room for 256 MiB unless the options say otherwise. */
  constructor(options: MemoryVolumeOptions = {}) {
    super(options, DEFAULT_MAX_BYTES);
    if (options.readOnly) this.tree.seal();
  }

  /** Directories on the way are made. Throws `FileError` for a path that can't be. */
  static from(entries: MemoryVolumeEntries, options: MemoryVolumeOptions = {}): MemoryVolume {
    const volume = new MemoryVolume({ ...options, readOnly: false });
    for (const [path, content] of Object.entries(entries)) volume.#add(path, content);
    if (options.readOnly) volume.tree.seal();
    return volume;
  }

  /** All that is in it, as of now. */
  capture(): MemoryVolumeState {
    const targetOf = (inode: Inode): string => this.targets.get(inode) ?? '';
    return captureTree(this.tree, targetOf, (inode, size) => {
      const content = this.#contents.get(inode)?.read(0, size) ?? new Uint8Array(size);
      return content.slice();
    });
  }

  /**
   * A volume with all that another one was captured with. `held`: the nodes that files will be opened on, which
   * alone may be without a name. Throws `FileError`, or `RangeError`, for what no volume of these options holds.
   */
  static restore(
    state: MemoryVolumeState,
    held: ReadonlySet<Inode>,
    options: MemoryVolumeOptions = {},
  ): MemoryVolume {
    const volume = new MemoryVolume({ ...options, readOnly: false });
    const quotas = quotasOf(options, DEFAULT_MAX_BYTES);
    restoreTree(volume.tree, state, held, quotas);
    const { bytes, inodes } = volume.usage();
    if (bytes > quotas.maxBytes || inodes > quotas.maxInodes) throw new FileError('ENOSPC');
    for (const { inode, kind, target, content } of state.nodes) {
      if (kind === 'symlink') volume.targets.set(inode, target);
      if (content.length === 0) continue;
      const own = new ChunkedContent(undefined, volume.#spare);
      own.write(0, content);
      volume.#contents.set(inode, own);
    }
    if (options.readOnly) volume.tree.seal();
    return volume;
  }

  override read(inode: Inode, offset: number, length: number, scratch = newMemory): Uint8Array {
    const available = this.readable(inode, offset, length);
    if (available <= 0) return NOTHING;
    return this.#contents.get(inode)?.read(offset, available, scratch) ?? new Uint8Array(available);
  }

  override write(inode: Inode, offset: number, bytes: Uint8Array): void {
    const node = this.writable(inode);
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    if (end > node.size) this.tree.resize(node, end);
    let content = this.#contents.get(inode);
    if (!content) {
      content = new ChunkedContent(undefined, this.#spare);
      this.#contents.set(inode, content);
    }
    content.write(offset, bytes);
    this.tree.modified(node);
  }

  override truncate(inode: Inode, size: number): void {
    const node = this.writable(inode);
    if (size < node.size) this.#contents.get(inode)?.shrink(size);
    this.tree.resize(node, size);
    this.tree.modified(node);
  }

  /** Memory is as durable as it gets. */
  override sync(inode?: Inode): void {
    if (inode !== undefined) this.tree.node(inode);
  }

  override close(): void {
    this.tree.clear();
    this.#contents.clear();
    this.#spare.clear();
    this.targets.clear();
  }

  protected override gone(inode: Inode): void {
    this.#contents.get(inode)?.shrink(0);
    this.#contents.delete(inode);
  }

  #add(path: string, content: string | Uint8Array | null): void {
    const parts = path.split('/');
    const last = parts.pop() ?? '';
    if ((content === null) !== (last === '')) {
      throw new FileError('EINVAL', `${path}: a path that ends with a slash goes with null`);
    }
    let parent = this.tree.directory(this.root);
    for (const part of parts) parent = this.#directoryIn(parent, part);
    if (content === null) return;
    const inode = this.createFile(parent.inode, last);
    this.write(inode, 0, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  }

  #directoryIn(parent: DirectoryNode, name: string): DirectoryNode {
    const found = this.tree.lookup(parent.inode, name);
    return found === undefined
      ? this.tree.createDirectory(parent.inode, name)
      : this.tree.directory(found);
  }
}
