/** The built site, or another folder, on a server that can go away, and that can come back with another version of it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../../dist/site/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export class SiteServer {
  /** Shown by the page, so that a test sees which one it has. */
  version = 'first';
  /** Whether it sends what makes a page cross-origin isolated. */
  isolates = true;
  readonly #server: Server;

  private constructor(folder: string) {
    this.#server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
      if (!existsSync(file) || !statSync(file).isFile()) {
        response.writeHead(404).end();
        return;
      }
      const content = this.#content(file);
      const tag = `"${createHash('sha1').update(content).digest('hex')}"`;
      const headers = {
        ...(this.isolates ? isolation : {}),
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'Cache-Control': 'no-cache',
        ETag: tag,
      };
      if (request.headers['if-none-match'] === tag) response.writeHead(304, headers).end();
      else response.writeHead(200, headers).end(content);
    });
  }

  static async start(folder = site): Promise<SiteServer> {
    const server = new SiteServer(folder);
    await server.#listen(0);
    return server;
  }

  get address(): string {
    return `http://localhost:${this.#port}/`;
  }

  /** No network: whoever connects is refused. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((done) => this.#server.close(done));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(port, 'localhost', done));
  }

  /** A version is another title of the page, which the worker's version goes along with. */
  #content(file: string): Buffer {
    const content = readFileSync(file);
    if (file.endsWith('index.html')) {
      return Buffer.from(content.toString().replace('<title>', `<title>${this.version}: `));
    }
    if (!file.endsWith('service-worker.js')) return content;
    return Buffer.from(content.toString().replace('"version":"', `"version":"${this.version}-`));
  }
}
