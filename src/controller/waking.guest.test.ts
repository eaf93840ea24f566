import { describe, expect } from 'vitest';
import { ObjectKind } from '../capability/capability';
import { guestIt as it } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';

describe('an interpreter from the memory image', () => {
  it('finds its own environment and folder, and nothing of the build', async ({ open }) => {
    const python = await open({
      env: { GREETING: 'hello é', EMPTY: '' },
      cwd: '/data/work',
      mounts: { '/data': MemoryVolume.from({ 'work/a.txt': 'a' }) },
    });
    await python.run('import os, posix');
    expect(await python.sandbox.evaluate('dict(os.environ)')).toEqual(
      new Map([
        ['HOME', '/home'],
        ['PWD', '/data/work'],
        ['TERM', 'dumb'],
        ['GREETING', 'hello é'],
        ['EMPTY', ''],
      ]),
    );
    expect(await python.sandbox.evaluate('os.getcwd(), open("a.txt").read()')).toEqual([
      '/data/work',
      'a',
    ]);
    expect(await python.sandbox.evaluate('sorted(vars())')).not.toContain('prepare');
  });

  it('starts in the root where its folder is none', async ({ open }) => {
    const python = await open({ cwd: '/nowhere' });
    expect(await python.sandbox.evaluate('__import__("os").getcwd()')).toBe('/');
  });

  it('changes only what is another than usual, and finds the rest', async ({ open }) => {
    const world = async (options: Parameters<typeof open>[0]) =>
      (await open(options)).sandbox.evaluate(
        '[__import__("os").getcwd(), dict(__import__("os").environ)]',
      );
    const usual = { HOME: '/home', PWD: '/home', TERM: 'dumb' };
    for (const [cwd, given] of [
      ['/home', {}],
      ['/tmp', {}],
      ['/', { HOME: '/tmp', A: 'é' }],
      ['/home', { TERM: '' }],
    ] as const) {
      const env = { ...usual, PWD: cwd, ...given };
      expect(await world({ cwd, env: given })).toEqual([cwd, new Map(Object.entries(env))]);
    }
    expect(await world({ mounts: { '/home': MemoryVolume.from({}) } })).toMatchObject([
      '/home',
      {},
    ]);
  });

  it.for([true, false])('buffers its output for a terminal: %s', async (terminal, { open }) => {
    const python = await open({ terminal: { stdin: terminal, stdout: terminal, stderr: false } });
    await python.run('import sys');
    const buffering = '[s.line_buffering for s in (sys.stdin, sys.stdout, sys.stderr)]';
    expect(await python.sandbox.evaluate(buffering)).toEqual([terminal, terminal, true]);
  });

  it.for([
    ['for numbers of its own alone', {}, ['random_get']],
    ['for what is not as usual', { cwd: '/tmp' }, ['request_read', 'path_filestat_get']],
    ['for what it is offered', { kinds: [new ObjectKind('Box', {})] }, ['request_read']],
  ] as const)('asks %s', async ([, options, first], { open }) => {
    const calls: string[] = [];
    await open({ ...options, onHostCall: ({ name }) => calls.push(name) });
    expect(calls.slice(0, first.length)).toEqual(first);
    expect(calls.filter((name) => name === 'random_get')).toHaveLength(1);
  });

  it.for([
    ['that found the world as usual', {}],
    ['that was told of its world', { env: { A: 'b' } }],
  ] as const)('draws other numbers than its twin %s', async ([, options], { open }) => {
    const [one, other] = [await open(options), await open()];
    const source = `
import random, secrets, tempfile, uuid
drawn = [random.random(), secrets.token_hex(), str(uuid.uuid4()), str(uuid.uuid1()),
         next(tempfile._get_candidate_names())]`;
    await one.run(source);
    await other.run(source);
    const [left, right] = [
      await one.sandbox.evaluate('drawn'),
      await other.sandbox.evaluate('drawn'),
    ];
    const pairs = (left as unknown[]).map((value, index) => [value, (right as unknown[])[index]]);
    expect(pairs.filter(([a, b]) => a === b)).toEqual([]);
  });

  it('draws the same numbers as its twin of the same seed', async ({ open }) => {
    const draw = async (seed: number): Promise<unknown> =>
      (await open({ seed })).sandbox.evaluate(
        '[__import__("random").random(), __import__("random").gauss(0, 1), __import__("os").urandom(4)]',
      );
    const first = await draw(5);
    expect(await draw(5)).toEqual(first);
    expect(await draw(6)).not.toEqual(first);
  });

  it('has no modules of its own making, and the usual ones imported', async ({ open }) => {
    const python = await open();
    await python.run('import sys');
    expect(
      await python.sandbox.evaluate('sorted({"json", "re", "random"} - set(sys.modules))'),
    ).toEqual([]);
    expect(await python.sandbox.evaluate('sys.argv, sys.path[-1:], __name__')).toMatchObject([
      expect.anything(),
      expect.anything(),
      '__main__',
    ]);
  });

  it('is not taken where variables for the start of Python are given', async ({ open }) => {
    const python = await open({ env: { PYTHONHASHSEED: '7', PYTHONOPTIMIZE: '1' } });
    await python.run('import sys');
    expect(
      await python.sandbox.evaluate('sys.flags.optimize, sys.flags.hash_randomization'),
    ).toEqual([1, 1]);
  });

  it('is not taken where something is mounted into its library', async ({ open }) => {
    const python = await open({
      mounts: { '/usr/lib/python3.13/own': MemoryVolume.from({ '__init__.py': 'x = 7' }) },
    });
    expect(await python.sandbox.evaluate('__import__("own").x')).toBe(7);
  });

  it('comes back at a restart without what was before', async ({ open }) => {
    const python = await open();
    await python.run('import random\nx = 1\nfirst = random.random()');
    const first = await python.sandbox.evaluate('first');
    await python.sandbox.restart();
    expect(await python.run('x')).toMatchObject({ error: { type: 'NameError' } });
    await python.run('import random');
    expect(await python.sandbox.evaluate('random.random()')).not.toBe(first);
  });
});
