/** The structure of a stored volume as its records tell it. */
import { promisifyRequest } from 'idb-keyval';
import {
  HEADER_KEY,
  type Header,
  type PageContent,
  pageKeys,
  readPage,
  type StoredNode,
} from './indexeddb-records';
import type { Inode } from './volume';

export interface StoredPages {
  /** Undefined where there is none; what it is has still to be looked at. */
  readonly header: unknown;
  readonly nodes: ReadonlyMap<Inode, StoredNode>;
  /** The bytes of each node, for those that have to be kept as they are. */
  readonly frames: ReadonlyMap<Inode, { readonly page: number; readonly frame: Uint8Array }>;
  readonly damaged: readonly ({ readonly page: number } & PageContent['damaged'][number])[];
  readonly isEmpty: boolean;
}

export async function readPages(store: IDBObjectStore): Promise<StoredPages> {
  const [header, keys, values, count] = await Promise.all([
    promisifyRequest<unknown>(store.get(HEADER_KEY)),
    promisifyRequest(store.getAllKeys(pageKeys())),
    promisifyRequest<unknown[]>(store.getAll(pageKeys())),
    promisifyRequest(store.count()),
  ]);
  const nodes = new Map<Inode, StoredNode>();
  const frames = new Map<Inode, { page: number; frame: Uint8Array }>();
  const damaged: StoredPages['damaged'][number][] = [];
  for (const [index, key] of keys.entries()) {
    const page = Number(key);
    const content = readPage(page, values[index]);
    for (const { node, frame } of content.nodes) {
      if (nodes.has(node.inode))
        damaged.push({ page, frame, reason: 'a node that is there twice' });
      else {
        nodes.set(node.inode, node);
        frames.set(node.inode, { page, frame });
      }
    }
    for (const damage of content.damaged) damaged.push({ page, ...damage });
  }
  return { header, nodes, frames, damaged, isEmpty: count === 0 };
}

/** What a header must at least say, for records that have lost theirs. */
export async function salvageHeader(
  store: IDBObjectStore,
  pages: StoredPages,
  format: number,
): Promise<Header> {
  const keys = await promisifyRequest(store.getAllKeys());
  let nextInode = 2;
  let nextPack = 1;
  for (const inode of pages.nodes.keys()) nextInode = Math.max(nextInode, inode + 1);
  for (const key of keys) {
    if (Array.isArray(key) && typeof key[0] === 'number') {
      nextInode = Math.max(nextInode, key[0] + 1);
    }
    if (typeof key === 'string' && key.startsWith('pack:')) {
      nextPack = Math.max(nextPack, Number(key.slice('pack:'.length)) + 1 || 0);
    }
  }
  return { format, generation: 0, nextInode, nextPack };
}
