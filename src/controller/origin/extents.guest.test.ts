import { describe, expect } from 'vitest';
import { guestIt as it } from '../../testing/guest-test';
import { openWith } from '../../testing/origin-attempts';
import { MemoryVolume } from '../../volume/memory-volume';

const helper = `
import os, journal
def work(): journal.note()
def list_root(): return os.listdir('/')
def items():
    for n in range(3): yield n
async def wait(): return 1
`;

describe('a restricted extent', () => {
  it('lets run what it does not deny', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    const printed = await python.printed(`
import glovebox, helper, json, re, math, dataclasses, collections, asyncio, journal
@dataclasses.dataclass
class Point:
    x: int
    def __add__(self, other): return Point(self.x + other.x)
async def main():
    return await asyncio.gather(helper.wait(), helper.wait())
loop = asyncio.new_event_loop()
with glovebox.restrict(deny=['os', 'socket', 'subprocess']):
    helper.work()
    print(Point(1) + Point(2), json.dumps({'a': [1, 2.5]}), re.sub('a', 'b', 'aaa'))
    print(list(helper.items()), math.sqrt(2), collections.Counter('aab'), sorted('ba', key=ord))
    print(eval('[n * n for n in range(3)]'), f'{3:>4}', list(map(str, [1, 2])))
    loop.run_until_complete(main())
print(journal.marks)
`);
    expect(printed).toBe(
      "Point(x=3) {\"a\": [1, 2.5]} bbb\n[0, 1, 2] 1.4142135623730951 Counter({'a': 2, 'b': 1}) ['a', 'b']\n" +
        "[0, 1, 4]    3 ['1', '2']\n['ran']\n",
    );
  });

  it('leaves everything as it was when it is over, however it ends', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    expect(
      await python.printed(`
import glovebox, helper
def returning():
    with glovebox.restrict(deny=['helper']): return 1
def raising():
    try:
        with glovebox.restrict(deny=['helper']): raise KeyError
    except KeyError: pass
def refusing():
    try:
        with glovebox.restrict(deny=['helper']): helper.work()
    except glovebox.PolicyError: pass
def looping():
    for n in range(3):
        with glovebox.restrict(deny=['helper']):
            if n == 1: break
def generating():
    with glovebox.restrict(deny=['helper']): yield 1
def dropping():
    generator = generating()
    next(generator)
    helper.list_root()
    del generator
    helper.list_root()
    for item in generating(): helper.list_root()
for end in returning, raising, refusing, looping, dropping:
    end()
    helper.list_root()
print('well')
`),
    ).toBe('well\n');
  });

  it('with a list of what is allowed refuses all else, but for the language itself', async ({
    open,
  }) => {
    const python = await openWith(open, { 'helper.py': helper });
    expect(
      await python.printed(`
import glovebox, helper, json
refused = []
def mine(): return sum(n for n in [1, 2, 3])
def attempt(function, *args):
    try: return function(*args)
    except glovebox.PolicyError as error: refused.append(error.module)
with glovebox.restrict(allow=['__main__', 'json']):
    a = mine(), len('abc'), sorted([2, 1]), attempt(json.dumps, [1])
    attempt(helper.work)
    attempt(open, '/tmp/x')
with glovebox.restrict(allow=['json', '__main__'], deny=['json']):
    attempt(json.dumps, [1])
with glovebox.restrict(allow=['json']):
    try: mine()
    except glovebox.PolicyError as error: refused.append(error.module)
print(a, refused)
`),
    ).toBe("(6, 3, [1, 2], '[1]') ['helper', '_io', 'json', '__main__']\n");
  });

  it('takes a name for its inner modules and its half in C as well', async ({ open }) => {
    const python = await openWith(open, {
      'pack/__init__.py': 'def act(): pass',
      'pack/inner.py': 'def act(): pass',
      'packing.py': 'def act(): pass',
    });
    expect(
      await python.printed(`
import glovebox, pack, pack.inner, packing, posix, os
def refused(function, *names):
    try:
        with glovebox.restrict(deny=names): function()
    except glovebox.PolicyError as error: return error.module
print(refused(pack.act, 'pack'), refused(pack.inner.act, 'pack'), refused(packing.act, 'pack'),
      refused(pack.act, 'pack.inner'), refused(pack.inner.act, 'pack.inner'),
      refused(posix.getcwd, 'os'), refused(posix.getcwd, 'posix'))
`),
    ).toBe('pack pack.inner None None pack.inner posix posix\n');
  });

  it('tells in its error who called whom', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    expect(
      await python.printed(`
import glovebox, helper
def f():
    return helper.list_root()
try:
    with glovebox.restrict(deny=['os']):
        f()
except glovebox.PolicyError as error:
    print(error, error.module)
    for link in error.chain: print(link)
    print(isinstance(error, RuntimeError), isinstance(error, OSError))
`),
    ).toBe(
      'code of module posix may not run here: listdir posix\n' +
        "('__main__', '<module>', 7)\n('__main__', 'f', 4)\n('helper', 'list_root', 4)\n" +
        "('posix', 'listdir', None)\nTrue False\n",
    );
  });

  it('refuses no generator its life: outside it goes on', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    expect(
      await python.printed(`
import glovebox, helper
items = helper.items()
print(next(items))
try:
    with glovebox.restrict(deny=['helper']): next(items)
except glovebox.PolicyError: pass
print(list(items))
`),
    ).toBe('0\n[1, 2]\n');
  });

  it('restricts its own task of an event loop and no other', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    expect(
      await python.printed(`
import asyncio, glovebox, helper
seen = []
async def restricted():
    with glovebox.restrict(deny=['helper']):
        for _ in range(3):
            await asyncio.sleep(0)
            try: helper.list_root()
            except glovebox.PolicyError: seen.append('refused')
    helper.list_root()
    seen.append('over')
async def free():
    for _ in range(4):
        helper.list_root()
        seen.append('free')
        await asyncio.sleep(0)
async def main(): await asyncio.gather(restricted(), free(), restricted())
asyncio.run(main())
helper.list_root()
print(*sorted(seen))
`),
    ).toBe('free free free free over over refused refused refused refused refused refused\n');
  });

  it('is no more than the run that it is in', async ({ open }) => {
    const python = await openWith(open, { 'helper.py': helper });
    await python.run('import glovebox, helper');
    const outcome = await python.run(`
with glovebox.restrict(deny=['helper']): helper.work()`);
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'PolicyError' } });
    expect(await python.run('helper.work()')).toMatchObject({ status: 'ok' });
  });

  it('can be interrupted, and ended by a limit, whatever it denies', async ({ open }) => {
    const python = await open({ limits: { cpuMs: 300 } });
    const outcome = await python.run(`
import glovebox
with glovebox.restrict(allow=['__main__']):
    while True: pass`);
    expect(outcome.status).toBe('cpu');
  });

  it('wants the names of modules', async ({ shared }) => {
    for (const call of [
      'restrict()',
      'restrict(deny="os")',
      'restrict(deny=[1])',
      'restrict(["os"])',
      'restrict(deny=[""])',
      'restrict(allow=1)',
    ]) {
      const outcome = await shared.run(`import glovebox\nglovebox.${call}`);
      expect(outcome, call).toMatchObject({ error: { type: 'TypeError' } });
    }
  });

  it('is known to images: labels, extents of generators, tasks', async ({ open, restore }) => {
    const files = MemoryVolume.from({
      'helper.py': helper,
      'journal.py': 'marks = []\ndef note(): marks.append("ran")',
    });
    const python = await open({ mounts: { '/data': files } });
    await python.run(`
import sys
sys.path.append('/data')
import glovebox, helper, journal
made = {}
exec('def act(): journal.note()', {'journal': journal}, made)
def working():
    with glovebox.restrict(deny=['helper']):
        yield
        try: helper.work()
        except glovebox.PolicyError as error: yield error.module
generator = working()
next(generator)
helper.list_root()`);
    const twin = await restore(await python.sandbox.snapshot(), { mounts: { '/data': files } });
    expect(
      await twin.printed(`
print(next(generator), journal.marks)
def refused(function, *names):
    try:
        with glovebox.restrict(deny=names): function()
    except glovebox.PolicyError as error: return error.module
print(refused(helper.work, 'helper'), refused(made['act'], '__main__'), refused(helper.list_root, 'os'))
helper.work()
print(journal.marks)
`),
    ).toBe("helper []\nhelper __main__ posix\n['ran']\n");
  });
});
