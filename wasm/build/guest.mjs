// Puts the products together: the files that a page loads, and what describes them.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { report } from './cache.mjs';
import { directoryBytes } from './zip.mjs';

export const MODULE = 'python.wasm';
/** What the module leaves out. */
export const RARE_MODULE = 'python-rare.wasm';
/** What it asks of its host. */
export const IMPORTS = 'imports.json';
/** The library's archives, and in one file where each of their entries is: their ends, one behind the other. */
const ARCHIVES = ['core', 'sources', 'more', 'tables'].map((part) => `library-${part}.zip`);
export const DIRECTORIES = 'library.directories';
export const LIBRARY = [...ARCHIVES, DIRECTORIES];
const LOADED = [MODULE, RARE_MODULE, ...LIBRARY];
/** A file and its compressed copy. */
const withCopy = (name) => [name, `${name}.br`];
const PAGE_BYTES = 65_536;

/** Writes the finished folder: beside its place first, so that it is never half there. */
export function assembleGuest({ linked, library, imports, versions, pythonVersion, out }) {
  const partial = `${out}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const copy = (name, from) => copyFileSync(join(from, name), join(partial, name));
  for (const name of [...[MODULE, RARE_MODULE].flatMap(withCopy), 'python.debug.wasm'])
    copy(name, linked);
  for (const name of LIBRARY.flatMap(withCopy)) copy(name, library);
  cpSync(join(library, 'test'), join(partial, 'test'), { recursive: true });
  writeJson(join(partial, IMPORTS), imports);

  const described = LOADED.map((name) => describeFile(partial, name));
  const files = Object.fromEntries(described);
  const contents = described.map(([name, { sha256 }]) => `${name} ${sha256}\n`).join('');
  writeJson(join(partial, 'build.json'), {
    buildId: createHash('sha256').update(contents).digest('hex').slice(0, 32),
    pythonVersion,
    debianVersions: versions,
    minimumHeapBytes: imports.find(({ kind }) => kind === 'memory').minimumPages * PAGE_BYTES,
    files,
  });
  rmSync(out, { recursive: true, force: true });
  renameSync(partial, out);
}

/** Copies what a page loads into its static files, unless that very build is there. */
export function publishGuest(guest, target) {
  const description = readFileSync(join(guest, 'build.json'));
  const mark = join(target, 'build.json');
  if (existsSync(mark) && readFileSync(mark).equals(description)) return false;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of [...LOADED.flatMap(withCopy), IMPORTS])
    copyFileSync(join(guest, name), join(target, name));
  writeFileSync(mark, description);
  report(`copied to ${target}`);
  return true;
}

function describeFile(folder, name) {
  const content = readFileSync(join(folder, name));
  const brotliBytes = statSync(join(folder, `${name}.br`)).size;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const directory = ARCHIVES.includes(name) ? { directoryBytes: directoryBytes(content) } : {};
  return [name, { bytes: content.length, brotliBytes, sha256, ...directory }];
}

export function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
