/** Looks at each record of a stored volume, and says how to make whole what is not. */
import { promisifyRequest } from 'idb-keyval';
import {
  CHUNK_BYTES,
  chunkKey,
  FORMAT,
  HEADER_KEY,
  type Header,
  isHeader,
  keyText,
  PageWriter,
  type Place,
  packKey,
  packOfKey,
  pageOf,
  readChunk,
  readPacked,
  type StoredNode,
} from './indexeddb-records';
import { RangeSet } from './range-set';
import { readPages, salvageHeader } from './stored-records';
import { type Structure, structureOf } from './stored-structure';
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

const LOST_AND_FOUND = 'lost+found';

export async function checkRecords(
  store: IDBObjectStore,
  root: Inode,
): Promise<{ report: CheckReport; plan: RepairPlan }> {
  const checker = new Checker(store, root);
  await checker.run();
  return { report: checker.report(), plan: checker.plan() };
}

class Checker {
  readonly #store: IDBObjectStore;
  readonly #root: Inode;
  readonly #problems: CheckProblem[] = [];
  readonly #deletes: IDBValidKey[] = [];
  #nodes = new Map<Inode, StoredNode>();
  #structure: Structure;
  #header: Header = { format: FORMAT, generation: 0, nextInode: 2, nextPack: 1 };
  /** Pages that are there, and so may have to be written anew. */
  #pages = new Set<number>();

  constructor(store: IDBObjectStore, root: Inode) {
    this.#store = store;
    this.#root = root;
    this.#structure = structureOf(this.#nodes, root);
  }

  async run(): Promise<void> {
    const pages = await readPages(this.#store);
    this.#nodes = new Map(pages.nodes);
    this.#structure = structureOf(this.#nodes, this.#root);
    if (isHeader(pages.header)) this.#header = pages.header;
    else {
      this.#note('record', HEADER_KEY, undefined, 'the header is missing or damaged');
      this.#header = await salvageHeader(this.#store, pages, FORMAT);
    }
    for (const { page, reason } of pages.damaged) this.#note('record', page, undefined, reason);
    if (!this.#nodes.has(this.#root)) {
      this.#note('record', pageOf(this.#root), '/', 'the root is missing');
    }
    for (const { inode, name, message } of this.#structure.problems) {
      const what = name === undefined ? '' : ` (${JSON.stringify(name.name)} in ${name.parent})`;
      this.#note('name', pageOf(inode), this.#path(inode), `inode ${inode}${what}: ${message}`);
    }
    const keys = await promisifyRequest(this.#store.getAllKeys());
    const chunks = new Map<number, number[]>();
    const packs = new Set<number>();
    for (const key of keys) this.#sort(key, chunks, packs);
    await this.#checkChunks(chunks);
    await this.#checkPacks(packs);
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
  plan(): RepairPlan {
    this.#nameTheLost();
    const writers = new Map<number, PageWriter>();
    for (const node of [...this.#nodes.values()].sort((a, b) => a.inode - b.inode)) {
      const kept = this.#structure.reached.get(node.inode);
      const names = kept === undefined ? [] : kept.names;
      let writer = writers.get(pageOf(node.inode));
      if (writer === undefined) {
        writer = new PageWriter();
        writers.set(pageOf(node.inode), writer);
      }
      writer.node({ ...node, names });
    }
    const puts: [IDBValidKey, unknown][] = [...writers].map(([page, writer]) => [
      page,
      writer.take(),
    ]);
    puts.push([HEADER_KEY, { ...this.#header, generation: this.#header.generation + 1 }]);
    const empty = [...this.#pages].filter((page) => !writers.has(page));
    return { puts, deletes: [...this.#deletes, ...empty] };
  }

  #sort(key: IDBValidKey, chunks: Map<number, number[]>, packs: Set<number>): void {
    const pack = packOfKey(key);
    if (pack !== undefined) packs.add(pack);
    else if (Array.isArray(key) && isCount(key[0]) && isCount(key[1]) && key.length === 2) {
      const indexes = chunks.get(key[0]);
      if (indexes === undefined) chunks.set(key[0], [key[1]]);
      else indexes.push(key[1]);
    } else if (isCount(key)) this.#pages.add(key);
    else if (key !== HEADER_KEY) {
      this.#note('leftover', key, undefined, 'a record of no known kind');
      this.#deletes.push(key);
    }
  }

  async #checkChunks(stored: Map<number, number[]>): Promise<void> {
    for (const node of [...this.#nodes.values()]) {
      if (node.place.kind !== 'chunks') continue;
      const there = new Set(stored.get(node.inode));
      const good = RangeSet.from(node.place.ranges);
      const indexes: number[] = [];
      for (const [first, count] of node.place.ranges) {
        // Not past the end of the file, however far a damaged range says that it goes.
        const end = Math.min(first + count, Math.ceil(node.size / CHUNK_BYTES));
        for (let index = first; index < end; index++) indexes.push(index);
        if (end < first + count) {
          good.removeFrom(end);
          this.#noteContent(node, chunkKey(node.inode, end), 'chunks past the end of the file');
        }
      }
      for (let at = 0; at < indexes.length; at += BATCH) {
        await this.#checkBatch(node, indexes.slice(at, at + BATCH), good);
      }
      for (const index of indexes) there.delete(index);
      stored.set(node.inode, [...there]);
      this.#nodes.set(node.inode, { ...node, place: placeOf(good) });
    }
    for (const [inode, indexes] of stored) {
      if (indexes.length > 0) await this.#leftoverChunks(inode as Inode, indexes);
    }
  }

  async #checkBatch(node: StoredNode, indexes: readonly number[], good: RangeSet): Promise<void> {
    const values = await this.#values(indexes.map((index) => chunkKey(node.inode, index)));
    for (const [at, index] of indexes.entries()) {
      if (readChunk(values[at]) !== undefined) continue;
      const key = chunkKey(node.inode, index);
      const what = values[at] === undefined ? 'missing' : 'damaged';
      const to = Math.min(node.size, (index + 1) * CHUNK_BYTES);
      this.#noteContent(node, key, `bytes ${index * CHUNK_BYTES} to ${to} are ${what}`);
      good.delete(index);
      if (values[at] !== undefined) this.#deletes.push(key);
    }
  }

  /** Content of a file whose node is gone is found again without its name. */
  async #leftoverChunks(inode: Inode, indexes: readonly number[]): Promise<void> {
    const last = Math.max(...indexes);
    const key = chunkKey(inode, last);
    const [value] = await this.#values([key]);
    const content = readChunk(value);
    if (this.#nodes.has(inode) || content === undefined) {
      for (const index of indexes) {
        this.#note('leftover', chunkKey(inode, index), undefined, 'a chunk that no file has');
        this.#deletes.push(chunkKey(inode, index));
      }
      return;
    }
    this.#note('leftover', key, undefined, `${indexes.length} chunks of a file that is not there`);
    const ranges = new RangeSet();
    for (const index of indexes) ranges.add(index);
    const ns = BigInt(Date.now()) * 1_000_000n;
    const times = { accessedNs: ns, modifiedNs: ns, changedNs: ns };
    const size = last * CHUNK_BYTES + content.length;
    const place = placeOf(ranges);
    const names = [{ parent: 0 as Inode, name: 'lost' }];
    this.#nodes.set(inode, { inode, kind: 'file', size, ...times, names, place, target: '' });
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

  /** One after the other, as one that is found may lead to the rest. */
  #nameTheLost(): void {
    const root = this.#root;
    if (!this.#nodes.has(root)) this.#addDirectory(root, []);
    this.#structure = structureOf(this.#nodes, root);
    let [lost] = this.#structure.lost;
    if (lost === undefined) return;
    const found = this.#lostAndFound();
    for (; lost !== undefined; [lost] = this.#structure.lost) {
      const top = this.#topOf(lost);
      const names = [{ parent: found, name: `#${top.inode}` }];
      this.#nodes.set(top.inode, { ...top, names });
      this.#structure = structureOf(this.#nodes, root);
    }
  }

  /** What is lost with it comes along if the uppermost directory that is lost is found. */
  #topOf(lost: StoredNode): StoredNode {
    const seen = new Set<Inode>();
    for (let at = lost; ; ) {
      seen.add(at.inode);
      const parent = this.#nodes.get(at.names[0]?.parent ?? at.inode);
      if (parent === undefined || parent.kind !== 'directory' || seen.has(parent.inode)) return at;
      if (this.#structure.reached.has(parent.inode)) return at;
      at = parent;
    }
  }

  #lostAndFound(): Inode {
    const names = new Set<string>();
    for (const { node, names: kept } of this.#structure.reached.values()) {
      for (const { parent, name } of kept) {
        if (parent !== this.#root) continue;
        if (name === LOST_AND_FOUND && node.kind === 'directory') return node.inode;
        names.add(name);
      }
    }
    let name = LOST_AND_FOUND;
    while (names.has(name)) name += '+';
    const inode = this.#header.nextInode as Inode;
    this.#header = { ...this.#header, nextInode: inode + 1 };
    this.#addDirectory(inode, [{ parent: this.#root, name }]);
    return inode;
  }

  #addDirectory(inode: Inode, names: StoredNode['names']): void {
    const ns = BigInt(Date.now()) * 1_000_000n;
    const times = { accessedNs: ns, modifiedNs: ns, changedNs: ns };
    const place: Place = { kind: 'none' };
    const node = { inode, kind: 'directory' as const, size: 0, ...times, names, place, target: '' };
    this.#nodes.set(inode, node);
  }

  #values(keys: readonly IDBValidKey[]): Promise<unknown[]> {
    return Promise.all(keys.map((key) => promisifyRequest<unknown>(this.#store.get(key))));
  }

  #noteContent(node: StoredNode, key: IDBValidKey, message: string): void {
    this.#note('content', key, this.#path(node.inode), `inode ${node.inode}: ${message}`);
  }

  #note(kind: CheckProblemKind, key: IDBValidKey, path: string | undefined, message: string): void {
    this.#problems.push({ kind, record: keyText(key), path, message });
  }

  #path(inode: Inode): string | undefined {
    let path = '';
    for (let at = inode; at !== this.#root; ) {
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

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
