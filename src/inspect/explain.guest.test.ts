import { describe, expect } from 'vitest';
import { noteFor } from '../terminal/outcome-note';
import { guestIt as it } from '../testing/guest-test';
import { type Explanation, explainError } from './explain';

/** A program, what its explanation is called, and what is marked in it; nothing: no part of the line. */
const programs: readonly (readonly [string, RegExp, string?])[] = [
  ['print(pritn)', /does not know pritn/, 'pritn'],
  ['statistics.mean([1])', /does not know statistics/, 'statistics'],
  ['def f():\n    x += 1\nx = 1\nf()', /x has no value in this function/, 'x'],
  ['if True\n    pass', /colon is missing/],
  ['for i in range(3) print(i)', /colon is missing|does not understand/],
  ['print("a"\nx = 1', /\( is never closed/, '('],
  ['x = [1, 2\n', /\[ is never closed/, '['],
  ['x = (1]', /brackets do not match/, ']'],
  ['x = 1)', /A \) too many/, ')'],
  ['x = "abc', /no closing quote/, '"'],
  ["print('it's')", /no closing quote/],
  ['if x = 3:\n    pass', /One = where two belong/, 'x = 3'],
  ['3 = x', /can not be given a value/, '3'],
  ['print "x"', /print needs brackets/],
  ['x = [1 2]', /missing between two values/],
  ['print(“hi”)', /character that Python does not read/, '“'],
  ['return 3', /outside of a function/],
  ['break', /outside of a loop/],
  ['if 1:\n    pass\nelse if 2:\n    pass', /elif/],
  ['if 1:\n    pass\nelseif 2:\n    pass', /elif/],
  ['class = 3', /class can't be a name/],
  ['x = 1 && 2', /uses words/],
  ['x = 1\nx++', /no \+\+/],
  ['def f():\nprint(1)', /block is empty/],
  ['x = 1\n  y = 2', /Too far to the right/],
  ['def f():\n    a = 1\n  b = 2', /do not line up/],
  ['if 1:\n\tx = 1\n        y = 2', /Tabs and spaces/],
  ['def f(a):\n    pass\nf()', /f\(\) was given too little/, 'f()'],
  ['def f(a):\n    pass\nf(1, 2)', /f\(\) was given too much/, 'f(1, 2)'],
  ['def f(a):\n    pass\nf(b=2)', /knows no b/],
  ['"a" + 1', /A text \(str\) and a whole number \(int\) don't add up/, '"a" + 1'],
  ['1 + "a"', /\+ does not go with these two/],
  ['x = None\nx + 1', /None/],
  ['x = 3\nx()', /not a function/, 'x()'],
  ['x = None\nx.append(1)', /is None/],
  ['x = None\nx[0]', /is None/],
  ['for x in 3:\n    pass', /nothing to go through/, '3'],
  ['len(3)', /no length/],
  ['[1]["a"]', /whole number/],
  ['{[]: 1}', /A list can't be a key/],
  ['"a" < 3', /can not be compared/],
  ['"a" * "b"', /times something odd/],
  ['x = "abc"\nx[0] = "b"', /A text \(str\) can't be changed/],
  ['[].apend(1)', /No \.apend here/, '[].apend'],
  ['import math\nmath.sqr(2)', /math has no sqr/],
  ['int("abc")', /no whole number/],
  ['int("3.5")', /no whole number/],
  ['float("3,5")', /no number/],
  ['a, b = [1, 2, 3]', /More values than names/],
  ['a, b = [1]', /Fewer values than names/],
  ['[1].remove(3)', /not in there/],
  ['[1][3]', /no item at that place/],
  ['[].pop()', /empty/],
  ['{"a": 1}["b"]', /key is not there/],
  ['1 / 0', /Divided by zero/, '1 / 0'],
  ['5 % 0', /Divided by zero/],
  ['import numpy', /numpy is not here/],
  ['import maths', /no module maths/],
  ['import idlelib', /idlelib does not work here/],
  ['import ctypes', /ctypes does not work here/],
  ['import ssl', /ssl does not work here/],
  ['import curses', /curses does not work here/],
  ['from math import sqr', /math has no sqr/],
  ['def f():\n    f()\nf()', /called itself without end/],
  ['open("missing.txt")', /no such file/],
  ['assert 1 == 2', /assert/],
  ['input()', /Nothing was typed/],
];

describe('a beginner’s mistake', () => {
  it.for(programs)('%j is explained', async ([source, title, marked], { shared }) => {
    const outcome = await shared.run(source, { filename: '<program>' });
    if (!('error' in outcome) || outcome.error === undefined) throw new Error(outcome.status);
    const told: Explanation = explainError(outcome.error, source);
    expect(told.title).toMatch(title);
    expect(told.told.startsWith(outcome.error.type)).toBe(true);
    expect(told.place?.text).toBe(source.split('\n')[(told.place?.line ?? 0) - 1]);
    if (marked !== undefined) {
      expect(told.place?.text.slice(told.place.from, told.place.to)).toBe(marked);
    }
  });

  it.for([
    ['print(pritn)', '`print`'],
    ['statistics.mean([1])', '`import statistics`'],
    ['[].apend(1)', '`append`'],
    ['from math import sqr', '`sqrt`'],
    ['if x = 3: pass', "'=='"],
    ['x = [1 2]', 'comma'],
    ['print "x"', 'print(...)'],
  ] as const)('%j gets Python’s suggestion and nothing else', async ([source, has], { shared }) => {
    const outcome = await shared.run(source);
    if (!('error' in outcome) || outcome.error === undefined) throw new Error(outcome.status);
    const { tries } = explainError(outcome.error, source);
    expect(tries).toHaveLength(1);
    expect(tries[0]).toContain(has);
  });
});

describe('a limit that ends a program', () => {
  it.for([
    ['while True: pass', { cpuMs: 200 }, 'cpuMs', /200 ms/],
    ['import time\ntime.sleep(60)', { wallMs: 200 }, 'wallMs', /200 ms/],
    ['while True: pass', { fuel: 1e6 }, 'fuel', /1 million steps/],
    ['while True: print("x" * 1000)', { outputBytes: 65_536 }, 'outputBytes', /64 KiB/],
    ['x = [0] * 10 ** 9', { heapBytes: 64 * 2 ** 20 }, 'heapBytes', /64 MiB/],
  ] as const)(
    'is named, and how much it is: %j',
    async ([source, limits, limit, text], { open }) => {
      const { sandbox } = await open({ limits });
      const note = noteFor(await sandbox.run(source), sandbox.limits);
      expect(note).toMatchObject({ kind: 'limit', limit });
      expect(note?.text).toMatch(text);
    },
  );
});
