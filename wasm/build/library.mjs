// The standard library in four archives, and the folder of CPython's regression tests.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { BuildError } from './cache.mjs';
import { DIRECTORIES } from './guest.mjs';
import { listFiles } from './inputs.mjs';
import { writeZip } from './zip.mjs';

const LIBRARY = 'lib/python3.13';
const CACHE_TAG = 'cpython-313';
/** Python looks for this folder at each start and at each import. */
const EMPTY_FOLDERS = [`${LIBRARY}/lib-dynload/`, `${LIBRARY}/site-packages/`];
/** What sys.executable names: programs look whether it is there. */
const EXECUTABLE = 'bin/python3.13';
/** The parts of tzdata that zoneinfo never asks for. */
const ZONES_LEFT_OUT = /^(posix|right|posixrules$|localtime$)/;

/**
 * @param source CPython's patched source; build: its build folder; own: our files for the library;
 *   tables: [{ name, path }]; zones: a zoneinfo folder; python: the native interpreter; cacheRoot: hidden from the guest
 * @param out where library-*.zip, library.directories and test/ go
 */
export function makeLibrary({ source, build, own, tables, zones, python, cacheRoot, work, out }) {
  const layout = readLayout(join(own, '../library/layout.txt'));
  const files = new Map();
  const add = (folder) => {
    for (const path of listFiles(folder)) files.set(relative(folder, path), path);
  };
  add(join(source, 'Lib'));
  add(own);
  const configuration = writeConfiguration(build, cacheRoot, work);
  files.set(basename(configuration), configuration);

  const archives = {
    core: [...EMPTY_FOLDERS, EXECUTABLE].map((name) => ({ name, content: Buffer.alloc(0) })),
    // Of what is in core, and of what the interpreter has frozen inside: for tracebacks, and for who reads them.
    sources: [],
    more: [],
    // Apart from both: who needs one of these should not have to load anything else.
    tables: tables.map(({ name, path }) => ({
      name: `${LIBRARY}/lib-dynload/${name}`,
      content: readFileSync(path),
    })),
  };
  const compiled = [];
  for (const name of [...files.keys()].sort()) {
    const { place, bytecode } = layout(name);
    if (place === 'test') {
      mkdirSync(join(out, dirname(name)), { recursive: true });
      cpSync(files.get(name), join(out, name), { dereference: true });
    } else if (place !== 'out') {
      const entry = { name: `${LIBRARY}/${name}`, content: readFileSync(files.get(name)) };
      const isCompiled = bytecode && name.endsWith('.py');
      archives[isCompiled && place === 'core' ? 'sources' : place].push(entry);
      if (isCompiled) {
        const target = join(work, 'bytecode', name);
        const line = `${files.get(name)}\t${target}\t/usr/${entry.name}`;
        compiled.push({ place, entry, target, line });
      }
    }
  }
  compile(python, join(own, '../library/compile.py'), compiled);
  for (const { place, entry, target } of compiled) {
    const folder = dirname(entry.name);
    const name = `${folder}/__pycache__/${basename(entry.name, '.py')}.${CACHE_TAG}.pyc`;
    const compiledEntry = { name, content: readFileSync(target) };
    // Right behind its source, where that is near, with which it shares all its names and texts: that compresses best.
    const position = archives[place].indexOf(entry) + 1;
    if (position === 0) archives[place].push(compiledEntry);
    else archives[place].splice(position, 0, compiledEntry);
  }
  archives.more.push(...zoneEntries(zones));

  const directories = Object.entries(archives).map(([name, entries]) => {
    const { archive, directory } = writeZip(entries);
    writeFileSync(join(out, `library-${name}.zip`), archive);
    return directory;
  });
  writeFileSync(join(out, DIRECTORIES), Buffer.concat(directories));
}

function readLayout(path) {
  const rules = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [prefix, place, form] = line.trim().split(/\s+/);
    if (prefix && !prefix.startsWith('#'))
      rules.push({ prefix, place, bytecode: form === 'bytecode' });
  }
  rules.sort((a, b) => b.prefix.length - a.prefix.length);
  const otherwise = { place: 'more', bytecode: true };
  return (name) => rules.find(({ prefix }) => name.startsWith(prefix)) ?? otherwise;
}

/** sysconfig's data, without the build machine's paths. */
function writeConfiguration(build, cacheRoot, work) {
  const folder = join(build, readFileSync(join(build, 'pybuilddir.txt'), 'utf8').trim());
  const name = readdirSync(folder).find((file) => /^_sysconfigdata_.*\.py$/.test(file));
  if (name === undefined) throw new BuildError(`no sysconfig data in ${folder}`);
  const path = join(work, name);
  writeFileSync(path, readFileSync(join(folder, name), 'utf8').replaceAll(cacheRoot, '/build'));
  return path;
}

function compile(python, script, compiled) {
  const environment = { PATH: process.env.PATH, PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' };
  const { status, stderr, error } = spawnSync(python, ['-S', script], {
    input: compiled.map(({ line }) => `${line}\n`).join(''),
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new BuildError(`compiling the library failed: ${error ?? stderr}`);
}

function zoneEntries(zones) {
  const entries = [];
  for (const path of listFiles(zones)) {
    const name = relative(zones, path);
    if (ZONES_LEFT_OUT.test(name)) continue;
    entries.push({ name: `share/zoneinfo/${name}`, content: readFileSync(realpathSync(path)) });
  }
  return entries;
}
