/**
 * The bytes of the files of a stored volume: in chunks, of which some are in memory, those that
 * were changed among them, while the others wait in the store until they are asked for.
 *
 * Who reads or writes asks first what is `missing`, loads that, and asks again, as meanwhile it may
 * have gone; only then is the operation itself done, all at once.
 */
import { FileError } from '../protocol/errno';
import { assemble } from './assemble';
import {
  CHUNK_BYTES,
  CHUNK_HEAD_BYTES,
  chunkKey,
  type Place,
  packKey,
  readChunk,
  readPacked,
} from './indexeddb-records';
import { PackTable } from './pack-table';
import { RangeSet } from './range-set';
import type { FileNode } from './tree-node';
import type { Inode, Scratch } from './volume';

export interface Chunk {
  readonly file: StoredFile;
  readonly index: number;
  /** As it is stored: head and content. */
  record: Uint8Array<ArrayBuffer>;
  /** Handed to a transaction that has not ended. */
  writing: number;
  /** Since the evictor came by last. */
  used: boolean;
}

export interface StoredFile {
  readonly inode: Inode;
  readonly chunks: Map<number, Chunk>;
  /** Where the content is packed, if it is. */
  packed: Extract<Place, { kind: 'packed' }> | undefined;
  /** The chunks that the store has, or will have when the transaction under way is done. */
  readonly stored: RangeSet;
  /** Where a reader who goes on from the last read would be. */
  readOn: number;
}

export type Fetch = (keys: readonly IDBValidKey[]) => Promise<readonly unknown[] | undefined>;

const SMALLEST_CHUNK_BYTES = 512;

/** What a reader in sequence gets beyond what it asked for, in chunks. */
const READ_AHEAD = 8;

export class StoredContent {
  readonly packs = new PackTable();
  readonly dirty = new Set<Chunk>();
  /** Chunks past an index that the store still has to give up. */
  cut: { inode: Inode; from: number }[] = [];
  readonly #files = new Map<Inode, StoredFile>();
  /** Could go at any time. Those looked at longest ago come first. */
  readonly #clean = new Set<Chunk>();
  readonly #fetch: Fetch;
  readonly #maxCachedBytes: number;
  #bytes = 0;
  #pinnedBytes = 0;

  /** `fetch` gives the values of records, or undefined when all that was known is out of date. */
  constructor(fetch: Fetch, maxCachedBytes: number) {
    this.#fetch = fetch;
    this.#maxCachedBytes = maxCachedBytes;
  }

  /** Bytes that memory must keep until they are written. */
  get pinnedBytes(): number {
    return this.#pinnedBytes;
  }

  restore(inode: Inode, size: number, place: Place): void {
    if (place.kind === 'none') return;
    const stored = RangeSet.from(place.kind === 'chunks' ? place.ranges : []);
    const file: StoredFile = { inode, chunks: new Map(), packed: undefined, stored, readOn: 0 };
    this.#files.set(inode, file);
    if (place.kind === 'packed') this.packInto(file, place, size);
  }

  /** Of a file that no name leads to yet: its content must be there when it is found again. */
  keep(inode: Inode, size: number, place: Place): void {
    this.restore(inode, size, place);
    this.packs.fix(inode);
  }

  place(inode: Inode): Place {
    const file = this.#files.get(inode);
    if (file?.packed !== undefined) return file.packed;
    if (file === undefined || file.stored.isEmpty) return { kind: 'none' };
    return { kind: 'chunks', ranges: [...file.stored] };
  }

  /** Chunks that reading these bytes needs and memory lacks. */
  missingToRead(inode: Inode, offset: number, length: number): readonly number[] {
    const file = this.#files.get(inode);
    if (file === undefined || length <= 0) return [];
    const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
    const missing: number[] = [];
    for (let index = Math.floor(offset / CHUNK_BYTES); index <= last; index++) {
      if (this.#isMissing(file, index)) missing.push(index);
    }
    if (missing.length > 0 && file.readOn === offset) {
      for (let more = 1; more < READ_AHEAD; more++) {
        if (!this.#isMissing(file, last + more)) break;
        missing.push(last + more);
      }
    }
    return missing;
  }

  /** Chunks of which these bytes replace only a part. */
  missingToWrite({ inode, size }: FileNode, offset: number, length: number): number[] {
    const file = this.#files.get(inode);
    if (file === undefined) return [];
    const end = offset + length;
    const covered = (index: number): boolean =>
      offset <= index * CHUNK_BYTES && end >= Math.min(size, (index + 1) * CHUNK_BYTES);
    const edges = new Set([Math.floor(offset / CHUNK_BYTES), Math.floor((end - 1) / CHUNK_BYTES)]);
    // A packed file is small: it is written anew as a whole, wherever it was changed.
    if (file.packed !== undefined) edges.add(0);
    return [...edges].filter((index) => this.#isMissing(file, index) && !covered(index));
  }

  missingToResize({ inode }: FileNode, size: number): number[] {
    const file = this.#files.get(inode);
    if (file === undefined) return [];
    const edge = file.packed === undefined ? Math.floor(size / CHUNK_BYTES) : 0;
    const whole = size % CHUNK_BYTES === 0;
    return (whole && file.packed === undefined) || !this.#isMissing(file, edge) || size === 0
      ? []
      : [edge];
  }

  /** Brings chunks into memory. EIO for those that the store has lost. */
  async load(inode: Inode, indexes: readonly number[]): Promise<void> {
    const file = this.#files.get(inode);
    if (file === undefined) return;
    if (file.packed !== undefined) return this.#loadPack(file.packed.pack, inode);
    const values = await this.#fetch(indexes.map((index) => chunkKey(inode, index)));
    if (values === undefined || this.#files.get(inode) !== file) return;
    let damaged: number | undefined;
    for (const [at, index] of indexes.entries()) {
      if (!this.#isMissing(file, index)) continue;
      const content = readChunk(values[at]);
      if (content === undefined) damaged ??= index;
      else this.#enter(file, index, recordOf(content));
    }
    this.#evict();
    // What was read ahead may be damaged: that is for him to hear who wants it.
    if (damaged !== undefined && damaged === indexes[0]) {
      throw new FileError('EIO', `chunk ${damaged} of inode ${inode} is damaged`);
    }
  }

  /** A view where one chunk holds it all, put together otherwise. Undefined if some of it is missing. */
  read(inode: Inode, offset: number, length: number, scratch: Scratch): Uint8Array | undefined {
    const file = this.#files.get(inode);
    if (file === undefined) return new Uint8Array(length);
    const first = Math.floor(offset / CHUNK_BYTES);
    const start = CHUNK_HEAD_BYTES + offset - first * CHUNK_BYTES;
    const chunk = this.#used(file, first);
    if (chunk !== undefined && start + length <= chunk.record.length) {
      file.readOn = offset + length;
      return chunk.record.subarray(start, start + length);
    }
    for (let index = first; index * CHUNK_BYTES < offset + length; index++) {
      if (this.#isMissing(file, index)) return undefined;
    }
    file.readOn = offset + length;
    const bytes = scratch(length);
    assemble(bytes, offset, CHUNK_BYTES, (index) =>
      this.#used(file, index)?.record.subarray(CHUNK_HEAD_BYTES),
    );
    return bytes;
  }

  /** No chunk that is replaced in part may be missing. */
  write(inode: Inode, offset: number, bytes: Uint8Array): void {
    const file = this.#file(inode);
    for (let done = 0; done < bytes.length; ) {
      const index = Math.floor((offset + done) / CHUNK_BYTES);
      const from = offset + done - index * CHUNK_BYTES;
      const part = Math.min(CHUNK_BYTES - from, bytes.length - done);
      const whole = part === bytes.length;
      const chunk = this.#grown(file, index, from + part);
      chunk.record.set(whole ? bytes : bytes.subarray(done, done + part), CHUNK_HEAD_BYTES + from);
      this.#markDirty(chunk);
      done += part;
    }
    if (file.packed !== undefined) this.#markDirty(this.#grown(file, 0, 0));
    this.#evict();
  }

  /** Before the size changes: what was past the end must read as zeros if the file grows again. */
  resize(inode: Inode, size: number): void {
    const file = this.#files.get(inode);
    if (file === undefined) return;
    const kept = Math.ceil(size / CHUNK_BYTES);
    for (const chunk of [...file.chunks.values()]) if (chunk.index >= kept) this.#drop(chunk);
    if (file.stored.removeFrom(kept)) this.cut.push({ inode, from: kept });
    const last = file.chunks.get(kept - 1);
    const end = size - (kept - 1) * CHUNK_BYTES + CHUNK_HEAD_BYTES;
    if (last !== undefined && end < last.record.length) {
      last.record.fill(0, end);
      this.#markDirty(last);
    }
    if (file.packed === undefined) return;
    if (size === 0) this.unpack(file);
    else this.#markDirty(this.#grown(file, 0, 0));
  }

  remove(inode: Inode): void {
    const file = this.#files.get(inode);
    if (file === undefined) return;
    this.resize(inode, 0);
    this.#files.delete(inode);
  }

  packInto(file: StoredFile, place: Extract<Place, { kind: 'packed' }>, size: number): void {
    this.unpack(file);
    file.packed = place;
    this.packs.enter(place, file.inode, size);
  }

  unpack(file: StoredFile): void {
    if (file.packed !== undefined) this.packs.leave(file.packed.pack, file.inode);
    file.packed = undefined;
  }

  /** The chunk goes into a transaction. */
  writing(chunk: Chunk): void {
    this.dirty.delete(chunk);
    chunk.writing++;
  }

  /** The transaction is done, or has failed. */
  written(chunk: Chunk, failed: boolean): void {
    chunk.writing--;
    if (chunk.file.chunks.get(chunk.index) !== chunk) return;
    if (failed) this.dirty.add(chunk);
    else if (!this.dirty.has(chunk) && chunk.writing === 0) {
      this.#clean.add(chunk);
      this.#pinnedBytes -= chunk.record.length;
      this.#evict();
    }
  }

  /**
   * Marks what is left in packs that are mostly empty as changed, so that it moves. Nobody waits for
   * that: what can't be read stays where it is, for those to hear of who read it.
   */
  async emptySparsePacks(): Promise<boolean> {
    let moves = false;
    for (const [pack, inode] of this.packs.sparse()) {
      const file = this.#files.get(inode);
      if (file?.packed?.pack !== pack) continue;
      try {
        if (this.#isMissing(file, 0)) await this.#loadPack(pack, inode);
      } catch {
        this.packs.fix(inode);
      }
      if (file.packed?.pack !== pack || this.#isMissing(file, 0)) continue;
      this.#markDirty(this.#grown(file, 0, 0));
      moves = true;
    }
    return moves;
  }

  async #loadPack(pack: number, wanted: Inode): Promise<void> {
    const values = await this.#fetch([packKey(pack)]);
    if (values === undefined) return;
    // Those that were written together are mostly read together.
    for (const [inode, bytes] of this.packs.members(pack)) {
      const file = this.#files.get(inode);
      if (file?.packed?.pack !== pack || !this.#isMissing(file, 0)) continue;
      const content = readPacked(values[0], file.packed, bytes);
      if (content !== undefined) {
        const record = new Uint8Array(CHUNK_HEAD_BYTES + content.length);
        record.set(content, CHUNK_HEAD_BYTES);
        this.#enter(file, 0, record);
      } else if (inode === wanted) {
        throw new FileError('EIO', `the packed content of inode ${inode} is damaged`);
      }
    }
    this.#evict();
  }

  #file(inode: Inode): StoredFile {
    let file = this.#files.get(inode);
    if (file === undefined) {
      const chunks = new Map<number, Chunk>();
      file = { inode, chunks, packed: undefined, stored: new RangeSet(), readOn: 0 };
      this.#files.set(inode, file);
    }
    return file;
  }

  #isMissing(file: StoredFile, index: number): boolean {
    if (file.chunks.has(index)) return false;
    return file.packed === undefined ? file.stored.has(index) : index === 0;
  }

  #used(file: StoredFile, index: number): Chunk | undefined {
    const chunk = file.chunks.get(index);
    if (chunk !== undefined) chunk.used = true;
    return chunk;
  }

  #enter(file: StoredFile, index: number, record: Uint8Array<ArrayBuffer>): Chunk {
    const chunk: Chunk = { file, index, record, writing: 0, used: true };
    file.chunks.set(index, chunk);
    this.#bytes += record.length;
    this.#clean.add(chunk);
    return chunk;
  }

  #grown(file: StoredFile, index: number, needed: number): Chunk {
    const chunk = file.chunks.get(index);
    const room = chunk === undefined ? 0 : chunk.record.length - CHUNK_HEAD_BYTES;
    if (chunk !== undefined && room >= needed) return chunk;
    const bytes = Math.min(CHUNK_BYTES, Math.max(needed, 2 * room, SMALLEST_CHUNK_BYTES));
    const record = new Uint8Array(CHUNK_HEAD_BYTES + bytes);
    if (chunk === undefined) return this.#enter(file, index, record);
    record.set(chunk.record);
    const more = record.length - chunk.record.length;
    this.#bytes += more;
    if (!this.#clean.has(chunk)) this.#pinnedBytes += more;
    chunk.record = record;
    return chunk;
  }

  #markDirty(chunk: Chunk): void {
    chunk.used = true;
    if (this.#clean.delete(chunk)) this.#pinnedBytes += chunk.record.length;
    this.dirty.add(chunk);
  }

  #drop(chunk: Chunk): void {
    chunk.file.chunks.delete(chunk.index);
    this.dirty.delete(chunk);
    this.#bytes -= chunk.record.length;
    if (!this.#clean.delete(chunk)) this.#pinnedBytes -= chunk.record.length;
  }

  /** What waits to be stored can't go, and takes no room from what can. */
  #evict(): void {
    const mayStay = this.#maxCachedBytes + this.#pinnedBytes;
    if (this.#bytes <= mayStay) return;
    for (const chunk of this.#clean) {
      if (this.#bytes <= mayStay) return;
      if (chunk.used) {
        chunk.used = false;
        this.#clean.delete(chunk);
        this.#clean.add(chunk);
      } else this.#drop(chunk);
    }
  }
}

/** The store's answer is nobody else's: no copy is needed where it is a whole buffer. */
function recordOf(content: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = content;
  return new Uint8Array(buffer, byteOffset - CHUNK_HEAD_BYTES, length + CHUNK_HEAD_BYTES);
}
