import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { TerminalText } from './support/terminal-text';

/** The element as a user has it: keys go to what has the focus, and what is to be read is in the terminal. */
class Prompt {
  readonly page: Page;
  readonly #terminal: TerminalText;

  constructor(page: Page) {
    this.page = page;
    this.#terminal = new TerminalText(page.locator('glovebox-repl'));
  }

  async open(path = 'e2e/pages/repl.html'): Promise<void> {
    await this.page.routeWebSocket(/./, () => undefined);
    await this.page.goto(path);
    await this.endsWith('>>>');
    await this.page.locator('.xterm-screen').click();
  }

  text(): Promise<string> {
    return this.#terminal.read();
  }

  shows(text: string): Promise<void> {
    return this.#terminal.shows(text);
  }

  endsWith(...lines: readonly string[]): Promise<void> {
    return this.#terminal.endsWith(...lines);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async enter(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      await this.type(line);
      await this.press('Enter');
    }
  }

  async reads(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => document.querySelector('glovebox-repl')?.state))
      .toBe('reading');
  }
}

const test = base.extend<{ prompt: Prompt }>({
  prompt: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    const prompt = new Prompt(page);
    await prompt.open();
    await use(prompt);
    expect(problems).toEqual([]);
  },
});

test.describe('the prompt in a page', () => {
  test('runs what is typed, and shows what it is', async ({ prompt }) => {
    await prompt.shows('Type "help", "copyright", "credits" or "license" for more information.');
    await prompt.enter('6 * 7');
    await prompt.endsWith('>>> 6 * 7', '42', '>>>');
  });

  test('completes, and brings a block back to be changed', async ({ prompt }) => {
    await prompt.enter('import math');
    await prompt.type('math.facto');
    await prompt.press('Tab');
    await prompt.enter('5)');
    await prompt.endsWith('>>> math.factorial(5)', '120', '>>>');
    await prompt.enter('for n in range(2):', 'print("n is", n)', '');
    await prompt.endsWith('n is 0', 'n is 1', '>>>');
    await prompt.press('ArrowUp', 'ArrowLeft');
    await prompt.type(' + 10');
    await prompt.press('End', 'Enter', 'Enter');
    await prompt.endsWith('n is 10', 'n is 11', '>>>');
  });

  test('finds a statement again with Ctrl-R', async ({ prompt }) => {
    await prompt.enter('first = 1', 'second = 2');
    await prompt.press('Control+r');
    await prompt.type('fir');
    await prompt.endsWith("(r-search `fir') first = 1");
    await prompt.press('Enter', 'Enter');
    await prompt.endsWith('>>> first = 1', '>>>');
  });

  test('stops a loop with Ctrl-C, and keeps its state', async ({ prompt }) => {
    await prompt.enter('n = 0', 'while True: n += 1', '');
    await prompt.page.waitForTimeout(300);
    await prompt.press('Control+c');
    await prompt.shows('KeyboardInterrupt');
    await prompt.enter('n > 0');
    await prompt.endsWith('True', '>>>');
  });

  test('answers input(), and getpass unseen', async ({ prompt }) => {
    await prompt.enter('name = input("name? ")');
    await prompt.reads();
    await prompt.enter('Ada');
    await prompt.enter('name.upper()');
    await prompt.endsWith("'ADA'", '>>>');
    await prompt.enter('import getpass; secret = getpass.getpass()');
    await prompt.reads();
    await prompt.enter('hush');
    // As everywhere, getpass throws away what is typed ahead of its end.
    await prompt.endsWith('Password:', '>>>');
    await prompt.enter('len(secret)');
    await prompt.endsWith('4', '>>>');
    expect(await prompt.text()).not.toContain('hush');
  });

  test('steps with pdb, and pages through help', async ({ prompt }) => {
    await prompt.enter('def f(n):', 'm = n + 1', 'return m * 2', '');
    await prompt.enter('import pdb; pdb.runcall(f, 3)');
    await prompt.endsWith('-> m = n + 1', '(Pdb)');
    await prompt.enter('n', 'p m');
    await prompt.endsWith('4', '(Pdb)');
    await prompt.enter('c');
    await prompt.endsWith('8', '>>>');
    await prompt.enter('help(str)');
    await prompt.endsWith('-- more --');
    await prompt.type(' q');
    await prompt.endsWith('>>>');
  });

  test('takes indented code from the clipboard, and gives what is selected', async ({
    prompt,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const code = 'def f(n):\n    if n:\n\n        return "yes"\n    return "no"\n';
    await prompt.page.evaluate((text) => navigator.clipboard.writeText(text), code);
    await prompt.press('Control+v');
    await prompt.shows('    return "no"');
    await prompt.press('Enter');
    await prompt.enter('f(1) + f(0)');
    await prompt.endsWith("'yesno'", '>>>');
  });

  test('comes back with a half-typed block from an image', async ({ prompt }) => {
    await prompt.enter('factor = 3', 'for n in range(2):');
    await prompt.type('print(n * factor');
    await prompt.endsWith('...     print(n * factor');
    await prompt.page.evaluate(async () => {
      const repl = document.querySelector('glovebox-repl');
      const image = await repl?.sandbox?.snapshot({ wait: true });
      await repl?.restart({ from: image });
    });
    await prompt.type(' + 1)');
    await prompt.press('Enter', 'Enter');
    await prompt.endsWith('1', '4', '>>>');
  });

  test('obeys nothing of the program but colours and movements', async ({ prompt }) => {
    const title = await prompt.page.title();
    await prompt.enter(
      'print("\\x1b]0;owned\\x07\\x1b]52;c;b3duZWQ=\\x07\\x1b[6n\\x1b[c\\x1b]8;;javascript:alert(1)\\x1b\\\\link")',
    );
    await prompt.shows('\\x1b]0;owned');
    await prompt.enter('1 + 1');
    await prompt.endsWith('>>> 1 + 1', '2', '>>>');
    expect(await prompt.page.title()).toBe(title);
    expect(await prompt.page.locator('glovebox-repl a').count()).toBe(0);
  });

  test('ends with exit, and another one begins', async ({ prompt }) => {
    await prompt.enter('x = 1', 'exit(3)');
    await prompt.shows('[Python has ended with status 3; a new one starts]');
    await prompt.endsWith('>>>');
    await prompt.enter('"x" in dir()');
    await prompt.endsWith('False', '>>>');
  });

  test('has nothing that keeps people out', async ({ prompt }) => {
    await prompt.page.evaluate(() => {
      const repl = document.querySelector('glovebox-repl');
      if (repl !== null) repl.screenReader = true;
    });
    await prompt.enter('print("spoken")');
    await expect(prompt.page.locator('.xterm-accessibility')).toContainText('spoken');
    const { violations } = await new AxeBuilder({ page: prompt.page }).analyze();
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
    ).toEqual([]);
    await prompt.press('Shift+Tab');
    await expect(prompt.page.locator('.xterm-helper-textarea')).not.toBeFocused();
  });

  test('follows the light and the dark of the page', async ({ prompt }) => {
    const background = (): Promise<string> =>
      prompt.page
        .locator('glovebox-repl glovebox-terminal')
        .evaluate((terminal) => getComputedStyle(terminal).backgroundColor);
    await prompt.page.emulateMedia({ colorScheme: 'light' });
    const light = await background();
    await prompt.page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
  });

  test('has the files of Python from the browser when it is there again', async ({ prompt }) => {
    const { page } = prompt;
    const kept = (): Promise<string[]> =>
      page.evaluate(async () => {
        const [name = '', ...others] = await caches.keys();
        const requests = await (await caches.open(name)).keys();
        return [...others, ...requests.map(({ url }) => url.replace(/.*\//, ''))].sort();
      });
    const files = ['library.directories', 'python-rare.wasm', 'python.image', 'python.wasm'];
    await expect.poll(kept).toEqual(['build.json', 'image.json', ...files]);
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/guest/')) asked.push(pathname);
    });
    await prompt.open();
    await prompt.enter('6 * 7');
    await prompt.endsWith('42', '>>>');
    expect(asked.sort()).toEqual(['/guest/build.json', '/guest/image.json']);
  });

  test('tells in its place why it can not be', async ({ prompt }) => {
    await prompt.page.evaluate(() => {
      const repl = document.createElement('glovebox-repl');
      repl.guest = '/nowhere/';
      document.querySelector('glovebox-repl')?.replaceWith(repl);
    });
    await expect(prompt.page.getByRole('alert')).toContainText('Try again');
  });
});
