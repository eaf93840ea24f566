// Which functions of the interpreter a first program hardly calls.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './cache.mjs';

/** What runs so often in the programs that the interpreter is compiled for stays beside what it calls. */
const OFTEN = 100_000;

/** What a prompt calls besides, of which the training has none. */
const PROMPT = [
  '_PyAST_Interactive',
  '_PyDict_SendEvent',
  '_PyPegen_check_legacy_stmt',
  'builtins_dict_watcher',
  'none_new',
  'print_expr',
  'sys_displayhook',
];

/** In what llvm-profdata shows; the name of one file's own function comes behind its path. */
const SHOWN = /^ {2}(?:\S.*;)?([^\s;]+):$/gm;

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
  const names = new Set(readFileSync(join(profile, 'unpractised.txt'), 'utf8').split('\n'));
  const placed = readFileSync(map, 'utf8');
  for (const [, name] of placed.matchAll(LIBRARIES)) names.add(name);
  for (const [, name] of placed.matchAll(OWN)) names.delete(name);
  for (const name of frequent(join(profile, 'cpython.profdata'), llvm)) names.delete(name);
  for (const name of PROMPT) names.delete(name);
  names.delete('');
  return (name) => names.has(name.split('.', 1)[0]);
}

function frequent(profile, llvm) {
  const { status, stdout } = spawnSync(
    `llvm-profdata-${llvm}`,
    ['show', '--all-functions', `--value-cutoff=${OFTEN}`, profile],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new BuildError(`llvm-profdata-${llvm} can't show the profile`);
  return Array.from(stdout.matchAll(SHOWN), ([, name]) => name);
}
