import { expect, type Locator, type Page, test } from '@playwright/test';

class GloveboxPage {
  readonly editor: Locator;
  readonly prompt: Locator;
  readonly output: Locator;
  readonly run: Locator;
  readonly stop: Locator;
  readonly status: Locator;

  constructor(readonly page: Page) {
    this.editor = page.getByRole('textbox', { name: 'Program' });
    this.prompt = page.locator('#prompt textarea');
    this.output = page.locator('#output');
    this.run = page.getByRole('button', { name: 'Run' });
    this.stop = page.locator('#stop');
    this.status = page.locator('.status-label');
  }

  async open(): Promise<void> {
    await this.page.goto('./');
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.status).toHaveText('Ready', { timeout: 30_000 });
  }

  async statement(...lines: string[]): Promise<void> {
    for (const line of lines) {
      await this.prompt.pressSequentially(line);
      await this.prompt.press('Enter');
    }
  }

  async program(source: string): Promise<void> {
    await this.editor.fill(source);
    await this.editor.press('ControlOrMeta+Enter');
  }
}

const guestTest = test.extend<{ glovebox: GloveboxPage }>({
  glovebox: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    const glovebox = new GloveboxPage(page);
    await glovebox.open();
    await use(glovebox);
    expect(problems).toEqual([]);
  },
});

guestTest.describe('the prompt', () => {
  guestTest('answers 6*7', async ({ glovebox }) => {
    await glovebox.statement('6*7');
    await expect(glovebox.output).toHaveText('>>> 6*7\n42\n');
  });

  guestTest('takes a block until an empty line ends it', async ({ glovebox }) => {
    await glovebox.statement('for n in range(3):', 'print(n * n)');
    await expect(glovebox.prompt).toHaveValue('for n in range(3):\n    print(n * n)\n    ');
    await glovebox.prompt.press('Enter');
    await expect(glovebox.output).toContainText('0\n1\n4\n');
    await expect(glovebox.prompt).toHaveValue('');
  });

  guestTest('brings earlier statements back with the arrow keys', async ({ glovebox }) => {
    await glovebox.statement('a = 1');
    await glovebox.ready();
    await glovebox.statement('b = 2');
    await glovebox.ready();
    await glovebox.prompt.press('ArrowUp');
    await glovebox.prompt.press('ArrowUp');
    await expect(glovebox.prompt).toHaveValue('a = 1');
    await glovebox.prompt.press('ArrowDown');
    await expect(glovebox.prompt).toHaveValue('b = 2');
  });

  guestTest('shows what a program left', async ({ glovebox }) => {
    await glovebox.program('answer = 6 * 7');
    await glovebox.ready();
    await glovebox.statement('answer + 1');
    await expect(glovebox.output).toContainText('\n43\n');
  });
});

guestTest.describe('a program', () => {
  guestTest('prints', async ({ glovebox }) => {
    await glovebox.program('print("hello", "wörld 🐍")');
    await expect(glovebox.output).toHaveText('hello wörld 🐍\n');
    await expect(glovebox.page.locator('.status-details')).toHaveText(/last run .* memory \d+ MiB/);
  });

  guestTest('is answered when it asks for input', async ({ glovebox }) => {
    await glovebox.program('print("hi", input("name? "))');
    await expect(glovebox.status).toHaveText('Waiting for input');
    await expect(glovebox.prompt).toBeFocused();
    await glovebox.statement('Ada');
    await expect(glovebox.output).toHaveText('name? Ada\nhi Ada\n');
  });

  guestTest('sees the end of its input when the user says so', async ({ glovebox }) => {
    await glovebox.program('try:\n    input()\nexcept EOFError:\n    print("end")');
    await expect(glovebox.status).toHaveText('Waiting for input');
    await glovebox.prompt.press('Control+d');
    await expect(glovebox.output).toContainText('end');
  });

  guestTest('has its end in sight, prompt included, on a small screen', async ({ glovebox }) => {
    await glovebox.page.setViewportSize({ width: 360, height: 640 });
    await glovebox.program('for n in range(100): print(n, "x" * 50)\ninput("name? ")');
    await expect(glovebox.status).toHaveText('Waiting for input');
    await expect(glovebox.prompt).toBeInViewport({ ratio: 1 });
  });

  guestTest('that fails shows its traceback, with the source line', async ({ glovebox }) => {
    await glovebox.program('def f():\n    return 1 / 0\n\nf()');
    const stderr = glovebox.page.locator('#output .stderr');
    await expect(stderr.first()).toContainText('Traceback (most recent call last):');
    await expect(glovebox.output).toContainText('File "<program>", line 2, in f');
    await expect(glovebox.output).toContainText('return 1 / 0');
    await expect(glovebox.output).toContainText('ZeroDivisionError: division by zero');
  });

  guestTest('that ends itself says with which status', async ({ glovebox }) => {
    await glovebox.program('import sys\nsys.exit(3)');
    await expect(glovebox.output).toContainText('status 3');
    await glovebox.ready();
  });

  guestTest('shows markup as text, and colours as colours', async ({ glovebox }) => {
    await glovebox.program('print("<b>bold</b>\\x1b[31mred\\x1b[0m")');
    await expect(glovebox.output).toHaveText('<b>bold</b>red\n');
    await expect(glovebox.page.locator('#output .ansi-red')).toHaveText('red');
  });

  guestTest('that prints without end leaves the page usable and small', async ({ glovebox }) => {
    await glovebox.program('n = 0\nwhile True:\n    n += 1\n    print(n, "x" * 70)');
    await expect(glovebox.page.getByText('Earlier output is not kept.')).toBeVisible();
    await glovebox.stop.click();
    await glovebox.ready();
    const size = await glovebox.output.evaluate((element) => ({
      characters: element.textContent?.length ?? 0,
      nodes: element.childNodes.length,
    }));
    expect(size.characters).toBeLessThan(250_000);
    expect(size.nodes).toBeLessThan(4_100);
    await glovebox.statement('n > 1000');
    await expect(glovebox.output).toContainText('True\n');
  });
});

guestTest.describe('Stop', () => {
  for (const [what, body] of [
    ['a loop that does nothing', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(1000)'],
    ['a wait for input', 'input()'],
  ] as const) {
    guestTest(`ends ${what} and keeps the variables`, async ({ glovebox }) => {
      await glovebox.program(`kept = 41\nprint("going")\n${body}`);
      await expect(glovebox.output).toContainText('going');
      if (body === 'input()') await expect(glovebox.status).toHaveText('Waiting for input');
      await glovebox.stop.click();
      await expect(glovebox.output).toContainText('KeyboardInterrupt');
      await glovebox.ready();
      await glovebox.statement('kept + 1');
      await expect(glovebox.output).toContainText('\n42\n');
    });
  }

  guestTest('works from the prompt with Ctrl+C', async ({ glovebox }) => {
    await glovebox.statement('while True: pass', '');
    await expect(glovebox.status).toHaveText('Running');
    await glovebox.prompt.press('Control+c');
    await expect(glovebox.output).toContainText('KeyboardInterrupt');
    await glovebox.ready();
  });

  guestTest('starts Python anew when a program does not heed it', async ({ glovebox }) => {
    await glovebox.program(
      'kept = 1\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass',
    );
    await expect(glovebox.status).toHaveText('Running');
    await glovebox.stop.click();
    await expect(glovebox.output).toContainText('started anew', { timeout: 20_000 });
    await glovebox.ready();
    await glovebox.statement('"kept" in globals()');
    await expect(glovebox.output).toContainText('False\n');
  });
});

test('the page says what is wrong when it is not cross-origin isolated', async ({ page }) => {
  await page.route('./', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Opener-Policy');
});

test('the page says what is wrong when the guest is missing', async ({ page }) => {
  await page.route('**/guest/**', (route) => route.fulfill({ status: 404 }));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('Python could not be started');
  await expect(page.locator('.status-label')).toHaveText('Not available');
});

test('the editor indents as one writes, and lets the keyboard out after Escape', async ({
  page,
}) => {
  await page.goto('./');
  const editor = page.getByRole('textbox', { name: 'Program' });
  await editor.fill('');
  await editor.pressSequentially('if x:');
  await editor.press('Enter');
  await editor.pressSequentially('pass');
  await expect(editor).toHaveValue('if x:\n    pass');
  await editor.press('Home');
  await editor.press('Tab');
  await expect(editor).toHaveValue('if x:\n        pass');
  await editor.press('Shift+Tab');
  await editor.press('ControlOrMeta+z');
  await expect(editor).toHaveValue('if x:\n        pass');
  await editor.press('Escape');
  await editor.press('Tab');
  await expect(editor).not.toBeFocused();
});
