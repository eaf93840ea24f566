import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { precompressedGuest } from './lib/precompressed';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-server-'));
  const content = Buffer.from('some bytes '.repeat(100));
  let server: ViteDevServer;

  beforeAll(async () => {
    mkdirSync(join(folder, 'public/guest'), { recursive: true });
    writeFileSync(join(folder, 'public/guest/a.wasm'), content);
    writeFileSync(join(folder, 'public/guest/a.wasm.br'), brotliCompressSync(content));
    writeFileSync(join(folder, 'public/guest/plain.wasm'), content);
    writeFileSync(join(folder, 'secret.br'), 'not to be served');
    server = await createServer({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [precompressedGuest({ 'X-Isolated': 'yes' })],
      server: { port: 0, host: '127.0.0.1' },
    });
    await server.listen();
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  // Not `fetch`: it decompresses, and it tidies paths up.
  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const { port } = new URL(server.resolvedUrls?.local[0] ?? '');
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const { statusCode: status, headers: answered } = response;
          resolve({ status, headers: answered, body: Buffer.concat(parts) });
        });
      });
      asked.on('error', reject).end();
    });
  }

  test('sends the Brotli copy, with the type of the file itself and the given headers', async () => {
    const { status, headers, body } = await get('/guest/a.wasm', {
      'Accept-Encoding': 'gzip, br',
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'application/wasm',
      vary: 'Accept-Encoding',
      'x-isolated': 'yes',
    });
    expect(brotliDecompressSync(body)).toEqual(content);
  });

  test.each([{}, { 'Accept-Encoding': 'gzip' }, { 'Accept-Encoding': 'br;q=0, gzip' }])(
    'sends the file itself to one who takes no Brotli (%o)',
    async (accepted) => {
      const { headers, body } = await get('/guest/a.wasm', accepted);
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers['content-type']).toBe('application/wasm');
      expect(body).toEqual(content);
    },
  );

  test('sends the file itself when there is no copy', async () => {
    const { headers, body } = await get('/guest/plain.wasm', { 'Accept-Encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body).toEqual(content);
  });

  test('answers 304 to one who has it already', async () => {
    const accepted = { 'Accept-Encoding': 'br' };
    const { headers } = await get('/guest/a.wasm', accepted);
    const again = await get('/guest/a.wasm', { ...accepted, 'If-None-Match': `${headers.etag}` });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  test('stays in its folder', async () => {
    for (const path of ['/guest/../secret', '/guest/..%2f..%2fsecret', '/guest/../../secret']) {
      const { headers, body } = await get(path, { 'Accept-Encoding': 'br' });
      expect(headers['content-encoding']).toBeUndefined();
      expect(String(body)).not.toContain('not to be served');
    }
  });
});
