/** The bundles that a published package carries: the Node host and the page library. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { lastLines, run } from './processes.mjs';
import { inProject, packageProgram } from './project.mjs';
import { fingerprint, readStamp, writeStamp } from './stamps.mjs';
import { Failure } from './steps.mjs';

const inputs = [
  'src',
  'wasm/cpython/training/practice.py',
  'package-lock.json',
  'scripts/lib/bundles.mjs',
];

/** @param {string} path */
const isShipped = (path) => !path.endsWith('.test.ts');

/**
 * @param {string} name
 * @param {() => Promise<unknown>} build
 */
async function orFailure(name, build) {
  try {
    await build();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`dist/${name} could not be built.`, reason.trim());
  }
}

/**
 * Builds into `dist/<name>`, unless what is there was made from the same inputs.
 * @param {string} name
 * @param {() => Promise<void>} build
 */
async function unlessUpToDate(name, build) {
  const stampFile = inProject('dist', `${name}.stamp`);
  const wanted = fingerprint(
    inputs.map((path) => inProject(path)),
    isShipped,
  );
  if (existsSync(inProject('dist', name)) && readStamp(stampFile) === wanted) return;
  await orFailure(name, build);
  writeStamp(stampFile, wanted);
}

/**
 * Lets each entry name all the files that it needs: a browser asks for them at once then, not for those of each file when
 * that has come.
 * @returns {import('vite').Plugin}
 */
function flatImports() {
  return {
    name: 'glovebox:flat-imports',
    generateBundle(_options, bundle) {
      /** @param {string} name */
      const importsOf = (name) => {
        const output = bundle[name];
        return output?.type === 'chunk' ? output.imports : [];
      };
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk' || !output.isEntry) continue;
        const all = new Set(output.imports);
        for (const name of all) for (const more of importsOf(name)) all.add(more);
        const further = [...all].filter((name) => !output.imports.includes(name));
        // Last, so that nothing moves that the source map tells of, but for the line that names the map.
        const [code = '', map = ''] = output.code.split(/(?=\n\/\/# sourceMappingURL=)/);
        output.code = code + further.map((name) => `import"./${name}";`).join('') + map;
      }
    },
  };
}

/**
 * What both bundles have in common.
 * @param {string} name
 * @param {Record<string, string>} entries
 * @returns {import('vite').InlineConfig}
 */
function libraryConfig(name, entries) {
  return {
    configFile: false,
    root: inProject(),
    // Workers are found relative to the module that starts them, wherever the package lies.
    base: './',
    publicDir: false,
    logLevel: 'warn',
    // One file without imports: it runs as a module and as a classic script.
    worker: { format: 'iife' },
    build: {
      outDir: inProject('dist', name),
      emptyOutDir: true,
      // Pages load what is built for them as it is; Node has no use for it.
      minify: name === 'page',
      sourcemap: true,
      rolldownOptions: {
        input: entries,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
}

/** The host's dependencies stay imports: npm installs them beside the package. */
export function buildNodeHost() {
  return unlessUpToDate('node', async () => {
    const { build, mergeConfig } = await import('vite');
    const entries = {
      index: inProject('src/node/index.ts'),
      cli: inProject('src/node/cli.ts'),
      'base-image': inProject('src/node/base-image.ts'),
    };
    const forNode = { build: { ssr: true, target: 'node20' } };
    await build(mergeConfig(libraryConfig('node', entries), forNode));
    const worker = { 'worker-entry': inProject('src/node/worker-entry.ts') };
    // One script without imports: each worker would load every module once more, which takes Node 20 ms.
    const output = { format: 'cjs', entryFileNames: '[name].cjs' };
    await build(
      mergeConfig(mergeConfig(libraryConfig('node', worker), forNode), {
        ssr: { noExternal: true },
        build: { emptyOutDir: false, rolldownOptions: { output } },
      }),
    );
  });
}

/** The guest's files beside the bundles, where the package looks for them. */
export function copyGuest() {
  const [from, to] = [inProject('public', 'guest'), inProject('dist', 'guest')];
  const stampFile = inProject('dist', 'guest.stamp');
  // The manifest holds the hashes of all the others.
  const wanted = fingerprint([inProject('public', 'guest', 'build.json')]);
  if (readStamp(stampFile) === wanted) return;
  rmSync(to, { recursive: true, force: true });
  // The Brotli copies are for web servers; whoever deploys the files compresses them anyway.
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.br') });
  writeStamp(stampFile, wanted);
}

/** Its dependencies are bundled: a page can load it as it is, without a bundler. */
export function buildPageLibrary() {
  return unlessUpToDate('page', async () => {
    const { build } = await import('vite');
    const entries = {
      index: inProject('src/index.ts'),
      preload: inProject('src/preload.ts'),
      // Separate, so that who only runs programs loads none of what is shown.
      elements: inProject('src/playground/elements.ts'),
      repl: inProject('src/repl/index.ts'),
      display: inProject('src/display/register.ts'),
      inspect: inProject('src/inspect/index.ts'),
    };
    await build({ ...libraryConfig('page', entries), plugins: [flatImports()] });
    const scripts = {
      glovebox: inProject('src/index.ts'),
      repl: inProject('src/repl/script.ts'),
      elements: inProject('src/playground/script.ts'),
    };
    for (const [name, file] of Object.entries(scripts)) await buildScript(name, file);
  });
}

/**
 * The same as a classic script, in one file, for a page without modules; what it exports is `glovebox` there.
 * @param {string} name
 * @param {string} file
 */
async function buildScript(name, file) {
  const { build, mergeConfig } = await import('vite');
  const output = {
    format: /** @type {const} */ ('iife'),
    name: 'glovebox',
    entryFileNames: '[name].global.js',
    codeSplitting: false,
    // Modules know their address; a script knows its own as long as it is first run.
    intro: 'const scriptAddress = document.currentScript.src;',
  };
  const transform = {
    define: { 'import.meta.url': 'scriptAddress', 'import.meta.resolve': 'undefined' },
  };
  await build(
    mergeConfig(libraryConfig('page', { [name]: file }), {
      build: {
        emptyOutDir: false,
        modulePreload: false,
        chunkSizeWarningLimit: 1_500,
        rolldownOptions: { output, transform },
      },
    }),
  );
}

/** The type declarations of both. */
export function buildTypes() {
  return unlessUpToDate('types', async () => {
    rmSync(inProject('dist', 'types'), { recursive: true, force: true });
    const { status, output } = await run([
      ...packageProgram('typescript/bin/tsc'),
      ...['-p', 'tsconfig.declarations.json'],
    ]);
    if (status !== 0)
      throw new Failure('The type declarations could not be made.', lastLines(output, 20));
  });
}

/** The page as static files, ready for any web server that sends the isolation headers. */
export function buildSite() {
  return orFailure('site', async () => {
    const { build } = await import('vite');
    await build({ root: inProject(), logLevel: 'warn' });
  });
}
