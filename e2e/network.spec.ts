/** Requests of a guest in a page, to a server of another origin. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test as base } from './support/bare-page';

interface Served {
  readonly port: number;
  readonly seen: { readonly url: string; readonly cookie: string; readonly referer: string }[];
}

const test = base.extend<{ served: Served }>({
  // biome-ignore lint/correctness/noEmptyPattern: how Playwright wants it.
  served: async ({}, use) => {
    const seen: Served['seen'][number][] = [];
    const server: Server = createServer((request, response) => {
      const { cookie = '', referer = '' } = request.headers;
      seen.push({ url: `${request.method} ${request.url}`, cookie, referer });
      const headers = {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': '*',
        'Access-Control-Allow-Methods': '*',
      };
      if (request.url === '/redirect') {
        response.writeHead(302, { ...headers, Location: '/secret' }).end();
      } else if (request.url === '/closed') {
        response.writeHead(200).end('not for other origins');
      } else if (request.url === '/large') {
        response.writeHead(200, headers).end(Buffer.alloc(3_000_000, 'x'));
      } else {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (piece: string) => {
          body += piece;
        });
        request.on('end', () => response.writeHead(200, headers).end(`got ${body}`));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ port: (server.address() as AddressInfo).port, seen });
    server.closeAllConnections();
    server.close();
  },
});

for (const isolated of [true, false]) {
  test.describe(isolated ? 'on an isolated page' : 'on a page without isolation', () => {
    test.use({ isolated });

    test('a guest fetches what is on the list, and nothing else', async ({ barePage, served }) => {
      const { port, seen } = served;
      // To Chromium a page that a test has changed on its way is not of this machine.
      await barePage.context().grantPermissions(['local-network-access']);
      const output = await barePage.evaluate(async (serverPort) => {
        // biome-ignore lint/suspicious/noDocumentCookie: it is there to be kept back.
        document.cookie = 'page=secret';
        const net = bare.glovebox.network({
          allow: [
            { scheme: 'http', host: '127.0.0.1', port: serverPort, methods: ['GET', 'POST'] },
          ],
        });
        const { sandbox, output } = await bare.openPython({
          capabilities: { network: net.capability },
          kinds: net.kinds,
        });
        await sandbox.run(`
import asyncio, glovebox
from urllib.request import urlopen, Request
base = 'http://127.0.0.1:${serverPort}'
print(urlopen(base + '/get').read(), urlopen(base + '/post', data=b'posted').read())
print(len(urlopen(base + '/large').read()))
for url in base + '/redirect', base + '/closed', 'http://localhost:${serverPort}/', 'https://example.org/':
    try:
        urlopen(url)
        print('allowed')
    except OSError as error:
        print(error.reason)
async def both():
    one, two = await asyncio.gather(glovebox.fetch(base + '/1'), glovebox.fetch(base + '/2'))
    print(one.status, await two.text())
asyncio.run(both())
`);
        return output();
      }, port);
      expect(output.split('\n')).toEqual([
        "b'got ' b'got posted'",
        '3000000',
        expect.stringContaining('browsers do not tell where'),
        expect.stringContaining('the connection failed'),
        expect.stringContaining('localhost is not on the list'),
        expect.stringContaining('example.org is not on the list'),
        '200 got ',
        '',
      ]);
      const urls = seen.map(({ url }) => url).filter((url) => !url.startsWith('OPTIONS'));
      const expected = ['/get', '/large', '/redirect', '/closed', '/1', '/2'].map(
        (url) => `GET ${url}`,
      );
      expect(urls.sort()).toEqual([...expected, 'POST /post'].sort());
      expect(seen.filter(({ cookie, referer }) => cookie !== '' || referer !== '')).toEqual([]);
    });
  });
}
