/** A volume that lives in the browser's IndexedDB, and outlives its page. */
import { errno, FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import { type CheckReport, checkRecords } from './indexeddb-check';
import { type Durability, getRecord, VolumeDatabase } from './indexeddb-database';
import { generationOf, HEADER_KEY } from './indexeddb-records';
import { limitOf } from './limits';
import { readVolume, type StoredPages } from './stored-records';
import { StoredState } from './stored-state';
import type { TreeNode } from './tree-node';
import { type QuotaOptions, quotasOf, TreeVolume } from './tree-volume';
import { type Inode, newMemory } from './volume';
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
  /** Content kept in memory. Default 128 MiB, at least 4 MiB. */
  readonly maxCachedBytes?: number;
  /** Opens it even if what says how to read it is damaged. `check({ repair: true })` is next. */
  readonly repair?: boolean;
}

const MiB = 1024 * 1024;
const DEFAULT_MAX_BYTES = 1024 * MiB;
/** As much as a guest may use by default. */
const DEFAULT_MAX_CACHED_BYTES = 128 * MiB;
/** A large read needs its chunks side by side. */
const LEAST_CACHED_BYTES = 4 * MiB;

/** So much that has changed is on its way to the store although more changes come. */
const BUSY_BYTES = 4 * MiB;

/** Who changes more than the store takes has to wait for it. */
const MAX_PINNED_BYTES = 24 * MiB;

/** More is read piece by piece, so that it need not be in the cache all at once. */
const PIECE_BYTES = MiB;

/**
 * So long a commit that makes room waits for the browser to notice it: Chromium takes some ten seconds
 * until it removes the files of large values.
 */
const WAITS_FOR_ROOM_MS = [50, 200, 500, 1000, 2000, 4000, 5000];

const NOTHING = new Uint8Array(0);

export class IndexedDbVolume extends TreeVolume {
  readonly name: string;
  /**
   * Set if the volume is new because the browser found its own storage damaged, and deleted what
   * this origin had: what it says of it. Only Chromium tells, and only whoever comes first.
   */
  readonly loss: string | undefined;
  readonly #db: VolumeDatabase;
  readonly #lock: VolumeLock | undefined;
  readonly #writeBack: WriteBack;
  readonly #hidden = (): void => this.#writeBack.start();
  readonly #stored: StoredState;
  /** Opened although it may be damaged. */
  readonly #toRepair: boolean;
  /** Why the last transaction failed. */
  #failure: FileError | undefined;
  #closed = false;

  private constructor(
    name: string,
    db: VolumeDatabase,
    lock: VolumeLock | undefined,
    options: IndexedDbVolumeOptions,
  ) {
    super(options, DEFAULT_MAX_BYTES);
    this.name = name;
    this.loss = db.loss;
    this.#db = db;
    this.#lock = lock;
    this.#toRepair = options.repair ?? false;
    this.#stored = new StoredState((keys) => this.#fetch(keys), maxCachedBytesOf(options));
    this.#writeBack = new WriteBack(
      (durability) => this.#commit(durability),
      // It is kept, and told to whoever writes or syncs next.
      () => undefined,
    );
  }

  /**
   * Opens the volume of this name, and makes it if there is none. Throws `VolumeError`, and
   * `VolumeLimitError` for a quota that is no count. Room for 1 GiB unless the options say otherwise.
   */
  static async open(name: string, options: IndexedDbVolumeOptions = {}): Promise<IndexedDbVolume> {
    if (name === '' || !name.isWellFormed()) {
      throw new VolumeError('volume-name', name, 'a volume needs a name');
    }
    // Before anything is made that would have to be taken back.
    quotasOf(options, DEFAULT_MAX_BYTES);
    maxCachedBytesOf(options);
    const { mode = 'fail', signal } = options;
    const make = mode !== 'read-only';
    const lock =
      mode === 'read-only'
        ? undefined
        : await lockVolume(name, VolumeDatabase.lockName(name), { mode, signal });
    let db: VolumeDatabase | undefined;
    let volume: IndexedDbVolume | undefined;
    try {
      db = await VolumeDatabase.open(name, { make });
      volume = new IndexedDbVolume(name, db, lock, options);
      await volume.#start();
      return volume;
    } catch (error) {
      if (volume !== undefined) volume.#letGo();
      db?.close();
      lock?.release();
      throw error instanceof FileError
        ? new VolumeError('volume-storage', name, error.message)
        : error;
    }
  }

  /** The volumes that this origin has. Throws `VolumeError`, for no volume in particular. */
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

  override read(
    inode: Inode,
    offset: number,
    length: number,
    scratch = newMemory,
  ): Maybe<Uint8Array> {
    const available = this.readable(inode, offset, length);
    if (available <= 0) return NOTHING;
    if (available > PIECE_BYTES) return this.#readPieces(inode, offset, available);
    const { content } = this.#stored;
    const bytes = content.read(inode, offset, available, scratch);
    if (bytes !== undefined) return bytes;
    const missing = content.missingToRead(inode, offset, available);
    // Later the scratch may be in use for something else.
    return content.load(inode, missing).then(() => this.read(inode, offset, length));
  }

  override write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void> {
    const node = this.writable(inode);
    if (bytes.length === 0) return;
    // Before anything is done, so that a refusal means that nothing was. There may be room by now.
    if (this.#failure !== undefined || this.#stored.content.pinnedBytes > MAX_PINNED_BYTES) {
      return this.#writeBack.request('relaxed').then(() => this.write(inode, offset, bytes));
    }
    const missing = this.#stored.content.missingToWrite(node, offset, bytes.length);
    if (missing.length > 0) {
      return this.#stored.content.load(inode, missing).then(() => this.write(inode, offset, bytes));
    }
    const end = offset + bytes.length;
    if (end > node.size) this.tree.resize(node, end);
    this.#stored.content.write(inode, offset, bytes);
    this.tree.modified(node);
    if (this.#stored.content.pinnedBytes > BUSY_BYTES) this.#writeBack.start();
  }

  override truncate(inode: Inode, size: number): Maybe<void> {
    const node = this.writable(inode);
    const missing = this.#stored.content.missingToResize(node, size);
    if (missing.length > 0) {
      return this.#stored.content.load(inode, missing).then(() => this.truncate(inode, size));
    }
    this.tree.resize(node, size);
    this.#stored.content.resize(inode, size);
    this.tree.modified(node);
  }

  /** Everything that has changed, whichever node is named: all of one moment. */
  override sync(inode?: Inode): Maybe<void> {
    if (inode !== undefined) this.tree.node(inode);
    if (this.#lock === undefined) return;
    if (this.#writeBack.busy || this.#stored.needsCommit('strict')) {
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
    await this.#takeStored();
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
    this.#stored.content.remove(inode);
    this.#stored.changed(inode);
    this.#writeBack.touch();
  }

  protected override changed(node: TreeNode): void {
    this.#stored.changed(node.inode);
    this.#writeBack.touch();
  }

  async #start(): Promise<void> {
    const isEmpty = await this.#takeStored();
    if (this.#lock === undefined) {
      this.tree.seal();
      this.#db.closeWhenAsked();
      return;
    }
    this.#listen('addEventListener');
    if (isEmpty) this.#stored.changed(this.root);
    if (this.#stored.needsCommit('relaxed')) await this.#writeBack.request('relaxed');
  }

  /** Whether there was nothing to take. */
  #takeStored(): Promise<boolean> {
    return this.#db.read(async (store) => {
      const pages = await readVolume(store, this.name, this.#toRepair);
      this.#take(pages);
      return pages.isEmpty;
    });
  }

  /** Makes the tree that the records tell of; nodes that are held stay held. */
  #take(pages: StoredPages): void {
    const held = [...this.tree.nodes()].filter(({ holds }) => holds > 0);
    const wasSealed = this.tree.sealed;
    const { feed } = this.tree;
    this.tree = this.emptyTree(feed);
    this.targets.clear();
    const orphans = this.#stored.take(pages, this.tree, this.targets);
    for (const { inode, holds } of held) {
      for (let count = 0; count < holds && this.tree.find(inode); count++) this.tree.retain(inode);
    }
    if (wasSealed) this.tree.seal();
    // Those that nobody has open go, from the store as well.
    if (this.#lock !== undefined) for (const orphan of orphans) this.tree.drop(orphan);
  }

  #fetch(keys: readonly IDBValidKey[]): Promise<readonly unknown[] | undefined> {
    return this.#db.read(async (store) => {
      const asked = keys.map((key) => getRecord(store, key));
      if (this.#lock !== undefined) return Promise.all(asked);
      const [header, ...values] = await Promise.all([getRecord(store, HEADER_KEY), ...asked]);
      if (generationOf(header) === this.#stored.generation) return values;
      // The writer has gone on: what its records mean now, its pages of now tell.
      const pages = await readVolume(store, this.name, this.#toRepair).catch((error: unknown) => {
        throw error instanceof VolumeError ? new FileError('EIO', error.message) : error;
      });
      this.#take(pages);
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

  async #commit(durability: Durability, waits = WAITS_FOR_ROOM_MS): Promise<void> {
    if (!this.#stored.needsCommit(durability)) {
      this.#failure = undefined;
      return;
    }
    const commit = this.#stored.commit(durability, this.tree, this.targets);
    try {
      await this.#db.write(commit.durability, commit.fill);
    } catch (error) {
      commit.ended(true);
      const [waitMs, ...later] = waits;
      if (waitMs !== undefined && commit.makesRoom && isFull(error)) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        return this.#commit(durability, later);
      }
      this.#failure = error instanceof FileError ? error : new FileError('EIO', String(error));
      throw this.#failure;
    }
    commit.ended(false);
    this.#failure = undefined;
    if (await this.#stored.content.emptySparsePacks()) this.#writeBack.touch();
  }

  async #look(): Promise<CheckReport> {
    if (this.#closed) throw new FileError('ESTALE');
    if (this.#lock !== undefined) await this.#commit('relaxed');
    return (await this.#db.read(checkRecords)).report;
  }

  /** What is repaired must not change meanwhile: for so long the volume is read-only. */
  async #repair(): Promise<CheckReport> {
    if (this.#closed) throw new FileError('ESTALE');
    const { tree } = this;
    tree.seal();
    try {
      await this.#commit('relaxed');
      const { report, plan } = await this.#db.read(checkRecords);
      if (report.problems.length === 0) return report;
      const { deletes, puts } = plan();
      await this.#db.write('strict', (store) => {
        for (const key of deletes) store.delete(key);
        for (const [key, value] of puts) store.put(value, key);
      });
      await this.#takeStored();
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
    this.#stored.clear();
    // From now on everything is ESTALE.
    if (this.#lock !== undefined) this.tree.unseal();
  }

  /** A page that is hidden may be ended without another word, and its timers hardly run. */
  #listen(method: 'addEventListener' | 'removeEventListener'): void {
    globalThis.document?.[method]('visibilitychange', this.#hidden);
    globalThis.window?.[method]('pagehide', this.#hidden);
  }
}

function maxCachedBytesOf({ maxCachedBytes }: IndexedDbVolumeOptions): number {
  return Math.max(
    limitOf('maxCachedBytes', maxCachedBytes, DEFAULT_MAX_CACHED_BYTES),
    LEAST_CACHED_BYTES,
  );
}

function isFull(error: unknown): boolean {
  return error instanceof FileError && error.errno === errno.ENOSPC;
}
