import { describe, expect } from 'vitest';
import { OptionError } from '../errors';
import { guestIt as plainIt, platform } from '../testing/guest-test';
import { type PoolOptions, SandboxPool } from './sandbox-pool';

const MiB = 1024 * 1024;

const it = plainIt.extend('openPool', ({ guest }, { onCleanup }) => {
  const pools: SandboxPool[] = [];
  onCleanup(() => {
    for (const pool of pools) pool.dispose();
  });
  return async (options: Partial<PoolOptions> = {}): Promise<SandboxPool> => {
    const pool = await SandboxPool.create({ guest, ...options }, platform);
    pools.push(pool);
    return pool;
  };
});

async function refilled(pool: SandboxPool, size: number): Promise<void> {
  while (pool.ready < size) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a pool', () => {
  it('gives sandboxes like any other, each in a worker of its own', async ({ openPool }) => {
    const pool = await openPool({ size: 2 });
    expect(pool.ready).toBe(2);
    const [one, other] = [
      await pool.create({ env: { NAME: 'one' }, cwd: '/tmp' }),
      await pool.create(),
    ];
    // Where the world is the usual one the interpreter was awake before, and asks nothing more.
    expect([[...one.calls()].length > 0, [...other.calls()].length]).toEqual([true, 0]);
    await one.run('import os, random; x = 1');
    await other.run('import os, random');
    expect(await one.evaluate('[os.environ["NAME"], os.getcwd(), x]')).toEqual(['one', '/tmp', 1]);
    expect(await other.evaluate('[os.environ.get("NAME"), os.getcwd(), "x" in globals()]')).toEqual(
      [null, '/home', false],
    );
    expect(await one.evaluate('random.random()')).not.toBe(await other.evaluate('random.random()'));
    one.dispose();
    await refilled(pool, 2);
    const third = await pool.create();
    expect(await third.evaluate('"x" in globals()')).toBe(false);
    other.dispose();
    third.dispose();
  });

  it('lets guests die and go on, and go on from images', async ({ openPool }) => {
    const pool = await openPool({ size: 1 });
    const sandbox = await pool.create();
    await sandbox.run('x = bytearray(40_000_000)');
    const image = await sandbox.snapshot();
    sandbox.terminate();
    await sandbox.restart();
    expect(await sandbox.evaluate('1 + 1')).toBe(2);
    await refilled(pool, 1);
    const twin = await pool.restore(image);
    expect(await twin.evaluate('len(x)')).toBe(40_000_000);
    const again = await twin.fork();
    expect(await again.evaluate('len(x)')).toBe(40_000_000);
    for (const one of [sandbox, twin, again]) one.dispose();
  });

  it('keeps to its limit of memory, and others have theirs', async ({ openPool }) => {
    const pool = await openPool({ size: 1, heapBytes: 40 * MiB });
    const small = await pool.create();
    expect(small.limits.heapBytes).toBe(40 * MiB);
    expect((await small.run('x = bytearray(30_000_000)')).status).toBe('memory');
    await refilled(pool, 1);
    const large = await pool.create({ limits: { heapBytes: 128 * MiB } });
    expect(pool.ready).toBe(1);
    expect((await large.run('x = bytearray(30_000_000)')).status).toBe('ok');
    small.dispose();
    large.dispose();
  });

  it('takes no part in what its workers do not fit', async ({ openPool }) => {
    const pool = await openPool({ size: 1 });
    const optimised = await pool.create({ env: { PYTHONOPTIMIZE: '1' } });
    expect(await optimised.evaluate('__debug__')).toBe(false);
    expect(pool.ready).toBe(1);
    optimised.dispose();
  });

  it('gives sandboxes when it is empty, and when it is over', async ({ openPool }) => {
    const pool = await openPool({ size: 1 });
    const several = await Promise.all([pool.create(), pool.create(), pool.create()]);
    pool.dispose();
    several.push(await pool.create());
    expect(pool.ready).toBe(0);
    for (const sandbox of several) {
      expect(await sandbox.evaluate('6 * 7')).toBe(42);
      sandbox.dispose();
    }
  });

  it.for([0, -1, 1.5, 1000, Number.NaN])('has not the size %s', async (size, { openPool }) => {
    await expect(openPool({ size })).rejects.toThrow(OptionError);
  });

  it('has not less memory than Python needs', async ({ openPool }) => {
    await expect(openPool({ heapBytes: MiB })).rejects.toThrow('Python needs at least');
  });
});
