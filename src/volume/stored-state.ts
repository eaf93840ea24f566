/**
 * What a stored volume knows of its records: where everything is, and what of it has to be stored
 * anew. The tree itself is the volume's.
 */
import type { Durability } from './indexeddb-database';
import {
  FORMAT,
  generationAfter,
  generationOf,
  HEADER_KEY,
  type Header,
  isHeader,
  NODES_PER_PAGE,
  pageOf,
  type StoredNode,
} from './indexeddb-records';
import type { InodeTree } from './inode-tree';
import { commitContent, type PackNumbers } from './stored-commit';
import { type Fetch, StoredContent } from './stored-content';
import { PageWriter } from './stored-page';
import type { StoredPages } from './stored-records';
import { Structure } from './stored-structure';
import type { TreeNode } from './tree-node';
import type { Inode } from './volume';

/** Of symbolic links. */
type Targets = Map<Inode, string>;

/** One transaction with all that has changed. */
export interface Commit {
  readonly durability: Durability;
  /** A file has been removed or cut, so that there will be more room. */
  readonly makesRoom: boolean;
  fill(store: IDBObjectStore): void;
  /** After a failure everything waits for the next one. */
  ended(failed: boolean): void;
}

/** Chromium gives a value of 64 KiB, some bytes of wrapping included, a file of its own. */
const OWN_FILE_BYTES = 60 * 1024;

/**
 * A record that must be in a strict transaction even if nobody waits for it. Where a browser has put
 * it into a file of its own, only the transaction that wrote it makes that durable: a strict one
 * that comes later covers its own records and the small ones before it. To put large ones again
 * when somebody syncs would write all of a file twice that was written in one go and synced at its
 * end; this way each is written once, and the disk is busy while the program still computes.
 */
function outlivesOnlyStrict(record: Uint8Array | undefined): boolean {
  return record !== undefined && record.length >= OWN_FILE_BYTES;
}

export class StoredState {
  content: StoredContent;
  generation = 0;
  readonly #newContent: () => StoredContent;
  readonly #packs: PackNumbers = { next: 1 };
  /** Pages of nodes that have changed since they were stored. */
  #pages = new Set<number>();
  /** What is stored in a page and could not be read, or leads nowhere: kept until it is repaired. */
  readonly #unread = new Map<number, Uint8Array[]>();
  /** Something was committed that a power cut could still undo. */
  #relaxed = false;

  constructor(fetch: Fetch, maxCachedBytes: number) {
    this.#newContent = () => new StoredContent(fetch, maxCachedBytes);
    this.content = this.#newContent();
  }

  /** The node has to be stored anew. */
  changed(inode: Inode): void {
    this.#pages.add(pageOf(inode));
  }

  clear(): void {
    this.content = this.#newContent();
    this.#pages.clear();
    this.#unread.clear();
    this.#relaxed = false;
  }

  /** Fills an empty tree with what the records tell of. What was removed while open is returned. */
  take(pages: StoredPages, tree: InodeTree, targets: Targets): TreeNode[] {
    this.clear();
    const restore = (stored: StoredNode): TreeNode => {
      this.content.restore(stored.inode, stored.size, stored.place);
      if (stored.kind === 'symlink') targets.set(stored.inode, stored.target);
      return tree.restore(stored);
    };
    const structure = new Structure(pages.nodes, tree.root);
    for (const { node } of structure.reached.values()) restore(node);
    for (const { node, names } of structure.reached.values()) {
      const restored = tree.node(node.inode);
      for (const { parent, name } of names) {
        tree.restoreName(tree.directory(parent), name, restored);
      }
    }
    for (const { inode, size, place } of structure.lost) {
      this.content.keep(inode, size, place);
      const kept = pages.frames.get(inode);
      if (kept !== undefined) this.#keepUnread(kept.page, kept.frame);
    }
    for (const { page, frame } of pages.damaged) this.#keepUnread(page, frame);
    this.generation = generationOf(pages.header);
    this.#reserveNumbers(pages, tree);
    // Whoever stored it may not have lived to make it durable.
    this.#relaxed = !pages.isEmpty;
    return structure.orphans.map(restore);
  }

  needsCommit(durability: Durability): boolean {
    const { dirty, cut, packs } = this.content;
    if (this.#pages.size > 0 || dirty.size > 0 || cut.length > 0 || packs.dead.length > 0) {
      return true;
    }
    return durability === 'strict' && this.#relaxed;
  }

  commit(asked: Durability, tree: InodeTree, targets: Targets): Commit {
    const content = commitContent(this.content, (inode) => tree.file(inode).size, this.#packs);
    const pages = this.#pages;
    for (const inode of content.moved) pages.add(pageOf(inode));
    this.#pages = new Set();
    const ended = (failed: boolean): void => {
      content.ended(failed);
      if (failed) for (const page of pages) this.#pages.add(page);
      else {
        this.generation = generation;
        this.#relaxed = durability === 'relaxed';
      }
    };
    const generation = generationAfter(this.generation);
    const nextPack = this.#packs.next;
    const header: Header = { format: FORMAT, generation, nextInode: tree.nextInode, nextPack };
    let durability = asked;
    let encoded: (readonly [number, Uint8Array | undefined])[];
    try {
      encoded = [...pages].map((page) => [page, this.#encodePage(page, tree, targets)] as const);
    } catch (error) {
      ended(true);
      throw error;
    }
    const records = [...content.puts, ...encoded];
    if (records.some(([, record]) => outlivesOnlyStrict(record))) durability = 'strict';
    const fill = (store: IDBObjectStore): void => {
      store.put(header, HEADER_KEY);
      for (const key of content.deletes) store.delete(key);
      for (const [key, record] of records) {
        if (record === undefined) store.delete(key);
        else store.put(record, key);
      }
    };
    return { durability, makesRoom: content.makesRoom, fill, ended };
  }

  /** Past all that are in use, whatever the header says. */
  #reserveNumbers({ header, nodes, unreadable }: StoredPages, tree: InodeTree): void {
    this.#packs.next = 1;
    if (isHeader(header)) {
      this.#packs.next = header.nextPack;
      tree.reserveInodes(header.nextInode);
    }
    for (const { inode, place } of nodes.values()) {
      tree.reserveInodes(inode + 1);
      if (place.kind === 'packed') this.#packs.next = Math.max(this.#packs.next, place.pack + 1);
    }
    // What can't be read must not be written over either.
    for (const page of unreadable) tree.reserveInodes((page + 1) * NODES_PER_PAGE);
  }

  #keepUnread(page: number, frame: Uint8Array): void {
    const frames = this.#unread.get(page);
    if (frames === undefined) this.#unread.set(page, [frame]);
    else frames.push(frame);
  }

  /** The nodes of a page as they are to be stored; undefined when it has none. */
  #encodePage(page: number, tree: InodeTree, targets: Targets): Uint8Array | undefined {
    const writer = new PageWriter();
    const first = page * NODES_PER_PAGE;
    for (let inode = first; inode < first + NODES_PER_PAGE; inode++) {
      const node = tree.find(inode as Inode);
      if (node === undefined) continue;
      writer.node({
        ...node,
        names: node.names.map(({ parent, name }) => ({ parent: parent.inode, name })),
        place: this.content.place(node.inode),
        target: targets.get(node.inode) ?? '',
      });
    }
    // Last: whatever lengths they claim, nothing is left that they could swallow.
    for (const frame of this.#unread.get(page) ?? []) writer.frame(frame);
    return writer.isEmpty ? undefined : writer.take();
  }
}
