import { beforeEach, expect, test, vi } from 'vitest';
import { KeptFiles } from './kept-files';

const FOLDER = new URL('https://example.org/guest/');

/** Cache Storage as far as it is used. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Blob>>();
  isFull = false;

  keys = async (): Promise<string[]> => [...this.all.keys()];
  match = async (url: URL, { cacheName }: { cacheName: string }) =>
    this.all.has(cacheName) ? (await this.open(cacheName)).match(url) : undefined;
  delete = async (name: string): Promise<boolean> => this.all.delete(name);
  open = async (name: string) => {
    const entries = this.all.get(name) ?? new Map<string, Blob>();
    this.all.set(name, entries);
    return {
      match: async (url: URL) => {
        const blob = entries.get(url.href);
        return blob && new Response(blob);
      },
      put: async (url: URL, response: Response) => {
        const blob = await response.blob();
        if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
        entries.set(url.href, blob);
      },
    };
  };
}

class Server {
  files: Record<string, string> = {};
  readonly asked: string[] = [];
  isThere = true;

  constructor(build: string, image = 'i') {
    this.deploy(build, image);
  }

  deploy(build: string, image = 'i'): void {
    this.files = {
      'build.json': JSON.stringify({ buildId: build }),
      'image.json': JSON.stringify({ sha256: image }),
      'python.wasm': `module of ${build}`,
      'python.image': `image ${image} of ${build}`,
    };
  }

  readonly fetch = async (name: string): Promise<Response> => {
    this.asked.push(name);
    if (!this.isThere) throw new TypeError('no network');
    const file = this.files[name];
    if (file === undefined) throw new Error('the server answered 404');
    return new Response(file);
  };

  async visit(...names: string[]): Promise<{ texts: string[]; asked: string[] }> {
    this.asked.length = 0;
    const files = new KeptFiles(FOLDER, this.fetch);
    const texts = await Promise.all(
      names.map(async (name) => (await files.get(name)).response.text()),
    );
    // What is kept is written after it was given.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { texts, asked: [...this.asked].sort() };
  }
}

const DESCRIPTIONS = ['build.json', 'image.json'];
const FILES = ['build.json', 'python.wasm', 'python.image'];

let caches = new FakeCaches();
beforeEach(() => {
  caches = new FakeCaches();
  vi.stubGlobal('caches', caches);
});

test('asks the server for each file once, and from then on for its descriptions alone', async () => {
  const server = new Server('a');
  const first = await server.visit(...FILES);
  expect(first.asked).toEqual([...DESCRIPTIONS, 'python.image', 'python.wasm']);
  const second = await server.visit(...FILES);
  expect(second.asked).toEqual(DESCRIPTIONS);
  expect(second.texts).toEqual(first.texts);
  expect(second.texts[1]).toBe('module of a');
});

test.each([
  ['build', 'b', 'i'],
  ['image of the same build', 'a', 'j'],
])('uses nothing of another %s, and forgets it', async (_, build, image) => {
  const server = new Server('a');
  await server.visit(...FILES);
  server.deploy(build, image);
  const { texts, asked } = await server.visit(...FILES);
  expect(texts[1]).toBe(`module of ${build}`);
  expect(texts[2]).toBe(`image ${image} of ${build}`);
  expect(asked).toContain('python.wasm');
  expect(caches.all.size).toBe(1);
  expect((await server.visit(...FILES)).asked).toEqual(DESCRIPTIONS);
});

test('keeps the files of two folders apart', async () => {
  const server = new Server('a');
  await server.visit(...FILES);
  const other = new KeptFiles(new URL('https://example.org/other/'), new Server('b').fetch);
  expect(await (await other.get('python.wasm')).response.text()).toBe('module of b');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(caches.all.size).toBe(2);
});

test('does without a network, but not without a file that the server says is missing', async () => {
  const server = new Server('a');
  await server.visit(...FILES);
  server.isThere = false;
  expect((await server.visit(...FILES)).texts[1]).toBe('module of a');
  await expect(server.visit('library-core.zip')).rejects.toThrow('no network');
  server.isThere = true;
  server.files = {};
  await expect(server.visit('build.json')).rejects.toThrow('404');
});

test('keeps nothing where the server does not say what its image is', async () => {
  const server = new Server('a');
  delete server.files['image.json'];
  expect((await server.visit(...FILES)).texts[2]).toBe('image i of a');
  server.deploy('a');
  server.files['image.json'] = '<!doctype html>';
  expect((await server.visit(...FILES)).texts[2]).toBe('image i of a');
  expect(caches.all.size).toBe(0);
});

test('gives the files without a storage, and with one that is full', async () => {
  const server = new Server('a');
  caches.isFull = true;
  expect((await server.visit(...FILES)).texts[1]).toBe('module of a');
  expect((await server.visit(...FILES)).texts[1]).toBe('module of a');
  vi.stubGlobal('caches', undefined);
  expect((await server.visit(...FILES)).texts[1]).toBe('module of a');
  const refuse = async () => Promise.reject(new DOMException('no', 'SecurityError'));
  vi.stubGlobal('caches', { keys: refuse, open: refuse, delete: refuse });
  expect((await server.visit(...FILES)).texts[1]).toBe('module of a');
});

test('forgets what was no good', async () => {
  const server = new Server('a');
  await server.visit(...FILES);
  await new KeptFiles(FOLDER, server.fetch).forget();
  expect(caches.all.size).toBe(0);
});

test('tells which files took their time', async () => {
  const server = new Server('a');
  const files = new KeptFiles(FOLDER, server.fetch);
  expect((await files.get('python.wasm')).isKept).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await new KeptFiles(FOLDER, server.fetch).get('python.wasm')).isKept).toBe(true);
});
