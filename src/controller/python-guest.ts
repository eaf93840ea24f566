/**
 * The interpreter's files, loaded once and shared by any number of sandboxes: the compiled module
 * and the standard library, neither of which a guest can change.
 */

import { GuestFilesError, OptionError } from '../errors';
import type { ChannelKind } from '../protocol/control';
import { type BaseImage, type MemoryImage, shareImage } from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import type { Volume } from '../volume/volume';
import { type LazyArchive, ZipVolume } from '../volume/zip-volume';
import {
  archiveOf,
  BASE_IMAGE,
  DIRECTORIES,
  type GuestFiles,
  LIBRARY_PARTS,
  MANIFEST,
  MODULE,
  RARE_MODULE,
} from './guest-files';
import { decodeImage } from './image-file';
import type { Platform } from './platform';
import { RareCode } from './rare-code';
import { Residents } from './residents';
import { findWebCrypto } from './sealed-file';
import { SpareWorker } from './spare-worker';
import { checkImports, type ModuleMemory } from './wasm-module';

interface Manifest {
  readonly buildId: string;
  readonly pythonVersion: string;
  /** What the module's memory starts with. */
  readonly minimumHeapBytes: number;
  readonly files: Readonly<Record<string, FileDescription>>;
}

interface FileDescription {
  readonly bytes: number;
  readonly sha256: string;
  /** Of an archive: how much of its end is its directory. */
  readonly directoryBytes?: number;
}

export interface LoadOptions {
  /**
   * Whether to load the memory image of a started interpreter. Without it there is 1 MB less to load before
   * the first prompt, but 1.1 MB of the library, and each sandbox starts an interpreter of its own, which takes
   * longer. Default true.
   */
  readonly image?: boolean;
  /**
   * Whether a worker is started now, and another one after each sandbox's start, so that the next does not have to
   * wait for its own. From the second on it has an instance for a sandbox with the same `limits.heapBytes`, of which
   * nothing has run: some 15 MB, and 2 to 5 before. Default true.
   */
  readonly spareWorker?: boolean;
  /**
   * How many sandboxes keep their memory at once, some 10 MiB each. Where there are more, those that were used longest
   * ago sleep while they are idle, and wake when they are used (`sandbox.sleep`). Default 64: Chromium gives a page
   * 124 memories, of which pools take some, and workers that have ended keep theirs for a moment.
   */
  readonly mostAwake?: number | undefined;
  /** Hears how much has come of what has to be there before the first prompt, in bytes as they are unpacked. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** Where its sandboxes live. */
type Lodging = Pick<PythonGuest, 'spare' | 'residents'>;

const MOST_AWAKE = 64;

export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export class PythonGuest {
  readonly module: WebAssembly.Module;
  /** What the module leaves out. */
  readonly rareCode: RareCode;
  readonly memory: ModuleMemory;
  /** A started interpreter, which sandboxes wake instead of starting one. */
  readonly image: BaseImage | undefined;
  /** The standard library as it is at `/usr`. */
  readonly library: Volume;
  /** Names this very build: memory images are bound to it. */
  readonly buildId: string;
  readonly pythonVersion: string;
  /** How deep calls of its guests may nest, by kind of channel: a worker's stack is as large as the next one's. */
  readonly depths = new Map<ChannelKind, number>();
  /** What the memories of its guests are compared with when they are captured, by the image they were made from. */
  readonly originals = new Map<MemoryImage | undefined, SharedArrayBuffer>();
  /** Where the worker of its next sandbox comes from, if so. */
  readonly spare: SpareWorker | undefined;
  /** Which of its sandboxes have a memory. */
  readonly residents: Residents;

  private constructor(
    module: WebAssembly.Module,
    rareCode: RareCode,
    library: Volume,
    manifest: Manifest,
    image: BaseImage | undefined,
    { spare, residents }: Lodging,
  ) {
    this.module = module;
    this.rareCode = rareCode;
    this.spare = spare;
    this.residents = residents;
    this.library = library;
    this.image = image;
    this.buildId = manifest.buildId;
    this.pythonVersion = manifest.pythonVersion;
    this.memory = {
      imported: true,
      initialPages: manifest.minimumHeapBytes / PAGE_BYTES,
      maximumPages: undefined,
    };
  }

  /**
   * Throws `OptionError`, `GuestFilesError` for files that are missing or damaged, `UnknownImportsError` for a
   * module of another version of this library. `platform`: where its sandboxes will run.
   */
  static async load(
    files: GuestFiles,
    { image = true, spareWorker = true, mostAwake = MOST_AWAKE, onProgress }: LoadOptions = {},
    platform?: Platform,
  ): Promise<PythonGuest> {
    if (!Number.isInteger(mostAwake) || mostAwake < 1) {
      throw new OptionError(`mostAwake is ${mostAwake}: it must be a whole number from 1 on`);
    }
    // At once: it starts while the files are on their way.
    const spare = spareWorker ? spareWorkerOn(platform) : undefined;
    try {
      return await PythonGuest.#load(
        files,
        image,
        { spare, residents: new Residents(mostAwake) },
        onProgress,
      );
    } catch (error) {
      spare?.end();
      await forgetDamaged(files, error);
      throw error;
    }
  }

  static async #load(
    files: GuestFiles,
    image: boolean,
    lodging: Lodging,
    onProgress: LoadOptions['onProgress'],
  ): Promise<PythonGuest> {
    const manifestRead = readManifest(files);
    if (onProgress !== undefined) reportProgress(files, manifestRead, image, onProgress);
    // The others are made ready while threads of the engine's compile the module.
    const [manifest, module, base, library] = await Promise.all([
      manifestRead,
      compile(files),
      image ? loadImage(files, manifestRead) : undefined,
      loadLibrary(files, manifestRead),
    ]);
    checkImports(module, true);
    return new PythonGuest(module, new RareCode(files), library, manifest, base, lodging);
  }

  /** Ends the spare worker. Sandboxes are left as they are, and new ones can be made. */
  dispose(): void {
    this.spare?.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A file that did not come says nothing about those that are kept. */
async function forgetDamaged(files: GuestFiles, error: unknown): Promise<void> {
  if (error instanceof GuestFilesError && error.isDamaged) await files.forget?.();
}

/** None where no guest could run: who tries to start one hears why. */
function spareWorkerOn(platform: Platform | undefined): SpareWorker | undefined {
  try {
    platform?.chooseChannel();
  } catch {
    return undefined;
  }
  return platform && new SpareWorker(platform);
}

/** The image has no size in the manifest, as it is made after it: it counts when it has come. */
function reportProgress(
  files: GuestFiles,
  manifestRead: Promise<Manifest>,
  image: boolean,
  onProgress: (progress: LoadProgress) => void,
): void {
  const loaded = new Map<string, number>();
  let awaited: number | undefined;
  const tell = (): void => {
    if (awaited === undefined) return;
    const bytes = [...loaded.values()].reduce((sum, more) => sum + more, 0);
    const { [BASE_IMAGE]: imageBytes = 0 } = Object.fromEntries(loaded);
    onProgress({ loadedBytes: bytes, totalBytes: awaited + (image ? imageBytes : 0) });
  };
  files.onRead = (name, bytes) => {
    if (name === MANIFEST || name === RARE_MODULE || name.endsWith('.zip')) return;
    loaded.set(name, bytes);
    tell();
  };
  manifestRead.then(
    (manifest) => {
      awaited = [MODULE, DIRECTORIES].reduce((sum, name) => sum + sizeOf(manifest, name), 0);
      tell();
    },
    // Whoever loads hears of it.
    () => undefined,
  );
}

async function loadLibrary(files: GuestFiles, manifestRead: Promise<Manifest>): Promise<Volume> {
  const [manifest, directories] = await Promise.all([manifestRead, readFile(files, DIRECTORIES)]);
  await checkContent(manifest, DIRECTORIES, directories);
  let end = 0;
  const archives = LIBRARY_PARTS.map((part) => {
    const start = end;
    end += manifest.files[archiveOf(part)]?.directoryBytes ?? 0;
    return lazyArchive(files, manifest, part, directories.subarray(start, end));
  });
  return ZipVolume.lazily(archives);
}

/** Its files are loaded when the first of them is read. */
function lazyArchive(
  files: GuestFiles,
  manifest: Manifest,
  part: string,
  directory: Uint8Array,
): LazyArchive {
  const name = archiveOf(part);
  return {
    directory,
    bytes: sizeOf(manifest, name),
    load: async () => {
      const content = await readFile(files, name);
      try {
        checkSize(manifest, name, content);
      } catch (error) {
        await forgetDamaged(files, error);
        throw error;
      }
      return content;
    },
  };
}

async function loadImage(files: GuestFiles, manifestRead: Promise<Manifest>): Promise<BaseImage> {
  const [{ buildId }, file] = await Promise.all([manifestRead, readImage(files)]);
  try {
    return shareImage(decodeImage(file, buildId));
  } catch (error) {
    throw damaged(`${BASE_IMAGE} can't be used: ${messageOf(error)}`);
  }
}

async function readManifest(files: GuestFiles): Promise<Manifest> {
  const text = new TextDecoder().decode(await readFile(files, MANIFEST));
  try {
    const manifest: unknown = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch {
    // No JSON: most likely the page that a server shows for a file that it does not have.
  }
  throw new GuestFilesError(
    `${MANIFEST} describes no build: are the guest's files where they should be?`,
  );
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Partial<Record<keyof Manifest, unknown>>;
  return (
    typeof fields.buildId === 'string' &&
    typeof fields.pythonVersion === 'string' &&
    typeof fields.minimumHeapBytes === 'number' &&
    typeof fields.files === 'object' &&
    fields.files !== null
  );
}

function readImage(files: GuestFiles): Promise<Uint8Array> {
  return readFile(files, BASE_IMAGE, (name) => files.readShared?.(name) ?? files.read(name));
}

async function readFile(
  files: GuestFiles,
  name: string,
  read = (given: string): Promise<Uint8Array> => files.read(given),
): Promise<Uint8Array> {
  try {
    return await read(name);
  } catch (error) {
    throw new GuestFilesError(`${name} can't be read: ${messageOf(error)}`);
  }
}

async function compile(files: GuestFiles): Promise<WebAssembly.Module> {
  try {
    return await files.compile(MODULE);
  } catch (error) {
    throw new GuestFilesError(`${MODULE} can't be compiled: ${messageOf(error)}`, {
      isDamaged: error instanceof WebAssembly.CompileError,
    });
  }
}

function sizeOf(manifest: Manifest, name: string): number {
  const bytes = manifest.files[name]?.bytes;
  if (bytes === undefined) throw new GuestFilesError(`${MANIFEST} does not know ${name}`);
  return bytes;
}

function checkSize(manifest: Manifest, name: string, content: Uint8Array): void {
  const expected = sizeOf(manifest, name);
  if (content.length !== expected) {
    throw damaged(`${name} has ${content.length} bytes instead of ${expected}`);
  }
}

function damaged(message: string): GuestFilesError {
  return new GuestFilesError(message, { isDamaged: true });
}

/** What takes too long to be looked through is compared with what the build made. */
async function checkContent(manifest: Manifest, name: string, content: Uint8Array): Promise<void> {
  checkSize(manifest, name, content);
  const subtle = findWebCrypto();
  if (subtle === undefined) return;
  const digest = new Uint8Array(await subtle.digest('SHA-256', content as BufferSource));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (sha256 !== manifest.files[name]?.sha256) {
    throw damaged(`${name} is damaged: it is not what ${MANIFEST} says`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
