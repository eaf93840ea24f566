// Which functions of the interpreter a first program hardly calls.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Functions of our own C, which no profile knows: one of CPython's may have the same name. */
const OWN = / \/[^(]*\.o:\(([^).]+)\)$/gm;

/** Below the libraries stage's folder: SQLite and the compressions, which are no part of the profile. */
const LIBRARIES = /\/libraries-[^/]*\/lib\/lib\w+\.a\([^)]*\):\(([^).]+)\)$/gm;

/**
 * Tells it of a function's name, in which the compiler may have put something behind a dot. `profile`: the folder of that
 * stage, or empty; `map`: the linker's.
 */
export function rareFunctions(profile, map) {
  const list = join(profile, 'unpractised.txt');
  if (profile === '' || !existsSync(list)) return () => false;
  const names = new Set(readFileSync(list, 'utf8').split('\n'));
  const placed = readFileSync(map, 'utf8');
  for (const [, name] of placed.matchAll(LIBRARIES)) names.add(name);
  for (const [, name] of placed.matchAll(OWN)) names.delete(name);
  names.delete('');
  return (name) => names.has(name.split('.', 1)[0]);
}
