import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginFiles, filesAt } from './files-at';

/** A module of no functions. */
const MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

const NEEDED = ['build.json', 'library.directories', 'python.image', 'python.wasm'];

let folders = 0;
/** What was asked for. */
let asked: string[];
let missing: string | undefined;

beforeEach(() => {
  asked = [];
  missing = undefined;
  vi.stubGlobal('navigator', { vendor: '' });
  vi.stubGlobal('fetch', async (url: URL) => {
    const name = url.pathname.replace(/.*\//, '');
    asked.push(name);
    if (name === missing) return new Response('', { status: 404 });
    return name.endsWith('.wasm')
      ? new Response(MODULE, { headers: { 'Content-Type': 'application/wasm' } })
      : new Response(`content of ${name}`);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Each test has a folder of its own. */
const newFolder = (): URL => new URL(`https://example.org/${folders++}/`);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('files that were asked for before an interpreter is loaded', () => {
  it('are not asked for again by the one that is', async () => {
    const folder = newFolder();
    beginFiles(folder, false);
    expect(asked.sort()).toEqual(NEEDED);
    const files = filesAt(folder);
    expect(await files.compile('python.wasm')).toBeInstanceOf(WebAssembly.Module);
    for (const name of NEEDED.slice(0, -1)) {
      expect(text(await files.read(name))).toBe(`content of ${name}`);
    }
    expect(asked).toHaveLength(NEEDED.length);
    expect(text(await files.read('library-core.zip'))).toBe('content of library-core.zip');
  });

  it.each([
    ['as it is', '', []],
    ['with the checks that it needs in WebKit', 'Apple Computer, Inc.', ['stop_check']],
  ])('are read as code %s', async (_how, vendor, imports) => {
    vi.stubGlobal('navigator', { vendor });
    const folder = newFolder();
    beginFiles(folder, false);
    const code = await filesAt(folder).readCode('python-rare.wasm');
    const module = new WebAssembly.Module(code as BufferSource);
    expect(WebAssembly.Module.imports(module).map(({ name }) => name)).toEqual(imports);
  });

  it('are for one interpreter, and asked for once', async () => {
    const folder = newFolder();
    beginFiles(folder, false);
    beginFiles(folder, false);
    expect(asked).toHaveLength(NEEDED.length);
    expect(filesAt(folder)).not.toBe(filesAt(folder));
    await filesAt(folder).read('python.image');
    expect(asked).toHaveLength(NEEDED.length + 1);
  });

  it('are those of one folder', () => {
    const folder = newFolder();
    beginFiles(folder, false);
    asked = [];
    void filesAt(newFolder()).read('python.image');
    expect(asked).toEqual(['python.image']);
  });

  it('can be read again: from the server', async () => {
    const folder = newFolder();
    beginFiles(folder, false);
    const files = filesAt(folder);
    await files.read('python.image');
    await files.read('python.image');
    expect(asked.filter((name) => name === 'python.image')).toHaveLength(2);
  });

  it('tell how much of them had come before', async () => {
    const folder = newFolder();
    beginFiles(folder, true);
    const files = filesAt(folder);
    await files.read('python.image');
    const read: Record<string, number> = {};
    files.onRead = (name, bytes) => {
      read[name] = bytes;
    };
    expect(read['python.image']).toBe('content of python.image'.length);
  });

  it('tell nothing of it where nobody wants to hear', async () => {
    const folder = newFolder();
    beginFiles(folder, false, false);
    const files = filesAt(folder);
    await files.read('python.image');
    const onRead = vi.fn();
    files.onRead = onRead;
    expect(onRead).not.toHaveBeenCalled();
  });

  it.for(['python.wasm', 'python.image'])(
    'tell that %s is missing when it is read',
    async (name) => {
      missing = name;
      const folder = newFolder();
      beginFiles(folder, false);
      const files = filesAt(folder);
      const coming = name.endsWith('.wasm') ? files.compile(name) : files.read(name);
      await expect(coming).rejects.toThrow('404');
    },
  );
});
