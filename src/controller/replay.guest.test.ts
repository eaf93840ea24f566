import { describe, expect } from 'vitest';
import { guestIt as it, type OpenedSandbox, pause, platform } from '../testing/guest-test';
import { linesOf, recordedPrograms } from '../testing/recorded-programs';
import { MemoryVolume } from '../volume/memory-volume';
import { fixedClock } from './clock';
import type { HostCall } from './dispatcher';
import { formatHostCall } from './host-call-text';
import type { PythonGuest } from './python-guest';
import { type ReplayOptions, type ReplayResult, replay } from './replay';
import { Trace } from './trace';

interface Replayed {
  readonly result: ReplayResult;
  readonly stdout: string;
  readonly stderr: string;
}

async function replayed(
  trace: Trace | Uint8Array,
  guest: PythonGuest,
  options: Partial<ReplayOptions> = {},
): Promise<Replayed> {
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const result = await replay(
    trace,
    { guest, onOutput: (bytes, stream) => output[stream].push(bytes.slice()), ...options },
    platform,
  );
  const text = (pieces: Uint8Array[]): string => Buffer.concat(pieces).toString();
  return { result, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** It was the same, and printed the same. */
async function expectSame(trace: Trace, guest: PythonGuest, opened: OpenedSandbox) {
  const again = await replayed(await trace.encode(), guest);
  expect(again.result).toMatchObject({ status: 'same', entries: trace.entries });
  expect([again.stdout, again.stderr]).toEqual([opened.stdout, opened.stderr]);
  return again.result as Extract<ReplayResult, { status: 'same' }>;
}

describe('a recorded run is the same when it is replayed:', () => {
  it.for(Object.entries(recordedPrograms))('%s', async ([, program], { open, guest }) => {
    const data = MemoryVolume.from({ 'given.txt': `given at ${Date.now()}` });
    const opened = await open({ stdin: linesOf(program), mounts: { '/data': data } });
    const recording = await opened.sandbox.record();
    const outcomes = [await opened.run(program.source), await opened.sandbox.finish()];
    const trace = recording.stop();
    expect(opened.stdout).not.toBe('');
    const result = await expectSame(trace, guest, opened);
    expect(result.calls).toBe(recording.calls);
    expect(result.outcomes).toEqual(outcomes.map(({ status }) => status));
  });

  it('all programs in one sandbox, from where it had got to', async ({ open, guest }) => {
    const lines = Object.values(recordedPrograms).flatMap(({ input = [] }) => input);
    const data = MemoryVolume.from({ 'given.txt': 'given' });
    const opened = await open({
      stdin: linesOf({ source: '', input: lines }),
      mounts: { '/data': data },
    });
    await opened.run('before = [object() for n in range(1000)]; kept = open("/home/kept", "w+")');
    const recording = await opened.sandbox.record();
    for (const [name, { source }] of Object.entries(recordedPrograms)) {
      if (name !== 'input') await opened.run(source);
    }
    await opened.run('print(len(before), kept.write("text"), before[7])');
    await opened.sandbox.evaluate('[id(one) for one in before]');
    await opened.sandbox.isComplete('if 1:');
    await expectSame(recording.stop(), guest, opened);
  });

  it('with an image taken in between, which moves what is free', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run('junk = [bytearray(n) for n in range(3000)]; del junk[::2]');
    await opened.sandbox.snapshot();
    await opened.run(
      'print([id(bytearray(n * 50)) for n in range(20)], list({object() for n in range(9)}))',
    );
    await expectSame(recording.stop(), guest, opened);
  });

  it('without a base image', async ({ open, guest }) => {
    const opened = await open({ env: { PYTHONHASHSEED: '7' } });
    const recording = await opened.sandbox.record();
    await opened.run('print(hash("x"), object())');
    await expectSame(recording.stop(), guest, opened);
  });

  it('a restored sandbox', async ({ open, restore, guest }) => {
    const first = await open();
    await first.run('import random; values = [random.random()]');
    const image = await first.sandbox.snapshot();
    const opened = await restore(image);
    const recording = await opened.sandbox.record();
    await opened.run('print(values, random.random())');
    await expectSame(recording.stop(), guest, opened);
  });
});

describe('what comes to a run from outside comes at the same step when it is replayed:', () => {
  const COUNT = `
import itertools
count = 0
try:
    for count in itertools.count(): pass
finally: print('stopped at', count)`;

  it('an interrupt of a busy program', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    const loop = COUNT.replace(
      'itertools.count(): pass',
      "itertools.count():\n        if count == 9: print('go')",
    );
    const running = opened.run(loop);
    await opened.shows('go');
    await pause(30);
    opened.sandbox.interrupt();
    expect((await running).status).toBe('interrupted');
    await opened.run('print(count)');
    const { outcomes } = await expectSame(recording.stop(), guest, opened);
    expect(outcomes).toEqual(['interrupted', 'ok']);
  });

  it('interrupts that a program catches, of sleep, of input, and of work in C', async ({
    open,
    guest,
  }) => {
    const opened = await open({ stdin: () => new Promise(() => undefined) });
    const recording = await opened.sandbox.record();
    const running = opened.run(`
import time, re
for what in (lambda: time.sleep(60), input, lambda: re.match('(a*)*b', 'a' * 40)):
    try:
        print('go', flush=True)
        what()
    except KeyboardInterrupt as error: print('caught', time.time_ns(), error.__traceback__.tb_lasti)`);
    for (const text of ['go', 'go\ncaught', 'go\ncaught']) {
      while (opened.stdout.split(text).length < 2 || !opened.stdout.endsWith('go\n'))
        await pause(2);
      const before = opened.stdout;
      await pause(20);
      opened.sandbox.interrupt();
      while (opened.stdout === before) await pause(2);
    }
    expect((await running).status).toBe('ok');
    await expectSame(recording.stop(), guest, opened);
  });

  it.for([
    ['wallMs', 60, COUNT],
    ['cpuMs', 60, COUNT],
    ['fuel', 100_000, COUNT],
    ['hostCalls', 500, `${COUNT.replace(': pass', ": open('/home/x', 'w').close()")}`],
    ['outputBytes', 5000, `${COUNT.replace(': pass', ': print(count)')}`],
  ] as const)('a limit of %s', async ([limit, value, source], { open, guest }) => {
    const opened = await open({ limits: { [limit]: value, graceMs: 20_000 } });
    const recording = await opened.sandbox.record();
    const { status } = await opened.run(source);
    await opened.run('print(count)');
    const { outcomes } = await expectSame(recording.stop(), guest, opened);
    expect(outcomes).toEqual([status, 'ok']);
    expect(['timeout', 'cpu', 'output']).toContain(status);
  });

  it.for([
    ['raise SystemExit(3)', 'exit', true],
    ['import os; print("bye", flush=True); os._exit(9)', 'exit', false],
    ['import os; os.abort()', 'trap', false],
    ['x = []\nwhile True: x.append(bytearray(10**6))', 'memory', true],
  ] as const)('the end of %s', async ([source, status, alive], { open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    expect(await opened.run(source)).toMatchObject({ status, alive });
    expect(opened.sandbox.alive).toBe(alive);
    const { outcomes } = await expectSame(recording.stop(), guest, opened);
    expect(outcomes).toEqual([status]);
  });

  it('but for an end at a moment that nobody knows: the entries before are replayed', async ({
    open,
    guest,
  }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run('print("first")');
    const running = opened.run('print("second")\nwhile True: pass');
    await opened.shows('second');
    expect(() => recording.stop()).toThrow('the sandbox runs');
    opened.sandbox.terminate();
    expect((await running).status).toBe('terminated');
    await opened.sandbox.restart();
    await opened.run('print("third")');
    const trace = recording.stop();
    expect(trace.entries).toBe(2);
    const output: string[] = [];
    const replaying = replayed(trace, guest, {
      onOutput: (bytes) => output.push(String(Buffer.from(bytes))),
    });
    await expect(replaying).rejects.toMatchObject({ code: 'TRACE', reason: 'ended', entry: 2 });
    expect(output).toEqual(['first\n']);
  });
});

describe('a changed program', () => {
  const PROGRAM = `
import os
os.stat('/home')
with open('/home/a.txt', 'w') as file: file.write('text')
print(os.listdir('/home'))`;

  it.for([
    ['asks for something else', "'/home')\nwith", "'/tmp')\nwith", 'path_filestat_get', '"tmp"'],
    ['writes something else', "'text'", "'test'", '"text"', '"test"'],
    ['prints something else', 'print(', 'print(1, ', '"[\'a.txt\']\\n"', '"1 [\'a.txt\']\\n"'],
    [
      'calls more',
      "'/home')\nwith",
      "'/home'); os.stat('/')\nwith",
      'path_open',
      'path_filestat_get',
    ],
    ['calls less', "os.stat('/home')\n", '', 'path_filestat_get', 'path_open'],
  ] as const)(
    'that %s is found at that call',
    async ([, from, to, expected, actual], { open, guest }) => {
      const opened = await open();
      const recording = await opened.sandbox.record();
      await opened.run('print(0)');
      await opened.run(PROGRAM);
      const trace = recording.stop();
      const { result } = await replayed(trace, guest, {
        sources: { 2: PROGRAM.replace(from, to) },
      });
      expect(result).toMatchObject({ status: 'differs', at: { entry: 2 } });
      if (result.status !== 'differs') throw new Error();
      expect(result.at.call).toBeGreaterThan(0);
      expect(result.expected).toContain(expected);
      expect(result.actual).toContain(actual);
    },
  );

  it('that ends before is found there, and one that does not end as well', async ({
    open,
    guest,
  }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run('print(1)\nprint(2)');
    const trace = recording.stop();
    const early = await replayed(trace, guest, { sources: { 1: 'print(1)' } });
    expect(early.result).toMatchObject({
      at: { entry: 1, call: 2 },
      expected: 'fd_write(1, "2\\n")',
    });
    const late = await replayed(trace, guest, {
      sources: { 1: 'print(1)\nwhile True: pass' },
      limits: { wallMs: 200 },
    });
    expect(late.result).toMatchObject({ at: { call: 2 }, actual: 'nothing within 200 ms' });
  });

  it('that asks for the same is the same', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run(PROGRAM);
    const sources = { 1: `# other\n${PROGRAM}\nx = 1 + 1` };
    expect((await replayed(recording.stop(), guest, { sources })).result.status).toBe('same');
  });

  it('can stand only where a source was', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run('1');
    await opened.sandbox.finish();
    const trace = recording.stop();
    for (const entry of [0, 2, 3]) {
      const replaying = replayed(trace, guest, { sources: { [entry]: '1' } });
      await expect(replaying).rejects.toThrow(`entry ${entry} runs no source`);
    }
  });
});

it('a replay waits for its reader, and ends with what that throws', async ({ open, guest }) => {
  const opened = await open();
  const recording = await opened.sandbox.record();
  await opened.run('for n in range(5): print(n)');
  const trace = recording.stop();
  const seen: string[] = [];
  const slow = await replayed(trace, guest, {
    onOutput: async (bytes) => {
      const text = String(Buffer.from(bytes));
      await pause(5);
      seen.push(text);
    },
  });
  expect([slow.result.status, seen.join('')]).toEqual(['same', opened.stdout]);
  for (const fail of [
    () => {
      throw new Error('of the page');
    },
    () => Promise.reject(new Error('of the page')),
  ]) {
    await expect(replayed(trace, guest, { onOutput: fail })).rejects.toThrow('of the page');
  }
});

describe('a recording', () => {
  it('is one at a time, and of a guest that lives', async ({ open }) => {
    const { sandbox } = await open();
    const recording = await sandbox.record();
    await expect(sandbox.record()).rejects.toMatchObject({ code: 'BUSY' });
    recording.stop();
    const later = await sandbox.record();
    recording.stop();
    await sandbox.run('1');
    expect([recording.entries, later.stop().entries]).toEqual([0, 1]);
    const running = sandbox.run('1');
    await expect(sandbox.record()).rejects.toMatchObject({ code: 'BUSY' });
    await running;
    sandbox.terminate();
    await expect(sandbox.record()).rejects.toMatchObject({ code: 'ENDED' });
  });

  it('that is full can be replayed up to there', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record({ maxBytes: 20_000 });
    await opened.run('print("first")');
    await opened.run('for n in range(2000): print(n)');
    await opened.run('print("last")');
    expect(recording.isFull).toBe(true);
    const trace = recording.stop();
    expect(trace.entries).toBe(2);
    await expect(replayed(trace, guest)).rejects.toMatchObject({ reason: 'ended', entry: 2 });
  });

  it('of one guest fits no other', async ({ open, guest }) => {
    const opened = await open();
    const recording = await opened.sandbox.record();
    await opened.run('1');
    const { header, content } = recording.stop();
    for (const [change, reason] of [
      [{ buildId: 'other' }, 'build'],
      [{ baseId: 'other' }, 'base'],
      [{ heapBytes: 2 ** 31 }, 'size'],
      [{ heapBytes: 65_536 }, 'damaged'],
    ] as const) {
      const trace = new Trace({ ...header, ...change }, content);
      await expect(replayed(trace, guest), JSON.stringify(change)).rejects.toMatchObject({
        reason,
      });
    }
  });
});

it('two runs with a seed and a fixed clock are the same, call for call', async ({ open }) => {
  const live = async (): Promise<string[]> => {
    const calls: string[] = [];
    const opened = await open({
      seed: 'a seed',
      clock: fixedClock(Date.UTC(2024, 1, 29), 1_000_000),
      onHostCall: (call: HostCall) => calls.push(formatHostCall(call)),
      mounts: { '/data': MemoryVolume.from({ 'given.txt': 'given' }, { now: () => 0n }) },
    });
    for (const [name, { source }] of Object.entries(recordedPrograms)) {
      if (!name.includes('input')) await opened.run(source);
    }
    return [opened.stdout, opened.stderr, ...calls];
  };
  const first = await live();
  expect(first.length).toBeGreaterThan(500);
  expect(await live()).toEqual(first);
});
