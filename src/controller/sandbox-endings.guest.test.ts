import { describe, expect } from 'vitest';
import { BusyError, DisposedError, EndedError } from '../errors';
import { guestIt as it, pause } from '../testing/guest-test';

describe('an interrupt', () => {
  const started = 'print("started", flush=True)\n';

  it.for([
    ['a loop that does nothing', 'while True: pass'],
    ['a loop in a function', 'def spin():\n  n = 0\n  while True: n += 1\nspin()'],
    ['a recursion', 'def fall(n):\n  return n and fall(n - 1)\nwhile True: fall(500)'],
    ['a generator', 'import itertools\nsum(n * n for n in itertools.count())'],
    ['time.sleep', 'import time\ntime.sleep(60)'],
    ['asyncio.sleep', 'import asyncio\nasyncio.run(asyncio.sleep(60))'],
    ['select', 'import select\nselect.select([], [], [], 60)'],
    ['a sort with a key', 'while True: sorted(range(100_000), key=lambda n: -n)'],
    ['a replacement', 'import re\nwhile True: re.sub("a", lambda m: "b", "a" * 100_000)'],
    [
      'queries',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\nwhile True: db.execute("select 1").fetchall()',
    ],
    ['writes', 'while True: print(end="", flush=True)'],
  ] as const)('ends %s, and keeps the variables', async ([, source], { open }) => {
    const python = await open();
    await python.run('kept = 7');
    const running = python.run(started + source);
    await python.shows('started');
    await pause(20);
    const askedAt = performance.now();
    python.sandbox.interrupt();
    const outcome = await running;
    expect(outcome).toMatchObject({
      status: 'interrupted',
      alive: true,
      error: { type: 'KeyboardInterrupt' },
    });
    expect(performance.now() - askedAt).toBeLessThan(1000);
    expect(python.stderr).toContain('KeyboardInterrupt');
    expect(await python.sandbox.evaluate('kept')).toBe(7);
  });

  it('can be caught, as Python has it', async ({ open }) => {
    const python = await open();
    const running = python.run(`
import time
try:
    ${started}    time.sleep(60)
except KeyboardInterrupt:
    print('caught')
finally:
    print('cleaned up')
`);
    await python.shows('started');
    python.sandbox.interrupt();
    expect(await running).toMatchObject({ status: 'ok' });
    expect(python.stdout).toBe('started\ncaught\ncleaned up\n');
  });

  it('when nothing runs does nothing to the next run', async ({ open }) => {
    const python = await open();
    python.sandbox.interrupt();
    const outcome = await python.run('for n in range(100_000): pass');
    expect(outcome).toMatchObject({ status: 'ok' });
  });

  it('is for a run that waits for what goes on by itself, too', async ({ open }) => {
    const python = await open();
    const aside = python.sandbox
      .evaluate('__import__("time").sleep(60)', { aside: true })
      .catch((error: unknown) => error);
    const running = python.run('while True: pass');
    await pause(50);
    python.sandbox.interrupt();
    expect(await aside).toMatchObject({ type: 'KeyboardInterrupt' });
    expect(await running).toMatchObject({ status: 'interrupted', alive: true });
    expect(await python.run('for n in range(100_000): pass')).toMatchObject({ status: 'ok' });
  });

  it('is for a statement that waits for a run', async ({ open }) => {
    const python = await open();
    const running = python.run('import time\ntime.sleep(60)');
    const statement = python.sandbox.prompt.run({ source: 'while True: pass', isCommand: false });
    await pause(50);
    python.sandbox.interrupt();
    expect(await running).toMatchObject({ status: 'interrupted' });
    expect(await statement).toMatchObject({ status: 'interrupted', alive: true });
  });

  it('can come again and again', async ({ open }) => {
    const python = await open();
    await python.run('caught = 0');
    const running = python.run(`
while caught < 5:
    try:
        print('go', caught, flush=True)
        while True: pass
    except KeyboardInterrupt:
        caught += 1
`);
    for (let turn = 0; turn < 5; turn++) {
      await python.shows(`go ${turn}`);
      python.sandbox.interrupt();
    }
    expect(await running).toMatchObject({ status: 'ok' });
    expect(await python.sandbox.evaluate('caught')).toBe(5);
  });
});

describe('an interrupt with a grace', () => {
  it('ends a guest that does not heed it', async ({ open }) => {
    const python = await open();
    const running = python.run('while True:\n  try:\n    while True: pass\n  except: pass');
    await pause(50);
    python.sandbox.interrupt({ graceMs: 100 });
    expect(await running).toMatchObject({ status: 'terminated', alive: false });
  });

  it('ends one that has waited, and does not heed it', async ({ open }) => {
    const python = await open();
    await python.run('import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)');
    const aside = python.sandbox
      .evaluate('__import__("time").sleep(0.2)', { aside: true })
      .catch(() => undefined);
    const running = python.run('while True: pass');
    await pause(50);
    python.sandbox.interrupt({ graceMs: 300 });
    await aside;
    expect(await running).toMatchObject({ status: 'terminated', alive: false });
  });

  it('does nothing more to one that has ended, or to the next run', async ({ open }) => {
    const python = await open();
    const running = python.run('import time\ntime.sleep(60)');
    await pause(50);
    python.sandbox.interrupt({ graceMs: 1500 });
    expect(await running).toMatchObject({ status: 'interrupted' });
    expect(await python.run('import time\ntime.sleep(1.6)')).toMatchObject({ status: 'ok' });
  });
});

describe('a guest that ends by itself', () => {
  it('with os._exit is gone, with its exit code', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('import os\ntry:\n  os._exit(3)\nfinally:\n  print("never")');
    expect(outcome).toMatchObject({ status: 'exit', exitCode: 3, alive: false });
    expect(python.stdout).toBe('');
    await expect(python.run('pass')).rejects.toThrow(EndedError);
  });

  it('with os.abort is a trap', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('import os\nos.abort()');
    expect(outcome).toMatchObject({ status: 'trap', alive: false });
    expect(python.sandbox.alive).toBe(false);
  });

  it('is replaced by restart, without its variables', async ({ open }) => {
    const python = await open();
    await python.run('gone = 1');
    await python.run('import os\nos._exit(3)');
    await python.sandbox.restart();
    expect(python.sandbox.alive).toBe(true);
    expect(await python.run('gone')).toMatchObject({ error: { type: 'NameError' } });
  });
});

describe('deep recursion', () => {
  it.for([
    ['of a function', 'def f(n): return f(n + 1)\nf(0)'],
    [
      'of a function, without a limit',
      'import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and f(n - 1)\nf(100_000)',
    ],
    [
      'of __eq__, without a limit',
      'import sys\nsys.setrecursionlimit(10**6)\nclass E:\n  def __eq__(s, o): return E() == E()\nE() == 1',
    ],
    ...(
      [
        ['of __getattr__', 'def __getattr__(s, a): return getattr(A(), a)', 'A().x'],
        ['of properties', '@property\n  def p(s): return A().p', 'A().p'],
        ['of operators', 'def __add__(s, o): return A() + A()', 'A() + 1'],
        ['of iterators', 'def __iter__(s): return iter(A())', 'list(A())'],
        ['of hashes', 'def __hash__(s): return {A(): 1}', 'hash(A())'],
        ['of eval', 'def f(): eval("A.f()")', 'A.f()'],
        ['of imports', 'def f(*_): import x', '__builtins__.__import__ = A.f\nimport x'],
        ['of keys', 'def f(x): return sorted([x], key=A.f)', 'A.f(0)'],
        ['of partials', 'def f(): functools.partial(A.f)()', 'import functools\nA.f()'],
      ] as const
    ).map(
      ([title, method, start]) =>
        [
          `${title}, without a limit`,
          `import sys\nsys.setrecursionlimit(10**6)\nclass A:\n  ${method}\n${start}`,
        ] as const,
    ),
    ['of repr', 'x = []\nfor _ in range(100_000): x = [x]\nrepr(x)'],
    ['of the parser', 'eval("(" * 10_000 + ")" * 10_000)'],
    ['of JSON', 'import json\njson.loads("[" * 100_000)'],
    ['of sort keys', 'def k(n): return sorted([n], key=k)\nk(0)'],
    ['of copies', 'import copy\nx = []\nfor _ in range(2000): x = [x]\ncopy.deepcopy(x)'],
    ['of deallocation', 'x = None\nfor _ in range(10**6): x = (x,)\ndel x'],
  ] as const)('%s does not kill the guest', async ([, source], { open }) => {
    const python = await open();
    const outcome = await python.run(source);
    expect(outcome.alive).toBe(true);
    expect(['ok', 'error', 'memory']).toContain(outcome.status);
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });
});

describe('from outside', () => {
  it('terminate ends whatever runs, at once', async ({ open }) => {
    const python = await open();
    const running = python.run('while True:\n  try:\n    while True: pass\n  except: pass');
    await pause(50);
    python.sandbox.terminate();
    expect(await running).toMatchObject({ status: 'terminated', alive: false });
    await expect(python.run('pass')).rejects.toThrow(EndedError);
  });

  it('restart ends what runs as terminated and starts a fresh guest', async ({ open }) => {
    const python = await open();
    const running = python.run('import time\nx = 1\ntime.sleep(60)');
    await pause(50);
    await python.sandbox.restart();
    expect(await running).toMatchObject({ status: 'terminated' });
    expect(await python.sandbox.evaluate('"x" in globals()')).toBe(false);
  });

  it('restart during restart is the same one, and nothing runs before it is over', async ({
    open,
  }) => {
    const python = await open();
    const restarts = [python.sandbox.restart(), python.sandbox.restart()];
    await expect(python.run('pass')).rejects.toThrow(BusyError);
    await Promise.all(restarts);
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });

  it('dispose during a run ends it, and a second dispose does nothing', async ({ open }) => {
    const python = await open();
    const running = python.run('while True: pass');
    await pause(50);
    python.sandbox.dispose();
    python.sandbox.dispose();
    expect(await running).toMatchObject({ status: 'terminated', alive: false });
    await expect(python.run('pass')).rejects.toThrow(DisposedError);
    await expect(python.sandbox.evaluate('1')).rejects.toThrow(DisposedError);
    await expect(python.sandbox.restart()).rejects.toThrow(DisposedError);
    python.sandbox.interrupt();
    python.sandbox.terminate();
  });

  it('dispose during restart leaves no guest behind', async ({ open }) => {
    const python = await open();
    const restarting = expect(python.sandbox.restart()).rejects.toThrow(DisposedError);
    python.sandbox.dispose();
    await restarting;
    expect(python.sandbox.alive).toBe(false);
  });

  it('finish runs what the program left for its end', async ({ open }) => {
    const python = await open();
    await python.run(
      'import atexit\natexit.register(print, "bye")\nf = open("/home/f", "w")\nf.write("flushed")',
    );
    expect(await python.sandbox.finish()).toMatchObject({ status: 'ok', alive: false });
    expect(python.stdout).toBe('bye\n');
    await python.sandbox.restart();
    expect(await python.sandbox.evaluate('open("/home/f").read()')).toBe('flushed');
  });
});
