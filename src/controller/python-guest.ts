/**
 * The interpreter's files, loaded once and shared by any number of sandboxes: the compiled module
 * and the standard library, neither of which a guest can change.
 */

import { GuestFilesError } from '../errors';
import { PAGE_BYTES } from '../protocol/numbers';
import type { Volume } from '../volume/volume';
import { ZipVolume } from '../volume/zip-volume';
import { checkImports, type ModuleMemory } from './wasm-module';

const MODULE = 'python.wasm';
const MANIFEST = 'build.json';
const CORE_LIBRARY = 'library-core.zip';
const MORE_LIBRARY = 'library-more.zip';
const MORE_LIBRARY_DIRECTORY = 'library-more.directory';

/** Where the files are: a folder on a server, or on disk. */
export interface GuestFiles {
  /** Throws if there is no such file. */
  read(name: string): Promise<Uint8Array>;
  compile(name: string): Promise<WebAssembly.Module>;
}

interface Manifest {
  readonly buildId: string;
  readonly pythonVersion: string;
  /** What the module's memory starts with. */
  readonly minimumHeapBytes: number;
  readonly files: Readonly<Record<string, { readonly bytes: number }>>;
}

export class PythonGuest {
  readonly module: WebAssembly.Module;
  readonly memory: ModuleMemory;
  /** The standard library as it is at `/usr`. */
  readonly library: Volume;
  /** Names this very build: memory images are bound to it. */
  readonly buildId: string;
  readonly pythonVersion: string;

  private constructor(module: WebAssembly.Module, library: Volume, manifest: Manifest) {
    this.module = module;
    this.library = library;
    this.buildId = manifest.buildId;
    this.pythonVersion = manifest.pythonVersion;
    this.memory = {
      imported: true,
      initialPages: manifest.minimumHeapBytes / PAGE_BYTES,
      maximumPages: undefined,
    };
  }

  /**
   * Throws `GuestFilesError` for files that are missing or damaged, `UnknownImportsError` for a
   * module of another version of this library.
   */
  static async load(files: GuestFiles): Promise<PythonGuest> {
    const [manifest, module, core, directory] = await Promise.all([
      readManifest(files),
      compile(files),
      readFile(files, CORE_LIBRARY),
      readFile(files, MORE_LIBRARY_DIRECTORY),
    ]);
    checkImports(module);
    checkSize(manifest, CORE_LIBRARY, core);
    checkSize(manifest, MORE_LIBRARY_DIRECTORY, directory);
    const more = {
      directory,
      bytes: sizeOf(manifest, MORE_LIBRARY),
      load: async () => {
        const body = await readFile(files, MORE_LIBRARY);
        checkSize(manifest, MORE_LIBRARY, body);
        return body;
      },
    };
    try {
      return new PythonGuest(module, ZipVolume.from([core, more]), manifest);
    } catch (error) {
      throw new GuestFilesError(`the library archives are damaged: ${messageOf(error)}`);
    }
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

async function readFile(files: GuestFiles, name: string): Promise<Uint8Array> {
  try {
    return await files.read(name);
  } catch (error) {
    throw new GuestFilesError(`${name} can't be read: ${messageOf(error)}`);
  }
}

async function compile(files: GuestFiles): Promise<WebAssembly.Module> {
  try {
    return await files.compile(MODULE);
  } catch (error) {
    throw new GuestFilesError(`${MODULE} can't be compiled: ${messageOf(error)}`);
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
    throw new GuestFilesError(`${name} has ${content.length} bytes instead of ${expected}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
