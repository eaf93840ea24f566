/** A volume's files by their paths, for the page: while a guest runs, both see what the other does. */
import { FileError } from '../protocol/errno';
import { drive, type Steps, settle } from '../protocol/maybe';
import { putNode } from './replace';
import type { Attributes, ChangeListener, Inode, NodeKind, Volume, VolumeChange } from './volume';
import { COPY_BYTES, entriesOf, removeTree } from './walk';

export interface FileInfo {
  readonly name: string;
  readonly kind: NodeKind;
  /** File: bytes of its content. */
  readonly size: number;
  readonly modifiedMs: number;
}

export interface WriteOptions {
  /** Makes the directories on the way. Default: ENOENT if there is one missing. */
  readonly parents?: boolean;
}

const utf8 = new TextEncoder();

/**
 * Paths go from the volume's root, with or without a slash before them; `''` and `/` are the root.
 * Symbolic links are shown and not followed, since where an absolute one leads only the guest's
 * tree knows. What can't be done rejects with `FileError`, which carries the errno.
 */
export class VolumeFiles {
  readonly #volume: Volume;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  async stat(path: string): Promise<FileInfo> {
    return drive(this.#stat(path));
  }

  async exists(path: string): Promise<boolean> {
    return (await drive(this.#find(path))) !== undefined;
  }

  /** What is in a directory, by name. */
  async list(path = ''): Promise<FileInfo[]> {
    return drive(this.#list(path));
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return drive(this.#read(path));
  }

  /** As UTF-8. */
  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  /**
   * Makes the file, or puts a new one in the place of the one that is there, in one step where the
   * volume can: either all of the content is there then, or what was there before.
   */
  async write(
    path: string,
    content: string | Uint8Array,
    options: WriteOptions = {},
  ): Promise<void> {
    const bytes = typeof content === 'string' ? utf8.encode(content) : content;
    return drive(this.#write(path, bytes, options.parents ?? false));
  }

  /** No error if it is there already. */
  async makeDirectory(path: string, options: WriteOptions = {}): Promise<void> {
    return drive(this.#makeDirectory(path, options.parents ?? false));
  }

  async readLink(path: string): Promise<string> {
    return drive(this.#readLink(path));
  }

  /** As `rename` of POSIX: what has the new name is replaced. */
  async rename(from: string, to: string): Promise<void> {
    return drive(this.#rename(from, to));
  }

  /** A directory with all that is in it. */
  async remove(path: string): Promise<void> {
    return drive(this.#remove(path));
  }

  /** Makes everything durable. */
  async sync(): Promise<void> {
    await this.#volume.sync();
  }

  /**
   * Calls the listener soon after something at or below the path has changed, whoever did it; ends
   * when the function that is returned is called.
   */
  watch(path: string, listener: ChangeListener): () => void {
    const place = partsOf(path)
      .map((part) => `/${part}`)
      .join('');
    const isBelow = (change: VolumeChange): boolean =>
      change.path === place || change.path.startsWith(`${place}/`);
    return this.#volume.watch((changes) => {
      const told = changes.filter(isBelow);
      if (told.length > 0) listener(told);
    });
  }

  *#stat(path: string): Steps<FileInfo> {
    const inode = yield* this.#existing(path);
    return infoOf(partsOf(path).at(-1) ?? '', yield* settle(this.#volume.attributes(inode)));
  }

  *#list(path: string): Steps<FileInfo[]> {
    const found: FileInfo[] = [];
    for (const { name, inode } of yield* entriesOf(this.#volume, yield* this.#existing(path))) {
      found.push(infoOf(name, yield* settle(this.#volume.attributes(inode))));
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  *#read(path: string): Steps<Uint8Array<ArrayBuffer>> {
    const inode = yield* this.#existing(path);
    const { size } = yield* settle(this.#volume.attributes(inode));
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const length = Math.min(COPY_BYTES, size - done);
      const piece = yield* settle(this.#volume.read(inode, done, length));
      // It has become shorter meanwhile.
      if (piece.length === 0) break;
      bytes.set(piece, done);
      done += piece.length;
    }
    // What can't be read at all has to say so, even if there is nothing to read.
    if (size === 0) yield* settle(this.#volume.read(inode, 0, 0));
    return bytes.subarray(0, done);
  }

  *#write(path: string, bytes: Uint8Array, parents: boolean): Steps<void> {
    const { directory, name } = yield* this.#placeFor(path, parents);
    const volume = this.#volume;
    const there = yield* settle(volume.lookup(directory, name));
    if (there !== undefined) {
      const { kind } = yield* settle(volume.attributes(there));
      if (kind !== 'file') throw new FileError(kind === 'directory' ? 'EISDIR' : 'EINVAL');
    }
    yield* putNode(volume, directory, name, there, {
      create: (free) => volume.createFile(directory, free),
      *fill(inode) {
        for (let done = 0; done < bytes.length; done += COPY_BYTES) {
          yield* settle(volume.write(inode, done, bytes.subarray(done, done + COPY_BYTES)));
        }
      },
    });
  }

  *#makeDirectory(path: string, parents: boolean): Steps<void> {
    const parts = partsOf(path);
    if (!parents) yield* this.#directory(parts.slice(0, -1), false);
    yield* this.#directory(parts, true);
  }

  *#readLink(path: string): Steps<string> {
    return yield* settle(this.#volume.readLink(yield* this.#existing(path)));
  }

  *#rename(from: string, to: string): Steps<void> {
    const source = yield* this.#placeFor(from, false);
    const target = yield* this.#placeFor(to, false);
    const { directory, name } = source;
    yield* settle(this.#volume.rename(directory, name, target.directory, target.name));
  }

  *#remove(path: string): Steps<void> {
    yield* this.#existing(path);
    const { directory, name } = yield* this.#placeFor(path, false);
    yield* removeTree(this.#volume, directory, name);
  }

  *#placeFor(path: string, parents: boolean): Steps<{ directory: Inode; name: string }> {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new FileError('EISDIR', 'the root itself');
    return { directory: yield* this.#directory(parts, parents), name };
  }

  *#directory(parts: readonly string[], make: boolean): Steps<Inode> {
    const volume = this.#volume;
    let inode = volume.root;
    for (const name of parts) {
      const found = yield* settle(volume.lookup(inode, name));
      if (found === undefined && !make) throw new FileError('ENOENT', name);
      inode = found ?? (yield* settle(volume.createDirectory(inode, name)));
    }
    if ((yield* settle(volume.attributes(inode))).kind !== 'directory') {
      throw new FileError('ENOTDIR');
    }
    return inode;
  }

  *#existing(path: string): Steps<Inode> {
    const inode = yield* this.#find(path);
    if (inode === undefined) throw new FileError('ENOENT', path);
    return inode;
  }

  *#find(path: string): Steps<Inode | undefined> {
    let inode: Inode | undefined = this.#volume.root;
    for (const name of partsOf(path)) {
      if (inode === undefined) return undefined;
      inode = yield* settle(this.#volume.lookup(inode, name));
    }
    return inode;
  }
}

/** EINVAL for a path that climbs: there is nothing above the volume. */
function partsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new FileError('EINVAL', `${path}: a path without ..`);
  return parts;
}

function infoOf(name: string, { kind, size, modifiedNs }: Attributes): FileInfo {
  return { name, kind, size, modifiedMs: Number(modifiedNs / 1_000_000n) };
}
