/**
 * Removing and renaming in a picked folder. What is renamed is copied and then removed under its old
 * name, in this order: whatever fails, its content is there under one of the two.
 */
import { FileError } from '../protocol/errno';
import type { AddedRoom } from './added-room';
import { copyFileTo, copyFolderTo } from './directory-handle-copy';
import type { KeptContents } from './directory-handle-kept';
import type { HandleDirectory, HandleFile, HandleNode, KeptContent } from './directory-handle-node';
import type { HandleNodes } from './directory-handle-nodes';
import type { HandleWriters } from './directory-handle-writers';

export interface HandleFolder {
  readonly nodes: HandleNodes;
  readonly writers: HandleWriters;
  readonly kept: KeptContents;
  readonly room: AddedRoom;
}

/** What is left of a file that goes. */
interface Remains {
  readonly size: number;
  /** If it is open. */
  readonly content: KeptContent | undefined;
}

export class HandleMoves {
  readonly #folder: HandleFolder;
  #temporary = 0;

  constructor(folder: HandleFolder) {
    this.#folder = folder;
  }

  async removeFile(parent: HandleDirectory, node: HandleFile): Promise<void> {
    const remains = await this.#remains(node);
    try {
      await (await this.#folder.nodes.handle(parent)).removeEntry(node.name);
    } catch (error) {
      this.#stays(remains);
      throw error;
    }
    this.#gone(parent, node, remains);
  }

  async removeDirectory(parent: HandleDirectory, node: HandleDirectory): Promise<void> {
    // Without `recursive` the browser refuses what is not empty.
    await (await this.#folder.nodes.handle(parent)).removeEntry(node.name);
    this.#folder.nodes.forget(parent, node);
    this.#folder.room.addInodes(-1);
  }

  /** `replaced` is what has the name now, and is not `node`: ENOTDIR, EISDIR, ENOTEMPTY. */
  async move(
    node: HandleNode,
    target: HandleDirectory,
    replaced: HandleNode | undefined,
    name: string,
  ): Promise<void> {
    if (replaced !== undefined) refuseReplacing(replaced, node);
    if (node.kind === 'directory') await this.#moveDirectory(node, target, replaced, name);
    else await this.#moveFile(node, target, replaced, name);
    this.#folder.nodes.move(node, target, name);
  }

  /**
   * To a name that leads to it already, as the disk does not tell cases apart: by way of another
   * name, since both can't be there at a time.
   */
  async changeCase(node: HandleNode, parent: HandleDirectory, name: string): Promise<void> {
    const { name: before } = node;
    await this.move(node, parent, undefined, await this.#unusedName(parent));
    try {
      await this.move(node, parent, undefined, name);
    } catch (error) {
      await this.move(node, parent, undefined, before).catch(() => undefined);
      throw error;
    }
  }

  async #moveFile(
    node: HandleFile,
    target: HandleDirectory,
    replaced: HandleNode | undefined,
    name: string,
  ): Promise<void> {
    const { nodes, writers } = this.#folder;
    // A file whose content was lost must not take the place of one that has its.
    await writers.close(node);
    const remains = replaced?.kind === 'file' ? await this.#remains(replaced) : undefined;
    try {
      const directory = await nodes.handle(target);
      const from = await nodes.fileHandle(node);
      const copy = await copyFileTo(from, directory, name, replaced !== undefined);
      await this.#removeOld(node, directory, replaced === undefined ? name : undefined);
      node.handle = copy;
    } catch (error) {
      if (remains !== undefined) this.#stays(remains);
      throw error;
    }
    if (remains !== undefined && replaced?.kind === 'file') this.#gone(target, replaced, remains);
  }

  async #moveDirectory(
    node: HandleDirectory,
    target: HandleDirectory,
    replaced: HandleNode | undefined,
    name: string,
  ): Promise<void> {
    const { nodes, writers, room } = this.#folder;
    await writers.settleAll();
    const directory = await nodes.handle(target);
    const from = await nodes.handle(node);
    const copy = await copyFolderTo(from, directory, name, replaced !== undefined);
    // If that fails halfway, the copy is what is complete: it stays.
    await this.#removeOld(node, directory, undefined);
    if (replaced !== undefined) {
      nodes.forget(target, replaced);
      room.addInodes(-1);
    }
    forgetHandles(node);
    node.handle = copy;
  }

  /** `copy`: the name of what has to go if the old one can't. */
  async #removeOld(
    node: HandleNode,
    directory: FileSystemDirectoryHandle,
    copy: string | undefined,
  ): Promise<void> {
    const { nodes } = this.#folder;
    try {
      const parent = await nodes.handle(node.parent ?? nodes.root);
      await parent.removeEntry(node.name, { recursive: node.kind === 'directory' });
    } catch (error) {
      if (copy !== undefined) await directory.removeEntry(copy).catch(() => undefined);
      throw error;
    }
  }

  async #remains(node: HandleFile): Promise<Remains> {
    const { nodes, writers, kept } = this.#folder;
    // Whether its last changes were lost does not matter to those who remove it.
    await writers.settle(node);
    const file = await (await nodes.fileHandle(node)).getFile();
    return { size: file.size, content: node.holds > 0 ? await kept.take(file) : undefined };
  }

  #stays({ content }: Remains): void {
    if (content !== undefined) this.#folder.kept.giveUp(content);
  }

  #gone(parent: HandleDirectory, node: HandleFile, { size, content }: Remains): void {
    const { nodes, writers, kept, room } = this.#folder;
    if (node.holds > 0) node.kept = content;
    else {
      writers.forget(node);
      // It was closed meanwhile.
      if (content !== undefined) kept.giveUp(content);
    }
    nodes.forget(parent, node);
    room.addInodes(-1);
    room.addBytes(-size);
  }

  async #unusedName(parent: HandleDirectory): Promise<string> {
    for (;;) {
      const name = `.glovebox-rename-${++this.#temporary}`;
      if ((await this.#folder.nodes.child(parent, name)) === undefined) return name;
    }
  }
}

function refuseReplacing(replaced: HandleNode, node: HandleNode): void {
  if (replaced.kind === 'file') {
    if (node.kind === 'directory') throw new FileError('ENOTDIR');
    return;
  }
  for (let at = node.parent; at; at = at.parent) {
    if (at === replaced) throw new FileError('ENOTEMPTY');
  }
  if (node.kind === 'file') throw new FileError('EISDIR');
}

function forgetHandles(folder: HandleDirectory): void {
  const pending: HandleNode[] = [folder];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    node.handle = undefined;
    if (node.kind !== 'directory') continue;
    for (const child of node.children.values()) pending.push(child);
  }
}
