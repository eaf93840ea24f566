import { expect, test } from '@playwright/test';
import { PlaygroundPage, playgroundTest } from './support/playground-page';

playgroundTest.describe('the prompt', () => {
  playgroundTest('answers 6*7', async ({ playground }) => {
    await playground.statement('6*7');
    await playground.console.endsWith('>>> 6*7', '42', '>>>');
  });

  playgroundTest('takes a block until an empty line ends it', async ({ playground }) => {
    await playground.statement('for n in range(3):', 'print(n * n)');
    await playground.console.endsWith('>>> for n in range(3):', '...     print(n * n)', '...');
    await playground.prompt.press('Enter');
    await playground.console.endsWith('0', '1', '4', '>>>');
  });

  playgroundTest(
    'brings earlier statements back, also after the page was closed',
    async ({ playground, context }) => {
      await playground.statement('for n in range(2):', 'print(n + 40)', '', 'b = 2');
      await playground.console.endsWith('>>> b = 2', '>>>');
      await playground.prompt.press('ArrowUp');
      await playground.console.endsWith('>>> b = 2');
      await playground.prompt.press('ArrowUp');
      await playground.console.endsWith('>>> for n in range(2):', '...     print(n + 40)');
      await playground.page.close();
      const other = new PlaygroundPage(await context.newPage());
      await other.open();
      await expect(other.file('.python_history')).toHaveCount(0);
      await other.prompt.press('ArrowUp');
      await other.console.endsWith('>>> b = 2');
    },
  );

  playgroundTest('shows what a program left', async ({ playground }) => {
    await playground.program('answer = 6 * 7');
    await playground.ready();
    await playground.statement('answer + 1');
    await playground.console.endsWith('43', '>>>');
  });

  playgroundTest('keeps what was half typed while a program runs', async ({ playground }) => {
    await playground.prompt.pressSequentially('6 *');
    await playground.console.endsWith('>>> 6 *');
    await playground.program('print("between")');
    await playground.console.endsWith('▶ main.py', 'between', '>>> 6 *');
    await playground.statement(' 7');
    await playground.console.endsWith('42', '>>>');
  });

  playgroundTest('is another one after exit', async ({ playground }) => {
    await playground.statement('kept = 1', 'exit(3)');
    await playground.console.shows('[Python has ended with status 3; a new one starts]');
    await playground.ready();
    await playground.statement('"kept" in globals()');
    await playground.console.endsWith('False', '>>>');
  });
});

playgroundTest.describe('a program', () => {
  playgroundTest('prints', async ({ playground }) => {
    await playground.program('print("hello", "wörld 🐍")');
    await playground.console.endsWith('▶ main.py', 'hello wörld 🐍', '>>>');
    await expect(playground.page.locator('glovebox-editor .last')).toHaveText(/\d.* MiB/);
  });

  playgroundTest('is answered when it asks for input', async ({ playground }) => {
    await playground.program('print("hi", input("name? "))');
    await expect(playground.status).toHaveText('Waiting for input');
    await expect(playground.prompt).toBeFocused();
    await playground.statement('Ada');
    await playground.console.endsWith('name? Ada', 'hi Ada', '>>>');
  });

  playgroundTest('sees the end of its input when the user says so', async ({ playground }) => {
    await playground.program('try:\n    input()\nexcept EOFError:\n    print("end")');
    await expect(playground.status).toHaveText('Waiting for input');
    await playground.prompt.press('Control+d');
    await playground.console.endsWith('end', '>>>');
  });

  playgroundTest(
    'has its end in sight, prompt included, on a small screen',
    async ({ playground }) => {
      await playground.page.setViewportSize({ width: 360, height: 640 });
      await playground.program('for n in range(100): print(n, "x" * 50)\ninput("name? ")');
      await expect(playground.page.locator('.xterm-screen')).toBeInViewport({ ratio: 1 });
      await expect(playground.prompt).toBeFocused();
      await playground.console.endsWith('name?');
    },
  );

  playgroundTest(
    'that fails shows its traceback, and the line in the editor',
    async ({ playground }) => {
      await playground.program('def f():\n    return 1 / 0\n\nf()');
      await playground.console.shows('Traceback (most recent call last)');
      await playground.console.shows('File "/home/main.py", line 2, in f');
      await playground.console.shows('return 1 / 0');
      const failed = playground.page.locator('.cm-failedLine');
      await expect(failed).toHaveText(/return 1 \/ 0.*ZeroDivisionError: division by zero/);
      await playground.write('print("mended")');
      await expect(failed).toHaveCount(0);
    },
  );

  playgroundTest('that ends itself says with which status', async ({ playground }) => {
    await playground.program('import sys\nsys.exit(3)');
    await playground.console.shows('status is 3');
    await playground.ready();
  });

  playgroundTest('shows markup as text, and colours as colours', async ({ playground }) => {
    await playground.program('print("<b>bold</b>\\x1b[31mred\\x1b[0m")');
    await playground.console.endsWith('▶ main.py', '<b>bold</b>red', '>>>');
    await expect(playground.page.locator('.xterm-rows .xterm-fg-1')).toHaveText('red');
  });

  playgroundTest(
    'that prints without end leaves the page usable and small',
    async ({ playground }) => {
      await playground.program(
        'n = 0\nwhile True:\n    n += 1\n    print(n, ("x" * 70 + "\\n") * 20)',
      );
      await playground.console.shows(/\n\d{3,} xxx/, { timeout: 40_000 });
      await playground.stop.click();
      await playground.ready();
      const lines = (await playground.console.read()).split('\n');
      expect(lines.length).toBeLessThan(6_000);
      expect(lines[0]).not.toContain('main.py');
      await playground.statement('n > 100');
      await playground.console.endsWith('True', '>>>');
    },
  );

  playgroundTest(
    'can be run in part: the selected lines, indented as they are',
    async ({ playground }) => {
      await playground.write('def f():\n    x = 6\n    print(x * 7)\n\nprint("not this")');
      await playground.page.keyboard.press('ControlOrMeta+Home');
      await playground.page.keyboard.press('ArrowDown');
      await playground.page.keyboard.press('Shift+ArrowDown');
      await playground.page.keyboard.press('Shift+End');
      await playground.page.keyboard.press('ControlOrMeta+Shift+Enter');
      await playground.console.endsWith('▶ <selection>', '42', '>>>');
    },
  );

  playgroundTest('is stopped after a number of steps, and lives on', async ({ playground }) => {
    await playground.write('n = 0\nwhile True: n += 1');
    await playground.page.getByRole('button', { name: 'Limit steps' }).click();
    await playground.page.getByRole('spinbutton', { name: /steps/ }).fill('20000');
    await playground.page.getByRole('spinbutton', { name: /steps/ }).press('Enter');
    await playground.run.click();
    await playground.console.shows(/no steps left.*made 20,000 steps/);
    await playground.ready();
    await playground.statement('0 < n < 100_000');
    await playground.console.endsWith('True', '>>>');
  });
});

playgroundTest.describe('Stop', () => {
  for (const [what, body] of [
    ['a loop that does nothing', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(1000)'],
    ['a wait for input', 'input()'],
  ] as const) {
    playgroundTest(`ends ${what} and keeps the variables`, async ({ playground }) => {
      await playground.program(`kept = 41\nprint("going")\n${body}`);
      await playground.console.shows('going');
      if (body === 'input()') await expect(playground.status).toHaveText('Waiting for input');
      await playground.stop.click();
      await playground.console.shows('KeyboardInterrupt');
      await playground.ready();
      await playground.statement('kept + 1');
      await playground.console.endsWith('42', '>>>');
    });
  }

  playgroundTest('works from the prompt with Ctrl+C', async ({ playground }) => {
    await playground.statement('while True: pass', '');
    await expect(playground.status).toHaveText('Running');
    await playground.prompt.press('Control+c');
    await playground.console.shows('KeyboardInterrupt');
    await playground.ready();
  });

  playgroundTest('works from the editor with the keyboard', async ({ playground }) => {
    await playground.program('while True: pass');
    await expect(playground.status).toHaveText('Running');
    await playground.editor.press('ControlOrMeta+.');
    await playground.console.shows('KeyboardInterrupt');
    await playground.ready();
  });

  playgroundTest('reaches a program that has not quite begun', async ({ playground }) => {
    await playground.write('while True: pass');
    const stop = await playground.stop.elementHandle();
    // Sooner than anybody's finger.
    for (const waitMs of [0, 1, 2, 5, 10, 20, 40, 80]) {
      await playground.run.evaluate(
        (run: HTMLElement, { stop, waitMs }) => {
          run.click();
          setTimeout(() => (stop as HTMLElement | null)?.click(), waitMs);
        },
        { stop, waitMs },
      );
      await expect.poll(() => playground.console.read()).toMatch(/KeyboardInterrupt\n>>>\s*$/);
      await playground.ready();
      await playground.page.getByRole('button', { name: 'Clear' }).click();
    }
  });

  playgroundTest('starts Python anew when a program does not heed it', async ({ playground }) => {
    await playground.program(
      'kept = 1\nwhile True:\n    try:\n        print("going")\n        while True: pass\n    except BaseException: pass',
    );
    await playground.console.shows('going');
    await playground.stop.click();
    await playground.console.shows('started anew');
    await playground.ready();
    await playground.statement('"kept" in globals()');
    await playground.console.endsWith('False', '>>>');
  });
});

playgroundTest.describe('the editor', () => {
  playgroundTest(
    'completes names of the program and members of modules',
    async ({ playground }) => {
      await playground.program('import math\nstrawberries = 3\n');
      await playground.ready();
      const list = playground.page.getByRole('listbox');
      await playground.write('');
      await playground.page.keyboard.type('strawb');
      await expect(list.getByRole('option', { name: /strawberries/ })).toBeVisible();
      // A key that comes with the list was not meant for it: CodeMirror waits 75 ms.
      await playground.page.waitForTimeout(200);
      await playground.page.keyboard.press('Enter');
      await expect(playground.editor).toHaveText('strawberries');
      await playground.write('');
      await playground.page.keyboard.type('math.sq');
      await expect(list.getByRole('option', { name: /sqrt/ })).toBeVisible();
    },
  );

  playgroundTest(
    'completes while the program runs, from what is written',
    async ({ playground }) => {
      await playground.program('raspberry = 1\nwhile True: pass\n');
      await expect(playground.status).toHaveText('Running');
      await playground.page.keyboard.type('raspb');
      const list = playground.page.getByRole('listbox');
      await expect(list.getByRole('option', { name: /raspberry/ })).toBeVisible();
      await playground.page.keyboard.press('Escape');
      await playground.stop.click();
      await playground.ready();
    },
  );

  playgroundTest("marks what Python's own compiler finds wrong", async ({ playground }) => {
    await playground.write('print("a"\nx = 1');
    const mark = playground.page.locator('.cm-lintRange-error');
    await expect(mark).toBeVisible();
    await playground.page.keyboard.press('F8');
    await expect(playground.page.getByText("'(' was never closed")).toBeVisible();
    await playground.write('print("a")');
    await expect(mark).toHaveCount(0);
  });

  playgroundTest(
    'indents as one writes, and lets the keyboard out after Escape',
    async ({ playground }) => {
      await playground.write('');
      await playground.page.keyboard.type('if x:');
      await playground.page.keyboard.press('Enter');
      await playground.page.keyboard.type('pass');
      await expect(playground.editor).toHaveText(/^if x: {4}pass$/);
      await playground.page.keyboard.press('Escape');
      await playground.page.keyboard.press('Home');
      await playground.page.keyboard.press('Tab');
      await expect(playground.editor).toBeFocused();
      await expect(playground.editor).toHaveText(/^if x: {8}pass$/);
      await playground.page.keyboard.press('Escape');
      await playground.page.keyboard.press('Tab');
      await expect(playground.editor).not.toBeFocused();
    },
  );

  playgroundTest('has for each file what can be undone', async ({ playground }) => {
    await playground.write('first = 1');
    await playground.newFile('other.py', 'second = 2');
    await playground.tab('main.py').click();
    await playground.editor.click();
    await playground.page.keyboard.press('ControlOrMeta+z');
    await expect(playground.editor).not.toHaveText('first = 1');
    await playground.tab('other.py').click();
    await expect(playground.editor).toHaveText('second = 2');
  });
});

test('the page runs programs without cross-origin isolation', async ({ page }) => {
  await page.route('./', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
  const playground = new PlaygroundPage(page);
  await playground.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await playground.program('print(6 * 7)');
  await playground.console.endsWith('▶ main.py', '42', '>>>');
});

test('the page says what is wrong when a browser can not wait for it', async ({ page }) => {
  await page.addInitScript(() => {
    delete (WebAssembly as { Suspending?: unknown }).Suspending;
    Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false });
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined });
  });
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Opener-Policy');
  await expect(page.getByRole('textbox', { name: /^Program/ })).toBeVisible();
});

test('the page says what is wrong when the guest is missing, and keeps the program', async ({
  page,
}) => {
  await page.route('**/guest/**', (route) => route.fulfill({ status: 404 }));
  await page.goto('./');
  const playground = new PlaygroundPage(page);
  await expect(page.getByRole('alert')).toContainText('Python could not be started');
  await expect(playground.status).toHaveText('Not available');
  await playground.write('written = True');
  await playground.stored();
  await page.unroute('**/guest/**');
  await page.reload();
  await playground.ready();
  await expect(playground.editor).toHaveText('written = True');
});
