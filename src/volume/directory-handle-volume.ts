/** A folder of the user's disk that was picked in the browser, as a volume. */
import { FileError } from '../protocol/errno';
import { AddedRoom, type AddedRoomOptions } from './added-room';
import { ChangeFeed } from './change-feed';
import { KeptContents } from './directory-handle-kept';
import { type HandleFolder, HandleMoves } from './directory-handle-moves';
import {
  type HandleDirectory,
  type HandleFile,
  type HandleNode,
  isRemoved,
  pathOf,
  refusalOf,
} from './directory-handle-node';
import { HandleNodes, isShown } from './directory-handle-nodes';
import { HandleWriters } from './directory-handle-writers';
import { limitOf, MAX_FILE_BYTES } from './limits';
import { checkName, checkNameLength, DEFAULT_MAX_NAME_BYTES } from './names';
import type {
  Attributes,
  ChangeListener,
  DirectoryEntry,
  Inode,
  TimesChange,
  Volume,
  VolumeUsage,
} from './volume';

export interface DirectoryHandleOptions extends AddedRoomOptions {
  /** Default: read-only. The user is asked when the handle was got. */
  readonly writable?: boolean;
  /** Memory for files that are removed while they are open. Default 64 MiB. */
  readonly maxKeptBytes?: number;
}

const DEFAULT_MAX_KEPT_BYTES = 64 * 1024 * 1024;
const NS_PER_MS = 1_000_000n;
const NOTHING = new Uint8Array(0);

/**
 * There are no links of either kind (ENOTSUP), and times that a program sets are forgotten with the
 * volume. The browser writes to a copy that takes the file's place when it is closed: at `fsync`,
 * when somebody reads it, and soon after the last write. If that fails, whoever uses the content next
 * is told. Renaming copies, and removes the old name when the copy is complete.
 */
export class DirectoryHandleVolume implements Volume {
  readonly root: Inode;
  readonly readOnly: boolean;
  readonly #nodes: HandleNodes;
  readonly #feed = new ChangeFeed();
  readonly #writers: HandleWriters;
  readonly #kept: KeptContents;
  readonly #room: AddedRoom;
  readonly #moves: HandleMoves;
  /** One operation after the other: the browser's are not made to overlap. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(handle: FileSystemDirectoryHandle, options: DirectoryHandleOptions = {}) {
    this.readOnly = !(options.writable ?? false);
    const nodes = new HandleNodes(handle);
    const room = new AddedRoom(options);
    const kept = new KeptContents(
      limitOf('maxKeptBytes', options.maxKeptBytes, DEFAULT_MAX_KEPT_BYTES),
    );
    const writers = new HandleWriters(nodes, room, () => this.#settleWriters());
    const folder: HandleFolder = { nodes, writers, kept, room };
    this.#nodes = nodes;
    this.#writers = writers;
    this.#kept = kept;
    this.#room = room;
    this.#moves = new HandleMoves(folder);
    this.root = nodes.root.inode;
  }

  lookup(directory: Inode, name: string): Promise<Inode | undefined> {
    return this.#inTurn(async () => {
      const parent = this.#nodes.directory(directory);
      checkNameLength(name, DEFAULT_MAX_NAME_BYTES);
      return isShown(name) ? (await this.#nodes.child(parent, name))?.inode : undefined;
    });
  }

  attributes(inode: Inode): Promise<Attributes> {
    return this.#inTurn(async () => {
      const node = this.#nodes.node(inode);
      const { size, modifiedMs } = await this.#nodes.measure(node);
      const modifiedNs = node.times.modifiedNs ?? BigInt(modifiedMs) * NS_PER_MS;
      return {
        inode,
        kind: node.kind,
        size,
        links: isRemoved(node, this.#nodes.root) ? 0 : node.kind === 'directory' ? 2 : 1,
        accessedNs: node.times.accessedNs ?? modifiedNs,
        modifiedNs,
        changedNs: modifiedNs,
      };
    });
  }

  list(directory: Inode, after: number, limit: number): Promise<DirectoryEntry[]> {
    return this.#inTurn(async () => {
      const node = this.#nodes.directory(directory);
      if (isRemoved(node, this.#nodes.root)) return [];
      if (after === 0) await this.#nodes.readNames(node);
      return node.names.page(after, limit).flatMap(({ name, cookie }) => {
        const child = node.children.get(name);
        return child === undefined ? [] : [{ name, inode: child.inode, kind: child.kind, cookie }];
      });
    });
  }

  createFile(directory: Inode, name: string): Promise<Inode> {
    return this.#inTurn(async () => {
      const parent = await this.#parentOfNew(directory, name);
      const folder = await this.#nodes.handle(parent);
      const handle = await this.#charged(() => folder.getFileHandle(name, { create: true }));
      this.#feed.report(`${pathOf(parent)}/${name}`, 'created');
      return this.#nodes.addFile(parent, name, handle).inode;
    });
  }

  createDirectory(directory: Inode, name: string): Promise<Inode> {
    return this.#inTurn(async () => {
      const parent = await this.#parentOfNew(directory, name);
      const folder = await this.#nodes.handle(parent);
      const handle = await this.#charged(() => folder.getDirectoryHandle(name, { create: true }));
      this.#feed.report(`${pathOf(parent)}/${name}`, 'created');
      return this.#nodes.addDirectory(parent, name, handle).inode;
    });
  }

  createSymlink(): never {
    throw new FileError(this.readOnly ? 'EROFS' : 'ENOTSUP');
  }

  link(): never {
    throw new FileError(this.readOnly ? 'EROFS' : 'ENOTSUP');
  }

  unlink(directory: Inode, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const { parent, node } = await this.#existing(directory, name);
      if (node.kind === 'directory') throw new FileError('EISDIR');
      const path = pathOf(node);
      await this.#moves.removeFile(parent, node);
      this.#feed.report(path, 'removed');
    });
  }

  removeDirectory(directory: Inode, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const { parent, node } = await this.#existing(directory, name);
      if (node.kind !== 'directory') throw new FileError('ENOTDIR');
      const path = pathOf(node);
      await this.#moves.removeDirectory(parent, node);
      this.#feed.report(path, 'removed');
    });
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseIfReadOnly();
      this.#nodes.directory(fromDirectory);
      const target = this.#nodes.directory(toDirectory);
      const { node } = await this.#existing(fromDirectory, from);
      checkNewName(to);
      for (let at: HandleDirectory | undefined = target; at; at = at.parent) {
        if (at === node) throw new FileError('EINVAL');
      }
      if (isRemoved(target, this.#nodes.root)) throw new FileError('ENOENT');
      const replaced = await this.#nodes.child(target, to);
      const path = pathOf(node);
      if (replaced !== node) {
        // What is there keeps the case of its name.
        const name = replaced?.name ?? to;
        await this.#moves.move(node, target, replaced, name);
        if (replaced !== undefined) this.#feed.report(`${pathOf(target)}/${name}`, 'removed');
      } else if (node.name === to) return;
      else await this.#moves.changeCase(node, target, to);
      this.#feed.report(path, 'removed');
      this.#feed.report(pathOf(node), 'created');
    });
  }

  readLink(inode: Inode): never {
    this.#nodes.node(inode);
    throw new FileError('EINVAL');
  }

  read(inode: Inode, offset: number, length: number): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const node = this.#nodes.file(inode);
      await this.#writers.close(node);
      if (node.kept !== undefined) return this.#kept.read(node.kept, offset, length);
      const file = await (await this.#nodes.fileHandle(node)).getFile();
      if (offset >= file.size || length === 0) return NOTHING;
      return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
    });
  }

  write(inode: Inode, offset: number, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const node = this.#writable(inode);
      if (bytes.length === 0) return;
      if (offset + bytes.length > MAX_FILE_BYTES) throw new FileError('EFBIG');
      if (node.kept !== undefined) this.#kept.write(node.kept, offset, bytes);
      else await this.#writers.write(node, offset, bytes);
      this.#changed(node);
    });
  }

  truncate(inode: Inode, size: number): Promise<void> {
    return this.#inTurn(async () => {
      const node = this.#writable(inode);
      if (size > MAX_FILE_BYTES) throw new FileError('EFBIG');
      if (size === 0) this.#writers.forget(node);
      if (node.kept !== undefined) this.#kept.truncate(node.kept, size);
      else await this.#writers.truncate(node, size);
      this.#changed(node);
    });
  }

  setTimes(inode: Inode, times: TimesChange): void {
    this.#refuseIfReadOnly();
    Object.assign(this.#nodes.node(inode).times, times);
  }

  sync(inode?: Inode): Promise<void> {
    return this.#inTurn(async () => {
      if (inode === undefined) return this.#writers.closeAll();
      const node = this.#nodes.node(inode);
      if (node.kind === 'file') await this.#writers.close(node);
    });
  }

  retain(inode: Inode): void {
    this.#nodes.node(inode).holds++;
  }

  release(inode: Inode): void {
    const node = this.#nodes.node(inode);
    if (node.holds > 0) node.holds--;
    if (node.holds === 0 && node.kind === 'file') {
      this.#writers.released(node);
      if (node.kept !== undefined) this.#kept.giveUp(node.kept);
    }
    this.#nodes.dropIfGone(node);
  }

  /** Looks at every file: as slow as the folder is large. */
  usage(): Promise<VolumeUsage> {
    return this.#inTurn(async () => {
      let bytes = 0;
      let inodes = 0;
      const pending: HandleNode[] = [this.#nodes.root];
      for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
        inodes++;
        bytes += (await this.#nodes.measure(node)).size;
        if (node.kind === 'directory') {
          await this.#nodes.readNames(node);
          for (const child of node.children.values()) pending.push(child);
        }
      }
      return { bytes, inodes };
    });
  }

  /** Of what is done through this volume: other programs' changes are not told. */
  watch(listener: ChangeListener): () => void {
    return this.#feed.watch(listener);
  }

  /** Rejects if something that was written is lost. The volume is closed then, too. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      this.#nodes.clear();
    }
  }

  #settleWriters(): void {
    void this.#inTurn(() => this.#writers.settleAll());
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task).catch((error: unknown) => {
      throw refusalOf(error);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  #refuseIfReadOnly(): void {
    if (this.readOnly) throw new FileError('EROFS');
  }

  #writable(inode: Inode): HandleFile {
    this.#refuseIfReadOnly();
    return this.#nodes.file(inode);
  }

  #changed(node: HandleFile): void {
    node.times = {};
    if (node.parent !== undefined) this.#feed.report(pathOf(node), 'changed');
  }

  /** One more node. */
  async #charged<T>(create: () => Promise<T>): Promise<T> {
    this.#room.addInodes(1);
    try {
      return await create();
    } catch (error) {
      this.#room.addInodes(-1);
      throw error;
    }
  }

  async #parentOfNew(directory: Inode, name: string): Promise<HandleDirectory> {
    this.#refuseIfReadOnly();
    const parent = this.#nodes.directory(directory);
    if (isRemoved(parent, this.#nodes.root)) throw new FileError('ENOENT');
    checkNewName(name);
    if ((await this.#nodes.child(parent, name)) !== undefined) throw new FileError('EEXIST');
    return parent;
  }

  async #existing(
    directory: Inode,
    name: string,
  ): Promise<{ parent: HandleDirectory; node: HandleNode }> {
    this.#refuseIfReadOnly();
    const parent = this.#nodes.directory(directory);
    checkName(name, DEFAULT_MAX_NAME_BYTES);
    const node = isShown(name) ? await this.#nodes.child(parent, name) : undefined;
    if (node === undefined) throw new FileError('ENOENT');
    return { parent, node };
  }
}

/** What would not be shown is not made, either. */
function checkNewName(name: string): void {
  checkName(name, DEFAULT_MAX_NAME_BYTES);
  if (!isShown(name)) throw new FileError('EINVAL');
}
