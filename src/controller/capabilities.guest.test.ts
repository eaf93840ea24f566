import { describe, expect } from 'vitest';
import { attribute, capability, ObjectKind, objectMethod } from '../capability/capability';
import { typeHints } from '../capability/description';
import { type Call, method } from '../capability/method';
import { Refusal } from '../capability/refusal';
import type { GuestValue } from '../capability/value';
import { guestIt as it } from '../testing/guest-test';

interface Sword {
  name: string;
  blows: number;
}

const Swords = new ObjectKind(
  'Sword',
  {
    name: attribute('str', (sword: Sword) => sword.name, undefined, 'What it is called.'),
    blows: attribute(
      'int',
      (sword: Sword) => sword.blows,
      (sword: Sword, blows: number) => {
        sword.blows = blows;
      },
    ),
    swing: objectMethod(
      '(times: int = 1) -> Sword',
      (sword: Sword, times: number) => {
        sword.blows += times;
        return sword;
      },
      'Hits.',
    ),
  },
  'A weapon.',
);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const world = capability({
  damage: method(
    '(target: str, points: int = 1) -> int',
    (target: string, points: number) => target.length * points,
    'Takes points from the target.',
  ),
  wait: method('async (ms: int) -> int', async (ms: number) => {
    await sleep(ms);
    return ms;
  }),
  echo: (...values: GuestValue[]) => values,
  forge: method('(name: str) -> Sword', (name: string): Sword => ({ name, blows: 0 })),
  compare: method('(a: Sword, b: Sword) -> bool', (a: Sword, b: Sword) => a === b),
  refuse: method('() -> None', () => {
    throw new Refusal('no-such-orc', 'there is no orc here');
  }),
  fail: method('() -> None', () => {
    throw new Error('secret /home/page/key');
  }),
  never: method('() -> None', () => new Promise(() => undefined)),
  large: method('(size: int) -> bytes', (size: number) => new Uint8Array(size).fill(7)),
});

const given = { capabilities: { world }, kinds: [Swords] };

describe('a capability', () => {
  it('is a module of functions with names, signatures and docstrings', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import inspect, world
f = world.damage
print(f.__name__, f.__module__, inspect.signature(f), f.__doc__, sep=' | ')
print([name for name in dir(world) if not name.startswith('_')])
from world import *
print(damage('orc', 5), damage('orc'), damage(points=2, target='elf'))
help(f)
`);
    expect(python.stderr).toBe('');
    const lines = python.stdout.split('\n');
    expect(lines[0]).toBe(
      "damage | world | (target: 'str', points: 'int' = 1) -> 'int' | Takes points from the target.",
    );
    expect(lines[1]).toContain("'compare', 'damage', 'echo'");
    expect(lines[2]).toBe('15 3 6');
    expect(python.stdout).toContain('Takes points from the target.\n');
  });

  it('that was not given can not be imported', async ({ open }) => {
    const python = await open();
    const outcome = await python.run('import world');
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'ModuleNotFoundError' } });
  });

  it('is there in an interpreter that was started without an image', async ({ open }) => {
    const python = await open({ ...given, env: { PYTHONHASHSEED: '0' } });
    expect(await python.printed('import world\nprint(world.damage("orc", 2))')).toBe('6\n');
  });

  it('carries values there and back', async ({ open }) => {
    const python = await open(given);
    const source = `
import world, math
values = [None, True, 2**70, -1.5, float('inf'), 'ä\\ud800', b'\\0', [1], (2,), {'a': {3}}, math.nan]
back = world.echo(*values)
assert back[:8] == values[:8], back
assert back[8:10] == [[2], {'a': {3}}], back
assert back[10] != back[10]
print('same')`;
    expect(await python.printed(source)).toBe('same\n');
  });

  it.for([
    ["world.damage('orc', '5')", 'TypeError', 'points must be int'],
    ['world.damage(1)', 'TypeError', 'target must be str'],
    ["world.damage('orc', 2**53)", 'TypeError', 'points must be int'],
    ["world.damage('orc', True)", 'TypeError', 'points must be int'],
    ['world.damage()', 'TypeError', "missing the argument 'target'"],
    ["world.damage('orc', 1, 2)", 'TypeError', 'takes from 1 to 2 positional arguments'],
    ['world.echo(print)', 'TypeError', 'builtin_function_or_method'],
    ['world.echo(a := [], a.append(a))', 'ValueError', ''],
    ['world.echo(b"0" * (1 << 20))', 'ValueError', '1048576 may travel'],
    ['world.large(1 << 20)', 'ValueError', 'may travel'],
    ['world.refuse()', 'glovebox.CapabilityError', 'there is no orc here'],
    ['world.fail()', 'glovebox.CapabilityError', 'the page could not do it'],
  ] as const)('refuses %s with %s', async ([call, type, message], { open }) => {
    const faults: unknown[] = [];
    const python = await open({ ...given, onFault: (fault) => faults.push(fault) });
    const outcome = await python.run(`import world\n${call}`);
    const error = 'error' in outcome ? outcome.error : undefined;
    expect(error?.type).toBe(type.replace('glovebox.', ''));
    expect(error?.message).toContain(message);
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(faults).toHaveLength(call === 'world.fail()' ? 1 : 0);
    expect(await python.printed('print(world.damage("orc"))')).toBe('3\n');
  });

  it('gives errors that programs can tell apart', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import world, glovebox
try:
    world.refuse()
except glovebox.CapabilityError as error:
    print(error.code, error)
`);
    expect(python.stdout).toBe('no-such-orc there is no orc here\n');
  });

  it('may give as much as one message holds', async ({ open }) => {
    const python = await open(given);
    const source = 'import world\nprint(sum(world.large((1 << 20) - 64)) // 7)';
    expect(await python.printed(source)).toBe('1048512\n');
  });

  it('that never answers is stopped as any other program', async ({ open }) => {
    const python = await open({ ...given, limits: { wallMs: 2000, graceMs: 10_000 } });
    const outcome = await python.run('import world\nworld.never()');
    expect(outcome).toMatchObject({ status: 'timeout', alive: true });
    const running = python.run('import world\nworld.never()');
    setTimeout(() => python.sandbox.interrupt(), 20);
    expect(await running).toMatchObject({ status: 'interrupted', alive: true });
    expect(await python.printed('print(world.damage("orc"))')).toBe('3\n');
  });

  it('is told when the program that asked was stopped', async ({ open }) => {
    let aborted = false;
    const hang = method('() -> None', function (this: Call) {
      return new Promise((_, reject) => {
        this.signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('stopped'));
        });
      });
    });
    const python = await open({ capabilities: { page: { hang } }, limits: { wallMs: 200 } });
    await python.run('import page\npage.hang()');
    expect(aborted).toBe(true);
  });

  it('knows its actor and its policy', async ({ open }) => {
    const python = await open({
      ...given,
      actor: 'jane',
      policy: ({ actor, member, args }) =>
        member === 'damage' && Number(args[1]) < 100 && actor === 'jane' ? 'allow' : 'unauthorized',
    });
    await python.run(`
import world, glovebox
print(world.damage('orc', 99), glovebox.can_call(world.echo))
for call in (lambda: world.damage('orc', 100), world.echo):
    try:
        call()
    except glovebox.Unauthorized as error:
        print(error)
`);
    expect(python.stdout).toBe(
      '297 False\nworld.damage: not you, or not now\nworld.echo: not you, or not now\n',
    );
  });

  it('is kept from a part of the program by the origin policy', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import world, glovebox
sword = world.forge('Sting')
for call in (world.damage, lambda _: sword.name, lambda _: glovebox.can_call(world.echo)):
    try:
        with glovebox.restrict(deny=['glovebox']):
            call('orc')
    except glovebox.PolicyError as error:
        print(error.module)
with glovebox.restrict(allow=['glovebox']):
    damage = world.damage('orc', 2)
print(damage)`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toMatch(/^(glovebox\S*\n){3}6\n$/);
  });

  it('has type hints that say what the guest has', () => {
    expect(typeHints(world, [Swords])).toContain(
      'def damage(target: str, points: int = 1) -> int:\n    """Takes points from the target."""\n',
    );
    expect(typeHints(world, [Swords])).toContain('class Sword:\n    """A weapon."""\n');
  });
});

describe('an object of the page', () => {
  it('has its attributes and methods, and nothing else', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import world
sword = world.forge('Sting')
print(sword, type(sword).__doc__, sword.name, type(sword).name.__doc__)
sword.blows = 3
print(sword.swing(2).blows, sword.swing().blows, sword.swing() is sword)
print(world.compare(sword, sword), world.compare(sword, world.forge('Sting')))
for change in (lambda: setattr(sword, 'name', 'x'), lambda: setattr(sword, 'blows', 'x'),
               lambda: sword.secret, lambda: setattr(sword, 'other', 1)):
    try:
        change()
    except (AttributeError, TypeError) as error:
        print(type(error).__name__)
`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toBe(
      '<Sword of the page> A weapon. Sting What it is called.\n' +
        '5 6 True\nTrue False\nAttributeError\nTypeError\nAttributeError\nAttributeError\n',
    );
  });

  it('is itself again where the page evaluates it', async ({ open }) => {
    const python = await open(given);
    await python.run('import world\nsword = world.forge("Sting")\nsword.swing(4)');
    expect(await python.sandbox.evaluate('[sword, 1]')).toEqual([{ name: 'Sting', blows: 4 }, 1]);
  });

  it('that was revoked is gone', async ({ open }) => {
    const swords: Sword[] = [];
    const page = capability({
      give: () => {
        const sword = Swords.grant({ name: 'Sting', blows: 0 });
        swords.push(sword);
        return [sword];
      },
    });
    const python = await open({ capabilities: { page }, kinds: [Swords] });
    await python.run('import page, glovebox\nsword, = page.give()\nprint(sword.name)');
    for (const sword of swords) Swords.revoke(sword);
    await python.run('try: sword.name\nexcept glovebox.Revoked as error: print(error)');
    expect(python.stdout).toBe('Sting\nthe object is not there any more\n');
  });

  it('does not come along into another sandbox', async ({ open, restore }) => {
    const python = await open(given);
    await python.run('import world\nsword = world.forge("Sting")');
    const twin = await restore(await python.sandbox.snapshot(), given);
    await twin.run(`
import glovebox
try: sword.name
except glovebox.Revoked: print('gone')
print(world.damage('orc', 2), world.forge('Orcrist').name)`);
    expect(twin.stdout).toBe('gone\n6 Orcrist\n');
    expect(await python.printed('print(sword.name)')).toBe('Sting\n');
  });
});

describe('a coroutine', () => {
  it('awaits calls that go on at the same time', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import asyncio, time, world
async def main():
    start = time.monotonic()
    print(await asyncio.gather(*(world.wait(ms) for ms in (200, 150, 100))))
    print(time.monotonic() - start < 0.4)
    try:
        async with asyncio.timeout(0.05):
            await world.wait(5000)
    except TimeoutError:
        print('late')
asyncio.run(main())
print(world.wait(1))
`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toBe('[200, 150, 100]\nTrue\nlate\n1\n');
  });
});

describe('events', () => {
  it('call the handlers that a program has for them', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import glovebox
@glovebox.on('touched')
def touched(event):
    print('touched by', event['who'], event['sword'].name)
@glovebox.on('touched')
def again(event): print('again')
`);
    const sword = Swords.grant({ name: 'Sting', blows: 0 });
    const outcome = await python.sandbox.emit('touched', { who: 'jane', sword });
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(await python.sandbox.emit('nothing')).toMatchObject({ status: 'ok' });
    expect(python.stdout).toBe('touched by jane Sting\nagain\n');
  });

  it('wait for each other and for what is going on', async ({ open }) => {
    const python = await open(given);
    await python.run('import glovebox\nglovebox.on("n")(print)');
    const running = python.run('import time\ntime.sleep(0.1)\nprint("run")');
    const events = [1, 2, 3].map((n) => python.sandbox.emit('n', n));
    await running;
    await Promise.all(events);
    expect(python.stdout).toBe('run\n1\n2\n3\n');
  });

  it('have the limits of a run', async ({ open }) => {
    const python = await open({ limits: { wallMs: 3000, graceMs: 10_000 } });
    await python.run('import glovebox\n@glovebox.on("n")\ndef n(_):\n  while True: pass');
    expect(await python.sandbox.emit('n')).toMatchObject({ status: 'timeout', alive: true });
    expect(await python.printed('print(1)')).toBe('1\n');
  });

  it('that fail tell their error', async ({ open }) => {
    const python = await open();
    await python.run('import glovebox\n@glovebox.on("n")\ndef n(x): return 1 / x');
    expect(await python.sandbox.emit('n', 0)).toMatchObject({
      status: 'error',
      error: { type: 'ZeroDivisionError' },
    });
    await expect(python.sandbox.emit('n', () => 1)).rejects.toThrow(/of type function/);
    python.sandbox.terminate();
    await expect(python.sandbox.emit('n', 1)).rejects.toThrow(/ended/);
  });

  it('start coroutines that go on by themselves', async ({ open }) => {
    const python = await open(given);
    await python.run(`
import asyncio, glovebox, world
@glovebox.on('go')
async def go(count):
    for n in range(count):
        await asyncio.sleep(0.02)
        print(n, await world.wait(5))
`);
    await python.sandbox.emit('go', 3);
    expect(python.stdout).toBe('');
    while (!python.stdout.includes('2 5')) await sleep(10);
    expect(python.stdout).toBe('0 5\n1 5\n2 5\n');
  });

  it('and timers survive a move into another sandbox', async ({ open, restore }) => {
    const python = await open(given);
    await python.run(`
import asyncio, glovebox
async def count():
    n = 0
    while n < 3:
        await asyncio.sleep(0.05)
        n += 1
        print(n)
glovebox.spawn(count())
glovebox.on('n')(print)
`);
    while (!python.stdout.includes('1')) await sleep(5);
    const image = await python.sandbox.snapshot({ wait: true });
    python.sandbox.dispose();
    const before = python.stdout;
    const twin = await restore(image, given);
    while (!twin.stdout.includes('3')) await sleep(10);
    expect(before + twin.stdout).toBe('1\n2\n3\n');
    await twin.sandbox.emit('n', 'still here');
    expect(twin.stdout).toContain('still here\n');
  });

  it('give nobody time without end', async ({ open }) => {
    const ends: string[] = [];
    const python = await open({
      limits: { cpuMs: 4000, wallMs: 4000, graceMs: 10_000 },
      onBackground: ({ status }) => ends.push(status),
    });
    await python.run(`
import asyncio, glovebox, time
turns = 0
async def burn():
    global turns
    while True:
        await asyncio.sleep(0)
        start = time.monotonic()
        while time.monotonic() - start < 0.4: pass
        await asyncio.sleep(0.001)
        turns += 1
glovebox.spawn(burn())
`);
    while (ends.length === 0) await sleep(20);
    await sleep(100);
    const turns = await python.sandbox.evaluate('turns');
    expect(ends[0]).toMatch(/cpu|timeout/);
    expect(turns).toBeLessThan(12);
    expect(ends.length).toBeLessThan(4);
  });
});
