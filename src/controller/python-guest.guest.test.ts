import { describe, expect, it } from 'vitest';
import { GuestFilesError, UnknownImportsError } from '../errors';
import { createNodePlatform, filesIn } from '../node/platform';
import { guestFolder, workerFile } from '../testing/guest-test';
import { assemble } from '../testing/wat';
import type { GuestFiles } from './guest-files';
import { PythonGuest } from './python-guest';
import { Sandbox } from './sandbox';
import { addStopChecks } from './stop-checks';

const files = filesIn(guestFolder);

/** The guest's files, one of them as the test wants it. */
function withFile(
  changed: string | RegExp,
  change: (content: Uint8Array) => Uint8Array,
): GuestFiles {
  const read = async (name: string): Promise<Uint8Array> => {
    const content = await files.read(name);
    return name.match(changed) ? change(content) : content;
  };
  return {
    compile: async (name) => WebAssembly.compile((await read(name)) as BufferSource),
    read,
    readCode: read,
  };
}

const truncated = (content: Uint8Array): Uint8Array => content.subarray(0, -1000);

describe('loading the guest', () => {
  it('tells which Python and which build it is', async () => {
    const guest = await PythonGuest.load(files);
    expect(guest.pythonVersion).toMatch(/^3\.13\.\d+$/);
    expect(guest.buildId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('runs with the checks that WebKit needs to stop it', async () => {
    const guest = await PythonGuest.load(withFile(/\.wasm$/, addStopChecks));
    const sandbox = await Sandbox.create({ guest }, createNodePlatform(workerFile));
    try {
      const source = '__import__("hashlib").md5(b"a" * 10**6).hexdigest()';
      expect(await sandbox.evaluate(source)).toBe('7707d6ae4e027c70eea2a935c2296f21');
      const query = `__import__('sqlite3').connect(':memory:').execute('select 6 * 7').fetchone()`;
      expect(await sandbox.evaluate(query)).toEqual([42]);
      const deep = await sandbox.run('def f(): f()\nf()');
      expect(deep).toMatchObject({ status: 'error', error: { type: 'RecursionError' } });
    } finally {
      sandbox.dispose();
    }
  });

  it.for(['build.json', 'python.wasm', 'python.image', 'library.directories'])(
    'names %s when it is missing',
    async (missing) => {
      const without: GuestFiles = {
        compile: (name) =>
          name === missing ? Promise.reject(new Error('404')) : files.compile(name),
        read: (name) => (name === missing ? Promise.reject(new Error('404')) : files.read(name)),
        readCode: files.readCode,
      };
      const loading = PythonGuest.load(without);
      await expect(loading).rejects.toThrow(GuestFilesError);
      await expect(loading).rejects.toThrow(`${missing} can't be`);
    },
  );

  it.for(['python.image', 'library.directories'])('notices that %s is cut short', async (name) => {
    const loading = PythonGuest.load(withFile(name, truncated));
    await expect(loading).rejects.toThrow(GuestFilesError);
    await expect(loading).rejects.toThrow(name);
  });

  it('notices that a directory of the library has another content', async () => {
    const swapped = (content: Uint8Array): Uint8Array => {
      const changed = content.slice();
      changed[100] = (changed[100] ?? 0) ^ 1;
      return changed;
    };
    const loading = PythonGuest.load(withFile('library.directories', swapped));
    await expect(loading).rejects.toThrow('library.directories is damaged');
  });

  it.for([
    ['is damaged', 'forgotten', truncated],
    ['does not come', 'kept', undefined],
  ] as const)('leaves what is kept of files of which one %s %s', async ([, expected, change]) => {
    let fate = 'kept';
    const given = withFile('python.image', (content) => {
      if (change === undefined) throw new TypeError('no network');
      return change(content);
    });
    const forget = async (): Promise<void> => {
      fate = 'forgotten';
    };
    await expect(PythonGuest.load({ ...given, forget })).rejects.toThrow(GuestFilesError);
    expect(fate).toBe(expected);
  });

  it('notices a module that is cut short', async () => {
    const loading = PythonGuest.load(withFile('python.wasm', truncated));
    await expect(loading).rejects.toThrow(GuestFilesError);
  });

  it.for([
    ['the start page of a server', '<!doctype html>'],
    ['empty', ''],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a list', '[]'],
  ])('notices a manifest that is %s', async ([, text]) => {
    const loading = PythonGuest.load(withFile('build.json', () => Buffer.from(text ?? '')));
    await expect(loading).rejects.toThrow(GuestFilesError);
  });

  it('notices a memory image of another build', async () => {
    const manifest = JSON.parse(new TextDecoder().decode(await files.read('build.json')));
    const other = new TextEncoder().encode(JSON.stringify({ ...manifest, buildId: 'other' }));
    const loading = PythonGuest.load(withFile('build.json', () => other));
    await expect(loading).rejects.toThrow(/python.image can't be used: .* of build .* other/);
  });

  it('loads no memory image that is not wanted', async () => {
    const asked: string[] = [];
    const watched: GuestFiles = {
      ...files,
      read: (name) => {
        asked.push(name);
        return files.read(name);
      },
    };
    const guest = await PythonGuest.load(watched, { image: false });
    expect(asked).not.toContain('python.image');
    expect(guest.image).toBeUndefined();
    const sandbox = await Sandbox.create({ guest }, createNodePlatform(workerFile));
    expect(await sandbox.evaluate('6 * 7')).toBe(42);
    sandbox.dispose();
  });

  it("reads the library's text when someone looks at it, and not to import from it", async () => {
    const asked: string[] = [];
    const watched = {
      ...files,
      read: (name: string) => {
        asked.push(name);
        return files.read(name);
      },
    };
    const guest = await PythonGuest.load(watched);
    asked.length = 0;
    let shown = '';
    const onOutput = (bytes: Uint8Array): void => {
      shown += new TextDecoder().decode(bytes);
    };
    const sandbox = await Sandbox.create({ guest, onOutput }, createNodePlatform(workerFile));
    try {
      await sandbox.run('import csv, asyncio, pathlib');
      expect(asked).toEqual(['library-core.zip']);
      await sandbox.run('csv.reader(5)');
      expect(asked).toEqual(['library-core.zip']);
      await sandbox.run('json = __import__("json").loads("{")');
      expect(asked).toEqual(['library-core.zip', 'library-sources.zip']);
      expect(shown).toContain('return _default_decoder.decode(s)');
    } finally {
      sandbox.dispose();
    }
  });

  it('lists every import that no host call answers', async () => {
    const foreign = assemble(`(module
      (import "env" "memory" (memory 1))
      (import "env" "eval" (func (param i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_teleport" (func (result i32))))`);
    const loading = PythonGuest.load(withFile('python.wasm', () => foreign));
    await expect(loading).rejects.toThrow(UnknownImportsError);
    await expect(loading).rejects.toMatchObject({
      missing: ['env.eval', 'wasi_snapshot_preview1.fd_teleport'],
    });
  });

  it.for([
    ['core', 'open("/usr/lib/python3.13/__pycache__/csv.cpython-313.pyc", "rb").read()'],
    ['sources', 'open("/usr/lib/python3.13/csv.py").read()'],
    ['more', 'import encodings.shift_jis'],
  ])('leaves an archive (%s) that is damaged to what needs it', async ([part, needed]) => {
    let broken = true;
    const guest = await PythonGuest.load({
      ...files,
      read: async (name) => {
        const content = await files.read(name);
        return broken && name === `library-${part}.zip` ? truncated(content) : content;
      },
    });
    const sandbox = await Sandbox.create({ guest }, createNodePlatform(workerFile));
    try {
      expect(await sandbox.run(needed ?? '')).toMatchObject({
        status: 'error',
        error: { type: 'OSError' },
      });
      expect(await sandbox.evaluate('6 * 7')).toBe(42);
      // What comes as bytecode and as text is imported from whatever is sound.
      expect(await sandbox.run('import bisect')).toMatchObject({ status: 'ok' });
      broken = false;
      expect(await sandbox.run(needed ?? '')).toMatchObject({ status: 'ok' });
    } finally {
      sandbox.dispose();
    }
  });
});
