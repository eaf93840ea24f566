import { describe, expect } from 'vitest';
import { BusyError, DisposedError, EndedError, ImageError, OptionError } from '../errors';
import { guestIt as it } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';
import { VolumeFiles } from '../volume/volume-files';
import { SandboxImage } from './sandbox-image';
import type { SandboxState } from './sandbox-state';

const MiB = 1024 * 1024;

async function faultOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return (error as ImageError).reason;
  }
}

function changed(image: SandboxImage, change: Partial<SandboxState>): SandboxImage {
  return new SandboxImage({ ...image.state, ...change });
}

describe('a sandbox that goes on from an image', () => {
  it('is where it was, in the middle of its generators and tasks', async ({ open, restore }) => {
    const python = await open();
    await python.run(`
import asyncio, os, sys
class Counter:
    total = 0
    def add(self, n):
        Counter.total += n
        return self
def numbers():
    n = 0
    while True:
        n += 1
        yield n
counting = numbers()
next(counting)
shared = [Counter().add(3)]
alias = shared
loop = asyncio.new_event_loop()
steps = []
async def work(name, pause):
    for step in range(3):
        steps.append((name, step))
        await asyncio.sleep(pause)
    return name
tasks = [loop.create_task(work('a', 0.02)), loop.create_task(work('b', 0.03))]
loop.run_until_complete(asyncio.sleep(0.025, loop))
before = len(steps)
os.chdir('/tmp')
sys.setrecursionlimit(777)
`);
    const image = await python.sandbox.snapshot();
    for (const form of [image, await image.encode()]) {
      const twin = await restore(form);
      expect(
        await twin.printed(`
done = loop.run_until_complete(asyncio.gather(*tasks))
print(next(counting), alias is shared, shared[0].add(4).total, os.getcwd(), sys.getrecursionlimit())
print(done, before < len(steps) == 6)`),
      ).toBe("2 True 7 /tmp 777\n['a', 'b'] True\n");
    }
    expect(await python.printed('print(next(counting), Counter.total, len(steps) == before)')).toBe(
      '2 3 True\n',
    );
  });

  it('has its open files, also those that were removed, and where it was in them', async ({
    open,
    restore,
  }) => {
    const data = MemoryVolume.from({ 'in/long.txt': 'one\ntwo\nthree\n', 'log.txt': '' });
    const python = await open({ mounts: { '/data': data } });
    await python.run(`
import os, tempfile
reader = open('/data/in/long.txt')
reader.readline()
log = open('/data/log.txt', 'a')
log.write('before ')
log.flush()
mine = open('/home/mine.txt', 'w+')
mine.write('kept')
mine.flush()
unnamed = tempfile.TemporaryFile()
unnamed.write(b'nowhere')
unnamed.flush()
listing = os.scandir('/home')
copy = os.dup(mine.fileno()) if hasattr(os, 'dup') else None
`);
    const image = await python.sandbox.snapshot();
    python.sandbox.dispose();
    const twin = await restore(image, { mounts: { '/data': data } });
    expect(
      await twin.printed(`
log.write('after')
log.close()
mine.write('!')
mine.seek(0)
unnamed.seek(3)
print(reader.readline().strip(), mine.read(), unnamed.read(), [entry.name for entry in listing])
print(os.listdir('/home'), os.listdir('/tmp'))`),
    ).toBe("two kept! b'here' ['mine.txt']\n['mine.txt'] []\n");
    expect(await new VolumeFiles(data).readText('log.txt')).toBe('before after');
    expect(twin.sandbox.usage.openFiles).toBe(4 + 3);
  });

  it('closes what it closes, and opens no more than its limit', async ({ open, restore }) => {
    const python = await open();
    await python.run('files = [open(f"/tmp/{n}", "w") for n in range(30)]');
    const image = await python.sandbox.snapshot();
    expect(await faultOf(() => restore(image, { limits: { openFiles: 10 } }))).toBe('file');
    const twin = await restore(image, { limits: { openFiles: 31 } });
    expect(
      await twin.printed(`
more = [open('/tmp/new', 'w')]
try:
    more.append(open('/tmp/newer', 'w'))
except OSError as error:
    print(error.strerror)
files[4].close()
print(open('/tmp/newer', 'w').fileno())`),
    ).toBe('No file descriptors available\n8\n');
  });

  it('finds time where it was, and the date as it is', async ({ open, restore }) => {
    const python = await open();
    await python.run('import time; before = time.monotonic(), time.time()');
    const image = await python.sandbox.snapshot();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const twin = await restore(image);
    const passed = '[time.monotonic() - before[0], time.time() - before[1]]';
    const [monotonic, real] = (await twin.sandbox.evaluate(passed)) as [number, number];
    expect(monotonic).toBeGreaterThanOrEqual(0);
    expect(real).toBeGreaterThanOrEqual(0.4);
    // How long it slept is no part of it.
    expect(real - monotonic).toBeGreaterThanOrEqual(0.35);
  });

  it('draws numbers of its own; with a seed, the same', async ({ open, restore }) => {
    const python = await open();
    await python.run('import random, secrets, tempfile, uuid; random.seed(1)');
    const image = await python.sandbox.snapshot();
    const drawn = async (options: { seed?: number | string }): Promise<string> => {
      const twin = await restore(image, options);
      return twin.printed(`
print(random.random(), secrets.token_hex(), uuid.uuid4(), next(tempfile._get_candidate_names()),
      random.sample(range(1000), 5))`);
    };
    const all = [
      await drawn({}),
      await drawn({}),
      await drawn({ seed: 7 }),
      await drawn({ seed: '7' }),
      await drawn({ seed: 'seven' }),
    ];
    expect(new Set(all).size).toBe(4);
    expect(all[2]).toBe(all[3]);
    const values = all.map((line) => line.split(' ').slice(0, 4));
    for (let column = 0; column < 4; column++) {
      expect(new Set(values.map((row) => row[column])).size).toBe(4);
    }
  });

  it('reads on in the input that had come', async ({ open, restore }) => {
    const python = await open({ stdin: () => 'first\nsecond\nthird\n' });
    await python.run('import os; print(os.read(0, 6))');
    const image = await python.sandbox.snapshot();
    const twin = await restore(image, { stdin: () => 'later\n' });
    expect(await twin.printed('print(input(), input(), input())')).toBe('second third later\n');
  });

  it('has what the page gives it now: streams, limits, output', async ({ open, restore }) => {
    const python = await open();
    await python.run('import sys; x = bytearray(1 << 20)');
    const image = await python.sandbox.snapshot();
    const twin = await restore(image, {
      limits: { fuel: 10_000_000 },
      terminal: { stdin: true, stdout: false },
    });
    expect(await twin.sandbox.evaluate('sys.stdin.isatty(), sys.stdout.isatty()')).toEqual([
      true,
      false,
    ]);
    expect(twin.sandbox.limits.fuel).toBe(10_000_000);
    expect((await twin.run('while True: pass')).status).toBe('cpu');
  });

  it('goes on although it has put other things in the place of its streams', async ({
    open,
    restore,
  }) => {
    const python = await open();
    await python.run(`
import sys
class Silent:
    def write(self, text): pass
    def flush(self): pass
sys.stdout = sys.stdin = Silent()
sys.__stdin__.close()`);
    const twin = await restore(await python.sandbox.snapshot());
    expect((await twin.run('print(1); sys.stdout = sys.__stdout__')).status).toBe('ok');
    expect(await twin.printed('print(2)')).toBe('2\n');
  });

  it('is as large as what changed, and has nothing of what was freed', async ({ open }) => {
    const python = await open();
    const small = await (await python.sandbox.snapshot()).encode();
    await python.run('data = __import__("os").urandom(1 << 20)');
    const large = await (await python.sandbox.snapshot()).encode();
    expect(small.length).toBeLessThan(100_000);
    expect(large.length - small.length).toBeGreaterThan(1 << 20);
    expect(large.length - small.length).toBeLessThan((1 << 20) + 200_000);
    await python.run('del data');
    const freed = await (await python.sandbox.snapshot()).encode();
    expect(freed.length - small.length).toBeLessThan(100_000);
  });

  it('was no guest of the base image', async ({ open, restore }) => {
    const python = await open({ env: { PYTHONOPTIMIZE: '1' } });
    await python.run('import sys; x = 5');
    const image = await python.sandbox.snapshot();
    expect(image.state.baseId).toBe('');
    const twin = await restore(await image.encode());
    expect(await twin.printed('print(x, sys.flags.optimize)')).toBe('5 1\n');
  });
});

describe('an image that does not fit', () => {
  it('is refused, with the reason, and nothing runs', async ({ open, restore, guest }) => {
    const data = MemoryVolume.from({ 'a.txt': 'a', 'b.txt': 'b' });
    const python = await open({ mounts: { '/data': data }, limits: { heapBytes: 256 * MiB } });
    await python.run(`f = open('/data/a.txt', 'r+'); big = bytearray(${60 * MiB})`);
    const image = await python.sandbox.snapshot();
    const mounts = { '/data': data };
    const limits = { heapBytes: 256 * MiB };
    const refused: [string, Promise<string>][] = [
      ['build', faultOf(() => restore(changed(image, { buildId: 'x' }), { mounts, limits }))],
      ['base', faultOf(() => restore(changed(image, { baseId: 'x' }), { mounts, limits }))],
      ['size', faultOf(() => restore(image, { mounts, limits: { heapBytes: 32 * MiB } }))],
      ['mount', faultOf(() => restore(image, { limits }))],
      ['mount', faultOf(() => restore(image, { mounts: { ...mounts, '/home': data }, limits }))],
      ['file', faultOf(() => restore(image, { mounts: { '/data': new MemoryVolume() }, limits }))],
      [
        'file',
        faultOf(() => {
          const readOnly = MemoryVolume.from({ 'a.txt': 'a' }, { readOnly: true });
          return restore(image, { mounts: { '/data': readOnly }, limits });
        }),
      ],
      [
        'file',
        faultOf(() => {
          const directory = MemoryVolume.from({ 'a.txt/': null });
          return restore(image, { mounts: { '/data': directory }, limits });
        }),
      ],
      [
        'damaged',
        faultOf(() => {
          const memory = { pages: 10, parts: new Uint32Array(0), bytes: new Uint8Array(0) };
          return restore(changed(image, { memory }), { mounts, limits });
        }),
      ],
      [
        'damaged',
        faultOf(() => {
          const home = image.state.volumes.get('/home');
          if (home === undefined) throw new Error('no home');
          return restore(changed(image, { volumes: new Map([['/usr', home]]) }), {
            mounts,
            limits,
          });
        }),
      ],
      [
        'file',
        faultOf(() => {
          // A node of the page's by its number, which only the sandbox's own are known by.
          const files = image.state.files.map((file) =>
            'place' in file
              ? {
                  ...file,
                  place: { path: '/data/b.txt', own: { mount: '/data', inode: data.root } },
                }
              : file,
          );
          return restore(changed(image, { files }), { mounts, limits });
        }),
      ],
      [
        'damaged',
        faultOf(() => {
          const files = [...image.state.files, ...image.state.files];
          return restore(changed(image, { files }), { mounts, limits });
        }),
      ],
    ];
    for (const [reason, fault] of refused) expect(await fault).toBe(reason);
    expect(guest.buildId).toBe(image.buildId);
    const twin = await restore(image, { mounts, limits });
    expect(await twin.printed('print(f.read(), len(big))')).toBe(`a ${60 * MiB}\n`);
  });

  it('gives no open file rights that its mount has not', async ({ open, restore }) => {
    const data = MemoryVolume.from({ 'a.txt': 'a' }, { readOnly: true });
    const python = await open({ mounts: { '/data': data } });
    await python.run("import os; fd = os.open('/data/a.txt', os.O_RDONLY)");
    const image = await python.sandbox.snapshot();
    const files = image.state.files.map((file) =>
      'place' in file ? { ...file, rights: 2 ** 53 - 1 } : file,
    );
    const forged = changed(image, { files });
    expect(await faultOf(() => restore(forged, { mounts: { '/data': data } }))).toBe('file');
  });

  it('takes no key for an image that is no file', async ({ open, restore }) => {
    const python = await open();
    const image = await python.sandbox.snapshot();
    const make = crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    const { publicKey, privateKey } = (await make) as CryptoKeyPair;
    await expect(restore(image, { verifyWith: publicKey })).rejects.toThrow(OptionError);
    const file = await image.encode({ signWith: privateKey });
    const twin = await restore(file, { verifyWith: publicKey });
    expect(twin.sandbox.alive).toBe(true);
    const unsigned = await image.encode();
    expect(await faultOf(() => restore(unsigned, { verifyWith: publicKey }))).toBe('signature');
  });

  it('whose program does not let itself go on is ended at its limits', async ({
    open,
    restore,
  }) => {
    const python = await open();
    await python.run(`
import random
def for_ever(*_):
    while True: pass
random.seed = for_ever`);
    const image = await python.sandbox.snapshot();
    await expect(restore(image, { limits: { cpuMs: 200, graceMs: 50 } })).rejects.toThrow(
      // By the exception of the limit, or with the worker where that comes too late.
      /can't resume|\(cpuMs\)/,
    );
  });
});

describe('an image', () => {
  it('is not taken while something runs, but when it is over', async ({ open, restore }) => {
    const python = await open();
    const running = python.run('import time; time.sleep(0.2); x = 1');
    await expect(python.sandbox.snapshot()).rejects.toThrow(BusyError);
    const image = await python.sandbox.snapshot({ wait: true });
    expect((await running).status).toBe('ok');
    expect(await (await restore(image)).sandbox.evaluate('x')).toBe(1);
  });

  it('is not taken of what has ended', async ({ open }) => {
    const python = await open();
    python.sandbox.terminate();
    await expect(python.sandbox.snapshot()).rejects.toThrow(EndedError);
    python.sandbox.dispose();
    await expect(python.sandbox.snapshot()).rejects.toThrow(DisposedError);
  });

  it('is not taken while a file of the page is open that has been moved', async ({ open }) => {
    const data = MemoryVolume.from({ 'a.txt': 'a' });
    const python = await open({ mounts: { '/data': data } });
    await python.run("import os; f = open('/data/a.txt'); os.rename('/data/a.txt', '/data/b.txt')");
    expect(await faultOf(() => python.sandbox.snapshot())).toBe('file');
    await python.run('f.close()');
    expect(await faultOf(() => python.sandbox.snapshot())).toBe('none');
  });
});

describe('a fork', () => {
  it('is a twin of its own', async ({ open, keep }) => {
    const python = await open({ mounts: { '/data': MemoryVolume.from({ 'a.txt': 'shared' }) } });
    await python.run("values = [1]; open('/home/own.txt', 'w').write('x')");
    const twin = await keep(() => python.fork());
    await twin.run("values.append(2); open('/home/own.txt', 'w').write('twin')");
    await python.run("values.append(3); open('/data/a.txt', 'a').write(' by both')");
    const seen = "values, open('/home/own.txt').read(), open('/data/a.txt').read()";
    expect(await python.sandbox.evaluate(seen)).toEqual([[1, 3], 'x', 'shared by both']);
    expect(await twin.sandbox.evaluate(seen)).toEqual([[1, 2], 'twin', 'shared by both']);
    python.sandbox.dispose();
    expect(await twin.printed('print(len(values))')).toBe('2\n');
  });
});

describe('a restart', () => {
  it('goes back to what was before the run that it died in', async ({ open }) => {
    const python = await open({ limits: { cpuMs: 200, graceMs: 0 } });
    await python.run("state = ['good']; open('/home/a.txt', 'w').write('good')");
    const from = await python.sandbox.snapshot();
    const outcome = await python.run(
      "state.append('bad'); open('/home/a.txt', 'w').write('bad')\nwhile True: pass",
    );
    expect([outcome.status, outcome.alive]).toEqual(['cpu', false]);
    await python.sandbox.restart({ from });
    const seen = "state, open('/home/a.txt').read()";
    expect(await python.sandbox.evaluate(seen)).toEqual([['good'], 'good']);
    await python.sandbox.restart();
    expect(
      await python.sandbox.evaluate("'state' in globals(), open('/home/a.txt').read()"),
    ).toEqual([false, 'good']);
  });

  it('leaves the guest alone where the image does not fit', async ({ open }) => {
    const python = await open();
    await python.run('x = 1');
    const from = changed(await python.sandbox.snapshot(), { buildId: 'x' });
    expect(await faultOf(() => python.sandbox.restart({ from }))).toBe('build');
    expect(await python.sandbox.evaluate('x')).toBe(1);
  });
});
