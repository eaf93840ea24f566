/** Looks at each record of a stored volume, and says how to make whole what is not. */
import { promisifyRequest } from 'idb-keyval';
import { getRecord } from './indexeddb-database';
import {
  CHUNK_BYTES,
  chunkKey,
  chunkOfKey,
  generationAfter,
  HEADER_KEY,
  type Header,
  isHeader,
  keyText,
  type Place,
  packKey,
  packOfKey,
  pageOf,
  pageOfKey,
  ROOT,
  readChunk,
  readPacked,
  type StoredNode,
} from './indexeddb-records';
import { MAX_INODE } from './limits';
import { newFile, withTheLost } from './lost-and-found';
import { RangeSet } from './range-set';
import { PageWriter } from './stored-page';
import { headerFor, readPages } from './stored-records';
import { Structure } from './stored-structure';
import type { Inode } from './volume';

export type CheckProblemKind =
  /** A record that can't be read, or a part of one. */
  | 'record'
  /** A name that contradicts others, or leads nowhere. */
  | 'name'
  /** A file whose content is damaged or missing in part. */
  | 'content'
  /** A record that belongs to nothing. */
  | 'leftover';

export interface CheckProblem {
  readonly kind: CheckProblemKind;
  /** The key of the record it is about. */
  readonly record: string;
  /** Where the file is found, if it is found. */
  readonly path: string | undefined;
  readonly message: string;
}

export interface CheckReport {
  readonly problems: readonly CheckProblem[];
  /** Whether they were done away with. */
  readonly repaired: boolean;
  readonly files: number;
  readonly directories: number;
}

export interface RepairPlan {
  readonly puts: readonly (readonly [IDBValidKey, unknown])[];
  readonly deletes: readonly IDBValidKey[];
}

/** Records whose content is in memory at a time. */
const BATCH = 16;

/** `plan` says how to make it whole. */
export async function checkRecords(
  store: IDBObjectStore,
): Promise<{ report: CheckReport; plan: () => RepairPlan }> {
  const checker = new Checker(store);
  const header = await checker.run();
  return { report: checker.report(), plan: () => checker.plan(header) };
}

class Checker {
  readonly #store: IDBObjectStore;
  readonly #problems: CheckProblem[] = [];
  readonly #deletes: IDBValidKey[] = [];
  #nodes = new Map<Inode, StoredNode>();
  #structure = new Structure(this.#nodes, ROOT);
  /** Pages that are there, and so may have to be written anew. */
  readonly #pages = new Set<number>();

  constructor(store: IDBObjectStore) {
    this.#store = store;
  }

  /** The header that the records should have. */
  async run(): Promise<Header> {
    const pages = await readPages(this.#store);
    const keys = await promisifyRequest(this.#store.getAllKeys());
    this.#nodes = new Map(pages.nodes);
    this.#structure = new Structure(this.#nodes, ROOT);
    const header = this.#checkHeader(pages.header, headerFor(keys, this.#nodes));
    for (const { page, reason } of pages.damaged) this.#note('record', page, undefined, reason);
    for (const page of pages.unreadable) {
      this.#note('record', page, undefined, 'the browser can not read it');
    }
    if (!this.#nodes.has(ROOT)) this.#note('record', pageOf(ROOT), '/', 'the root is missing');
    for (const { inode, name, message } of this.#structure.problems) {
      const what = name === undefined ? '' : ` (${JSON.stringify(name.name)} in ${name.parent})`;
      this.#note('name', pageOf(inode), this.#path(inode), `inode ${inode}${what}: ${message}`);
    }
    const chunks = new Map<Inode, number[]>();
    const packs = new Set<number>();
    for (const key of keys) this.#sort(key, chunks, packs);
    await this.#checkChunks(chunks);
    await this.#checkPacks(packs);
    return header;
  }

  report(): CheckReport {
    let files = 0;
    let directories = 0;
    for (const { node } of this.#structure.reached.values()) {
      if (node.kind === 'directory') directories++;
      else files++;
    }
    return { problems: this.#problems, repaired: false, files, directories };
  }

  /** All the pages anew, so that what could not be read in them goes. */
  plan(header: Header): RepairPlan {
    let spare = header.nextInode;
    // Only where a forged node has the last number that there is.
    if (spare > MAX_INODE) for (spare = ROOT; this.#nodes.has(spare as Inode); ) spare++;
    const structure = withTheLost(this.#nodes, ROOT, spare as Inode);
    const writers = new Map<number, PageWriter>();
    for (const node of [...this.#nodes.values()].sort((a, b) => a.inode - b.inode)) {
      let writer = writers.get(pageOf(node.inode));
      if (writer === undefined) {
        writer = new PageWriter();
        writers.set(pageOf(node.inode), writer);
      }
      writer.node({ ...node, names: structure.reached.get(node.inode)?.names ?? [] });
    }
    const puts: [IDBValidKey, unknown][] = [...writers].map(([page, writer]) => [
      page,
      writer.take(),
    ]);
    const generation = generationAfter(header.generation);
    const nextInode = Math.min(Math.max(header.nextInode, spare + 1), MAX_INODE + 1);
    puts.push([HEADER_KEY, { ...header, generation, nextInode }]);
    const empty = [...this.#pages].filter((page) => !writers.has(page));
    return { puts, deletes: [...this.#deletes, ...empty] };
  }

  /** `least`: numbers past those in use. */
  #checkHeader(header: unknown, least: Header): Header {
    if (!isHeader(header)) {
      this.#note('record', HEADER_KEY, undefined, 'the header is missing or damaged');
      return least;
    }
    const nextInode = Math.max(header.nextInode, least.nextInode);
    const nextPack = Math.max(header.nextPack, least.nextPack);
    if (nextInode > header.nextInode || nextPack > header.nextPack) {
      this.#note('record', HEADER_KEY, undefined, 'numbers that the header gives are in use');
    }
    return { ...header, nextInode, nextPack };
  }

  #sort(key: IDBValidKey, chunks: Map<Inode, number[]>, packs: Set<number>): void {
    const pack = packOfKey(key);
    const page = pageOfKey(key);
    const chunk = chunkOfKey(key);
    if (pack !== undefined) packs.add(pack);
    else if (page !== undefined) this.#pages.add(page);
    else if (chunk !== undefined) {
      const indexes = chunks.get(chunk.inode);
      if (indexes === undefined) chunks.set(chunk.inode, [chunk.index]);
      else indexes.push(chunk.index);
    } else if (key !== HEADER_KEY) {
      this.#note('leftover', key, undefined, 'a record of no known kind');
      this.#deletes.push(key);
    }
  }

  /** `stored`: of each file, in order. Nothing here goes by what a damaged node claims to have. */
  async #checkChunks(stored: Map<Inode, number[]>): Promise<void> {
    for (const node of [...this.#nodes.values()]) {
      if (node.place.kind !== 'chunks') continue;
      const claimed = RangeSet.from(node.place.ranges);
      const end = Math.ceil(node.size / CHUNK_BYTES);
      if (claimed.removeFrom(end)) {
        this.#noteContent(node, chunkKey(node.inode, end), 'chunks past the end of the file');
      }
      const there = stored.get(node.inode) ?? [];
      const good = new RangeSet();
      const wanted = there.filter((index) => claimed.has(index));
      for (let at = 0; at < wanted.length; at += BATCH) {
        await this.#checkBatch(node, wanted.slice(at, at + BATCH), good);
      }
      this.#noteMissing(node, claimed, wanted);
      stored.set(
        node.inode,
        there.filter((index) => !claimed.has(index)),
      );
      this.#nodes.set(node.inode, { ...node, place: placeOf(good) });
    }
    for (const [inode, indexes] of stored) await this.#leftoverChunks(inode, indexes);
  }

  async #checkBatch(node: StoredNode, indexes: readonly number[], good: RangeSet): Promise<void> {
    const values = await this.#values(indexes.map((index) => chunkKey(node.inode, index)));
    for (const [at, index] of indexes.entries()) {
      if (readChunk(values[at]) !== undefined) {
        good.add(index);
        continue;
      }
      this.#noteContent(node, chunkKey(node.inode, index), `${span(node, index)} are damaged`);
      this.#deletes.push(chunkKey(node.inode, index));
    }
  }

  #noteMissing(node: StoredNode, claimed: RangeSet, there: readonly number[]): void {
    let at = 0;
    for (const [first, count] of claimed) {
      for (let from = first; from < first + count; ) {
        const next = Math.min(there[at] ?? Number.POSITIVE_INFINITY, first + count);
        if (from < next) {
          const what = `${span(node, from, next - from)} are missing`;
          this.#noteContent(node, chunkKey(node.inode, from), what);
        }
        if (next === there[at]) at++;
        from = next + 1;
      }
    }
  }

  /** Content of a file whose node is gone is found again without its name. */
  async #leftoverChunks(inode: Inode, indexes: readonly number[]): Promise<void> {
    const last = indexes.at(-1);
    if (last === undefined) return;
    const key = chunkKey(inode, last);
    const [value] = await this.#values([key]);
    const content = readChunk(value);
    if (this.#nodes.has(inode) || inode === ROOT || content === undefined) {
      for (const index of indexes) {
        this.#note('leftover', chunkKey(inode, index), undefined, 'a chunk that no file has');
        this.#deletes.push(chunkKey(inode, index));
      }
      return;
    }
    this.#note('leftover', key, undefined, `${indexes.length} chunks of a file that is not there`);
    const ranges = new RangeSet();
    for (const index of indexes) ranges.add(index);
    const size = last * CHUNK_BYTES + content.length;
    this.#nodes.set(inode, newFile(inode, size, placeOf(ranges)));
  }

  async #checkPacks(stored: ReadonlySet<number>): Promise<void> {
    const members = new Map<number, StoredNode[]>();
    for (const node of this.#nodes.values()) {
      if (node.place.kind !== 'packed') continue;
      const others = members.get(node.place.pack);
      if (others === undefined) members.set(node.place.pack, [node]);
      else others.push(node);
    }
    for (const [pack, nodes] of members) {
      const [value] = await this.#values([packKey(pack)]);
      let good = 0;
      for (const node of nodes) {
        if (node.place.kind !== 'packed') continue;
        if (readPacked(value, node.place, node.size) !== undefined) {
          good++;
          continue;
        }
        const what = value === undefined ? 'missing' : 'damaged';
        this.#noteContent(node, packKey(pack), `bytes 0 to ${node.size} are ${what}`);
        this.#nodes.set(node.inode, { ...node, place: { kind: 'none' } });
      }
      if (good === 0 && value !== undefined) this.#deletes.push(packKey(pack));
    }
    for (const pack of stored) {
      if (members.has(pack)) continue;
      this.#note('leftover', packKey(pack), undefined, 'a pack that no file has its content in');
      this.#deletes.push(packKey(pack));
    }
  }

  #values(keys: readonly IDBValidKey[]): Promise<unknown[]> {
    return Promise.all(keys.map((key) => getRecord(this.#store, key)));
  }

  #noteContent(node: StoredNode, key: IDBValidKey, message: string): void {
    this.#note('content', key, this.#path(node.inode), `inode ${node.inode}: ${message}`);
  }

  #note(kind: CheckProblemKind, key: IDBValidKey, path: string | undefined, message: string): void {
    this.#problems.push({ kind, record: keyText(key), path, message });
  }

  #path(inode: Inode): string | undefined {
    let path = '';
    for (let at = inode; at !== ROOT; ) {
      const [name] = this.#structure.reached.get(at)?.names ?? [];
      if (name === undefined) return undefined;
      path = `/${name.name}${path}`;
      at = name.parent;
    }
    return path === '' ? '/' : path;
  }
}

function placeOf(ranges: RangeSet): Place {
  return ranges.isEmpty ? { kind: 'none' } : { kind: 'chunks', ranges: [...ranges] };
}

/** The bytes of some chunks, for people. */
function span({ size }: StoredNode, first: number, count = 1): string {
  return `bytes ${first * CHUNK_BYTES} to ${Math.min(size, (first + count) * CHUNK_BYTES)}`;
}
