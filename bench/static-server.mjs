/** Serves a few folders as a well-kept web server would: compressed ahead by Brotli, kept by the browser, and no faster than it is told. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

/** @type {Readonly<Record<string, string>>} */
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.zip': 'application/zip',
};

const headers = {
  'Content-Encoding': 'br',
  'Cache-Control': 'max-age=86400',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const PIECE_BYTES = 16 * 1024;

/** Bytes a second that all connections share. */
class Line {
  #freeAt = 0;
  bytesPerSecond = Number.POSITIVE_INFINITY;

  /** @param {number} bytes */
  async take(bytes) {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes / this.bytesPerSecond) * 1000;
    if (this.#freeAt > now) await pause(this.#freeAt - now);
  }
}

/**
 * `folders`: by the first part of the path; `pages`: by all of it.
 * @param {Readonly<Record<string, string>>} folders
 * @param {Readonly<Record<string, string>>} pages
 */
export async function openServer(folders, pages) {
  /** @type {Map<string, Promise<Buffer>>} */
  const compressed = new Map();
  const line = new Line();
  let sentBytes = 0;

  /** @param {string} address */
  const contentOf = async (address) => {
    const page = pages[address];
    if (page !== undefined) return promisify(brotliCompress)(page);
    const [, folder = '', ...rest] = address.split('/');
    const root = folders[folder];
    if (root === undefined || rest.includes('..')) throw new Error(`nothing at ${address}`);
    const file = path.join(root, ...rest);
    return readFile(`${file}.br`).catch(async () =>
      promisify(brotliCompress)(await readFile(file)),
    );
  };

  const server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', 'http://localhost').pathname;
    const coming = compressed.get(address) ?? contentOf(address);
    compressed.set(address, coming);
    const content = await coming.catch(() => undefined);
    if (content === undefined) return void response.writeHead(404).end();
    const type = types[path.extname(address)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': content.length });
    sentBytes += content.length;
    for (let from = 0; from < content.length; from += PIECE_BYTES) {
      const piece = content.subarray(from, from + PIECE_BYTES);
      await line.take(piece.length);
      if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const at = server.address();
  const port = at !== null && typeof at === 'object' ? at.port : 0;
  return {
    address: `http://localhost:${port}`,
    line,
    /** Since it was asked last. */
    takeSentBytes() {
      const bytes = sentBytes;
      sentBytes = 0;
      return bytes;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
