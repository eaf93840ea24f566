/**
 * What an IndexedDB volume consists of: the keys of its records and the bytes in them. The format
 * is described in docs/volumes.md; whoever changes it gives `FORMAT` the next number.
 */
import { ROOT_INODE } from './inode-tree';
import { MAX_FILE_BYTES, MAX_INODE } from './limits';
import type { Range } from './range-set';
import { checksum, RecordReader } from './record-bytes';
import type { KeptNode } from './tree-node';
import type { Inode } from './volume';

export const FORMAT = 1;

export const HEADER_KEY = 'volume';

export const ROOT = ROOT_INODE;

/** So few that a single changed node is written fast, so many that a thousand are, too. */
export const NODES_PER_PAGE = 32;

export const CHUNK_BYTES = 256 * 1024;

/** No file has more, however large it is. */
export const MAX_CHUNKS = MAX_FILE_BYTES / CHUNK_BYTES;

/** Larger files have chunks of their own. */
export const MAX_PACKED_BYTES = 16 * 1024;

/** A pack is full when it has this much. */
export const PACK_BYTES = CHUNK_BYTES;

/** Before the content of a chunk: its checksum, and room that keeps the content aligned. */
export const CHUNK_HEAD_BYTES = 8;

const MAX_GENERATION = 10 ** 15;

/** Any version can read this much of any other's. */
export interface Header {
  readonly format: number;
  /** Counts the transactions that changed the volume. */
  readonly generation: number;
  readonly nextInode: number;
  readonly nextPack: number;
}

export type Place =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'packed';
      readonly pack: number;
      readonly offset: number;
      readonly checksum: number;
    }
  | { readonly kind: 'chunks'; readonly ranges: readonly Range[] };

export interface StoredName {
  readonly parent: Inode;
  readonly name: string;
}

export interface StoredNode extends KeptNode {
  readonly names: readonly StoredName[];
  readonly place: Place;
  readonly target: string;
}

export function pageOf(inode: Inode): number {
  return Math.floor(inode / NODES_PER_PAGE);
}

export function chunkKey(inode: Inode, index: number): IDBValidKey {
  return [inode, index];
}

export function packKey(pack: number): IDBValidKey {
  return `pack:${pack}`;
}

/** Numbers of packs stay below this: far from where numbers lose bits. */
export const MAX_PACKS = 10 ** 15;

/** The number of a pack, if the key is one's. */
export function packOfKey(key: IDBValidKey): number | undefined {
  const found = typeof key === 'string' ? /^pack:(?<number>0|[1-9]\d{0,14})$/.exec(key) : null;
  return found === null ? undefined : Number(found.groups?.number);
}

/** The number of a page, if the key is one's. */
export function pageOfKey(key: IDBValidKey): number | undefined {
  return isCount(key, pageOf(MAX_INODE as Inode)) ? key : undefined;
}

/** Which chunk of which file, if the key is one's. */
export function chunkOfKey(key: IDBValidKey): { inode: Inode; index: number } | undefined {
  if (!Array.isArray(key) || key.length !== 2) return undefined;
  const [inode, index] = key as unknown[];
  if (!isCount(inode, MAX_INODE) || inode === 0 || !isCount(index, MAX_CHUNKS - 1)) {
    return undefined;
  }
  return { inode: inode as Inode, index };
}

/** Numbers come before all the other keys. */
export function pageKeys(): IDBKeyRange {
  return IDBKeyRange.bound(0, Number.MAX_SAFE_INTEGER);
}

export function chunkKeysFrom(inode: Inode, index: number): IDBKeyRange {
  return IDBKeyRange.bound([inode, index], [inode, []]);
}

export function allChunkKeys(): IDBKeyRange {
  return IDBKeyRange.bound([], [[]]);
}

/** As text, for people. */
export function keyText(key: IDBValidKey): string {
  return typeof key === 'number' ? `page ${key}` : JSON.stringify(key);
}

export function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { format, generation, nextInode, nextPack } = value as Record<string, unknown>;
  return (
    isCount(format) &&
    format > 0 &&
    isCount(generation, MAX_GENERATION) &&
    isCount(nextInode, MAX_INODE + 1) &&
    isCount(nextPack, MAX_PACKS)
  );
}

/** Of the state that the header is about. A damaged one is of none. */
export function generationOf(header: unknown): number {
  return isHeader(header) ? header.generation : 0;
}

export function generationAfter(generation: number): number {
  return (generation % MAX_GENERATION) + 1;
}

/** The number of the format that wrote the header, if it is a header at all. */
export function formatOf(value: unknown): number | undefined {
  const format = (value as Partial<Header> | null | undefined)?.format;
  return typeof format === 'number' && Number.isSafeInteger(format) ? format : undefined;
}

/** The content of a chunk's record; undefined where it is damaged. */
export function readChunk(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (!(value instanceof Uint8Array) || value.length < CHUNK_HEAD_BYTES) return undefined;
  if (value.length > CHUNK_HEAD_BYTES + CHUNK_BYTES || value.byteOffset % 4 !== 0) return undefined;
  const content = value.subarray(CHUNK_HEAD_BYTES) as Uint8Array<ArrayBuffer>;
  return new RecordReader(value).u32() === checksum(content) ? content : undefined;
}

/** The content of one file in a pack; undefined where it is damaged. */
export function readPacked(
  value: unknown,
  place: Extract<Place, { kind: 'packed' }>,
  size: number,
): Uint8Array | undefined {
  if (!(value instanceof Uint8Array) || place.offset + size > value.length) return undefined;
  const content = value.subarray(place.offset, place.offset + size);
  return checksum(content) === place.checksum ? content : undefined;
}

function isCount(value: unknown, most = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
