/** Images in the browser's storage: where sandboxes sleep that nobody needs for a while. */
import { promisifyRequest } from 'idb-keyval';
import type { Sandbox } from '../controller/sandbox';
import { type DecodeOptions, type EncodeOptions, SandboxImage } from '../controller/sandbox-image';
import { StorageError } from '../errors';

const PREFIX = 'glovebox-images:';
const STORE = 'images';

export class ImageStore {
  readonly #db: IDBDatabase;

  private constructor(db: IDBDatabase) {
    this.#db = db;
  }

  /** The store of that name, made where there is none. Each takes `StorageError` for a refusal of the browser's. */
  static async open(name: string): Promise<ImageStore> {
    return new ImageStore(
      await orStorageError(() => {
        const request = indexedDB.open(PREFIX + name);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE);
        return promisifyRequest(request);
      }),
    );
  }

  /** Removes a store that is not open anywhere, with all that is in it. */
  static async remove(name: string): Promise<void> {
    await orStorageError(() => promisifyRequest(indexedDB.deleteDatabase(PREFIX + name)));
  }

  /**
   * Ends a sandbox whose image is stored then: it takes no memory until it is woken. Throws what `snapshot` does;
   * whatever fails, the sandbox stays as it is.
   */
  async hibernate(key: string, sandbox: Sandbox, options?: EncodeOptions): Promise<void> {
    await this.put(key, await sandbox.snapshot(), options);
    sandbox.dispose();
  }

  /** In the place of what was there; the browser has it on disk then. Gives how many bytes it takes. */
  async put(key: string, image: SandboxImage, options?: EncodeOptions): Promise<number> {
    const bytes = await image.encode(options);
    await this.#write((store) => store.put(bytes, key));
    return bytes.length;
  }

  /** What `Sandbox.restore` takes; nothing if nothing is there. Throws `ImageError` as `SandboxImage.decode` does. */
  async get(key: string, options?: DecodeOptions): Promise<SandboxImage | undefined> {
    const bytes: unknown = await this.#read((store) => store.get(key));
    if (bytes === undefined) return undefined;
    // What another version, or another script of the page, has put there is no image.
    return SandboxImage.decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(0), options);
  }

  async delete(key: string): Promise<void> {
    await this.#write((store) => store.delete(key));
  }

  async keys(): Promise<string[]> {
    return (await this.#read((store) => store.getAllKeys())).map(String);
  }

  close(): void {
    this.#db.close();
  }

  #read<T>(use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return orStorageError(() =>
      promisifyRequest(use(this.#db.transaction(STORE, 'readonly').objectStore(STORE))),
    );
  }

  #write(use: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    return orStorageError(() => {
      const transaction = this.#db.transaction(STORE, 'readwrite', { durability: 'strict' });
      use(transaction.objectStore(STORE));
      return promisifyRequest<void>(transaction);
    });
  }
}

async function orStorageError<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(`the browser's storage: ${why}`, { cause });
  }
}
