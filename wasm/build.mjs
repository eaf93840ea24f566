// Builds the guest: CPython as a WebAssembly module, and its library.
//
//   node wasm/build.mjs               builds what is not in the cache, and fills public/guest/
//   node wasm/build.mjs --print-dir   prints the finished folder of the present inputs
//   node wasm/build.mjs --unpolled DIR   fills DIR with the same guest, but for the polling: a benchmark's
//   node wasm/build.mjs --unguarded DIR  the same but for the origin policy
//   node wasm/build.mjs --reference   prints the path of a CPython for this machine, of the same sources at -O3
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError, Cache, cacheRoot, report, runLogged, timed } from './build/cache.mjs';
import { compressFiles } from './build/compress.mjs';
import {
  assembleGuest,
  IMPORTS,
  LIBRARY,
  MODULE,
  publishGuest,
  RARE_MODULE,
  writeJson,
} from './build/guest.mjs';
import { compareImports, listImports } from './build/imports.mjs';
import { shareIndirectCalls } from './build/indirect-calls.mjs';
import { keyOf, keyOfFiles, readVersions, stampOfFolder } from './build/inputs.mjs';
import { makeLibrary } from './build/library.mjs';
import { leaveOutRareCode } from './build/rare-code.mjs';
import { rareFunctions } from './build/rare-functions.mjs';
import { tableFiles, takeTablesOut } from './build/tables.mjs';
import { findTools } from './build/toolchain.mjs';
import { loadWalker, WALKER_SOURCES } from './build/walker.mjs';

/** Guests that are only there to be compared with. */
const VARIANTS = ['unpolled', 'unguarded'];
/** Folders of the user's own that replace Debian's packages. */
const REPLACEMENTS = ['CPYTHON_SOURCE', 'LIBRARY_SOURCES', 'WASI_SDK_PATH'];
/** What __DATE__ and __TIME__ say, so that the same inputs give the same bytes. */
const SOURCE_DATE_EPOCH = '1750000000';

/** The linker's: what it has put where. */
const MAP = 'python.map';

/** Which of CPython's tables go into the library. */
const TABLES = 'cpython/glovebox/tables.h';

const wasmFolder = dirname(fileURLToPath(import.meta.url));
const checkout = dirname(wasmFolder);

async function main(args) {
  const versions = readVersions(join(wasmFolder, 'versions.env'));
  const replacements = REPLACEMENTS.map((name) => replacementStamp(name, process.env[name]));
  const tools = findTools({ versions, root: checkout, environment: process.env });
  const keys = computeKeys(tools, replacements);
  const cache = new Cache(cacheRoot(process.env));
  const guest = cache.path(`guest-${keys.guest}`);
  const finished = () => existsSync(join(guest, 'build.json'));

  if (args.includes('--reference')) {
    const folder = await cache.locked(() => buildReference({ cache, versions, tools, keys }));
    process.stdout.write(`${join(folder, 'python')}\n`);
    return;
  }
  if (args.includes('--print-dir')) {
    if (!finished()) throw new BuildError('not built yet: run node wasm/build.mjs');
    process.stdout.write(`${guest}\n`);
    return;
  }
  if (!finished()) {
    await cache.locked(async () => {
      if (!finished()) await buildGuest({ cache, versions, tools, keys, guest });
    });
  }
  const variant = VARIANTS.find((name) => args[0] === `--${name}`);
  if (variant !== undefined) {
    await cache.locked(() =>
      buildVariant({ variant, cache, versions, tools, keys, guest, target: args[1] }),
    );
    return;
  }
  publishGuest(guest, join(checkout, 'public/guest'));
  report(`ready in ${guest}`);
}

async function buildReference(inputs) {
  const script = scriptRunner(inputs);
  const sources = await script('sources', 'sources.sh', {});
  return script('reference', 'reference.sh', { SOURCES: sources });
}

async function buildVariant({ variant, cache, versions, tools, keys, guest, target }) {
  const script = `cpython/${variant}.sh`;
  const key = keyOf(keys.link, keyOfFiles(wasmFolder, script));
  const folder = await cache.stage(variant, key, async ({ folder, work, log }) => {
    await runLogged(variant, 'bash', [join(wasmFolder, script)], {
      log,
      env: {
        ...stageEnvironment(versions, tools),
        SOURCES: cache.path(`sources-${keys.sources}`),
        CPYTHON: cache.path(`cpython-${keys.cpython}`),
        OUT: folder,
        WORK: work,
      },
    });
    const profile = profileOf(cache, keys);
    await finishModule(folder, await loadWalker(checkout), {
      profile,
      llvm: versions.LLVM_VERSION,
    });
  });
  publishGuest(guest, target);
  for (const name of [MODULE, RARE_MODULE]) copyFileSync(join(folder, name), join(target, name));
}

/**
 * Runs a script as the stage of that name, with the folders that it needs in its environment. `finish` does what is left to
 * be done with its folder.
 */
function scriptRunner({ cache, versions, tools, keys }) {
  const environment = stageEnvironment(versions, tools);
  return (name, file, inputs, finish) =>
    cache.stage(name, keys[name], async ({ folder, work, log }) => {
      await runLogged(name, 'bash', [join(wasmFolder, 'cpython', file)], {
        log,
        env: { ...environment, ...inputs, OUT: folder, WORK: work },
      });
      await finish?.(folder);
    });
}

function stageEnvironment(versions, tools) {
  return { ...process.env, ...versions, SOURCE_DATE_EPOCH, WASM_OPT: tools.wasmOpt };
}

function replacementStamp(name, path) {
  if (!path) return '';
  if (!existsSync(path)) throw new BuildError(`${name} names a folder that is not there: ${path}`);
  return keyOf(path, stampOfFolder(path));
}

/** Each stage's key covers its own inputs and, through their keys, those of the stages before it. */
function computeKeys({ compiler, binaryen, canProfile }, replacements) {
  const files = (...names) => keyOfFiles(wasmFolder, ...names);
  const tools = keyOf(files('versions.env', 'cpython/toolchain.sh'), compiler, SOURCE_DATE_EPOCH);
  const sources = keyOf(files('versions.env', 'cpython/sources.sh'), ...replacements);
  const native = keyOf(sources, tools, files('cpython/native.sh'));
  const reference = keyOf(sources, tools, files('cpython/reference.sh'));
  const libraries = keyOf(sources, tools, files('cpython/libraries.sh'));
  const compiling = keyOf(native, libraries, files('cpython/compile.sh', 'cpython/patches'));
  const profile = canProfile
    ? keyOf(compiling, files('cpython/profile.sh', 'cpython/training', 'cpython/guest/asyncio'))
    : '';
  const cpython = keyOf(compiling, profile);
  const compression = files('build/compress.mjs');
  const link = keyOf(
    cpython,
    binaryen,
    compression,
    files('cpython/link.sh', 'cpython/glovebox', 'build/tables.mjs'),
    files(
      'build/imports.mjs',
      'build/indirect-calls.mjs',
      'build/sections.mjs',
      'build/walker.mjs',
    ),
    files('build/rare-code.mjs', 'build/rare-functions.mjs'),
    keyOfFiles(checkout, ...WALKER_SOURCES),
  );
  const library = keyOf(
    link,
    compression,
    files('cpython/guest', 'cpython/library', 'build/library.mjs', 'build/zip.mjs'),
  );
  const guest = keyOf(link, library, files('.'));
  return { sources, native, reference, libraries, profile, cpython, link, library, guest };
}

async function buildGuest({ cache, versions, tools, keys, guest }) {
  const script = scriptRunner({ cache, versions, tools, keys });
  const sources = await script('sources', 'sources.sh', {});
  const native = await script('native', 'native.sh', { SOURCES: sources });
  const libraries = await script('libraries', 'libraries.sh', { SOURCES: sources });
  const compiling = { SOURCES: sources, NATIVE: native, LIBRARIES: libraries };
  const profile = tools.canProfile ? await script('profile', 'profile.sh', compiling) : '';
  const cpython = await script('cpython', 'compile.sh', { ...compiling, PROFILE: profile });
  const linking = { SOURCES: sources, CPYTHON: cpython };
  const list = readFileSync(join(wasmFolder, TABLES), 'utf8');
  const linked = await script('link', 'link.sh', linking, async (folder) => {
    const walker = await loadWalker(checkout);
    takeTablesOut({ folder, module: MODULE, map: join(folder, MAP), list, walker });
    await finishModule(folder, walker, { profile, llvm: versions.LLVM_VERSION });
    return compressFiles(folder, [MODULE, RARE_MODULE]);
  });
  const imports = checkImports(linked);
  const library = await cache.stage('library', keys.library, async ({ folder, work }) => {
    makeLibrary({
      source: join(cpython, 'source'),
      build: join(cpython, 'build'),
      own: join(wasmFolder, 'cpython/guest'),
      tables: tableFiles(list).map((name) => ({ name, path: join(linked, name) })),
      zones: zoneFolder(sources),
      python: join(native, 'build/python'),
      cacheRoot: cache.path(),
      work,
      out: folder,
    });
    await compressFiles(folder, LIBRARY);
  });
  await timed('guest', () =>
    assembleGuest({
      linked,
      library,
      imports,
      versions: readSourceVersions(sources),
      pythonVersion: readPythonVersion(cpython),
      out: guest,
    }),
  );
}

function profileOf(cache, { profile }) {
  return profile === '' ? '' : cache.path(`profile-${profile}`);
}

/** What is done with the linked module, which has the names of its functions until then. */
async function finishModule(folder, walker, { profile, llvm }) {
  const path = join(folder, MODULE);
  const linked = new Uint8Array(readFileSync(path));
  writeJson(join(folder, IMPORTS), listImports(linked, walker));
  const { bytes, functions, calls } = shareIndirectCalls(linked, walker);
  report(`${calls} calls through pointers in ${functions} large functions are shared`);
  const isRare = rareFunctions({ profile, map: join(folder, MAP), llvm });
  const { main, rare, count } = leaveOutRareCode(bytes, isRare, walker);
  writeFileSync(path, main);
  writeFileSync(join(folder, RARE_MODULE), rare);
  report(`${count} functions that a first program hardly calls are in ${RARE_MODULE}`);
}

function checkImports(linked) {
  const expectedPath = join(wasmFolder, 'cpython/imports.expected.json');
  const imports = JSON.parse(readFileSync(join(linked, IMPORTS), 'utf8'));
  const differences = compareImports(JSON.parse(readFileSync(expectedPath, 'utf8')), imports);
  if (differences.length > 0) {
    throw new BuildError(`imports differ from ${expectedPath}:\n${differences.join('\n')}`);
  }
  return imports;
}

/** Debian's package has the zones below usr/share; a folder of the user's own may be the zones. */
function zoneFolder(sources) {
  const packaged = join(sources, 'tzdata/usr/share/zoneinfo');
  return existsSync(packaged) ? packaged : join(sources, 'tzdata');
}

function readSourceVersions(sources) {
  const lines = readFileSync(join(sources, 'versions.txt'), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=')));
}

function readPythonVersion(cpython) {
  const header = readFileSync(join(cpython, 'source/Include/patchlevel.h'), 'utf8');
  return /^#define PY_VERSION\s+"(.*)"/m.exec(header)[1];
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`guest: ${error.message}\n`);
  process.exitCode = 1;
}
