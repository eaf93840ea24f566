import { expect } from '@playwright/test';
import type { Sandbox } from '../src';
import { openBarePage, test, withoutIsolation } from './support/bare-page';

const channels = [
  { title: 'with shared memory', isolated: true },
  { title: 'through JSPI', isolated: false },
];

for (const { title: channel, isolated } of channels) {
  test.describe(channel, () => {
    test.use({ isolated });

    test('a run keeps its variables, in a page as anywhere', async ({ barePage }) => {
      const result = await barePage.evaluate(async () => {
        const { sandbox, output } = await bare.openPython();
        await sandbox.run('scores = [20, 22]');
        await sandbox.run('print(sum(scores))');
        return [output(), await sandbox.evaluate('len(scores)')];
      });
      expect(result).toEqual(['42\n', 2]);
    });

    test('rare modules are fetched when they are imported', async ({ barePage }) => {
      const fetched: string[] = [];
      barePage.on('request', (request) => fetched.push(new URL(request.url()).pathname));
      const outcome = await barePage.evaluate(async () => {
        const { sandbox } = await bare.openPython();
        await sandbox.run('import json, re, datetime, collections');
        performance.mark('rare');
        return sandbox.run('import encodings.shift_jis, zoneinfo\nzoneinfo.ZoneInfo("Asia/Tokyo")');
      });
      expect(outcome.status).toBe('ok');
      expect(fetched.filter((path) => path.endsWith('library-more.zip'))).toHaveLength(1);
    });

    test('a first prompt fetches nothing of the library', async ({ barePage }) => {
      const fetched: string[] = [];
      barePage.on('request', (request) => fetched.push(new URL(request.url()).pathname));
      await barePage.evaluate(async () => {
        const { sandbox } = await bare.openPython();
        await sandbox.run('6 * 7', { mode: 'single' });
        await sandbox.run('1 / 0', { mode: 'single' });
        await sandbox.isComplete('for n in x:');
      });
      expect(fetched).toContain('/guest/python.image');
      expect(fetched.filter((path) => path.endsWith('.zip'))).toEqual([]);
    });

    test('only a program that needs rarely called code waits for it', async ({ barePage }) => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await barePage.route('**/python-rare.wasm', async (route) => {
        await released;
        await route.continue();
      });
      const first = await barePage.evaluate(async () => {
        const { sandbox } = await bare.openPython();
        Object.assign(globalThis, { sandbox });
        await sandbox.run('1 / 0', { mode: 'single' });
        await sandbox.run('import json, re\nclass A: pass');
        return sandbox.evaluate('len(json.dumps([A.__name__]))');
      });
      expect(first).toBe(5);
      const query = `__import__('sqlite3').connect(':memory:').execute('select 6 * 7').fetchone()[0]`;
      const asked = barePage.evaluate(async (source) => {
        const { sandbox } = globalThis as unknown as { sandbox: Sandbox };
        return sandbox.evaluate(source);
      }, query);
      const early = await Promise.race([asked, barePage.waitForTimeout(300)]);
      expect(early).toBeUndefined();
      release();
      expect(await asked).toBe(42);
    });

    for (const [title, source] of [
      ['a loop', 'while True: pass'],
      ['time.sleep', 'import time\ntime.sleep(60)'],
      ['input()', 'input()'],
    ] as const) {
      test(`an interrupt ends ${title} and keeps the variables`, async ({ barePage }) => {
        const result = await barePage.evaluate(async (program) => {
          const { sandbox } = await bare.openPython({ stdin: () => new Promise(() => undefined) });
          await sandbox.run('kept = 7');
          const running = sandbox.run(program);
          await new Promise((resolve) => setTimeout(resolve, 200));
          sandbox.interrupt();
          return [(await running).status, await sandbox.evaluate('kept')];
        }, source);
        expect(result).toEqual(['interrupted', 7]);
      });
    }

    test('input() waits for the page, and its clocks with it', async ({ barePage }) => {
      const result = await barePage.evaluate(async () => {
        const { sandbox, output } = await bare.openPython({
          limits: { wallMs: 500, cpuMs: 500 },
          stdin: () => new Promise((resolve) => setTimeout(() => resolve('Ada\n'), 900)),
        });
        const outcome = await sandbox.run('print("Hello", input())');
        return [outcome.status, output()];
      });
      expect(result).toEqual(['ok', 'Hello Ada\n']);
    });

    test('limits end a guest as they say', async ({ barePage }) => {
      const statuses = await barePage.evaluate(async () => {
        const loop = 'while True:\n  try:\n    while True: pass\n  except: pass';
        const endOf = async (limits: object, source: string) => {
          const { sandbox } = await bare.openPython({ limits });
          const { status, alive } = await sandbox.run(source);
          sandbox.dispose();
          return `${status} ${alive}`;
        };
        return [
          await endOf({ wallMs: 300 }, loop),
          await endOf({ cpuMs: 300 }, loop),
          await endOf({ outputBytes: 1000 }, 'while True: print("flood")'),
          await endOf({ heapBytes: 64 * 2 ** 20 }, 'bytearray(10**8)'),
        ];
      });
      expect(statuses).toEqual(['timeout false', 'cpu false', 'output true', 'memory true']);
    });

    test('deep recursion does not kill the guest', async ({ barePage }) => {
      test.slow();
      const deep = [
        'def f(n): return f(n + 1)\nf(0)',
        'import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and f(n - 1)\nf(100_000)',
        'import sys\nsys.setrecursionlimit(10**6)\nclass E:\n  def __eq__(s, o): return E() == E()\nE() == 1',
        'x = []\nfor _ in range(100_000): x = [x]\nrepr(x)',
        'eval("(" * 10_000 + ")" * 10_000)',
        'import json\njson.loads("[" * 100_000)',
        'def k(n): return sorted([n], key=k)\nk(0)',
        'import re\nre.compile("(" * 5000 + ")" * 5000)',
        'x = None\nfor _ in range(10**6): x = (x,)\ndel x',
      ];
      const dead = await barePage.evaluate(async (sources) => {
        const killers: string[] = [];
        for (const source of sources) {
          const { sandbox } = await bare.openPython();
          const outcome = await sandbox.run(source);
          if (!outcome.alive) killers.push(`${source}: ${JSON.stringify(outcome)}`);
          sandbox.dispose();
        }
        return killers;
      }, deep);
      expect(dead).toEqual([]);
    });

    test('a guest that ends is replaced by restart', async ({ barePage }) => {
      const result = await barePage.evaluate(async () => {
        const { sandbox } = await bare.openPython();
        const exit = await sandbox.run('import os\nos._exit(3)');
        await sandbox.restart();
        const abort = await sandbox.run('import os\nos.abort()');
        await sandbox.restart();
        return [exit.status, abort.status, await sandbox.evaluate('6 * 7')];
      });
      expect(result).toEqual(['exit', 'trap', 42]);
    });

    test('another WASI program runs in the page', async ({ barePage }) => {
      const status = await barePage.evaluate(async () => {
        // (module (func (export "_start")))
        const module = Uint8Array.from(
          '0061736d01000000010401600000030201000a040102000b'.match(/../g) ?? [],
          (byte) => Number.parseInt(byte, 16),
        );
        // The export section, before the code.
        const head = module.subarray(0, 18);
        const exported = [7, 10, 1, 6, ...new TextEncoder().encode('_start'), 0, 0];
        const whole = Uint8Array.from([...head, ...exported, ...module.subarray(18)]);
        const program = await bare.glovebox.startWasiProgram(whole, {});
        return (await program.outcome).status;
      });
      expect(status).toBe('ok');
    });
  });
}

test('a page that has neither shared memory nor JSPI is told so', async ({ page }) => {
  await withoutIsolation(page);
  await page.addInitScript(() => Reflect.deleteProperty(WebAssembly, 'Suspending'));
  await openBarePage(page);
  const result = await page.evaluate(async () => {
    try {
      await bare.openPython();
      return 'started';
    } catch (error) {
      return error instanceof bare.glovebox.errors.EnvironmentError
        ? `${error.code}: ${error.message}`
        : String(error);
    }
  });
  expect(result).toMatch(/^ENVIRONMENT: .*Cross-Origin-Opener-Policy/);
  expect(page.workers()).toEqual([]);
});

test('the worker of the next sandbox is there before it, unless the page wants none', async ({
  barePage,
}) => {
  const count = (): number => barePage.workers().length;
  const answer = await barePage.evaluate(async () => {
    const guest = await bare.glovebox.PythonGuest.load(new URL('/guest/', document.baseURI));
    const sandbox = await bare.glovebox.Sandbox.create({ guest });
    const value = await sandbox.evaluate('6 * 7');
    sandbox.dispose();
    Object.assign(globalThis, { guest });
    return value;
  });
  expect(answer).toBe(42);
  await expect.poll(count).toBe(1);
  await barePage.evaluate(() =>
    (globalThis as unknown as { guest: { dispose(): void } }).guest.dispose(),
  );
  await expect.poll(count).toBe(0);
});

test('a guest folder that is not there is told, and leaves nothing behind', async ({
  barePage,
}) => {
  const message = await barePage.evaluate(() =>
    bare.glovebox.PythonGuest.load(new URL('/nowhere/', document.baseURI)).then(
      () => 'loaded',
      (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
    ),
  );
  expect(message).toMatch(/^GUEST_FILES: .* can't be .*404/);
  await expect.poll(() => barePage.workers().length).toBe(0);
});
