/** Serves `guest/*` from the `.br` copies that lie beside the files, as a web server would. */
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import type { Connect, Plugin } from 'vite';

const mimeTypes: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.zip': 'application/zip',
  '.json': 'application/json',
  '.directory': 'application/octet-stream',
};

function acceptsBrotli(request: IncomingMessage): boolean {
  const codings = String(request.headers['accept-encoding'] ?? '').split(',');
  return codings.some((coding) => {
    const [name, quality] = coding.split(';').map((part) => part.trim());
    return name === 'br' && !/^q=0(\.0*)?$/.test(quality ?? '');
  });
}

/** The one path segment after `guest/`: anything deeper, or with dots that climb, is not ours. */
function guestFile(request: IncomingMessage): string | undefined {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  return /^\/guest\/([\w.-]+)$/.exec(pathname)?.[1];
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  contentType: string,
): boolean {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return false;
  const tag = `W/"${status.size}-${status.mtimeMs}"`;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Encoding', 'br');
  response.setHeader('Vary', 'Accept-Encoding');
  // Kept by the browser, yet asked about each time: a rebuilt guest is noticed at once.
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('ETag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end();
    return true;
  }
  response.setHeader('Content-Length', status.size);
  response.writeHead(200);
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
  return true;
}

function middleware(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Connect.NextHandleFunction {
  return (request, response, next) => {
    const name = guestFile(request);
    const readable = request.method === 'GET' || request.method === 'HEAD';
    if (name === undefined || !readable || !acceptsBrotli(request)) return next();
    for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
    const contentType = mimeTypes[extname(name)] ?? 'application/octet-stream';
    if (!send(request, response, join(folder, 'guest', `${name}.br`), contentType)) next();
  };
}

/** For the development server and for the preview of the built site alike. */
export function precompressedGuest(headers: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'glovebox:precompressed-guest',
    configureServer(server) {
      server.middlewares.use(middleware(server.config.publicDir, headers));
    },
    configurePreviewServer(server) {
      const { root, build } = server.config;
      server.middlewares.use(middleware(join(root, build.outDir), headers));
    },
  };
}
