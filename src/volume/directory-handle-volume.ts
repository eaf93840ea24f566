/** A folder of the user's disk that was picked in the browser, as a volume. */
import { FileError } from '../protocol/errno';
import { ChangeFeed } from './change-feed';
import {
  type HandleDirectory,
  type HandleFile,
  type HandleNode,
  isRemoved,
  pathOf,
  refusalOf,
} from './directory-handle-node';
import { HandleNodes, isShown } from './directory-handle-nodes';
import { MAX_FILE_BYTES } from './limits';
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

export interface DirectoryHandleOptions {
  /** Default: read-only. The user is asked when the handle was got. */
  readonly writable?: boolean;
}

/** A file that nobody has written to for so long is closed, so that others see what is in it. */
const IDLE_MS = 80;
const COPY_BYTES = 1024 * 1024;
const NS_PER_MS = 1_000_000n;
const NOTHING = new Uint8Array(0);

/**
 * There are no links of either kind (ENOTSUP), and times that a program sets are forgotten with the
 * volume. The browser writes to a copy that takes the file's place when it is closed: at `fsync`,
 * when somebody reads it, and soon after the last write. Replacing a file by renaming is not one
 * step, and renaming a directory copies it.
 */
export class DirectoryHandleVolume implements Volume {
  readonly root: Inode;
  readonly readOnly: boolean;
  readonly #nodes: HandleNodes;
  readonly #feed = new ChangeFeed();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One operation after the other: the browser's are not made to overlap. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(handle: FileSystemDirectoryHandle, options: DirectoryHandleOptions = {}) {
    this.readOnly = !(options.writable ?? false);
    this.#nodes = new HandleNodes(handle);
    this.root = this.#nodes.root.inode;
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
      const handle = await (await this.#nodes.handle(parent)).getFileHandle(name, { create: true });
      this.#feed.report(`${pathOf(parent)}/${name}`, 'created');
      return this.#nodes.addFile(parent, name, handle).inode;
    });
  }

  createDirectory(directory: Inode, name: string): Promise<Inode> {
    return this.#inTurn(async () => {
      const parent = await this.#parentOfNew(directory, name);
      const handle = await (await this.#nodes.handle(parent)).getDirectoryHandle(name, {
        create: true,
      });
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
      await this.#removeFile(parent, node);
      this.#feed.report(`${pathOf(parent)}/${name}`, 'removed');
    });
  }

  removeDirectory(directory: Inode, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const { parent, node } = await this.#existing(directory, name);
      if (node.kind !== 'directory') throw new FileError('ENOTDIR');
      // Without `recursive` the browser refuses what is not empty.
      await (await this.#nodes.handle(parent)).removeEntry(name);
      this.#nodes.forget(parent, node);
      this.#feed.report(`${pathOf(parent)}/${name}`, 'removed');
    });
  }

  rename(fromDirectory: Inode, from: string, toDirectory: Inode, to: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseIfReadOnly();
      this.#nodes.directory(fromDirectory);
      const target = this.#nodes.directory(toDirectory);
      const { parent: source, node } = await this.#existing(fromDirectory, from);
      checkName(to, DEFAULT_MAX_NAME_BYTES);
      for (let at: HandleDirectory | undefined = target; at; at = at.parent) {
        if (at === node) throw new FileError('EINVAL');
      }
      if (isRemoved(target, this.#nodes.root)) throw new FileError('ENOENT');
      const replaced = await this.#nodes.child(target, to);
      if (replaced === node) return;
      if (replaced !== undefined) await this.#makeWay(target, replaced, node, source);
      if (node.kind === 'file') await this.#moveFile(node, target, to);
      else await this.#moveDirectory(node, target, to);
      source.children.delete(from);
      source.names.delete(from);
      this.#nodes.enter(node, target, to);
      this.#feed.report(`${pathOf(source)}/${from}`, 'removed');
      this.#feed.report(`${pathOf(target)}/${to}`, 'created');
    });
  }

  readLink(inode: Inode): never {
    this.#nodes.node(inode);
    throw new FileError('EINVAL');
  }

  read(inode: Inode, offset: number, length: number): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const node = this.#nodes.file(inode);
      if (node.kept !== undefined) return node.kept.slice(offset, offset + length);
      await this.#nodes.closeWriter(node);
      const file = await (await this.#nodes.fileHandle(node)).getFile();
      if (offset >= file.size || length === 0) return NOTHING;
      return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
    });
  }

  write(inode: Inode, offset: number, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const node = this.#writable(inode);
      if (bytes.length === 0) return;
      const end = offset + bytes.length;
      if (end > MAX_FILE_BYTES) throw new FileError('EFBIG');
      this.#changed(node);
      if (node.kept !== undefined) {
        node.kept = resized(node.kept, Math.max(end, node.kept.length));
        node.kept.set(bytes, offset);
        return;
      }
      const writer = await this.#nodes.openWriter(node);
      await writer.stream.write({ type: 'write', position: offset, data: bytes.slice() });
      writer.size = Math.max(writer.size, end);
    });
  }

  truncate(inode: Inode, size: number): Promise<void> {
    return this.#inTurn(async () => {
      const node = this.#writable(inode);
      if (size > MAX_FILE_BYTES) throw new FileError('EFBIG');
      this.#changed(node);
      if (node.kept !== undefined) {
        node.kept = resized(node.kept, size);
        return;
      }
      const writer = await this.#nodes.openWriter(node);
      await writer.stream.truncate(size);
      writer.size = size;
    });
  }

  setTimes(inode: Inode, times: TimesChange): void {
    this.#refuseIfReadOnly();
    Object.assign(this.#nodes.node(inode).times, times);
  }

  sync(inode?: Inode): Promise<void> {
    return this.#inTurn(async () => {
      if (inode === undefined) await this.#nodes.closeWriters();
      else {
        const node = this.#nodes.node(inode);
        if (node.kind === 'file') await this.#nodes.closeWriter(node);
      }
    });
  }

  retain(inode: Inode): void {
    this.#nodes.node(inode).holds++;
  }

  release(inode: Inode): void {
    const node = this.#nodes.node(inode);
    if (node.holds > 0) node.holds--;
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
          pending.push(...node.children.values());
        }
      }
      return { bytes, inodes };
    });
  }

  /** Of what is done through this volume: other programs' changes are not told. */
  watch(listener: ChangeListener): () => void {
    return this.#feed.watch(listener);
  }

  async close(): Promise<void> {
    await this.sync();
    clearTimeout(this.#timer);
    this.#nodes.clear();
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
    clearTimeout(this.#timer);
    // A failure is told to who closes or syncs the file the next time.
    this.#timer = setTimeout(() => this.sync().catch(() => undefined), IDLE_MS);
    node.times = {};
    if (node.parent !== undefined) this.#feed.report(pathOf(node), 'changed');
  }

  async #parentOfNew(directory: Inode, name: string): Promise<HandleDirectory> {
    this.#refuseIfReadOnly();
    const parent = this.#nodes.directory(directory);
    if (isRemoved(parent, this.#nodes.root)) throw new FileError('ENOENT');
    checkName(name, DEFAULT_MAX_NAME_BYTES);
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
    const node = await this.#nodes.child(parent, name);
    if (node === undefined) throw new FileError('ENOENT');
    return { parent, node };
  }

  async #removeFile(parent: HandleDirectory, node: HandleFile): Promise<void> {
    await this.#nodes.closeWriter(node);
    if (node.holds > 0) {
      const file = await (await this.#nodes.fileHandle(node)).getFile();
      node.kept = new Uint8Array(await file.arrayBuffer());
    }
    await (await this.#nodes.handle(parent)).removeEntry(node.name);
    this.#nodes.forget(parent, node);
  }

  /** For another node under its name: ENOTDIR, EISDIR, ENOTEMPTY. */
  async #makeWay(
    parent: HandleDirectory,
    replaced: HandleNode,
    node: HandleNode,
    source: HandleDirectory,
  ): Promise<void> {
    if (replaced.kind === 'file') {
      if (node.kind === 'directory') throw new FileError('ENOTDIR');
      return this.#removeFile(parent, replaced);
    }
    for (let at: HandleDirectory | undefined = source; at; at = at.parent) {
      if (at === replaced) throw new FileError('ENOTEMPTY');
    }
    if (node.kind === 'file') throw new FileError('EISDIR');
    await (await this.#nodes.handle(parent)).removeEntry(replaced.name);
    this.#nodes.forget(parent, replaced);
  }

  async #moveFile(node: HandleFile, target: HandleDirectory, to: string): Promise<void> {
    await this.#nodes.closeWriter(node);
    const from = await this.#nodes.fileHandle(node);
    const directory = await this.#nodes.handle(target);
    node.handle = await directory.getFileHandle(to, { create: true });
    await copyFile(from, node.handle);
    await (await this.#nodes.handle(node.parent ?? this.#nodes.root)).removeEntry(node.name);
  }

  async #moveDirectory(node: HandleDirectory, target: HandleDirectory, to: string): Promise<void> {
    await this.#nodes.closeWriters();
    const directory = await this.#nodes.handle(target);
    const copy = await directory.getDirectoryHandle(to, { create: true });
    await copyFolder(await this.#nodes.handle(node), copy);
    const parent = await this.#nodes.handle(node.parent ?? this.#nodes.root);
    await parent.removeEntry(node.name, { recursive: true });
    forgetHandles(node);
    node.handle = copy;
  }
}

function forgetHandles(node: HandleNode): void {
  node.handle = undefined;
  if (node.kind === 'directory') for (const child of node.children.values()) forgetHandles(child);
}

async function copyFolder(
  from: FileSystemDirectoryHandle,
  to: FileSystemDirectoryHandle,
): Promise<void> {
  for await (const [name, handle] of from.entries()) {
    if (handle.kind === 'directory') {
      const folder = await to.getDirectoryHandle(name, { create: true });
      await copyFolder(handle as FileSystemDirectoryHandle, folder);
    } else {
      const file = await to.getFileHandle(name, { create: true });
      await copyFile(handle as FileSystemFileHandle, file);
    }
  }
}

async function copyFile(from: FileSystemFileHandle, to: FileSystemFileHandle): Promise<void> {
  const file = await from.getFile();
  const writer = await to.createWritable();
  for (let at = 0; at < file.size; at += COPY_BYTES) {
    await writer.write(await file.slice(at, at + COPY_BYTES).arrayBuffer());
  }
  await writer.close();
}

function resized(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, size));
  return result;
}
