/**
 * What a volume is: a tree of inodes that the controller reads and changes on the guest's behalf.
 *
 * Every method may answer at once or later (`Maybe`), so that a store in memory costs no turn of
 * the event loop while one in IndexedDB can load what it lacks. Refusals are thrown as `FileError`,
 * ESTALE for an inode that is gone, at once or by the promise: callers have to expect both.
 * Offsets and sizes are byte counts as plain numbers: callers check that they are safe integers.
 */
import type { Maybe } from '../protocol/maybe';

declare const brand: unique symbol;

/** The number of a node within its volume. Never reused while the volume is open. */
export type Inode = number & { readonly [brand]: 'Inode' };

export type NodeKind = 'file' | 'directory' | 'symlink';

/** Nanoseconds since 1970 are bigints, as WASI has them. */
export interface Attributes {
  readonly inode: Inode;
  readonly kind: NodeKind;
  /** File: content bytes. Symbolic link: bytes of its target. Directory: 0. */
  readonly size: number;
  /**
   * Names that lead here; for a directory `.` and each `..` count, where the store knows them.
   * 0 for a removed node that is still open.
   */
  readonly links: number;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

/** The largest cookie: sums with the few entries that a directory has besides stay safe integers. */
export const MAX_COOKIE = 2 ** 52;

export interface DirectoryEntry {
  readonly name: string;
  readonly inode: Inode;
  readonly kind: NodeKind;
  /**
   * Where a listing goes on after this entry. Cookies grow along a listing and stay with their
   * entry as long as it has its name, whatever happens to the others. A new name comes before all
   * the others, so that no listing goes on for ever. A whole number from 1 up to `MAX_COOKIE`.
   */
  readonly cookie: number;
}

export interface VolumeUsage {
  readonly bytes: number;
  readonly inodes: number;
}

export interface TimesChange {
  readonly accessedNs?: bigint;
  readonly modifiedNs?: bigint;
}

/** Something that happened to a path, whoever did it. A renamed node is removed and created. */
export interface VolumeChange {
  readonly kind: 'created' | 'changed' | 'removed';
  /** From the volume's root: `/folder/file`. */
  readonly path: string;
}

export type ChangeListener = (changes: readonly VolumeChange[]) => void;

/** Gives memory of this many bytes, with anything in it. */
export type Scratch = (length: number) => Uint8Array;

/** Each time new memory: the bytes are the caller's. */
export const newMemory: Scratch = (length) => new Uint8Array(length);

export interface Volume {
  readonly root: Inode;
  /** Each change of a read-only volume is refused with EROFS. */
  readonly readOnly: boolean;

  /** `name` is one component: never empty, `.`, `..`, and without slash. ENOTDIR, ENAMETOOLONG. */
  lookup(directory: Inode, name: string): Maybe<Inode | undefined>;
  attributes(inode: Inode): Maybe<Attributes>;
  /** At most `limit` entries whose cookie is greater than `after` (0: from the start), in order. */
  list(directory: Inode, after: number, limit: number): Maybe<readonly DirectoryEntry[]>;

  /** EEXIST if the name is taken; ENOENT if the directory has been removed; ENOSPC over a quota. */
  createFile(directory: Inode, name: string): Maybe<Inode>;
  createDirectory(directory: Inode, name: string): Maybe<Inode>;
  createSymlink(directory: Inode, name: string, target: string): Maybe<Inode>;
  /** A second name for a file or symbolic link. EPERM for a directory. */
  link(inode: Inode, directory: Inode, name: string): Maybe<void>;
  /** Removes the name of a file or symbolic link. EISDIR for a directory. */
  unlink(directory: Inode, name: string): Maybe<void>;
  /** ENOTDIR, ENOTEMPTY. */
  removeDirectory(directory: Inode, name: string): Maybe<void>;
  /**
   * As POSIX `rename`: replaces a file by a file, an empty directory by a directory; EISDIR,
   * ENOTDIR, ENOTEMPTY, EINVAL (a directory into itself); nothing happens when both names lead to
   * the same inode.
   */
  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): Maybe<void>;
  readLink(inode: Inode): Maybe<string>;

  /**
   * Up to `length` bytes from `offset`, fewer only at the end of the file. The bytes may be a view
   * of the store: valid until the next call, and not to be written to. `scratch`: where they may be put
   * together if the store has them in several pieces and gives them at once; default: new memory.
   */
  read(inode: Inode, offset: number, length: number, scratch?: Scratch): Maybe<Uint8Array>;
  /** Writes all of `bytes` (the caller keeps them), filling a gap with zeros. ENOSPC, EFBIG. */
  write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void>;
  truncate(inode: Inode, size: number): Maybe<void>;
  setTimes(inode: Inode, times: TimesChange): Maybe<void>;

  /** Makes a node, or everything, durable as far as the store can. */
  sync(inode?: Inode): Maybe<void>;

  /** An open file keeps its node when the last name goes. Each `retain` needs its `release`. */
  retain(inode: Inode): void;
  release(inode: Inode): void;

  usage(): Maybe<VolumeUsage>;
  /**
   * Calls the listener soon after changes, several at a time, each path once for what happened to
   * it last, until the function that is returned is called.
   */
  watch(listener: ChangeListener): () => void;
  /** Makes everything durable and gives up the store. The volume is not usable afterwards. */
  close(): Maybe<void>;
}
