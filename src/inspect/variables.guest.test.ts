import { describe, expect } from 'vitest';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';
import { askFor, readVariables, type VariableNode, type Wanted } from './variable-nodes';

const ALL: Wanted = { path: [], most: 1000 };

async function look(
  { sandbox }: OpenedSandbox,
  ...opened: readonly (readonly string[])[]
): Promise<ReadonlyMap<string, VariableNode>> {
  const wanted = [ALL, ...opened.map((path) => ({ path, most: 100 }))];
  const variables = readVariables(await sandbox.evaluate(askFor(wanted), { aside: true }));
  if (variables === undefined) throw new Error('no variables');
  return new Map(variables.nodes.map((node) => [node.label, node]));
}

const inside = (node: VariableNode | undefined): Record<string, string> =>
  Object.fromEntries(node?.nodes?.map(({ label, text }) => [label, text]) ?? []);

describe('variables', () => {
  it('are told by name, type, short value and size', async ({ open }) => {
    const python = await open();
    await python.run(`
n, ratio, yes, nothing = 3, 0.5, True, None
text, raw = 'héllo', b'ab'
items, pair, table = [1, 'two', [3]], (1, 2), {'a': 1, 2: [None]}
members = {7}
huge = 10 ** 5000
long = 'x' * 1000
def greet(name, *, loud=False): pass
class Dog:
    def __init__(self): self.age, self.name = 3, 'Rex'
dog = Dog()
import math`);
    const found = await look(python);
    const told = [...found.values()].map(({ label, kind, type, text, size, unit }) =>
      [label, kind, type, text, size ?? '-', unit].join('|'),
    );
    expect(told).toEqual([
      'n|value|int|3|-|',
      'ratio|value|float|0.5|-|',
      'yes|value|bool|True|-|',
      'nothing|value|NoneType|None|-|',
      "text|value|str|'héllo'|5|characters",
      "raw|value|bytes|b'ab'|2|bytes",
      "items|value|list|[1, 'two', [3]]|3|items",
      'pair|value|tuple|(1, 2)|2|items',
      "table|value|dict|{'a': 1, 2: [None]}|2|items",
      'members|value|set|{7}|1|items',
      'huge|value|int|a number of 5001 digits|-|',
      `long|value|str|'${'x'.repeat(118)}…|1000|characters`,
      'greet|function|function|greet(name, loud)|-|',
      'Dog|class|type|class Dog|-|',
      "dog|value|Dog|Dog(age=3, name='Rex')|-|",
      'math|module|module|module math|-|',
    ]);
  });

  it('open to what is in them, as deep as is asked', async ({ open }) => {
    const python = await open();
    await python.run(`
from collections import namedtuple, deque
from enum import Enum
items = [[1, [2, [3]]], 'x']
items.append(items)
table = {'a': 1, (1, 2): 'pair', 'k' * 99: 1, 'k' * 99 + '!': 2}
Point = namedtuple('Point', 'x y')
point = Point(1, 2)
class Slotted:
    __slots__ = ('used', 'unused')
slotted = Slotted()
slotted.used = 1
class Color(Enum): RED = 1
color = Color.RED
error = ValueError('bad', 3)`);
    const found = await look(
      ...([python, ['items'], ['items', '[0]'], ['items', '[0]', '[1]']] as const),
      ...([['table'], ['point'], ['slotted']] as const),
    );
    const items = found.get('items');
    expect(inside(items)).toEqual({
      '[0]': '[1, [2, […]]]',
      '[1]': "'x'",
      '[2]': "[[1, […]], 'x', [[…], 'x', […]]]",
    });
    expect(inside(items?.nodes?.[0]?.nodes?.[1])).toEqual({ '[0]': '2', '[1]': '[3]' });
    const keys = found.get('table')?.nodes?.map(({ label }) => label);
    expect(keys?.slice(0, 2)).toEqual(["'a'", '(1, 2) #1']);
    expect(new Set(keys).size).toBe(4);
    expect(found.get('point')?.text).toBe('Point(x=1, y=2)');
    expect(inside(found.get('point'))).toEqual({ '.x': '1', '.y': '2' });
    expect(inside(found.get('slotted'))).toEqual({ '.used': '1' });
    expect(found.get('color')?.text).toBe('Color.RED');
    expect(found.get('error')?.text).toBe("ValueError('bad', 3)");
  });

  it('are bounded in number, size and time, whatever there is', async ({ open }) => {
    const python = await open();
    await python.run(`
for n in range(5000): globals()[f'name{n}'] = ['x' * 10_000] * 100
items = [[0] * 1000 for _ in range(1000)]
deep = []
for _ in range(100_000): deep = [deep]
globals()['n' * 100_000] = 1
globals()[3] = 4
wide = type('W' * 100_000, (), {f'member{n}': n for n in range(10_000)})()`);
    const wanted = [ALL, { path: ['items'], most: 1000 }, { path: ['deep'], most: 1000 }];
    for (let n = 0; n < 60; n++) wanted.push({ path: ['items', `[${n}]`], most: 1000 });
    const before = python.sandbox.usage.lifetime.cpuMs;
    const answer = await python.sandbox.evaluate(askFor(wanted));
    expect(python.sandbox.usage.lifetime.cpuMs - before).toBeLessThan(10_000);
    expect(JSON.stringify(answer).length).toBeLessThan(2_000_000);
    const variables = readVariables(answer);
    expect(variables?.nodes.length).toBe(1000);
    expect(variables?.more).toBeGreaterThan(4000);
  });
});

/** All that it could run writes a line: nothing may be written. */
const HOSTILE = `
def ran(*_):
    print('ran')
    return ran
class Meta(type):
    __hash__ = __eq__ = __instancecheck__ = __subclasscheck__ = __repr__ = __len__ = ran
    __name__ = property(ran)
    __dict__ = property(ran)
    __mro__ = property(ran)
    def __getattribute__(cls, name):
        print('ran', name)
        return type.__getattribute__(cls, name)
class Evil(metaclass=Meta):
    __class__ = property(lambda self: ran() and int)
    __dict__ = property(ran)
    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __eq__ = __hash__ = __sizeof__ = __format__ = ran
    __index__ = __int__ = __float__ = __getitem__ = __contains__ = __getattr__ = __del__ = ran
    def __getattribute__(self, name):
        print('ran', name)
        return object.__getattribute__(self, name)
class EvilList(list, metaclass=Meta):
    __len__ = __iter__ = __getitem__ = __repr__ = __getattribute__ = __eq__ = __class__ = ran
class EvilDict(dict):
    __len__ = __iter__ = __getitem__ = __repr__ = items = keys = __getattribute__ = __class__ = ran
class EvilStr(str):
    __len__ = __getitem__ = __repr__ = startswith = endswith = __getattribute__ = encode = ran
class EvilInt(int):
    __repr__ = bit_length = __getattribute__ = __eq__ = __hash__ = ran
class Asking:
    def __init__(self): self.plain = 1
    secret = property(ran)
    def __getattr__(self, name): ran()
class Zone(__import__('datetime').tzinfo):
    utcoffset = tzname = dst = __repr__ = ran
evil, asking = Evil(), Asking()
evil_list, evil_dict = EvilList([1, 2]), EvilDict(a=1)
evil_str, evil_int = EvilStr('abc'), EvilInt(5)
mixed = {EvilStr('key'): evil, 1: evil_list}
when = __import__('datetime').datetime(2024, 1, 2, tzinfo=Zone())
strange = type(EvilStr('Strange'), (), {})()
uninitialised = Exception.__new__(Exception)
globals()[EvilStr('named')] = 1
`;

describe('looking at variables', () => {
  it('runs none of the code that hostile objects have', async ({ open }) => {
    const python = await open();
    await python.run(HOSTILE);
    const before = python.stdout;
    const paths = ['evil', 'asking', 'evil_list', 'evil_dict', 'evil_str', 'mixed', 'Evil', 'Meta'];
    const found = await look(python, ...paths.map((name) => [name]), ['mixed', 'EvilStr(…) #0']);
    await python.run('pass');
    expect(python.stdout).toBe(before);
    expect(found.get('evil')).toMatchObject({ type: 'Evil', text: 'Evil object' });
    expect(inside(found.get('asking'))).toEqual({ '.plain': '1' });
    expect(inside(found.get('evil_list'))).toEqual({ '[0]': '1', '[1]': '2' });
    expect(found.get('evil_dict')).toMatchObject({ text: "EvilDict({'a': 1})", size: 1 });
    expect(found.get('evil_str')).toMatchObject({ text: "EvilStr('abc')", size: 3 });
    expect(found.get('evil_int')).toMatchObject({ text: 'EvilInt(5)' });
    expect(found.get('when')).toMatchObject({ text: '2024-01-02T00:00:00' });
    expect(found.has('named')).toBe(true);
  });

  it('stands names of the program that clash with its own', async ({ open }) => {
    const python = await open();
    await python.run(`
look = glovebox = __import__ = type = dict = str = len = isinstance = sys = builtins = None
import builtins as _b
_b.len = _b.type = _b.dict = _b.islice = lambda *_: 1 / 0
mine = {'a': [1]}`);
    const found = await look(python, ['mine']);
    expect(inside(found.get('mine'))).toEqual({ "'a'": '[1]' });
  });

  it('that the program has spoilt is refused as an error or as no answer', async ({ open }) => {
    const python = await open();
    await python.run('import sys\nsys.modules["glovebox._variables"] = type(sys)("x")');
    await expect(python.sandbox.evaluate(askFor([ALL]))).rejects.toThrow();
    await python.run('sys.modules["glovebox._variables"].look = lambda wanted: [[["a"]], 7]');
    expect(readVariables(await python.sandbox.evaluate(askFor([ALL])))).toBeUndefined();
    expect((await python.run('print(1)')).status).toBe('ok');
  });
});
