/**
 * The database of a volume, with its one object store. idb-keyval waits for requests; opening and
 * transactions are our own, as its own can't be told how durable they have to be, which is what
 * `fsync` is about, nor be kept from making a database.
 */
import { promisifyRequest } from 'idb-keyval';
import { FileError } from '../protocol/errno';
import { beginNewLog, lossToldBy } from './chromium-log';
import { VolumeError, type VolumeErrorCode } from './volume-error';

const PREFIX = 'glovebox-volume:';
const STORE = 'records';

export type Durability = 'relaxed' | 'strict';

/** In the place of a value that the browser has and does not give out. */
export const UNREADABLE = Symbol('unreadable');

/** The value of one record; a failure is its own, and leaves the others of the transaction alone. */
export function getRecord(store: IDBObjectStore, key: IDBValidKey): Promise<unknown> {
  return answerOf<unknown>(store.get(key));
}

export function answerOf<T>(request: IDBRequest<T>): Promise<T | typeof UNREADABLE> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // The transaction has been given up, and with it all of its requests.
      if (isNamed(request.error, 'AbortError')) return reject(request.error);
      event.preventDefault();
      resolve(UNREADABLE);
    };
  });
}

export class VolumeDatabase {
  readonly #db: IDBDatabase;
  /** Why the browser has lost what was there before, if it says that it has. */
  readonly loss: string | undefined;
  #closed = false;

  private constructor(db: IDBDatabase, loss: string | undefined) {
    this.#db = db;
    this.loss = loss;
    // The user cleared the site's data: to go on would write a part of the volume into nothing.
    db.addEventListener('close', () => {
      this.#closed = true;
    });
  }

  /**
   * `make`: to write it, which only one may, and if there is none. For others that is
   * `volume-missing`. Throws `VolumeError`.
   */
  static async open(volume: string, { make = true } = {}): Promise<VolumeDatabase> {
    const request = requestOf(volume, (factory) => factory.open(PREFIX + volume));
    let isMissing = false;
    let loss: string | undefined;
    request.onupgradeneeded = (event) => {
      loss = lossToldBy(event);
      if (make) request.result.createObjectStore(STORE);
      else {
        isMissing = true;
        // So that none is made.
        request.transaction?.abort();
      }
    };
    const db = await answered(volume, request).catch((error: unknown) => {
      throw isMissing ? new VolumeError('volume-missing', volume, 'there is none to read') : error;
    });
    if (db.objectStoreNames.contains(STORE)) {
      if (make) await beginNewLog(volume);
      return new VolumeDatabase(db, loss);
    }
    db.close();
    // Only another version of ours can have made the database like that.
    throw new VolumeError('volume-format', volume, 'its database is not what it should be');
  }

  /** Not closed, by us or by the browser. */
  get isOpen(): boolean {
    return !this.#closed;
  }

  static lockName(volume: string): string {
    return PREFIX + volume;
  }

  /** Throws `VolumeError`, which names no volume then. */
  static async names(): Promise<string[]> {
    const databases = await answered(
      '',
      requestOf('', (factory) => factory.databases()),
    );
    return databases
      .map(({ name = '' }) => name)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length))
      .sort();
  }

  static async remove(volume: string): Promise<void> {
    const request = requestOf(volume, (factory) => factory.deleteDatabase(PREFIX + volume));
    await answered(volume, request);
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

function requestOf<T>(volume: string, ask: (factory: IDBFactory) => T): T {
  const factory = globalThis.indexedDB as IDBFactory | undefined;
  if (factory === undefined) {
    throw new VolumeError('volume-unsupported', volume, 'there is no IndexedDB here');
  }
  try {
    return ask(factory);
  } catch (error) {
    // It is there, and not for this page: an opaque origin has no storage.
    throw volumeError('volume-unsupported', volume, error);
  }
}

async function answered<T>(volume: string, request: IDBRequest<T> | Promise<T>): Promise<T> {
  try {
    return await (request instanceof Promise ? request : promisifyRequest(request));
  } catch (error) {
    throw volumeError('volume-storage', volume, error);
  }
}

function volumeError(code: VolumeErrorCode, volume: string, error: unknown): VolumeError {
  return new VolumeError(code, volume, error instanceof Error ? error.message : String(error));
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
