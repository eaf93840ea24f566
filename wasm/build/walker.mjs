// What the library knows of WebAssembly's binary format, as a module for this build: it is written in TypeScript.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const NAMES = ['controller/wasm-binary', 'controller/wasm-instructions', 'protocol/rare-code'];

/** Below the checkout. */
export const WALKER_SOURCES = NAMES.map((name) => `src/${name}.ts`);

/** All that those files export. */
export async function loadWalker(checkout) {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-walker-'));
  try {
    await build({
      configFile: false,
      root: checkout,
      publicDir: false,
      logLevel: 'warn',
      build: {
        ssr: true,
        outDir: folder,
        emptyOutDir: true,
        rolldownOptions: {
          input: WALKER_SOURCES.map((file) => join(checkout, file)),
          preserveEntrySignatures: 'strict',
          output: { entryFileNames: '[name].mjs' },
        },
      },
    });
    const modules = NAMES.map(
      (name) => import(pathToFileURL(join(folder, `${basename(name)}.mjs`)).href),
    );
    return Object.assign({}, ...(await Promise.all(modules)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
