/**
 * The database of a volume. idb-keyval makes it, with its one object store, and waits for requests;
 * the transactions are our own on that same database, since idb-keyval's can't be told how durable
 * they have to be, which is what `fsync` is about.
 */
import { createStore, promisifyRequest } from 'idb-keyval';
import { FileError } from '../protocol/errno';
import { VolumeError } from './volume-error';

const PREFIX = 'glovebox-volume:';
const STORE = 'records';

export type Durability = 'relaxed' | 'strict';

export class VolumeDatabase {
  readonly #db: IDBDatabase;
  #closed = false;

  private constructor(db: IDBDatabase) {
    this.#db = db;
    // The user cleared the site's data: to go on would write a part of the volume into nothing.
    db.addEventListener('close', () => {
      this.#closed = true;
    });
  }

  /** Makes it if there is none. */
  static async open(volume: string): Promise<VolumeDatabase> {
    if (globalThis.indexedDB === undefined) {
      throw new VolumeError('volume-unsupported', volume, 'there is no IndexedDB here');
    }
    try {
      const store = createStore(PREFIX + volume, STORE);
      return new VolumeDatabase(await store('readonly', ({ transaction }) => transaction.db));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Only another version of ours can have made the database without our object store.
      if (isNamed(error, 'NotFoundError')) throw new VolumeError('volume-format', volume, reason);
      throw new VolumeError('volume-storage', volume, reason);
    }
  }

  /** Not closed, by us or by the browser. */
  get isOpen(): boolean {
    return !this.#closed;
  }

  static lockName(volume: string): string {
    return PREFIX + volume;
  }

  static async names(): Promise<string[]> {
    const databases = await indexedDB.databases();
    return databases
      .map(({ name = '' }) => name)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length))
      .sort();
  }

  static async remove(volume: string): Promise<void> {
    await promisifyRequest(indexedDB.deleteDatabase(PREFIX + volume));
  }

  /** Lets another page remove the database, although it is open here. */
  closeWhenAsked(): void {
    this.#db.addEventListener('versionchange', () => this.close());
  }

  /** One transaction: what is asked in it is of one moment. */
  async read<T>(use: (store: IDBObjectStore) => T | Promise<T>): Promise<T> {
    try {
      return await use(this.#transaction('readonly', 'relaxed').objectStore(STORE));
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** All of it or nothing; done when it is committed as durably as asked. */
  async write(durability: Durability, fill: (store: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = this.#transaction('readwrite', durability);
      const ended = endOf(transaction);
      try {
        fill(transaction.objectStore(STORE));
        // No more requests come: this saves waiting for the last one's answer.
        transaction.commit?.();
      } catch (error) {
        // What was asked before would be committed without the rest.
        transaction.abort();
        await ended.catch(() => undefined);
        throw error;
      }
      await ended;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#db.close();
  }

  #transaction(mode: 'readonly' | 'readwrite', durability: Durability): IDBTransaction {
    if (this.#closed) throw new FileError('EIO', 'the database is gone');
    return this.#db.transaction(STORE, mode, { durability });
  }
}

/**
 * The request that failed has no more to say than the transaction, or the other way round: a
 * browser without room tells it in either place.
 */
function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const failures: unknown[] = [];
    transaction.addEventListener('error', ({ target }) => {
      failures.push((target as IDBRequest).error);
    });
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => {
      failures.push(transaction.error);
      const told = failures.filter(
        (failure) => failure !== null && !isNamed(failure, 'AbortError'),
      );
      const full = told.find((failure) => isNamed(failure, 'QuotaExceededError'));
      reject(full ?? told[0] ?? null);
    });
  });
}

function refusalOf(error: unknown): unknown {
  if (error instanceof FileError) return error;
  if (isNamed(error, 'QuotaExceededError')) return new FileError('ENOSPC', 'the browser is full');
  if (error instanceof DOMException || error === null) {
    return new FileError('EIO', error?.message ?? 'the transaction was given up');
  }
  return error;
}

function isNamed(error: unknown, name: string): boolean {
  return (error as { name?: unknown } | null)?.name === name;
}
