/** The files that an interpreter is made of. */

export const MODULE = 'python.wasm';
/** What the module leaves out: see `protocol/rare-code`. */
export const RARE_MODULE = 'python-rare.wasm';
export const MANIFEST = 'build.json';
export const BASE_IMAGE = 'python.image';
/**
 * What most programs need of the library, compiled; the text of that, which tracebacks show; the rest; and what a few modules
 * know of characters.
 */
export const LIBRARY_PARTS = ['core', 'sources', 'more', 'tables'] as const;

/** What is in the archives of the library, in this order. */
export const DIRECTORIES = 'library.directories';

export function archiveOf(part: string): string {
  return `library-${part}.zip`;
}

/** Where the files are: a folder on a server, or on disk. */
export interface GuestFiles {
  /** Throws if there is no such file. */
  read(name: string): Promise<Uint8Array>;
  /** The same where workers can read it in place; without this method it is copied there. */
  readShared?(name: string): Promise<Uint8Array>;
  compile(name: string): Promise<WebAssembly.Module>;
  /** What `compile` compiles. */
  readCode(name: string): Promise<Uint8Array>;
  /** What it keeps from one time to the next is no good. */
  forget?(): Promise<void>;
  /** Hears of each piece of a file that has come, with the bytes of it so far. Counting takes some time. */
  onRead?: ((name: string, bytes: number) => void) | undefined;
}
