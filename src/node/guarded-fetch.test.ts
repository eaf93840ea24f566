import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../capability/refusal';
import { guardedFetch } from './guarded-fetch';

let server: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  server = createServer((request, response) => {
    const encoding = request.url?.slice(1) as keyof typeof encodings;
    if (encoding in encodings) {
      response.setHeader('Content-Encoding', encoding);
      response.end(encodings[encoding]('decoded'));
    } else if (request.url === '/zstd') {
      response.setHeader('Content-Encoding', 'zstd');
      response.end('?');
    } else if (request.url === '/empty') response.writeHead(204).end();
    else if (request.url === '/redirect') response.writeHead(302, { Location: '/gzip' }).end();
    else if (request.url === '/broken') {
      response.setHeader('Content-Length', 100);
      response.write('part');
      setTimeout(() => response.destroy(), 10);
    } else if (request.url === '/never') return;
    else {
      const pieces: string[] = [request.method ?? '', request.headers['x-a']?.toString() ?? ''];
      request.setEncoding('latin1');
      request.on('data', (piece: string) => pieces.push(piece));
      request.on('end', () => response.end(pieces.join(' ')));
    }
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A resolver that has these addresses for every name, one list after another. */
function resolving(...lists: readonly string[][]) {
  const asked: string[] = [];
  const fetch = guardedFetch((hostname, _, callback) => {
    const addresses = lists[Math.min(asked.length, lists.length - 1)] ?? [];
    asked.push(hostname);
    const found = addresses.map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    );
    setImmediate(() => callback(null, found));
  });
  return { asked, fetch };
}

const at = (host: string, path = '/') => `http://${host}:${port}${path}`;

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was done'),
    (reason: unknown) => reason,
  );
  return error instanceof Refusal ? `${error.code}: ${error.message}` : `other: ${error}`;
}

describe('a name', () => {
  test.for([
    [['127.0.0.1'], 'a loopback address'],
    [['10.1.2.3'], 'a private address'],
    [['169.254.169.254'], 'a link-local address'],
    [['::1'], 'a loopback address'],
    [['::ffff:127.0.0.1'], 'a loopback address'],
    [['fd00::1'], 'a unique-local address'],
    [['8.8.8.8', '127.0.0.1'], 'a loopback address'],
    [['127.0.0.1', '8.8.8.8'], 'a loopback address'],
    [['fe80::1%eth0'], 'no address'],
  ] as const)('that leads to %j is refused without a connection', async ([addresses, what]) => {
    const { fetch } = resolving([...addresses]);
    const before = connections;
    const refused = await failure(fetch(at('rebound.example.org'), { headers: [] }));
    expect(refused).toBe(`forbidden: rebound.example.org leads to ${what}`);
    expect(connections).toBe(before);
  });

  test('is looked up for each connection', async () => {
    const { fetch } = resolving(['127.0.0.1'], ['10.0.0.1']);
    for (const what of ['loopback', 'private']) {
      expect(await failure(fetch(at('a.example.org'), { headers: [] }))).toContain(what);
    }
  });

  test('that is local by itself leads where it leads: the list has named it', async () => {
    const { fetch } = resolving(['127.0.0.1']);
    expect(await (await fetch(at('localhost'), { headers: [] })).text()).toBe('GET ');
  });

  test('that nobody knows is an error', async () => {
    const { fetch } = resolving([]);
    expect(await failure(fetch(at('a.example.org'), { headers: [] }))).toBe(
      'other: Error: no address',
    );
  });
});

describe('a response', () => {
  const fetch = guardedFetch();

  test('is of the method, the headers and the body', async () => {
    const response = await fetch(at('127.0.0.1'), {
      method: 'POST',
      headers: [['x-a', 'b']],
      body: new Uint8Array([0x63]),
    });
    expect([response.status, await response.text()]).toEqual([200, 'POST b c']);
  });

  test.for(['gzip', 'deflate', 'br'])('that is encoded by %s is decoded', async (encoding) => {
    const response = await fetch(at('127.0.0.1', `/${encoding}`), { headers: [] });
    expect(await response.text()).toBe('decoded');
    expect(response.headers.get('content-encoding')).toBe(encoding);
  });

  test('that is encoded in another way is refused', async () => {
    expect(await failure(fetch(at('127.0.0.1', '/zstd'), { headers: [] }))).toMatch(/^network: /);
  });

  test('may have no body, or be a redirect, which is not followed', async () => {
    expect((await fetch(at('127.0.0.1', '/empty'), { headers: [] })).body).toBeNull();
    expect((await fetch(at('127.0.0.1'), { headers: [], method: 'HEAD' })).body).toBeNull();
    const redirect = await fetch(at('127.0.0.1', '/redirect'), { headers: [] });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/gzip']);
  });

  test('that is whole already when it is read has its last piece', async () => {
    const response = await guardedFetch()(`http://127.0.0.1:${port}/`, { method: 'PUT' });
    const reader = response.body?.getReader();
    // From a timer, the source's end comes before the promise of its last piece.
    const read = () => new Promise((resolve) => setTimeout(() => resolve(reader?.read()), 50));
    expect(await read()).toEqual({ done: false, value: new Uint8Array(Buffer.from('PUT ')) });
    expect(await read()).toEqual({ done: true, value: undefined });
  });

  test('that breaks off is an error', async () => {
    const response = await fetch(at('127.0.0.1', '/broken'), { headers: [] });
    await expect(response.text()).rejects.toThrow();
  });

  test('is not waited for after the signal', async () => {
    const signal = AbortSignal.timeout(20);
    const never = fetch(at('127.0.0.1', '/never'), { headers: [], signal });
    expect(await failure(never)).toMatch(/^other: .*abort/i);
  });
});
