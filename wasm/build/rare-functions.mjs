// Which functions of the interpreter a first program hardly calls.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './cache.mjs';

/** What runs so often in the programs that the interpreter is compiled for stays beside what it calls. */
const OFTEN = 100_000;

/** In what llvm-profdata shows; the name of one file's own function comes behind its path. */
const SHOWN = /^ {2}(?:\S.*;)?([^\s;]+):\n(?: {4}.*\n)*? {4}Block counts: \[(.*)\]$/gm;

/** Functions of our own C, which no profile knows: one of CPython's may have the same name. */
const OWN = / \/[^(]*\.o:\(([^).]+)\)$/gm;

/** Below the libraries stage's folder: SQLite and the compressions, which are no part of the profile. */
const LIBRARIES = /\/libraries-[^/]*\/lib\/lib\w+\.a\([^)]*\):\(([^).]+)\)$/gm;

/**
 * Tells it of a function's name, in which the compiler may have put something behind a dot. `profile`: the folder of that
 * stage, or empty; `map`: the linker's; `llvm`: the compiler's version.
 */
export function rareFunctions({ profile, map, llvm }) {
  if (profile === '') return () => false;
  const practised = mostOf(join(profile, 'practised.profdata'), llvm);
  const all = mostOf(join(profile, 'python.profdata'), llvm);
  const names = new Set([...practised.keys()].filter((name) => practised.get(name) === 0));
  const placed = readFileSync(map, 'utf8');
  for (const [, name] of placed.matchAll(LIBRARIES)) names.add(name);
  for (const [, name] of placed.matchAll(OWN)) names.delete(name);
  for (const [name, most] of all) if (most >= OFTEN) names.delete(name);
  return (name) => names.has(name.split('.', 1)[0]);
}

/**
 * How often the part of a function that is executed most often was executed, by its name: of functions of one name in several
 * files, the one with the most.
 */
function mostOf(profile, llvm) {
  const { status, stdout } = spawnSync(
    `llvm-profdata-${llvm}`,
    ['show', '--all-functions', '--counts', profile],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (status !== 0) throw new BuildError(`llvm-profdata-${llvm} can't show ${profile}`);
  const most = new Map();
  for (const [, name, counts] of stdout.matchAll(SHOWN)) {
    most.set(name, Math.max(most.get(name) ?? 0, ...counts.split(', ').map(Number)));
  }
  return most;
}
