/**
 * The guest's descriptors: numbers that mean something in this table only. The one place where a
 * descriptor from the guest is checked, with the rights that a call needs (`NEEDED`): first that it
 * is open, then what it is, then what it may be used for.
 */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../protocol/errno';
import type { Fd } from '../protocol/numbers';
import type { Node } from './namespace';
import { ALL_RIGHTS, DIRECTORY_RIGHTS, INPUT_RIGHTS, OUTPUT_RIGHTS, requireRights } from './rights';

export type StreamName = 'stdin' | 'stdout' | 'stderr';

interface OpenFileBase {
  /** WASI fdflags: APPEND, NONBLOCK, SYNC … */
  flags: number;
  rights: number;
  /** What is opened below it may have. */
  inheriting: number;
}

export interface OpenStream extends OpenFileBase {
  readonly kind: 'stream';
  readonly stream: StreamName;
  readonly terminal: boolean;
}

export interface OpenRegular extends OpenFileBase {
  readonly kind: 'file';
  readonly node: Node;
  /** Where it was when it was opened. */
  readonly path: string;
  position: number;
}

export interface OpenDirectory extends OpenFileBase {
  readonly kind: 'directory';
  readonly node: Node;
  /** Where it was when it was opened. */
  readonly path: string;
  /** Given to the guest at the start, under this name. */
  readonly preopen?: string;
}

export type OpenFile = OpenStream | OpenRegular | OpenDirectory;

const FIRST_FREE = 3;

export class FdTable {
  readonly #files = new Map<Fd, OpenFile>();
  readonly #limit: number;
  /** No number below is free. */
  #lowestFree: number;
  #over = false;

  /** `limit`: files that the guest may open besides those it is given. */
  constructor(limit: number, given: readonly OpenFile[]) {
    for (const [number, file] of given.entries()) this.#files.set(number as Fd, file);
    this.#limit = limit + given.length;
    this.#lowestFree = Math.max(FIRST_FREE, given.length);
  }

  /** As many files as there may be, those given at the start included. */
  get most(): number {
    return this.#limit;
  }

  get size(): number {
    return this.#files.size;
  }

  /** Files and directories that are open, streams and preopened directories included. */
  get count(): number {
    return this.#files.size;
  }

  /** EBADF, ENOTCAPABLE. */
  get(fd: Fd, needed = 0): OpenFile {
    const file = this.#files.get(fd);
    if (file === undefined) throw new FileError('EBADF');
    if (needed !== 0) requireRights(file.rights, needed);
    return file;
  }

  /** As `get`; ENOTDIR for what is not a directory. */
  directory(fd: Fd, needed: number): OpenDirectory {
    const file = this.get(fd);
    if (file.kind !== 'directory') throw new FileError('ENOTDIR');
    requireRights(file.rights, needed);
    return file;
  }

  /** As `get`; EISDIR for a directory, ESPIPE for a stream: it has no position. */
  regular(fd: Fd, needed: number): OpenRegular {
    const file = this.get(fd);
    if (file.kind === 'directory') throw new FileError('EISDIR');
    if (file.kind === 'stream') throw new FileError('ESPIPE');
    requireRights(file.rights, needed);
    return file;
  }

  /** As `get`, for files and directories: EINVAL for a stream. */
  stored(fd: Fd, needed: number): OpenRegular | OpenDirectory {
    const file = this.get(fd);
    if (file.kind === 'stream') throw new FileError('EINVAL');
    requireRights(file.rights, needed);
    return file;
  }

  /** EMFILE if no further file may be opened: asked before anything is made for it. */
  requireRoom(): void {
    if (this.#files.size >= this.#limit) throw new FileError('EMFILE');
  }

  /**
   * Takes the lowest free number that is no stream's. EMFILE over the limit; EBADF once the guest
   * is over: a volume's late answer must not open anything any more.
   */
  open(file: OpenFile): Fd {
    if (this.#over) throw new FileError('EBADF');
    this.requireRoom();
    if (file.kind !== 'stream') file.node.mount.volume.retain(file.node.inode);
    while (this.#files.has(this.#lowestFree as Fd)) this.#lowestFree++;
    const fd = this.#lowestFree as Fd;
    this.#files.set(fd, file);
    return fd;
  }

  close(fd: Fd): void {
    const file = this.get(fd);
    this.#forget(fd);
    if (file.kind !== 'stream' && !isPreopen(file)) {
      file.node.mount.volume.release(file.node.inode);
    }
  }

  /** What `from` was is `to` afterwards, what `to` was is closed. */
  renumber(from: Fd, to: Fd): void {
    const file = this.get(from);
    if (from === to) return;
    // WASI moves onto an open number only: the guest can't choose numbers freely.
    this.close(to);
    this.#forget(from);
    this.#files.set(to, file);
  }

  /** Everything that is open, by number. */
  entries(): Iterable<[Fd, OpenFile]> {
    return this.#files.entries();
  }

  /** Takes the place of everything in a table that no guest has used yet. */
  restore(files: ReadonlyMap<Fd, OpenFile>): void {
    this.#files.clear();
    for (const [fd, file] of files) {
      if (file.kind !== 'stream' && !isPreopen(file)) {
        file.node.mount.volume.retain(file.node.inode);
      }
      this.#files.set(fd, file);
    }
    this.#lowestFree = FIRST_FREE;
  }

  /** For the end of the guest: volumes must not keep removed nodes for it. */
  closeAll(): void {
    this.#over = true;
    for (const fd of [...this.#files.keys()]) {
      try {
        this.close(fd);
      } catch {
        // A volume that its owner has closed already keeps nothing; the others still have to hear.
      }
    }
  }

  #forget(fd: Fd): void {
    this.#files.delete(fd);
    if (fd >= FIRST_FREE) this.#lowestFree = Math.min(this.#lowestFree, fd);
  }
}

function isPreopen(file: OpenRegular | OpenDirectory): boolean {
  return file.kind === 'directory' && file.preopen !== undefined;
}

/** The fdflags that there are. */
export const ALL_FLAGS =
  wasi.FDFLAGS_APPEND |
  wasi.FDFLAGS_DSYNC |
  wasi.FDFLAGS_NONBLOCK |
  wasi.FDFLAGS_RSYNC |
  wasi.FDFLAGS_SYNC;

export function openStream(stream: StreamName, terminal: boolean): OpenStream {
  return {
    kind: 'stream',
    stream,
    terminal,
    flags: stream === 'stdin' ? 0 : wasi.FDFLAGS_APPEND,
    rights: stream === 'stdin' ? INPUT_RIGHTS : OUTPUT_RIGHTS,
    inheriting: 0,
  };
}

export function preopenDirectory(node: Node, name: string): OpenDirectory {
  return {
    kind: 'directory',
    node,
    path: name,
    preopen: name,
    flags: 0,
    rights: DIRECTORY_RIGHTS & ~wasi.RIGHTS_FD_SEEK,
    inheriting: ALL_RIGHTS,
  };
}
