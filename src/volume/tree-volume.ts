/** What volumes have in common that keep their whole structure in memory, whatever holds content. */
import type { Maybe } from '../protocol/maybe';
import type { ChangeFeed } from './change-feed';
import { InodeTree } from './inode-tree';
import { limitOf } from './limits';
import { checkTarget, DEFAULT_MAX_NAME_BYTES, utf8Length } from './names';
import type { FileNode, TreeNode } from './tree-node';
import type {
  Attributes,
  ChangeListener,
  DirectoryEntry,
  Inode,
  Scratch,
  TimesChange,
  Volume,
  VolumeUsage,
} from './volume';

export interface QuotaOptions {
  /** Content and link targets, by their size: gaps count. */
  readonly maxBytes?: number;
  /** Nodes, the root included, and each name of a file after its first. Default 100,000. */
  readonly maxInodes?: number;
  /** UTF-8 bytes. Default 255. */
  readonly maxNameBytes?: number;
  /** Nanoseconds since 1970. */
  readonly now?: () => bigint;
}

const DEFAULT_MAX_INODES = 100_000;

/** A number of nanoseconds is a big one, which takes time to make: it is made once a millisecond. */
function millisecondClock(): () => bigint {
  let lastMs = Number.NaN;
  let last = 0n;
  return () => {
    const now = Date.now();
    if (now !== lastMs) {
      lastMs = now;
      last = BigInt(now) * 1_000_000n;
    }
    return last;
  };
}

export type Quotas = Required<Pick<QuotaOptions, 'maxBytes' | 'maxInodes' | 'maxNameBytes'>>;

/** Throws `VolumeLimitError` for what is no count. */
export function quotasOf(options: QuotaOptions, defaultMaxBytes: number): Quotas {
  const { maxBytes, maxInodes, maxNameBytes } = options;
  return {
    maxBytes: limitOf('maxBytes', maxBytes, defaultMaxBytes),
    maxInodes: limitOf('maxInodes', maxInodes, DEFAULT_MAX_INODES),
    maxNameBytes: limitOf('maxNameBytes', maxNameBytes, DEFAULT_MAX_NAME_BYTES),
  };
}

export abstract class TreeVolume implements Volume {
  protected tree: InodeTree;
  protected targets = new Map<Inode, string>();
  readonly #options: QuotaOptions;
  readonly #defaultMaxBytes: number;

  protected constructor(options: QuotaOptions, defaultMaxBytes: number) {
    this.#options = options;
    this.#defaultMaxBytes = defaultMaxBytes;
    this.tree = this.emptyTree();
  }

  get root(): Inode {
    return this.tree.root;
  }

  get readOnly(): boolean {
    return this.tree.sealed;
  }

  lookup(directory: Inode, name: string): Inode | undefined {
    return this.tree.lookup(directory, name);
  }

  attributes(inode: Inode): Attributes {
    return this.tree.attributes(inode);
  }

  list(directory: Inode, after: number, limit: number): DirectoryEntry[] {
    return this.tree.list(directory, after, limit);
  }

  createFile(directory: Inode, name: string): Inode {
    return this.tree.createFile(directory, name).inode;
  }

  createDirectory(directory: Inode, name: string): Inode {
    return this.tree.createDirectory(directory, name).inode;
  }

  createSymlink(directory: Inode, name: string, target: string): Inode {
    this.tree.refuseIfSealed();
    checkTarget(target);
    const { inode } = this.tree.createSymlink(directory, name, utf8Length(target));
    this.targets.set(inode, target);
    return inode;
  }

  link(inode: Inode, directory: Inode, name: string): void {
    this.tree.link(inode, directory, name);
  }

  unlink(directory: Inode, name: string): void {
    this.tree.unlink(directory, name);
  }

  removeDirectory(directory: Inode, name: string): void {
    this.tree.removeDirectory(directory, name);
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): void {
    this.tree.rename(fromDirectory, from, toDirectory, to);
  }

  readLink(inode: Inode): string {
    this.tree.accessed(this.tree.symlink(inode));
    return this.targets.get(inode) ?? '';
  }

  abstract read(inode: Inode, offset: number, length: number, scratch?: Scratch): Maybe<Uint8Array>;
  abstract write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void>;
  abstract truncate(inode: Inode, size: number): Maybe<void>;

  setTimes(inode: Inode, times: TimesChange): void {
    this.tree.setTimes(inode, times);
  }

  abstract sync(inode?: Inode): Maybe<void>;

  retain(inode: Inode): void {
    this.tree.retain(inode);
  }

  release(inode: Inode): void {
    this.tree.release(inode);
  }

  usage(): VolumeUsage {
    return this.tree.usage();
  }

  watch(listener: ChangeListener): () => void {
    return this.tree.feed.watch(listener);
  }

  abstract close(): Maybe<void>;

  /** How many of these bytes there are; that they are read is noted. ESTALE, EISDIR, EINVAL. */
  protected readable(inode: Inode, offset: number, length: number): number {
    const node = this.tree.file(inode);
    this.tree.accessed(node);
    return Math.min(length, node.size - offset);
  }

  /** EROFS, ESTALE, EISDIR, EINVAL. */
  protected writable(inode: Inode): FileNode {
    this.tree.refuseIfSealed();
    return this.tree.file(inode);
  }

  /** `feed`: of a tree that it takes the place of. */
  protected emptyTree(feed?: ChangeFeed): InodeTree {
    const { now } = this.#options;
    return new InodeTree({
      feed,
      ...quotasOf(this.#options, this.#defaultMaxBytes),
      now: now ?? millisecondClock(),
      onGone: (inode) => {
        this.targets.delete(inode);
        this.gone(inode);
      },
      onChanged: (node) => this.changed(node),
    });
  }

  /** Its content can go. */
  protected abstract gone(inode: Inode): void;

  /** Its node has to be kept anew, where nodes are kept. */
  protected changed(_node: TreeNode): void {}
}
