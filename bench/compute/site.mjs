/** Serves the page, what it loads, and the orders that it carries out. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { inProject } from '../../scripts/lib/project.mjs';

/** How long a page may take for one order. */
const TIMEOUT_MS = 240_000;

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-cache',
};

/** Where the project has what lies below each folder of the site. */
const folders = {
  '/bench/compute/': ['bench', 'compute'],
  '/dist/page/': ['dist', 'page'],
  '/guest/': ['public', 'guest'],
  '/node_modules/pyodide/': ['node_modules', 'pyodide'],
  '/node_modules/@micropython/': ['node_modules', '@micropython'],
};

/** @type {Readonly<Record<string, string>>} */
const mimeTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** @param {string} pathname */
async function readPublished(pathname) {
  const [prefix, place] = Object.entries(folders).find(([each]) => pathname.startsWith(each)) ?? [];
  if (prefix === undefined || place === undefined) return undefined;
  const rest = normalize(decodeURIComponent(pathname.slice(prefix.length)));
  if (rest.startsWith('..')) return undefined;
  return readFile(join(inProject(...place), rest)).catch(() => undefined);
}

/**
 * @typedef {import('./order.mjs').Order} Order
 * @typedef {import('./order.mjs').Report} Report
 * @typedef {{ order: Order, finish: (report: Report | { failure: string }) => void }} Pending
 */

/** On a free port of this machine alone. */
export async function serveSite() {
  /** @type {Map<string, Pending>} */
  const pending = new Map();
  let count = 0;

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const known = pending.get(pathname.replace('/orders/', ''));
    if (known !== undefined && request.method === 'POST') {
      const report = JSON.parse(await text(request));
      response.writeHead(204, headers).end();
      known.finish(report);
      return;
    }
    const body = known ? JSON.stringify(known.order) : await readPublished(pathname);
    const type = known ? '.json' : extname(pathname);
    response.writeHead(body === undefined ? 404 : 200, {
      ...headers,
      'Content-Type': mimeTypes[type] ?? 'application/octet-stream',
    });
    response.end(body);
  });
  await new Promise((resolve, reject) => {
    server.on('error', reject).listen(0, 'localhost', () => resolve(undefined));
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');

  return {
    /**
     * Has a page carry out an order. Rejects if the page fails, or says nothing for minutes.
     * @param {string} interpreter
     * @param {Order} order
     * @param {(address: string) => Promise<void>} visit
     * @returns {Promise<Report>}
     */
    async give(interpreter, order, visit) {
      const id = String(++count);
      const address = new URL('/bench/compute/page.html', `http://localhost:${bound.port}`);
      address.searchParams.set('interpreter', interpreter);
      address.searchParams.set('order', id);
      const late = AbortSignal.timeout(TIMEOUT_MS);
      try {
        const answer = await new Promise((resolve, reject) => {
          late.onabort = () => reject(new Error(`${order.program}: the page fell silent`));
          pending.set(id, { order, finish: resolve });
          visit(address.href).catch(reject);
        });
        if ('failure' in answer) throw new Error(`${order.program}: ${answer.failure}`);
        return answer;
      } finally {
        pending.delete(id);
      }
    },
    /** @returns {Promise<void>} */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
