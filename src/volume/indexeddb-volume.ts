/** A volume that lives in the browser's IndexedDB, and outlives its page. */
import { promisifyRequest } from 'idb-keyval';
import { errno, FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import { type CheckReport, checkRecords } from './indexeddb-check';
import { type Durability, VolumeDatabase } from './indexeddb-database';
import { FORMAT, formatOf, HEADER_KEY, type Header, isHeader, pageOf } from './indexeddb-records';
import { limitOf } from './limits';
import { commitContent, encodePage, outlivesOnlyStrict } from './stored-commit';
import { StoredContent } from './stored-content';
import { readPages, type StoredPages, salvageHeader } from './stored-records';
import { structureOf } from './stored-structure';
import type { TreeNode } from './tree-node';
import { type QuotaOptions, TreeVolume } from './tree-volume';
import type { Inode } from './volume';
import { VolumeError } from './volume-error';
import { lockVolume, type VolumeLock } from './volume-lock';
import { WriteBack } from './write-back';

export interface IndexedDbVolumeOptions extends QuotaOptions {
  /**
   * What happens if the volume is open for writing elsewhere. `fail` (default): VolumeError
   * `volume-busy` at once. `wait`: until it is free. `read-only`: it is opened for reading, whoever
   * writes it meanwhile; nothing is made if there is none.
   */
  readonly mode?: 'fail' | 'wait' | 'read-only';
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal;
  /** Content kept in memory. Default 64 MiB, at least 4 MiB. */
  readonly maxCachedBytes?: number;
  /** Opens it even if what says how to read it is damaged. `check({ repair: true })` is next. */
  readonly repair?: boolean;
}

const MiB = 1024 * 1024;
const DEFAULT_MAX_BYTES = 1024 * MiB;
const DEFAULT_MAX_CACHED_BYTES = 64 * MiB;
/** A large read needs its chunks side by side. */
const LEAST_CACHED_BYTES = 4 * MiB;

/** So much that has changed is on its way to the store although more changes come. */
const BUSY_BYTES = 4 * MiB;

/** Who changes more than the store takes has to wait for it. */
const MAX_PINNED_BYTES = 24 * MiB;

/** More is read piece by piece, so that it need not be in the cache all at once. */
const PIECE_BYTES = MiB;

/** A browser notices late what a volume has given back: so long a commit that makes room waits for it. */
const WAITS_FOR_ROOM_MS = [50, 200, 500, 1000];

const NOTHING = new Uint8Array(0);

export class IndexedDbVolume extends TreeVolume {
  readonly name: string;
  readonly #db: VolumeDatabase;
  readonly #lock: VolumeLock | undefined;
  readonly #maxCachedBytes: number;
  readonly #writeBack: WriteBack;
  readonly #hidden = (): void => this.#writeBack.start();
  #content: StoredContent;
  #generation = 0;
  #packs = { next: 1 };
  /** Pages of nodes that have changed since they were stored. */
  #pages = new Set<number>();
  /** What is stored in a page and could not be read, or leads nowhere: kept until it is repaired. */
  #unread = new Map<number, Uint8Array[]>();
  /** Why the last transaction failed. */
  #failure: FileError | undefined;
  /** Something was committed that a power cut could still undo. */
  #relaxed = false;
  #closed = false;

  private constructor(
    name: string,
    db: VolumeDatabase,
    lock: VolumeLock | undefined,
    options: IndexedDbVolumeOptions,
  ) {
    super(options, DEFAULT_MAX_BYTES);
    this.name = name;
    this.#db = db;
    this.#lock = lock;
    const asked = limitOf('maxCachedBytes', options.maxCachedBytes, DEFAULT_MAX_CACHED_BYTES);
    this.#maxCachedBytes = Math.max(asked, LEAST_CACHED_BYTES);
    this.#content = this.#emptyContent();
    this.#writeBack = new WriteBack(
      (durability) => this.#commit(durability),
      // It is kept, and told to whoever writes or syncs next.
      () => undefined,
    );
  }

  /**
   * Opens the volume of this name, and makes it if there is none. Throws `VolumeError`. Room for
   * 1 GiB unless the options say otherwise.
   */
  static async open(name: string, options: IndexedDbVolumeOptions = {}): Promise<IndexedDbVolume> {
    if (name === '' || !name.isWellFormed()) {
      throw new VolumeError('volume-name', name, 'a volume needs a name');
    }
    const { mode = 'fail', signal, repair = false } = options;
    const readOnly = mode === 'read-only';
    const lock = readOnly
      ? undefined
      : await lockVolume(name, VolumeDatabase.lockName(name), { mode, signal });
    let db: VolumeDatabase | undefined;
    let volume: IndexedDbVolume | undefined;
    try {
      if (readOnly && !(await VolumeDatabase.names()).includes(name)) {
        throw new VolumeError('volume-missing', name, 'there is none to read');
      }
      db = await VolumeDatabase.open(name);
      volume = new IndexedDbVolume(name, db, lock, options);
      await volume.#start(repair);
      return volume;
    } catch (error) {
      if (volume !== undefined) volume.#letGo();
      db?.close();
      lock?.release();
      throw error;
    }
  }

  /** The volumes that this origin has. */
  static names(): Promise<string[]> {
    return VolumeDatabase.names();
  }

  /** Removes a volume for good. Throws `VolumeError` `volume-busy` if it is open for writing. */
  static async remove(name: string): Promise<void> {
    const lock = await lockVolume(name, VolumeDatabase.lockName(name), { mode: 'fail' });
    try {
      await VolumeDatabase.remove(name);
    } finally {
      lock.release();
    }
  }

  /**
   * Asks the browser not to clear this origin's storage when the disk gets full, which may ask the
   * user. Whether it will keep it.
   */
  static async requestPersistence(): Promise<boolean> {
    return (await globalThis.navigator?.storage?.persist?.()) ?? false;
  }

  override read(inode: Inode, offset: number, length: number): Maybe<Uint8Array> {
    const node = this.tree.file(inode);
    this.tree.accessed(node);
    const available = Math.min(length, node.size - offset);
    if (available <= 0) return NOTHING;
    if (available > PIECE_BYTES) return this.#readPieces(inode, offset, available);
    const missing = this.#content.missingToRead(inode, offset, available);
    if (missing.length === 0) return this.#content.read(inode, offset, available);
    return this.#content.load(inode, missing).then(() => this.read(inode, offset, length));
  }

  override write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void> {
    const node = this.writable(inode);
    if (bytes.length === 0) return;
    // Before anything is done, so that a refusal means that nothing was. There may be room by now.
    if (this.#failure !== undefined || this.#content.pinnedBytes > MAX_PINNED_BYTES) {
      return this.#writeBack.request('relaxed').then(() => this.write(inode, offset, bytes));
    }
    const missing = this.#content.missingToWrite(node, offset, bytes.length);
    if (missing.length > 0) {
      return this.#content.load(inode, missing).then(() => this.write(inode, offset, bytes));
    }
    const end = offset + bytes.length;
    if (end > node.size) this.tree.resize(node, end);
    this.#content.write(inode, offset, bytes);
    this.tree.modified(node);
    if (this.#content.pinnedBytes > BUSY_BYTES) this.#writeBack.start();
  }

  override truncate(inode: Inode, size: number): Maybe<void> {
    const node = this.writable(inode);
    const missing = this.#content.missingToResize(node, size);
    if (missing.length > 0) {
      return this.#content.load(inode, missing).then(() => this.truncate(inode, size));
    }
    this.tree.resize(node, size);
    this.#content.resize(inode, size);
    this.tree.modified(node);
  }

  /** Everything that has changed, whichever node is named: all of one moment. */
  override sync(inode?: Inode): Maybe<void> {
    if (inode !== undefined) this.tree.node(inode);
    if (this.#writeBack.busy || this.#needsCommit('strict')) {
      return this.#writeBack.request('strict');
    }
  }

  override release(inode: Inode): void {
    // What a reader holds may be gone when the writer has removed it.
    if (!this.readOnly || this.tree.find(inode) !== undefined) super.release(inode);
  }

  /** For a reader: takes in what the writer has stored since. */
  async refresh(): Promise<void> {
    if (!this.readOnly) return;
    await this.#db.read(async (store) => this.#take(await readPages(store)));
  }

  /**
   * Looks at everything that is stored, and with `repair` makes it whole: what nothing leads to
   * gets a name in `lost+found`, content that is damaged reads as zeros.
   */
  async check({ repair = false }: { readonly repair?: boolean } = {}): Promise<CheckReport> {
    if (repair) this.tree.refuseIfSealed();
    return this.#writeBack.exclusive(() => (repair ? this.#repair() : this.#look()));
  }

  /**
   * After a refusal (ENOSPC) the volume stays open, so that nothing is lost: make room and close it
   * again. Only where the database itself is gone it is closed, and rejects.
   */
  override close(): Promise<void> {
    return this.#writeBack.exclusive(async () => {
      if (this.#closed) return;
      if (this.#lock !== undefined) {
        // What came now would not be stored.
        this.tree.seal();
        try {
          await this.#commit('strict');
        } catch (failure) {
          if (this.#db.isOpen) this.tree.unseal();
          else this.#letGo();
          throw failure;
        }
      }
      this.#letGo();
    });
  }

  protected override gone(inode: Inode): void {
    this.#content.remove(inode);
    this.#pages.add(pageOf(inode));
    this.#writeBack.touch();
  }

  protected override changed(node: TreeNode): void {
    this.#pages.add(pageOf(node.inode));
    this.#writeBack.touch();
  }

  async #start(repair: boolean): Promise<void> {
    const pages = await this.#db.read(async (store) => {
      const stored = await readPages(store);
      if (stored.isEmpty || isHeader(stored.header) || !repair) return stored;
      if ((formatOf(stored.header) ?? FORMAT) > FORMAT) return stored;
      return { ...stored, header: await salvageHeader(store, stored, FORMAT) };
    });
    this.#checkFormat(pages);
    this.#take(pages);
    if (this.#lock === undefined) {
      this.tree.seal();
      this.#db.closeWhenAsked();
      return;
    }
    this.#listen('addEventListener');
    if (pages.isEmpty) this.#pages.add(pageOf(this.root));
    if (this.#needsCommit('relaxed')) await this.#writeBack.request('relaxed');
  }

  #checkFormat({ header, isEmpty }: StoredPages): void {
    if (isEmpty) return;
    const format = formatOf(header);
    if (format !== undefined && format > FORMAT) {
      const reason = `a newer version wrote it (format ${format}, here up to ${FORMAT})`;
      throw new VolumeError('volume-format', this.name, reason);
    }
    if (!isHeader(header) || format === 0) {
      throw new VolumeError('volume-damaged', this.name, 'its header is missing or damaged');
    }
  }

  /** Makes the tree that the records tell of; nodes that are held stay held. */
  #take(pages: StoredPages): void {
    const held = [...this.tree.nodes()].filter(({ holds }) => holds > 0);
    const wasSealed = this.tree.sealed;
    const { feed } = this.tree;
    this.tree = this.emptyTree(feed);
    this.targets.clear();
    this.#content = this.#emptyContent();
    this.#unread = new Map();

    const structure = structureOf(pages.nodes, this.root);
    for (const { node } of structure.reached.values()) this.#restore(node);
    for (const { node, names } of structure.reached.values()) {
      const restored = this.tree.node(node.inode);
      for (const { parent, name } of names) {
        this.tree.restoreName(this.tree.directory(parent), name, restored);
      }
    }
    for (const { inode, size, place } of structure.lost) {
      this.#content.keep(inode, size, place);
      const kept = pages.frames.get(inode);
      if (kept !== undefined) this.#keepUnread(kept.page, kept.frame);
    }
    for (const { page, frame } of pages.damaged) this.#keepUnread(page, frame);
    if (isHeader(pages.header)) {
      this.#generation = pages.header.generation;
      this.#packs.next = pages.header.nextPack;
      this.tree.reserveInodes(pages.header.nextInode);
    }
    const orphans = structure.orphans.map((orphan) => this.#restore(orphan));
    for (const { inode, holds } of held) {
      for (let count = 0; count < holds && this.tree.find(inode); count++) this.tree.retain(inode);
    }
    if (wasSealed) this.tree.seal();
    // Those that nobody has open go, from the store as well.
    if (this.#lock !== undefined) for (const orphan of orphans) this.tree.drop(orphan);
  }

  #restore(stored: StoredNode): TreeNode {
    const { inode, kind, size, accessedNs, modifiedNs, changedNs } = stored;
    this.#content.restore(inode, size, stored.place);
    if (kind === 'symlink') this.targets.set(inode, stored.target);
    return this.tree.restore({ inode, kind, size, accessedNs, modifiedNs, changedNs });
  }

  #keepUnread(page: number, frame: Uint8Array): void {
    const frames = this.#unread.get(page);
    if (frames === undefined) this.#unread.set(page, [frame]);
    else frames.push(frame);
  }

  #emptyContent(): StoredContent {
    return new StoredContent((keys) => this.#fetch(keys), this.#maxCachedBytes);
  }

  #fetch(keys: readonly IDBValidKey[]): Promise<readonly unknown[] | undefined> {
    return this.#db.read(async (store) => {
      const values = Promise.all(keys.map((key) => promisifyRequest<unknown>(store.get(key))));
      if (!this.readOnly) return values;
      const header = await promisifyRequest<unknown>(store.get(HEADER_KEY));
      if (isHeader(header) && header.generation === this.#generation) return values;
      // The writer has gone on: what its records mean now, its pages of now tell.
      this.#take(await readPages(store));
      return undefined;
    });
  }

  async #readPieces(inode: Inode, offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const piece = await this.read(inode, offset + done, Math.min(PIECE_BYTES, length - done));
      if (piece.length === 0) break;
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes.subarray(0, done);
  }

  #needsCommit(durability: Durability): boolean {
    const { dirty, cut, packs } = this.#content;
    if (this.#pages.size > 0 || dirty.size > 0 || cut.length > 0 || packs.dead.length > 0) {
      return true;
    }
    return durability === 'strict' && this.#relaxed;
  }

  async #commit(durability: Durability, waits = WAITS_FOR_ROOM_MS): Promise<void> {
    if (!this.#needsCommit(durability)) {
      this.#failure = undefined;
      return;
    }
    const sizeOf = (inode: Inode): number => this.tree.file(inode).size;
    const content = commitContent(this.#content, sizeOf, this.#packs);
    const pages = this.#pages;
    for (const inode of content.moved) pages.add(pageOf(inode));
    this.#pages = new Set();
    const generation = this.#generation + 1;
    const header: Header = {
      format: FORMAT,
      generation,
      nextInode: this.tree.nextInode,
      nextPack: this.#packs.next,
    };
    const encoded = [...pages].map((page) => [page, this.#encodePage(page)] as const);
    const records = [
      ...content.puts.map(([, record]) => record),
      ...encoded.map(([, page]) => page),
    ];
    const needed = records.some(outlivesOnlyStrict) ? 'strict' : durability;
    this.#relaxed ||= needed === 'relaxed';
    try {
      await this.#db.write(needed, (store) => {
        store.put(header, HEADER_KEY);
        for (const key of content.deletes) store.delete(key);
        for (const [key, record] of content.puts) store.put(record, key);
        for (const [page, bytes] of encoded) {
          if (bytes === undefined) store.delete(page);
          else store.put(bytes, page);
        }
      });
    } catch (error) {
      content.ended(true);
      for (const page of pages) this.#pages.add(page);
      const [waitMs, ...later] = waits;
      if (waitMs !== undefined && content.makesRoom && isFull(error)) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        return this.#commit(durability, later);
      }
      this.#failure = error instanceof FileError ? error : new FileError('EIO', String(error));
      throw this.#failure;
    }
    content.ended(false);
    this.#generation = generation;
    this.#failure = undefined;
    if (needed === 'strict') this.#relaxed = false;
    if (await this.#content.emptySparsePacks()) this.#writeBack.touch();
  }

  #encodePage(page: number): Uint8Array | undefined {
    return encodePage(page, this.tree, this.#unread.get(page) ?? [], (node) => ({
      ...node,
      names: node.names.map(({ parent, name }) => ({ parent: parent.inode, name })),
      place: this.#content.place(node.inode),
      target: this.targets.get(node.inode) ?? '',
    }));
  }

  async #look(): Promise<CheckReport> {
    if (this.#closed) throw new FileError('ESTALE');
    if (this.#lock !== undefined) await this.#commit('relaxed');
    return (await this.#db.read((store) => checkRecords(store, this.root))).report;
  }

  /** What is repaired must not change meanwhile: for so long the volume is read-only. */
  async #repair(): Promise<CheckReport> {
    if (this.#closed) throw new FileError('ESTALE');
    const { tree } = this;
    tree.seal();
    try {
      await this.#commit('relaxed');
      const { report, plan } = await this.#db.read((store) => checkRecords(store, this.root));
      if (report.problems.length === 0) return report;
      await this.#db.write('strict', (store) => {
        for (const key of plan.deletes) store.delete(key);
        for (const [key, value] of plan.puts) store.put(value, key);
      });
      this.#pages.clear();
      await this.#db.read(async (store) => this.#take(await readPages(store)));
      return { ...report, repaired: true };
    } finally {
      tree.unseal();
      this.tree.unseal();
    }
  }

  #letGo(): void {
    this.#closed = true;
    this.#listen('removeEventListener');
    this.#writeBack.stop();
    this.#db.close();
    this.#lock?.release();
    this.tree.clear();
    this.targets.clear();
    this.#content = this.#emptyContent();
    this.#pages.clear();
    this.#relaxed = false;
    // From now on everything is ESTALE.
    if (this.#lock !== undefined) this.tree.unseal();
  }

  /** A page that is hidden may be ended without another word, and its timers hardly run. */
  #listen(method: 'addEventListener' | 'removeEventListener'): void {
    globalThis.document?.[method]('visibilitychange', this.#hidden);
    globalThis.window?.[method]('pagehide', this.#hidden);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof FileError && error.errno === errno.ENOSPC;
}
