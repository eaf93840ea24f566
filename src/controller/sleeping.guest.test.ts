import { describe, expect } from 'vitest';
import { capability } from '../capability/capability';
import { method } from '../capability/method';
import { DisposedError, EndedError, OptionError, StartError } from '../errors';
import { filesIn } from '../node/platform';
import { guestFolder, guestIt as it, OpenedSandbox, pause, platform } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';
import { PythonGuest } from './python-guest';
import { replay } from './replay';
import { Sandbox } from './sandbox';

const PROGRAM = `
import random, sys
def numbers():
    n = 0
    while True:
        yield (n := n + 1)
counting = numbers()
next(counting)
log = open('/home/log.txt', 'w+')
log.write('one')
big = bytearray(20_000_000)
`;

describe('a sandbox that sleeps', () => {
  it('is the same when it is used again, and takes no memory meanwhile', async ({ open }) => {
    const kept: string[] = [];
    const page = capability({
      keep: method('(word: str) -> None', (word: string) => void kept.push(word)),
    });
    const awake = await open({ seed: 5, capabilities: { page } });
    const python = await open({ seed: 5, capabilities: { page } });
    for (const { sandbox } of [awake, python]) await sandbox.run(PROGRAM);
    expect(python.sandbox.asleep).toBe(false);
    await python.sandbox.sleep();
    expect(python.sandbox).toMatchObject({ asleep: true, alive: true, running: false });
    expect(python.sandbox.usage.heapBytes).toBe(awake.sandbox.usage.heapBytes);
    await python.sandbox.sleep();

    const more = `
import page
page.keep('still')
log.write('two')
log.seek(0)
print(next(counting), log.read(), len(big), random.random(), random.getrandbits(64))`;
    expect(await python.printed(more)).toBe(await awake.printed(more));
    expect(python.sandbox.asleep).toBe(false);
    expect(kept).toEqual(['still', 'still']);
    await python.sandbox.sleep();
    expect(await python.sandbox.evaluate('next(counting)')).toBe(3);
  });

  it('does what it left to be done when that is due', async ({ open }) => {
    const python = await open();
    await python.run(`
import asyncio, glovebox
async def later():
    await asyncio.sleep(0.3)
    print('done')
glovebox.spawn(later())`);
    await python.sandbox.sleep();
    expect([python.sandbox.asleep, python.stdout]).toEqual([true, '']);
    await python.shows('done');
  });

  it('waits until what runs is over, and what comes meanwhile waits for it', async ({ open }) => {
    const python = await open();
    const running = python.run('import time; time.sleep(0.2); x = 1');
    const sleeping = python.sandbox.sleep();
    expect(await running).toMatchObject({ status: 'ok' });
    await sleeping;
    expect(python.sandbox.asleep).toBe(true);
    const falling = [python.sandbox.evaluate('x'), python.sandbox.sleep()] as const;
    expect(await falling[0]).toBe(1);
    await falling[1];
    const slept = python.sandbox.sleep();
    expect(await python.sandbox.evaluate('x + 1')).toBe(2);
    await slept;
  });

  it('can be interrupted and ended while it wakes', async ({ open }) => {
    const python = await open();
    await python.run('x = 1');
    await python.sandbox.sleep();
    const endless = python.run('while True: pass');
    await Promise.resolve();
    python.sandbox.interrupt();
    expect(await endless).toMatchObject({ status: 'interrupted' });
    expect(await python.sandbox.evaluate('x')).toBe(1);

    await python.sandbox.sleep();
    const ended = python.run('x = 2');
    await Promise.resolve();
    python.sandbox.terminate();
    expect(await ended).toMatchObject({ status: 'terminated' });
    await expect(python.sandbox.sleep()).rejects.toThrow(EndedError);
    await python.sandbox.restart();
    expect(await python.sandbox.evaluate('"x" in globals()')).toBe(false);
  });

  it('has its limits when it is awake again', async ({ open }) => {
    const python = await open();
    await python.sandbox.sleep();
    const { status } = await python.run('while True: pass', { limits: { cpuMs: 100 } });
    expect(status).toBe('cpu');
    expect(await python.sandbox.evaluate('1')).toBe(1);
  });

  it('gives images, twins and recordings', async ({ open, restore, guest }) => {
    const python = await open({ mounts: { '/home': new MemoryVolume() } });
    await python.run('x = [1, 2, 3]; file = open("/home/a", "w")');
    await python.sandbox.sleep();
    const image = await python.sandbox.snapshot();
    const twin = await python.fork();
    expect(python.sandbox.asleep).toBe(true);
    expect(await twin.sandbox.evaluate('x')).toEqual([1, 2, 3]);
    twin.sandbox.dispose();
    const other = await restore(image, { mounts: { '/home': new MemoryVolume() } }).catch(String);
    expect(other).toContain('ImageError');

    const recorded = await open();
    await recorded.run('x = [object() for _ in range(1000)]');
    const recording = await recorded.sandbox.record();
    await recorded.run('del x[::2]; print(id(x))');
    await recorded.sandbox.sleep();
    await recorded.run('import random; x.append(object()); print(id(x[-1]), random.random())');
    const { status, output } = await replayed(recording.stop(), guest);
    expect(status).toBe('same');
    expect(output).toBe(recorded.stdout);
  });

  it('sleeps on where there is no room to wake it, and can be woken later', async ({ guest }) => {
    let isFull = false;
    const createWorker: typeof platform.createWorker = (onFailure) => {
      if (isFull) throw new Error('no more workers');
      return platform.createWorker(onFailure);
    };
    const sandbox = await Sandbox.create({ guest }, { ...platform, createWorker });
    await sandbox.run('x = 42');
    await sandbox.sleep();
    isFull = true;
    await expect(sandbox.evaluate('x')).rejects.toThrow(
      new StartError("the guest sleeps on, as it can't be woken: no more workers"),
    );
    expect(sandbox).toMatchObject({ alive: true, asleep: true });
    isFull = false;
    expect(await sandbox.evaluate('x')).toBe(42);
    sandbox.dispose();
  });

  it('is gone with its sandbox', async ({ open }) => {
    const python = await open();
    await python.sandbox.sleep();
    python.sandbox.dispose();
    expect(python.sandbox.asleep).toBe(false);
    await expect(python.sandbox.sleep()).rejects.toThrow(DisposedError);
    await expect(python.run('1')).rejects.toThrow(DisposedError);
  });
});

async function replayed(trace: Parameters<typeof replay>[0], guest: PythonGuest) {
  const pieces: Uint8Array[] = [];
  const onOutput = (bytes: Uint8Array): void => void pieces.push(bytes.slice());
  const { status } = await replay(trace, { guest, onOutput }, platform);
  return { status, output: Buffer.concat(pieces).toString() };
}

describe('more sandboxes than there is memory for', () => {
  it('take turns: those that were used longest ago sleep', async () => {
    const guest = await PythonGuest.load(filesIn(guestFolder), { mostAwake: 3 });
    const all: OpenedSandbox[] = [];
    for (let number = 0; number < 7; number++) {
      const opened = await OpenedSandbox.open(guest, {});
      await opened.run(`number = ${number}`);
      all.push(opened);
    }
    const asleep = () => all.map(({ sandbox }) => sandbox.asleep);
    expect(asleep()).toEqual([true, true, true, true, false, false, false]);
    expect(await all[0]?.sandbox.evaluate('number')).toBe(0);
    expect(asleep()).toEqual([false, true, true, true, true, false, false]);

    const values = await Promise.all(all.map(({ sandbox }) => sandbox.evaluate('number')));
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(asleep().filter((sleeps) => !sleeps)).toHaveLength(3);
    for (const { sandbox } of all.slice(0, 5)) sandbox.dispose();
    await all[5]?.sandbox.evaluate('number');
    await all[6]?.sandbox.evaluate('number');
    await pause(20);
    expect(asleep().slice(5)).toEqual([false, false]);
    for (const { sandbox } of all) sandbox.dispose();
    guest.dispose();
  });

  it('go on beyond that where one waits for the other', async () => {
    const guest = await PythonGuest.load(filesIn(guestFolder), { mostAwake: 1 });
    const other = await OpenedSandbox.open(guest, {});
    await other.run('x = 42');
    const page = capability({
      ask: method('async (expression: str) -> int', async (expression: string) =>
        Number(await other.sandbox.evaluate(expression)),
      ),
    });
    const one = await OpenedSandbox.open(guest, { capabilities: { page } });
    expect(other.sandbox.asleep).toBe(true);
    expect(await one.printed('import page; print(page.ask("x"))')).toBe('42\n');
    for (const { sandbox } of [one, other]) sandbox.dispose();
    guest.dispose();
  });

  it('are refused what is no number of them', async () => {
    for (const mostAwake of [0, -1, 1.5, Number.NaN]) {
      await expect(PythonGuest.load(filesIn(guestFolder), { mostAwake })).rejects.toThrow(
        OptionError,
      );
    }
  });
});
