/**
 * The conformance page as a site: built once, as pages are deployed, and served in every way a page can
 * be. The first folder of an address says which way.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { build } from 'vite';
import { buildPageLibrary } from '../../scripts/lib/bundles.mjs';
import { inProject } from '../../scripts/lib/project.mjs';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** All that the library needs of a Content-Security-Policy, as SECURITY.md tells it. */
const policy = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
    "connect-src 'self'; style-src 'self'; img-src data:",
};

/** For a library in a frame of no origin: to it, each file comes from elsewhere. */
const forAnyone = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/**
 * Headers by folder.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
const folders = {
  plain: {},
  isolated: isolation,
  // The scope of the service worker: what it does here must not reach the others.
  'service-worker': {},
  'strict-plain': policy,
  'strict-isolated': { ...isolation, ...policy },
  'shared-plain': forAnyone,
  'shared-isolated': { ...isolation, ...forAnyone },
};

/** @type {Readonly<Record<string, string>>} */
const mimeTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

async function buildPages() {
  // For the test that loads it twice.
  await buildPageLibrary();
  const outDir = inProject('test-results', 'conformance-site');
  const page = (/** @type {string} */ name) => inProject('e2e', 'conformance', name);
  await build({
    configFile: false,
    root: inProject('e2e', 'conformance'),
    base: './',
    publicDir: false,
    logLevel: 'warn',
    // One file without imports: it runs as a module and as a classic script.
    worker: { format: 'iife' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      // The library is to find its worker as a file of its own, never inside its own text.
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: [page('conformance.html'), page('frames.html')],
      },
    },
  });
  return outDir;
}

/**
 * @param {string} site
 * @param {string} path below the folder
 */
function fileFor(site, path) {
  const safe = normalize(path);
  if (safe.startsWith('..') || safe.includes('\0')) return undefined;
  // As often as it is asked for: each folder is a copy of its own.
  const [folder = '', ...rest] = safe.split(sep);
  if (folder.startsWith('library-')) return inProject('dist', 'page', ...rest);
  return safe.startsWith(`guest${sep}`) || safe === 'glovebox-isolation.js'
    ? inProject('public', safe)
    : join(site, safe);
}

/**
 * @param {string} site
 * @param {string} address
 */
function answer(site, address) {
  const { pathname } = new URL(address, 'http://localhost');
  const [, folder = '', ...rest] = decodeURIComponent(pathname).split('/');
  const headers = Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  const file = headers && fileFor(site, rest.join('/'));
  if (file === undefined) return { status: 404, headers: {}, body: Buffer.from('') };
  try {
    const contentType = mimeTypes[extname(file)] ?? 'application/octet-stream';
    return {
      status: 200,
      headers: { ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-cache' },
      body: readFileSync(file),
    };
  } catch {
    return { status: 404, headers: {}, body: Buffer.from('') };
  }
}

/** Builds the site and serves it on a free port of this machine alone. */
export async function serveSite() {
  const site = await buildPages();
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(site, request.url ?? '/');
    response.writeHead(status, { ...headers, 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, 'localhost', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    address: `http://localhost:${address.port}/`,
    /** @returns {Promise<void>} */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
