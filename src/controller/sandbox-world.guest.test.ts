import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect } from 'vitest';
import { MountError, OptionError } from '../errors';
import { HostDirectoryVolume } from '../node/host-directory-volume';
import { guestIt as it } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';
import { ZipVolume } from '../volume/zip-volume';

describe('the tree', () => {
  it('has what was mounted and nothing of the machine', async ({ open }) => {
    const python = await open({ mounts: { '/data/deep': MemoryVolume.from({ 'a.txt': 'a' }) } });
    await python.run('import os');
    expect(await python.sandbox.evaluate('sorted(os.listdir("/"))')).toEqual([
      'data',
      'home',
      'tmp',
      'usr',
    ]);
    expect(await python.sandbox.evaluate('os.getcwd(), os.listdir("/data/deep")')).toEqual([
      '/home',
      ['a.txt'],
    ]);
    for (const hidden of [
      '/etc/passwd',
      '/proc/self/environ',
      '../../../etc/passwd',
      '/dev/null',
    ]) {
      const outcome = await python.run(`open(${JSON.stringify(hidden)})`);
      expect(outcome).toMatchObject({ error: { type: 'FileNotFoundError' } });
    }
  });

  it('shows nothing of the environment', async ({ open }) => {
    const python = await open({ env: { GREETING: 'hello é' } });
    await python.run('import os');
    const names = await python.sandbox.evaluate('sorted(os.environ)');
    expect(names).toEqual(['GREETING', 'HOME', 'PWD', 'TERM']);
    expect(await python.sandbox.evaluate('os.environ["GREETING"]')).toBe('hello é');
  });

  it('can not be changed outside its writable folders', async ({ shared }) => {
    for (const place of ['/x', '/usr/lib/x.py', '/usr/lib/python3.13/os.py']) {
      const outcome = await shared.run(`open(${JSON.stringify(place)}, "w")`);
      expect(outcome).toMatchObject({ error: { type: 'OSError' } });
    }
    expect(await shared.run('import os\nos.rmdir("/home")')).toMatchObject({ status: 'error' });
    expect(await shared.run('os.rename("/tmp", "/home/tmp")')).toMatchObject({ status: 'error' });
    expect(await shared.run('os.listdir("/home")')).toMatchObject({ status: 'ok' });
  });

  it('carries the usual work with files', async ({ open }) => {
    const python = await open();
    await python.run(`
import os, pathlib, shutil, tempfile
root = pathlib.Path('/home/work')
(root / 'a' / 'b').mkdir(parents=True)
(root / 'a' / 'b' / 'text.txt').write_text('é' * 1000)
os.symlink('a/b/text.txt', root / 'link')
(root / 'link').rename(root / 'renamed')
shutil.copytree(root, '/home/copy', symlinks=True)
with tempfile.TemporaryDirectory() as scratch:
    pathlib.Path(scratch, 'x').touch()
sizes = [(root / 'renamed').stat().st_size, len(list(pathlib.Path('/home/copy').rglob('*')))]
shutil.rmtree(root)
left = os.listdir('/home'), os.path.exists(scratch)
`);
    expect(await python.sandbox.evaluate('sizes')).toEqual([2000, 4]);
    expect(await python.sandbox.evaluate('left')).toEqual([['copy'], false]);
  });
});

describe('a mount', () => {
  it('in memory is shared with the page', async ({ open }) => {
    const volume = MemoryVolume.from({ 'in.txt': 'from the page' });
    const python = await open({ mounts: { '/data': volume } });
    await python.run('open("/data/out.txt", "w").write(open("/data/in.txt").read().upper())');
    const file = volume.lookup(volume.root, 'out.txt');
    expect(file).toBeDefined();
    if (file === undefined) return;
    expect(new TextDecoder().decode(volume.read(file, 0, 100))).toBe('FROM THE PAGE');
  });

  it('of a zip is read-only, and modules can be imported from it', async ({ open }) => {
    const zip = zipSync({ 'tool/__init__.py': Buffer.from('def answer(): return 6 * 7') });
    const python = await open({ mounts: { '/data': ZipVolume.from(zip) } });
    await python.run('import sys\nsys.path.append("/data")\nimport tool');
    expect(await python.sandbox.evaluate('tool.answer()')).toBe(42);
    expect(await python.run('open("/data/new", "w")')).toMatchObject({
      error: { type: 'OSError', message: expect.stringContaining('Read-only') },
    });
  });

  it('of a folder of the machine is read-only unless it is said to be writable', async ({
    open,
    onTestFinished,
  }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'glovebox-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'in.txt'), 'here');
    const python = await open({
      mounts: {
        '/read': HostDirectoryVolume.open(folder),
        '/write': HostDirectoryVolume.open(folder, { writable: true }),
      },
    });
    expect(await python.printed('print(open("/read/in.txt").read())')).toBe('here\n');
    expect(await python.run('open("/read/out.txt", "w")')).toMatchObject({ status: 'error' });
    await python.run('with open("/write/out.txt", "w") as file: file.write("there")');
    expect(readFileSync(path.join(folder, 'out.txt'), 'utf8')).toBe('there');
  });

  it.for([
    { 'relative/path': new MemoryVolume() },
    { '/a': new MemoryVolume(), '/a/': new MemoryVolume() },
    { '/a/../b': new MemoryVolume() },
    { '/': new MemoryVolume() },
    { '/usr': new MemoryVolume() },
    { '/a': MemoryVolume.from({ file: 'x' }), '/a/file': new MemoryVolume() },
  ])('that can not be is refused: case %#', async (mounts, { open }) => {
    await expect(open({ mounts: mounts as Record<string, MemoryVolume> })).rejects.toThrow(
      MountError,
    );
  });

  it('of a variable that can not be is refused', async ({ open }) => {
    await expect(open({ env: { 'A=B': 'c' } })).rejects.toThrow(OptionError);
    await expect(open({ env: { A: 'b\0' } })).rejects.toThrow(OptionError);
  });
});

describe('two sandboxes', () => {
  it('share no variable, no module and no file', async ({ open }) => {
    const [one, two] = [await open(), await open()];
    await one.run('import json\nx = json.changed = 1\nopen("/tmp/f", "w").write("f")');
    await two.run('import json, os');
    expect(await two.sandbox.evaluate('"x" in globals()')).toBe(false);
    expect(await two.sandbox.evaluate('hasattr(json, "changed")')).toBe(false);
    expect(await two.sandbox.evaluate('os.listdir("/tmp")')).toEqual([]);
  });

  it('draw different random numbers, and hashes where they ask for that', async ({ open }) => {
    const draw = async (): Promise<unknown> => {
      const python = await open({ env: { PYTHONHASHSEED: 'random' } });
      await python.run('import os, random, uuid');
      return python.sandbox.evaluate(
        '[random.random(), os.urandom(8), str(uuid.uuid4()), hash("text")]',
      );
    };
    const [one, two] = [await draw(), await draw()] as [unknown[], unknown[]];
    for (const [index, value] of one.entries()) expect(value).not.toEqual(two[index]);
  });

  it('run side by side', async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const loop = one.run('while True: pass');
    expect(await two.printed('print(6 * 7)')).toBe('42\n');
    one.sandbox.interrupt();
    expect(await loop).toMatchObject({ status: 'interrupted' });
  });
});

describe('what no guest has', () => {
  it.for([
    ['a thread', 'import threading\nthreading.Thread(target=print).start()', 'RuntimeError'],
    ['a subprocess', 'import subprocess\nsubprocess.run(["ls"])', 'OSError'],
    ['a shell', 'import os\nos.system("ls")', 'AttributeError'],
    ['a socket', 'import socket\nsocket.create_connection(("localhost", 80))', ''],
    ['a web page', 'import urllib.request\nurllib.request.urlopen("http://localhost/")', ''],
    ['a process pool', 'import concurrent.futures as c\nc.ProcessPoolExecutor().submit(int)', ''],
    ['a thread pool', 'import concurrent.futures as c\nc.ThreadPoolExecutor().submit(int)', ''],
    ['a C library', 'import ctypes', 'ModuleNotFoundError'],
    ['the page', 'import js', 'ModuleNotFoundError'],
  ] as const)("is refused by Python's own exception: %s", async ([, source, type], { open }) => {
    const python = await open();
    const outcome = await python.run(source);
    expect(outcome).toMatchObject({ status: 'error', alive: true });
    if (type !== '') expect(outcome).toMatchObject({ error: { type } });
    else expect(python.stderr).toMatch(/Error: /);
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });
});
