/** The nodes of a picked folder that were seen, and the browser's handles for them. */
import { FileError } from '../protocol/errno';
import { CookieIndex } from './cookie-index';
import {
  type HandleDirectory,
  type HandleFile,
  type HandleNode,
  isRemoved,
} from './directory-handle-node';
import { isName } from './names';
import type { Inode } from './volume';

/** Chromium's copies of files that are being written to: they come and go. */
const SWAP_FILE = /\.crswap$/;

/** Whether a guest sees what has this name. */
export function isShown(name: string): boolean {
  return isName(name) && !SWAP_FILE.test(name);
}

export class HandleNodes {
  readonly root: HandleDirectory;
  readonly #byInode = new Map<Inode, HandleNode>();
  #lastInode = 0;

  constructor(root: FileSystemDirectoryHandle) {
    this.root = this.addDirectory(undefined, '', root);
  }

  clear(): void {
    this.#byInode.clear();
  }

  node(inode: Inode): HandleNode {
    const node = this.#byInode.get(inode);
    if (node === undefined) throw new FileError('ESTALE');
    return node;
  }

  directory(inode: Inode): HandleDirectory {
    const node = this.node(inode);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    return node;
  }

  file(inode: Inode): HandleFile {
    const node = this.node(inode);
    if (node.kind !== 'file') throw new FileError('EISDIR');
    return node;
  }

  addFile(parent: HandleDirectory, name: string, handle: FileSystemFileHandle): HandleFile {
    const inode = ++this.#lastInode as Inode;
    const common = { inode, parent: undefined, name, holds: 0, times: {} };
    const node: HandleFile = {
      ...common,
      kind: 'file',
      handle,
      writer: undefined,
      kept: undefined,
      lost: undefined,
    };
    this.enter(node, parent, name);
    return node;
  }

  addDirectory(
    parent: HandleDirectory | undefined,
    name: string,
    handle: FileSystemDirectoryHandle,
  ): HandleDirectory {
    const inode = ++this.#lastInode as Inode;
    const common = { inode, parent: undefined, name, holds: 0, times: {} };
    const names = new CookieIndex<null>();
    const node: HandleDirectory = {
      ...common,
      kind: 'directory',
      handle,
      children: new Map(),
      names,
    };
    this.enter(node, parent, name);
    return node;
  }

  enter(node: HandleNode, parent: HandleDirectory | undefined, name: string): void {
    this.#byInode.set(node.inode, node);
    node.parent = parent;
    node.name = name;
    parent?.children.set(name, node);
    parent?.names.set(name, null);
  }

  /** It is there under another name from now on. */
  move(node: HandleNode, target: HandleDirectory, name: string): void {
    const { parent } = node;
    parent?.children.delete(node.name);
    // A listing under way meets it once.
    if (parent === target) parent.names.rename(node.name, name);
    else parent?.names.delete(node.name);
    this.enter(node, target, name);
  }

  /** It is not there any more. An open one stays known. */
  forget(parent: HandleDirectory, node: HandleNode): void {
    parent.children.delete(node.name);
    parent.names.delete(node.name);
    node.parent = undefined;
    if (node.holds === 0) this.#byInode.delete(node.inode);
  }

  /** To be called when an open file is given up. */
  dropIfGone(node: HandleNode): void {
    if (node.holds === 0 && isRemoved(node, this.root)) this.#byInode.delete(node.inode);
  }

  async handle(node: HandleDirectory): Promise<FileSystemDirectoryHandle> {
    const steps: HandleDirectory[] = [];
    let at = node;
    let handle = at.handle;
    while (handle === undefined) {
      if (at.parent === undefined) throw new FileError('ENOENT');
      steps.push(at);
      at = at.parent;
      handle = at.handle;
    }
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      handle = await handle.getDirectoryHandle(step.name);
      step.handle = handle;
    }
    return handle;
  }

  async fileHandle(node: HandleFile): Promise<FileSystemFileHandle> {
    if (node.handle === undefined) {
      if (node.parent === undefined) throw new FileError('ESTALE');
      node.handle = await (await this.handle(node.parent)).getFileHandle(node.name);
    }
    return node.handle;
  }

  /** What has the name now: another program may have changed it. */
  async child(parent: HandleDirectory, name: string): Promise<HandleNode | undefined> {
    if (isRemoved(parent, this.root)) return undefined;
    const handle = await found(await this.handle(parent), name);
    const known = parent.children.get(name);
    if (handle === undefined) {
      if (known !== undefined) this.forget(parent, known);
      return undefined;
    }
    if (known?.kind === handle.kind) return known;
    // Where the disk does not tell cases apart, a name finds what is listed under another one: only
    // the listing tells them apart, and one file must not become two nodes.
    await this.readNames(parent);
    const listed = parent.children.get(name) ?? aliased(parent, name);
    // A short name of Windows, or another spelling that the disk takes and we do not know.
    if (listed === undefined) throw new FileError('ENOENT', 'not the name that it is listed under');
    return listed;
  }

  async readNames(node: HandleDirectory): Promise<void> {
    const seen = new Set<string>();
    for await (const [name, handle] of (await this.handle(node)).entries()) {
      if (!isShown(name)) continue;
      seen.add(name);
      if (node.children.get(name)?.kind === handle.kind) continue;
      if (handle.kind === 'file') this.addFile(node, name, handle as FileSystemFileHandle);
      else this.addDirectory(node, name, handle as FileSystemDirectoryHandle);
    }
    for (const [name, child] of [...node.children]) if (!seen.has(name)) this.forget(node, child);
  }

  async measure(node: HandleNode): Promise<{ size: number; modifiedMs: number }> {
    if (node.kind === 'directory') return { size: 0, modifiedMs: 0 };
    if (node.kept !== undefined) return { size: node.kept.size, modifiedMs: Date.now() };
    if (node.writer !== undefined) return { size: node.writer.size, modifiedMs: Date.now() };
    const { size, lastModified } = await (await this.fileHandle(node)).getFile();
    return { size, modifiedMs: lastModified };
  }
}

/** What is listed under a name that differs in case or in the composition of its letters only. */
function aliased(parent: HandleDirectory, name: string): HandleNode | undefined {
  for (const [listed, child] of parent.children) if (folded(listed) === folded(name)) return child;
  return undefined;
}

function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

async function found(
  directory: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemHandle | undefined> {
  try {
    return await directory.getFileHandle(name);
  } catch (error) {
    const { name: kind } = error as { name?: unknown };
    if (kind === 'TypeMismatchError') return directory.getDirectoryHandle(name);
    if (kind === 'NotFoundError') return undefined;
    throw error;
  }
}
