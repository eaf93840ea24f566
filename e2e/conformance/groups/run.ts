/** Programs run, and what they leave behind can be asked for. */
import { claim, claimEqual, claimIncludes, claimMatches, claimWithin, codeOf } from '../claims';
import type { Group } from '../suite';

export const run: Group = {
  'a sandbox has the best channel of the page': async (workshop) => {
    const { sandbox } = await workshop.shared();
    const canShare = globalThis.crossOriginIsolated && 'SharedArrayBuffer' in globalThis;
    claimEqual(sandbox.channel, canShare ? 'shared' : 'suspend');
  },

  'a program prints': async (workshop) => {
    const python = await workshop.shared();
    claimEqual(await python.printed('print(6 * 7, "wörld 🐍")'), '42 wörld 🐍\n');
  },

  'a run finds what the one before it defined': async (workshop) => {
    const python = await workshop.shared();
    await python.run('scores = [20, 22]');
    claimEqual(await python.sandbox.evaluate('sum(scores)'), 42);
  },

  'an exception is told with its line and its traceback': async (workshop) => {
    const python = await workshop.shared();
    const outcome = await python.run('def f():\n  return 1 / 0\n\nf()', { filename: 'ada.py' });
    claimMatches(outcome, { status: 'error', alive: true });
    claim('error' in outcome, 'there is no error');
    claimMatches(outcome.error, { type: 'ZeroDivisionError', line: 2 });
    claimIncludes(python.output, 'File "ada.py", line 2, in f');
  },

  'sys.exit ends the program, not the guest': async (workshop) => {
    const python = await workshop.shared();
    const outcome = await python.run('import sys\nsys.exit(3)');
    claimMatches(outcome, { status: 'exit', exitCode: 3, alive: true });
  },

  'values of many kinds come out of the guest': async (workshop) => {
    const python = await workshop.shared();
    const value = await python.sandbox.evaluate('[None, True, 1.5, "ä", [2, (3,)], -7]');
    claimEqual(value, [null, true, 1.5, 'ä', [2, [3]], -7]);
  },

  'the largest int of a message comes out of the guest': async (workshop) => {
    const python = await workshop.shared();
    const value = await python.sandbox.evaluate('2**999990 - 1');
    claim(value === 2n ** 999_990n - 1n, 'it is another one');
  },

  'the library is there: databases, compression, decimals': async (workshop) => {
    const python = await workshop.shared();
    const source = `
import sqlite3, zlib, lzma, bz2, json, decimal, hashlib
db = sqlite3.connect(':memory:')
db.execute('create table t (n)')
db.executemany('insert into t values (?)', [(n,) for n in range(10)])
[total] = db.execute('select sum(n) from t').fetchone()
packed = lzma.compress(bz2.compress(zlib.compress(b'x' * 10000)))
print(total, len(zlib.decompress(bz2.decompress(lzma.decompress(packed)))),
      decimal.Decimal('0.1') * 3, hashlib.sha256(b'').hexdigest()[:8], json.dumps({'a': [1]}))
`;
    claimEqual(await python.printed(source), '45 10000 0.3 e3b0c442 {"a": [1]}\n');
  },

  'a rare module is fetched when it is imported': async (workshop) => {
    const python = await workshop.shared();
    claimEqual(
      await python.printed('import zoneinfo\nprint(zoneinfo.ZoneInfo("Asia/Tokyo"))'),
      'Asia/Tokyo\n',
    );
  },

  'tasks sleep side by side': async (workshop) => {
    const python = await workshop.shared();
    await python.run('import asyncio');
    const startedAt = performance.now();
    await python.printed(`
async def main():
    await asyncio.gather(*[asyncio.sleep(0.3) for _ in range(5)])
asyncio.run(main())
`);
    const durationMs = performance.now() - startedAt;
    claim(durationMs >= 290, `they slept for ${durationMs} ms`);
    claimWithin(durationMs, 1200, 'five sleeps of 300 ms');
  },

  'callbacks of C functions make host calls': async (workshop) => {
    const python = await workshop.shared();
    const source = `
import os, re, functools
def size(name):
    return (os.stat('/usr').st_ino, name)
names = sorted(['b', 'a', 'c'], key=size)
print(names, re.sub('[bc]', lambda found: str(len(os.listdir('/')) > 0), 'abc'))
`;
    claimEqual(await python.printed(source), "['a', 'b', 'c'] aTrueTrue\n");
  },

  'two sandboxes share nothing': async (workshop) => {
    const [one, other] = [await workshop.open(), await workshop.open()];
    await one.run('import builtins\nbuiltins.mark = 1\nopen("/tmp/mark", "w").close()');
    const [left, right] = await Promise.all([
      one.printed('import os\nprint(mark, os.listdir("/tmp"))'),
      other.printed('import os\nprint("mark" in dir(__builtins__), os.listdir("/tmp"))'),
    ]);
    claimEqual([left, right], ["1 ['mark']\n", 'False []\n']);
  },

  'two copies of the library work on one page': async () => {
    const opened = await Promise.all(
      ['one', 'two'].map(async (name) => {
        // The published bundle: by another address it is another module.
        const address = new URL(`library-${name}/index.js`, document.baseURI).href;
        const copy = (await import(
          /* @vite-ignore */ address
        )) as typeof import('../../../src/index');
        const guest = await copy.PythonGuest.load();
        return { copy, sandbox: await copy.Sandbox.create({ guest }) };
      }),
    );
    const [one, two] = opened;
    claim(one?.copy.Sandbox !== two?.copy.Sandbox, 'it is one copy');
    await Promise.all(opened.map(({ sandbox }, index) => sandbox.run(`n = ${index}`)));
    const values = await Promise.all(opened.map(({ sandbox }) => sandbox.evaluate('n')));
    for (const { sandbox } of opened) sandbox.dispose();
    claimEqual(values, [0, 1]);
  },

  'a sandbox at work refuses a second run': async (workshop) => {
    const python = await workshop.shared();
    const running = python.run('import time\ntime.sleep(0.1)');
    claimEqual(await codeOf(python.run('pass')), 'BUSY');
    claimMatches(await running, { status: 'ok' });
  },

  'source that is no Python is a SyntaxError of its own': async (workshop) => {
    const python = await workshop.shared();
    const bytes = Uint8Array.of(0x78, 0x3d, 0xff, 0x00, 0x31);
    const outcome = await python.sandbox.run(bytes);
    claim('error' in outcome, 'there is no error');
    claim(['SyntaxError', 'ValueError'].includes(outcome.error.type), outcome.error.type);
  },
};
