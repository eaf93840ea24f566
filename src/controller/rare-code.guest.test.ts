import { describe, expect, test, vi } from 'vitest';
import { filesIn } from '../node/platform';
import { MAIN_CODE } from '../protocol/rare-code';
import { guestFolder, OpenedSandbox } from '../testing/guest-test';
import { type GuestFiles, RARE_MODULE } from './guest-files';
import { PythonGuest } from './python-guest';

const files = filesIn(guestFolder);

/** SQLite is a part of it. */
const QUERY = `__import__('sqlite3').connect(':memory:').execute('select 6 * 7').fetchone()[0]`;

interface Watched {
  readonly guest: PythonGuest;
  /** How often a guest has asked for the code. */
  readonly asked: () => number;
}

/** `rare`: the code as the host has it. */
async function load({ rare = files.readCode } = {}): Promise<Watched> {
  let asked = 0;
  const watched: GuestFiles = {
    ...files,
    compile: async (name) =>
      name === RARE_MODULE
        ? WebAssembly.compile((await rare(name)) as BufferSource)
        : files.compile(name),
    readCode: (name) => {
      asked++;
      return rare(name);
    },
  };
  return { guest: await PythonGuest.load(watched), asked: () => asked };
}

/** With the name of the table that both modules have changed, as another build's is. */
async function ofAnotherBuild(name: string): Promise<Uint8Array> {
  const code = await files.readCode(name);
  const at = Buffer.from(code).indexOf('rare.places.') + 'rare.places.'.length;
  code[at] = code[at] === 0x30 ? 0x31 : 0x30;
  return code;
}

describe('the code that is rarely called', () => {
  test('imports parts of the main module, and nothing of a host', async () => {
    const module = await files.compile(RARE_MODULE);
    const imported = WebAssembly.Module.imports(module);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((wanted) => wanted.module !== MAIN_CODE)).toEqual([]);
    expect(imported.filter(({ kind }) => kind === 'function')).toEqual([]);
  });

  test('is not needed by a first program', async () => {
    const { guest, asked } = await load();
    const python = await OpenedSandbox.open(guest, {});
    try {
      await python.sandbox.run('class A:\n    def __init__(self): self.x = [1, 2.5]\nprint(A().x)');
      const failed = await python.sandbox.run('def f(n): return 1 // n\nf(0)');
      expect(failed).toMatchObject({ status: 'error', error: { type: 'ZeroDivisionError' } });
      await python.sandbox.run('import json, re, datetime\nprint(json.dumps({"a": [1, None]}))');
      expect(await python.sandbox.evaluate('sorted({3: 1, 2: 2})')).toEqual([2, 3]);
      for (const line of [
        'x = 6 * 7',
        'x',
        '"a"',
        'def f():\n    return 1\n',
        'f()',
        '1 / 0',
        'x y',
      ]) {
        await python.sandbox.run(line, { mode: 'single' });
      }
      await python.sandbox.isComplete('for n in x:');
      expect(asked()).toBe(0);
    } finally {
      python.sandbox.dispose();
    }
  });

  test('is asked for where it is needed before it has come, and given to the next', async () => {
    const { guest, asked } = await load();
    const first = await OpenedSandbox.open(guest, {});
    try {
      expect(await first.sandbox.evaluate(QUERY)).toBe(42);
      expect(await first.sandbox.evaluate(QUERY)).toBe(42);
      expect(asked()).toBe(1);
      await vi.waitFor(() => expect(guest.rareCode.module).toBeDefined(), 5000);
      const next = await OpenedSandbox.open(guest, {});
      try {
        expect(await next.sandbox.evaluate(QUERY)).toBe(42);
        expect(asked()).toBe(1);
      } finally {
        next.sandbox.dispose();
      }
    } finally {
      first.sandbox.dispose();
    }
  });

  test('is there again in a fork, in a restored sandbox and after a restart', async () => {
    const { guest } = await load();
    const python = await OpenedSandbox.open(guest, {});
    try {
      await python.sandbox.run(`
import sqlite3
numbers = sqlite3.connect(':memory:')
numbers.execute('create table n(x)')
numbers.executemany('insert into n values (?)', [(i,) for i in range(10)])`);
      const SUM = `numbers.execute('select sum(x) from n').fetchone()[0]`;
      const twin = await python.fork();
      const restored = await OpenedSandbox.restore(guest, await python.sandbox.snapshot(), {});
      try {
        for (const { sandbox } of [python, twin, restored]) {
          expect(await sandbox.evaluate(SUM)).toBe(45);
        }
      } finally {
        twin.sandbox.dispose();
        restored.sandbox.dispose();
      }
      await python.sandbox.restart();
      expect(await python.sandbox.evaluate(QUERY)).toBe(42);
    } finally {
      python.sandbox.dispose();
    }
  });

  test.each([
    ['is missing', () => Promise.reject(new Error('404'))],
    ['is cut short', async (name: string) => (await files.readCode(name)).subarray(0, -1000)],
    ['is of another build', ofAnotherBuild],
  ])('ends a guest that needs it where it %s, and no other', async (_what, rare) => {
    const { guest } = await load({ rare });
    const python = await OpenedSandbox.open(guest, {});
    const other = await OpenedSandbox.open(guest, {});
    try {
      const outcome = await python.sandbox.run(QUERY);
      expect(outcome).toMatchObject({ status: 'trap' });
      expect(await other.sandbox.evaluate('6 * 7')).toBe(42);
    } finally {
      python.sandbox.dispose();
      other.sandbox.dispose();
    }
  });
});
