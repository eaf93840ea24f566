/** A folder of the user's disk as Chromium hands it out, for tests in Node. */

type Step = 'getFile' | 'createWritable' | 'write' | 'close' | 'removeEntry' | 'create';

type Folder = Map<string, Folder | Uint8Array>;

export class FakeDisk {
  /** As Windows and macOS have it: a name finds what has it in another case. */
  readonly #ignoresCase: boolean;
  readonly #top: Folder = new Map();
  readonly #refusals = new Map<Step, string>();
  #permitted = true;

  constructor(options: { ignoresCase?: boolean } = {}) {
    this.#ignoresCase = options.ignoresCase ?? false;
  }

  get handle(): FileSystemDirectoryHandle {
    return new FakeDirectoryHandle(this, []) as unknown as FileSystemDirectoryHandle;
  }

  withdrawPermission(): void {
    this.#permitted = false;
  }

  /** From now on, until `heal`. `error`: the name of the browser's. */
  refuse(step: Step, error: string): void {
    this.#refusals.set(step, error);
  }

  heal(): void {
    this.#refusals.clear();
    this.#permitted = true;
  }

  /** Content by path; folders end with a slash. */
  content(): Record<string, string> {
    const found: Record<string, string> = {};
    const walk = (folder: Folder, path: string): void => {
      for (const [name, node] of folder) {
        if (node instanceof Uint8Array) found[path + name] = new TextDecoder().decode(node);
        else {
          found[`${path + name}/`] = '';
          walk(node, `${path + name}/`);
        }
      }
    };
    walk(this.#top, '');
    return found;
  }

  put(path: string, content: string): void {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = this.#top;
    for (const part of parts) {
      const next = folder.get(part) ?? new Map();
      if (next instanceof Uint8Array) throw new Error(`${part} is a file`);
      folder.set(part, next);
      folder = next;
    }
    folder.set(name, new TextEncoder().encode(content));
  }

  check(step?: Step): void {
    if (!this.#permitted) throw new DOMException('', 'NotAllowedError');
    const refusal = step && this.#refusals.get(step);
    if (refusal !== undefined) throw new DOMException('', refusal);
  }

  folder(path: readonly string[]): Folder {
    let folder = this.#top;
    for (const part of path) {
      const next = folder.get(this.key(folder, part));
      if (next === undefined) throw new DOMException('', 'NotFoundError');
      if (next instanceof Uint8Array) throw new DOMException('', 'TypeMismatchError');
      folder = next;
    }
    return folder;
  }

  /** The name as the disk has it. */
  key(folder: Folder, name: string): string {
    if (!this.#ignoresCase || folder.has(name)) return name;
    for (const other of folder.keys()) if (other.toLowerCase() === name.toLowerCase()) return other;
    return name;
  }
}

class FakeDirectoryHandle {
  readonly kind = 'directory';
  readonly name: string;
  readonly #disk: FakeDisk;
  readonly #path: readonly string[];

  constructor(disk: FakeDisk, path: readonly string[]) {
    this.#disk = disk;
    this.#path = path;
    this.name = path.at(-1) ?? '';
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FakeFileHandle> {
    const node = this.#child(name, () => new Uint8Array(0), create);
    if (!(node instanceof Uint8Array)) throw new DOMException('', 'TypeMismatchError');
    return new FakeFileHandle(this.#disk, this.#path, name);
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeDirectoryHandle> {
    const node = this.#child(name, () => new Map(), create);
    if (node instanceof Uint8Array) throw new DOMException('', 'TypeMismatchError');
    return new FakeDirectoryHandle(this.#disk, [...this.#path, name]);
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    this.#disk.check('removeEntry');
    const folder = this.#disk.folder(this.#path);
    const key = this.#disk.key(folder, name);
    const node = folder.get(key);
    if (node === undefined) throw new DOMException('', 'NotFoundError');
    if (node instanceof Map && node.size > 0 && !recursive) {
      throw new DOMException('', 'InvalidModificationError');
    }
    folder.delete(key);
  }

  async *entries(): AsyncGenerator<[string, FakeDirectoryHandle | FakeFileHandle]> {
    this.#disk.check();
    for (const [name, node] of [...this.#disk.folder(this.#path)]) {
      const handle =
        node instanceof Uint8Array
          ? new FakeFileHandle(this.#disk, this.#path, name)
          : new FakeDirectoryHandle(this.#disk, [...this.#path, name]);
      yield [name, handle];
    }
  }

  async *keys(): AsyncGenerator<string> {
    for await (const [name] of this.entries()) yield name;
  }

  #child(name: string, make: () => Folder | Uint8Array, create: boolean): Folder | Uint8Array {
    this.#disk.check(create ? 'create' : undefined);
    const folder = this.#disk.folder(this.#path);
    const key = this.#disk.key(folder, name);
    let node = folder.get(key);
    if (node === undefined) {
      if (!create) throw new DOMException('', 'NotFoundError');
      node = make();
      folder.set(key, node);
    }
    return node;
  }
}

class FakeFileHandle {
  readonly kind = 'file';
  readonly name: string;
  readonly #disk: FakeDisk;
  readonly #path: readonly string[];

  constructor(disk: FakeDisk, path: readonly string[], name: string) {
    this.#disk = disk;
    this.#path = path;
    this.name = name;
  }

  async getFile(): Promise<File> {
    this.#disk.check('getFile');
    return new File([this.#bytes().slice()], this.name, { lastModified: Date.now() });
  }

  /** Writes to a copy, as the browser does. */
  async createWritable({ keepExistingData = false } = {}): Promise<unknown> {
    this.#disk.check('createWritable');
    let copy = keepExistingData ? this.#bytes().slice() : new Uint8Array(0);
    let position = 0;
    const resize = (size: number): void => {
      const bytes = new Uint8Array(size);
      bytes.set(copy.subarray(0, size));
      copy = bytes;
    };
    const step = (name: Step): void => this.#disk.check(name);
    return {
      write: async (data: ArrayBuffer | { position: number; data: Uint8Array }): Promise<void> => {
        step('write');
        const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data.data;
        const at = data instanceof ArrayBuffer ? position : data.position;
        if (at + bytes.length > copy.length) resize(at + bytes.length);
        copy.set(bytes, at);
        position = at + bytes.length;
      },
      truncate: async (size: number): Promise<void> => {
        step('write');
        resize(size);
      },
      close: async (): Promise<void> => {
        step('close');
        this.#bytes();
        const folder = this.#disk.folder(this.#path);
        folder.set(this.#disk.key(folder, this.name), copy);
      },
      abort: async (): Promise<void> => undefined,
    };
  }

  #bytes(): Uint8Array {
    const folder = this.#disk.folder(this.#path);
    const node = folder.get(this.#disk.key(folder, this.name));
    if (!(node instanceof Uint8Array)) throw new DOMException('', 'NotFoundError');
    return node;
  }
}
