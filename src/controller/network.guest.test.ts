import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { type Network, type NetworkOptions, network } from '../capability/network';
import { guardedFetch } from '../node/guarded-fetch';
import { guestIt as it } from '../testing/guest-test';

/** What the program has at its start: its server's address is `base`. */
const PROLOGUE = `
import urllib.request, urllib.error, http.client, glovebox, json
from urllib.request import urlopen, Request
`;

let server: Server;
let port: number;
let connections = 0;
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] =
  [];

const BOMB = gzipSync(new Uint8Array(64 << 20));

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  const size = Number(searchParams.get('size'));
  switch (pathname) {
    case '/echo':
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Set-Cookie', 'secret=1');
      response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
      return;
    case '/status':
      response.writeHead(size, 'So it is').end('because');
      return;
    case '/redirect':
      response.writeHead(size, { Location: searchParams.get('to') ?? '' }).end('elsewhere');
      return;
    case '/large':
      response.setHeader('Content-Length', size);
      response.end(Buffer.alloc(size, 'abcdefgh'));
      return;
    case '/bomb':
      response.setHeader('Content-Encoding', 'gzip');
      response.end(BOMB);
      return;
    case '/gzip':
      response.setHeader('Content-Encoding', 'gzip');
      response.end(gzipSync('plain text'));
      return;
    case '/slow':
      setTimeout(() => response.end('at last'), size);
      return;
    case '/endless': {
      const timer = setInterval(() => response.write('again\n'), 5);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case '/broken':
      response.setHeader('Content-Length', 1000);
      response.write('a part');
      setTimeout(() => response.destroy(), 20);
      return;
    case '/never':
      return;
    default:
      response.end('lines\nof\ntext\n');
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      answer(request, response, body);
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function networkOf(options: Partial<NetworkOptions> = {}): Network {
  const methods = ['GET', 'HEAD', 'POST', 'PUT'];
  const allow = [{ scheme: 'http', host: '127.0.0.1', port, methods } as const];
  return network({ allow, fetch: guardedFetch(), ...options });
}

const given = (net: Network) => ({ capabilities: { network: net.capability }, kinds: net.kinds });

const program = (source: string) => `${PROLOGUE}base = 'http://127.0.0.1:${port}'\n${source}`;

/** A program that prints what it fails with. */
const failing = (source: string) =>
  program(`
try:
    ${source}
except Exception as error:
    reason = getattr(error, 'reason', error)
    print(type(error).__name__, type(reason).__name__, reason)
`);

describe('urlopen', () => {
  it('gets status, headers, lines and the rest', async ({ open }) => {
    const net = networkOf();
    const python = await open(given(net));
    const source = program(`
with urlopen(base + '/x') as response:
    print(response.status, response.reason, response.url == base + '/x', response.readline())
    print(list(response), response.read())
print(json.load(urlopen(base + '/echo'))['method'])`);
    expect(await python.printed(source)).toBe(
      "200 OK True b'lines\\n'\n[b'of\\n', b'text\\n'] b''\nGET\n",
    );
    expect(net.open).toBe(0);
  });

  it('sends methods, headers and bodies, and nothing of the page', async ({ open }) => {
    const python = await open(given(networkOf()));
    const source = program(`
request = Request(base + '/echo', data='ä'.encode(), headers={'X-Mine': 'yes'}, method='PUT')
response = urlopen(request)
print(json.load(response)['body'], response.headers['set-cookie'])
print(json.load(urlopen(base + '/echo', data=iter([b'one ', b'two'])))['body'])`);
    expect(await python.printed(source)).toBe('ä None\none two\n');
    const put = seen.find(({ method }) => method === 'PUT');
    expect(put?.headers['x-mine']).toBe('yes');
    expect(put?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    for (const name of ['cookie', 'referer', 'origin'])
      expect(put?.headers).not.toHaveProperty(name);
    expect(String(put?.headers['user-agent'])).not.toContain('Python');
  });

  it('raises HTTPError for what servers refuse', async ({ open }) => {
    const python = await open(given(networkOf()));
    const source = program(`
for status in 404, 500:
    try:
        urlopen(f'{base}/status?size={status}')
    except urllib.error.HTTPError as error:
        print(error.code, error.reason, error.read())`);
    expect(await python.printed(source)).toBe("404 So it is b'because'\n500 So it is b'because'\n");
  });

  it.for([
    ['http://localhost:PORT/', 'localhost is not on the list: a local name (localhost)'],
    ['https://127.0.0.1:PORT/', '127.0.0.1 may not be reached by https'],
    ['http://127.0.0.1/', 'port 80 of 127.0.0.1 is not on the list'],
    ['http://127.0.0.2:PORT/', '127.0.0.2 is not on the list: a loopback address'],
    ['http://[::ffff:127.0.0.1]:PORT/', 'is not on the list: a loopback address'],
    ['https://example.org/', 'example.org is not on the list'],
  ] as const)('refuses %s without a connection', async ([url, message], { open }) => {
    const python = await open(given(networkOf()));
    const before = connections;
    const source = failing(`urlopen('${url.replace('PORT', String(port))}')`);
    const printed = await python.printed(source);
    expect(printed).toMatch(/^URLError PermissionError/);
    expect(printed).toContain(message);
    expect(connections).toBe(before);
  });

  it('without a network fails at once', async ({ open }) => {
    const python = await open();
    const before = connections;
    expect(await python.printed(failing('urlopen(base, timeout=5)'))).toMatch(/^URLError /);
    expect(await python.printed(failing("urlopen('https://example.org')"))).toMatch(/^URLError /);
    expect(await python.printed(failing('glovebox.fetch(base)'))).toMatch(/^Forbidden /);
    expect(connections).toBe(before);
  });

  it('follows redirects that are on the list, and no others', async ({ open }) => {
    const python = await open(given(networkOf()));
    const source = program(`
print(urlopen(base + '/redirect?size=302&to=/x').read())
print(glovebox.fetch(base + '/redirect?size=307&to=/echo', method='POST', body='b').json()['body'])
for ask in urlopen, glovebox.fetch:
    try:
        ask(f'{base}/redirect?size=302&to=http://localhost:${port}/outside')
    except (urllib.error.URLError, glovebox.Forbidden) as error:
        print(type(error).__name__)
connection = http.client.HTTPConnection('127.0.0.1', ${port})
connection.request('GET', '/redirect?size=301&to=/x')
response = connection.getresponse()
print(response.status, response.getheader('location'))`);
    expect(await python.printed(source)).toBe(
      "b'lines\\nof\\ntext\\n'\nb\nURLError\nForbidden\n301 /x\n",
    );
    expect(seen.some(({ url }) => url === '/outside')).toBe(false);
  });
});

describe('a response', () => {
  it('may be large, and is the same', async ({ open }) => {
    const net = networkOf();
    const python = await open(given(net));
    const source = program(`
size = 12_000_000
content = urlopen(f'{base}/large?size={size}').read()
print(len(content), content == b'abcdefgh' * (size // 8))
total = 0
with urlopen(f'{base}/large?size={size}') as response:
    while piece := response.read(100_000):
        total += len(piece)
print(total, urlopen(base + '/gzip').read())`);
    expect(await python.printed(source)).toBe("12000000 True\n12000000 b'plain text'\n");
    expect(net.open).toBe(0);
  });

  it.for([
    ['/bomb', 'OSError'],
    ['/large?size=1000001', 'URLError'],
  ] as const)('that is too large once decoded (%s) is cut off', async ([path, type], { open }) => {
    const net = networkOf({ maxResponseBytes: 1_000_000 });
    const python = await open(given(net));
    const printed = await python.printed(failing(`urlopen(base + '${path}').read()`));
    expect(printed).toMatch(new RegExp(`^${type} OSError .*the response`));
    expect(net.open).toBe(0);
  });

  it('that breaks off is an error', async ({ open }) => {
    const python = await open(given(networkOf()));
    const printed = await python.printed(failing("urlopen(base + '/broken').read()"));
    expect(printed).toMatch(/^ConnectionAbortedError .*the connection failed/);
  });

  it('that is slow keeps to the timeouts of the program and of the page', async ({ open }) => {
    const net = networkOf({ timeoutMs: 500 });
    const python = await open(given(net));
    const read = (path: string, options = '') =>
      failing(`print(urlopen(base + '${path}'${options}).read())`);
    expect(await python.printed(read('/slow?size=50', ', timeout=5'))).toBe("b'at last'\n");
    expect(await python.printed(read('/never', ', timeout=0.1'))).toMatch(/^URLError TimeoutError/);
    expect(await python.printed(read('/never'))).toMatch(/^URLError TimeoutError/);
    expect(await python.printed(read('/endless'))).toMatch(/^TimeoutError/);
    expect(net.open).toBe(0);
  });

  it('that never ends does not keep a program from being stopped', async ({ open }) => {
    const net = networkOf();
    const python = await open({ ...given(net), limits: { wallMs: 1500, graceMs: 10_000 } });
    expect(await python.run(program("urlopen(base + '/never')"))).toMatchObject({
      status: 'timeout',
      alive: true,
    });
    expect(net.open).toBe(0);
    const outcome = await python.run(program("urlopen(base + '/endless').read()"));
    expect(outcome).toMatchObject({ status: 'timeout', alive: true });
    expect(await python.printed(program('print(urlopen(base).status)'))).toBe('200\n');
  });

  it('is closed when the program lets go of it, or its sandbox ends', async ({ open }) => {
    const net = networkOf({ maxOpen: 3 });
    const python = await open(given(net));
    const source = program(`
for _ in range(10):
    urlopen(base + '/endless').read(3)
kept = [urlopen(base + '/endless') for _ in range(3)]
try:
    urlopen(base)
except OSError as error:
    print(error.reason)
kept.pop().close()
print(urlopen(base).status)`);
    const printed = await python.printed(source);
    expect(printed).toMatch(/^\[Errno \d+\] 3 responses are open already\n200\n$/);
    expect(net.open).toBe(2);
    python.sandbox.dispose();
    await vi.waitFor(() => expect(net.open).toBe(0));
  });
});

describe('fetch', () => {
  it('is awaited, many at a time', async ({ open }) => {
    const net = networkOf({ maxOpen: 20 });
    const python = await open(given(net));
    const source = program(`
import asyncio, time
async def one(number):
    response = await glovebox.fetch(f'{base}/slow?size=300&n={number}')
    return response.status, await response.text()
async def all():
    return await asyncio.gather(*map(one, range(20)))
start = time.monotonic()
answers = asyncio.run(all())
print(set(answers), time.monotonic() - start < 4)
async def refused():
    try:
        await glovebox.fetch('https://example.org/')
    except glovebox.Forbidden as error:
        return error
print(asyncio.run(refused()))`);
    expect(await python.printed(source)).toBe(
      "{(200, 'at last')} True\nexample.org is not on the list\n",
    );
    expect(net.open).toBe(0);
  });

  it('gives any answer, as bytes, text and JSON', async ({ open }) => {
    const python = await open(given(networkOf()));
    const source = program(`
response = glovebox.fetch(base + '/status?size=418')
print(response, response.ok, response.read(3), response.read())
echo = glovebox.fetch(base + '/echo', method='POST', body='ä', headers={'X-A': 'b'})
print(echo.headers['content-type'], echo.json()['headers']['x-a'])
try:
    glovebox.fetch(base, headers={'Cookie': 'a=b'})
except glovebox.Forbidden as error:
    print(error)`);
    expect(await python.printed(source)).toBe(
      `<Response 418 of http://127.0.0.1:${port}/status?size=418> False b'bec' b'ause'\n` +
        'application/json b\nthe header cookie may not be set\n',
    );
  });
});

describe('a program that goes on elsewhere', () => {
  it('has the network of there, with the modules that it had', async ({ open, restore }) => {
    const before = await open();
    await before.run(program('kept = urlopen'));
    const net = networkOf();
    const image = await before.sandbox.snapshot();
    const there = await restore(image, given(net));
    const source = "print(urlopen(base).status, hasattr(http.client, 'HTTPSConnection'))";
    expect(await there.printed(source)).toBe('200 True\n');
    expect(await there.printed(failing("urlopen('https://example.org/')"))).toContain(
      'example.org is not on the list',
    );
    await there.run("response = urlopen(base + '/endless')");
    const away = await restore(await there.sandbox.snapshot());
    expect(await away.printed(failing('print(response.read())'))).toMatch(/^\w*Error /);
    expect(await away.printed(failing('urlopen(base)'))).toMatch(/^URLError /);
    const again = await restore(await there.sandbox.snapshot(), given(networkOf()));
    expect(await again.printed(failing('response.read()'))).toMatch(/^ConnectionAbortedError /);
    expect(await again.printed('print(urlopen(base).status)')).toBe('200\n');
  });
});
