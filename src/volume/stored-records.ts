/** The structure of a stored volume as its records tell it. */
import { promisifyRequest } from 'idb-keyval';
import { answerOf, getRecord, UNREADABLE } from './indexeddb-database';
import {
  chunkOfKey,
  FORMAT,
  formatOf,
  HEADER_KEY,
  type Header,
  isHeader,
  packOfKey,
  pageKeys,
  pageOfKey,
  type StoredNode,
} from './indexeddb-records';
import { type PageContent, readPage } from './stored-page';
import type { Inode } from './volume';
import { VolumeError } from './volume-error';

export interface StoredPages {
  /** Undefined where there is none; what it is has still to be looked at. */
  readonly header: unknown;
  readonly nodes: ReadonlyMap<Inode, StoredNode>;
  /** The bytes of each node, for those that have to be kept as they are. */
  readonly frames: ReadonlyMap<Inode, { readonly page: number; readonly frame: Uint8Array }>;
  readonly damaged: readonly ({ readonly page: number } & PageContent['damaged'][number])[];
  /** Pages that the browser has and does not give out. */
  readonly unreadable: readonly number[];
  readonly isEmpty: boolean;
}

export async function readPages(store: IDBObjectStore): Promise<StoredPages> {
  const [header, keys, all, count] = await Promise.all([
    getRecord(store, HEADER_KEY),
    promisifyRequest(store.getAllKeys(pageKeys())),
    answerOf<unknown[]>(store.getAll(pageKeys())),
    promisifyRequest(store.count()),
  ]);
  // One that can't be read does not take the others with it.
  const values =
    all === UNREADABLE ? await Promise.all(keys.map((key) => getRecord(store, key))) : all;
  const nodes = new Map<Inode, StoredNode>();
  const frames = new Map<Inode, { page: number; frame: Uint8Array }>();
  const damaged: StoredPages['damaged'][number][] = [];
  const unreadable: number[] = [];
  for (const [index, key] of keys.entries()) {
    const page = pageOfKey(key);
    if (page === undefined) continue;
    if (values[index] === UNREADABLE) {
      unreadable.push(page);
      continue;
    }
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
  return { header, nodes, frames, damaged, unreadable, isEmpty: count === 0 };
}

/**
 * What a volume that can be opened consists of, and its header. With `repair` one whose header or
 * pages are lost can, too. Throws `VolumeError`.
 */
export async function readVolume(
  store: IDBObjectStore,
  volume: string,
  repair: boolean,
): Promise<StoredPages> {
  const pages = await readPages(store);
  if (pages.isEmpty) return pages;
  const format = formatOf(pages.header) ?? 0;
  if (format > FORMAT) {
    const reason = `a newer version wrote it (format ${format}, here up to ${FORMAT})`;
    throw new VolumeError('volume-format', volume, reason);
  }
  const isWhole = isHeader(pages.header);
  if (isWhole && pages.unreadable.length === 0) return pages;
  if (!repair) {
    const what = isWhole ? 'a page can not be read' : 'its header is missing or damaged';
    throw new VolumeError('volume-damaged', volume, what);
  }
  if (isWhole) return pages;
  const keys = await promisifyRequest(store.getAllKeys());
  return { ...pages, header: headerFor(keys, pages.nodes) };
}

/** A header for records that have lost theirs: with numbers past all that are in use. */
export function headerFor(
  keys: readonly IDBValidKey[],
  nodes: ReadonlyMap<Inode, StoredNode>,
): Header {
  let nextInode = 2;
  let nextPack = 1;
  for (const { inode, place } of nodes.values()) {
    nextInode = Math.max(nextInode, inode + 1);
    if (place.kind === 'packed') nextPack = Math.max(nextPack, place.pack + 1);
  }
  for (const key of keys) {
    nextInode = Math.max(nextInode, (chunkOfKey(key)?.inode ?? 0) + 1);
    nextPack = Math.max(nextPack, (packOfKey(key) ?? 0) + 1);
  }
  return { format: FORMAT, generation: 0, nextInode, nextPack };
}
