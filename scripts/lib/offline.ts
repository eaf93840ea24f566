/** Gives the built site a service worker that knows the site's files, and a version made of all that is in them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

const SOURCE = 'src/playground/service-worker.js';
const NAME = 'service-worker.js';

/** Pages of other things that lie on the same server, copies that browsers get by another name, and notes for people. */
const LEFT_OUT = /^examples\/|\.br$|\.map$|^guest\/imports\.json$|^glovebox-isolation\.js$/;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export function offlineWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'glovebox:offline-worker',
    apply: 'build',
    // The page's own file comes last.
    enforce: 'post',
    configResolved(resolved) {
      config = resolved;
    },
    generateBundle(_options, bundle) {
      const source = readFileSync(join(config.root, SOURCE), 'utf8');
      const hash = createHash('sha256').update(source);
      const files = new Map<string, string | Uint8Array>();
      for (const [name, output] of Object.entries(bundle)) {
        files.set(name, output.type === 'chunk' ? output.code : output.source);
      }
      for (const name of filesBelow(config.publicDir)) {
        files.set(name, readFileSync(join(config.publicDir, name)));
      }
      const kept = [...files.keys()].filter((name) => !LEFT_OUT.test(name)).sort();
      for (const name of kept) hash.update(`\0${name}\0`).update(files.get(name) ?? '');
      const build = JSON.stringify({ version: hash.digest('hex').slice(0, 16), files: kept });
      this.emitFile({
        type: 'asset',
        fileName: NAME,
        source: `const BUILD = ${build};\n\n${source}`,
      });
    },
  };
}
