import { describe, expect } from 'vitest';
import type { GuestValue } from '../capability/value';
import { EvaluationError } from '../errors';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';

type Fields = ReadonlyMap<string, GuestValue>;

async function mistakes(python: OpenedSandbox, source: string): Promise<Fields[]> {
  return (await python.sandbox.assist('check', [source, '/home/main.py'])) as unknown as Fields[];
}

async function labels(python: OpenedSandbox, before: string, after = ''): Promise<string[]> {
  const answer = (await python.sandbox.assist('suggest', [before, after])) as unknown as Fields;
  const suggestions = answer.get('suggestions') as unknown as Fields[];
  return suggestions.map((suggestion) => String(suggestion.get('label')));
}

describe('a check of source', () => {
  it('tells the mistake and where it is', async ({ open }) => {
    const [mistake] = await mistakes(await open(), 'x = 1\nprint("é🐍" y)\n');
    expect(Object.fromEntries(mistake ?? [])).toMatchObject({
      severity: 'error',
      message: 'SyntaxError: invalid syntax. Perhaps you forgot a comma?',
      ...{ line: 2, column: 7, end_line: 2, end_column: 13 },
    });
  });

  it('warns of what compiles and is odd, and prints nothing', async ({ open }) => {
    const python = await open();
    const [mistake] = await mistakes(python, 'x = 1\nx is 1\n');
    expect(mistake?.get('severity')).toBe('warning');
    expect(mistake?.get('line')).toBe(2);
    expect(python.stderr).toBe('');
  });

  it('finds nothing in what is right, and runs none of it', async ({ open }) => {
    const python = await open();
    expect(await mistakes(python, 'print("run")\nx = 1')).toEqual([]);
    expect(python.stdout).toBe('');
    expect(await labels(python, 'x')).toEqual([]);
  });

  it.for([
    ['a NUL', 'x = "\0"'],
    ['nesting without end', '('.repeat(100_000)],
    ['an integer of too many digits', `x = ${'9'.repeat(5000)}`],
  ] as const)('stands %s', async ([, source], { open }) => {
    const python = await open();
    expect(await mistakes(python, source)).toHaveLength(1);
    expect(python.sandbox.alive).toBe(true);
  });

  it('keeps no source: what a program left has its lines in tracebacks', async ({ open }) => {
    const python = await open();
    await python.run('def f():\n    return 1 / 0  # here\n');
    for (let n = 0; n < 300; n++) await mistakes(python, `x = ${n}`);
    await python.run('f()');
    expect(python.stderr).toContain('return 1 / 0  # here');
  });
});

describe('suggestions', () => {
  it('are names of the program, of builtins and of the language', async ({ open }) => {
    const python = await open();
    await python.run('strawberry = 1\nstraw = 2');
    expect(await labels(python, 'x = str')).toEqual(['str', 'straw', 'strawberry']);
    expect(await labels(python, 'whi')).toEqual(['while']);
  });

  it.for([
    ['members of an imported module', 'import math\nmath.sq', 'sqrt'],
    ['members of a module by another name', 'import math as m\nm.sq', 'sqrt'],
    ['members of a submodule', 'import os.path\nos.path.joi', 'join'],
    ['names in a module', 'from math import pi, sq', 'sqrt'],
    [
      'methods of an imported class',
      'from collections import Counter\nCounter.most',
      'most_common',
    ],
    ['methods of a literal', '"".upp', 'upper'],
    ['methods of a variable that is still to come', 'names = []\nnames.app', 'append'],
    ['modules', 'import coll', 'collections'],
    ['submodules', 'import xml.et', 'etree'],
    ['submodules without a file of their own', 'import collections.a', 'abc'],
    ['modules in a list of them', 'import os, jso', 'json'],
  ] as const)('are %s', async ([, before, expected], { open }) => {
    expect(await labels(await open(), before)).toContain(expected);
  });

  it('are files of the program that can be imported', async ({ open }) => {
    const home = MemoryVolume.from({ 'helpers.py': 'x = 1', 'tools/__init__.py': '' });
    const python = await open({ mounts: { '/home': home } });
    expect(await labels(python, 'import help')).toEqual(['helpers']);
    expect(await labels(python, 'import too')).toEqual(['tools']);
  });

  it("call nothing of the program's", async ({ open }) => {
    const python = await open();
    await python.run(`
class Watched:
    def __getattr__(self, name): print('getattr'); return self
    def __dir__(self): print('dir'); return []
    @property
    def price(self): print('property'); return 1
    def pay(self): pass
class Meta(type):
    def __getattribute__(cls, name): print('meta'); return type.__getattribute__(cls, name)
class Made(metaclass=Meta):
    def make(self): pass
it = Watched()
`);
    expect(await labels(python, 'it.p')).toEqual(['pay', 'price']);
    expect(await labels(python, 'it.price.r')).toEqual([]);
    expect(await labels(python, 'it.nothing.r')).toEqual([]);
    expect(await labels(python, 'Made.m')).toContain('make');
    expect(python.stdout).toBe('');
  });

  it('are refused in good time where the program made its interpreter loop', async ({ open }) => {
    const python = await open();
    await python.run(`
def loop(*args):
    while True: pass
import glovebox._editing as editing
editing._candidates = loop
`);
    await expect(python.sandbox.assist('suggest', ['x', ''])).rejects.toThrow(EvaluationError);
    expect((await python.run('print("on")')).status).toBe('ok');
  });
});

describe('a refresh', () => {
  it('has modules of a folder imported anew, and no others', async ({ open }) => {
    const home = MemoryVolume.from({ 'helpers.py': 'x = 1' });
    const python = await open({ mounts: { '/home': home } });
    await python.run('import helpers, json\nkept = json');
    await python.run('open("helpers.py", "w").write("x = 22")');
    await python.sandbox.assist('refresh', ['/home/']);
    expect(await python.printed('import helpers, json\nprint(helpers.x, json is kept)')).toBe(
      '22 True\n',
    );
  });
});

describe('limits of one run', () => {
  it('hold for that run alone', async ({ open }) => {
    const python = await open();
    const stopped = await python.run('while True: pass', { limits: { fuel: 50_000 } });
    expect(stopped).toMatchObject({ status: 'cpu', limit: 'fuel', scope: 'run', alive: true });
    expect(stopped.fuel).toBeLessThan(100_000);
    expect((await python.run('for _ in range(200_000): pass')).status).toBe('ok');
  });

  it("widen nothing beyond the sandbox's own", async ({ open }) => {
    const python = await open({ limits: { fuel: 50_000 } });
    const outcome = await python.run('while True: pass', { limits: { fuel: 1e9 } });
    expect(outcome).toMatchObject({ status: 'cpu', limit: 'fuel' });
  });

  it('that are none are refused before anything runs', async ({ open }) => {
    const python = await open();
    await expect(python.run('print(1)', { limits: { fuel: -1 } })).rejects.toThrow('limits.fuel');
    expect(python.stdout).toBe('');
  });
});
