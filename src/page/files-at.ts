/** The interpreter's files in a folder of a server. */
import {
  BASE_IMAGE,
  DIRECTORIES,
  type GuestFiles,
  MANIFEST,
  MODULE,
} from '../controller/guest-files';
import { codeOf, compileResponse } from './compile';
import { type GetFile, KeptFiles } from './kept-files';
import { sharedBytes } from './shared-bytes';

/** Those that were asked for before anybody loads the interpreter. */
const begun = new Map<string, GuestFiles>();

/** `folder` ends in a slash; `keep`: see `PageLoadOptions`. */
export function filesAt(folder: URL, keep = false): GuestFiles {
  const files = begun.get(folder.href);
  // Once: what they hold is for one interpreter.
  begun.delete(folder.href);
  return files ?? filesIn(folder, keep);
}

/**
 * Asks for what an interpreter will need, for the next one that is loaded from that folder: a page can do so while it loads
 * the library. `counts`: whether `onRead` can tell of it.
 */
export function beginFiles(folder: URL, keep: boolean, counts = true): void {
  if (begun.has(folder.href)) return;
  begun.set(folder.href, new BegunFiles(filesIn(folder, keep), counts));
}

function filesIn(folder: URL, keep: boolean): GuestFiles {
  const load = async (name: string): Promise<Response> => {
    const response = await fetch(new URL(name, folder));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  };
  const kept = keep ? new KeptFiles(folder, load) : undefined;
  const find: GetFile =
    kept?.get ?? (async (name) => ({ response: await load(name), isKept: false }));
  const get = async (name: string): Promise<Response> => {
    const { response, isKept } = await find(name);
    const { onRead } = files;
    return isKept || onRead === undefined ? response : counted(response, name, onRead);
  };
  const files: GuestFiles = {
    forget: async () => kept?.forget(),
    read: async (name) => new Uint8Array(await (await get(name)).arrayBuffer()),
    readShared: async (name) => sharedBytes(await get(name)),
    compile: async (name) => compileResponse(await get(name)),
    readCode: async (name) => codeOf(await files.read(name)),
  };
  return files;
}

/** Files of which those for a first prompt are on their way. */
class BegunFiles implements GuestFiles {
  readonly #files: GuestFiles;
  readonly #module: Promise<WebAssembly.Module>;
  readonly #coming: Map<string, Promise<Uint8Array>>;
  /** What came before somebody wanted to hear of it. */
  readonly #read = new Map<string, number>();
  #onRead: GuestFiles['onRead'];

  constructor(files: GuestFiles, counts: boolean) {
    this.#files = files;
    if (counts) {
      files.onRead = (name, bytes) => {
        this.#read.set(name, bytes);
        this.#onRead?.(name, bytes);
      };
    }
    // First, as all others wait to be compared with it: behind them it would come when they have.
    const manifest = files.read(MANIFEST);
    this.#module = files.compile(MODULE);
    this.#coming = new Map([
      [MANIFEST, manifest],
      [BASE_IMAGE, files.readShared?.(BASE_IMAGE) ?? files.read(BASE_IMAGE)],
      [DIRECTORIES, files.read(DIRECTORIES)],
    ]);
    // Who asks for a file hears of it.
    for (const file of [this.#module, ...this.#coming.values()]) file.catch(() => undefined);
  }

  set onRead(listener: GuestFiles['onRead']) {
    this.#onRead = listener;
    if (listener) for (const [name, bytes] of this.#read) listener(name, bytes);
  }

  read(name: string): Promise<Uint8Array> {
    const coming = this.#coming.get(name);
    // Whoever has it may let it go.
    this.#coming.delete(name);
    return coming ?? this.#files.read(name);
  }

  readShared(name: string): Promise<Uint8Array> {
    return this.read(name);
  }

  compile(name: string): Promise<WebAssembly.Module> {
    return name === MODULE ? this.#module : this.#files.compile(name);
  }

  readCode(name: string): Promise<Uint8Array> {
    return this.#files.readCode(name);
  }

  async forget(): Promise<void> {
    await this.#files.forget?.();
  }
}

/** The same response, whose bytes are counted as they pass. */
function counted(
  response: Response,
  name: string,
  onRead: (name: string, bytes: number) => void,
): Response {
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.length;
      onRead(name, bytes);
      controller.enqueue(piece);
    },
  });
  const { status, headers } = response;
  const body = response.body?.pipeThrough(counter) ?? null;
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, { status, headers });
}
