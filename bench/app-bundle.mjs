/** A page's own script together with the library, as an application's bundler makes them: without what it does not use. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';

/**
 * Gives the folder with `app.js`, to be served at `/app/`, and how to remove it. `source` imports from the built library.
 * @param {string} source
 */
export async function bundleApp(source) {
  const root = mkdtempSync(path.join(tmpdir(), 'glovebox-app-'));
  const entry = path.join(root, 'main.js');
  writeFileSync(entry, source);
  const folder = path.join(root, 'app');
  await build({
    configFile: false,
    root,
    base: '/app/',
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: { app: entry }, output: { entryFileNames: '[name].js' } },
    },
  });
  return { folder, remove: () => rmSync(root, { recursive: true, force: true }) };
}
