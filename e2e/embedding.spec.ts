/** The pages of docs/embedding.md, as they stand there. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { TerminalText } from './support/terminal-text';

interface Told {
  readonly name: string;
  readonly status?: string;
}

declare global {
  /** What the elements have told, and what the page's policy has refused. */
  var told: Told[];
}

async function open(page: Page, address: string): Promise<void> {
  // Vite would reload the page in the middle of a test when a source changes.
  await page.routeWebSocket(/./, () => undefined);
  await page.addInitScript(() => {
    globalThis.told = [];
    for (const name of ['ready', 'run', 'outcome', 'change'].map((what) => `glovebox-${what}`)) {
      addEventListener(name, (event) => {
        const { outcome } = (event as CustomEvent<{ outcome?: { status: string } }>).detail;
        globalThis.told.push(outcome === undefined ? { name } : { name, status: outcome.status });
      });
    }
    addEventListener('securitypolicyviolation', (event) =>
      globalThis.told.push({
        name: `refused: ${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`,
      }),
    );
  });
  await page.goto(address);
}

const toldBy = (page: Page): Promise<Told[]> => page.evaluate(() => globalThis.told);
const consoleOf = (editor: Locator): TerminalText =>
  new TerminalText(editor.locator('glovebox-terminal'));
const run = (editor: Locator): Promise<void> =>
  editor.getByRole('button', { name: 'Run', exact: true }).click();

test('one tag is a playground: it runs, asks, and tells the page', async ({ page }) => {
  await open(page, 'e2e/pages/embedding.html');
  const editor = page.locator('glovebox-editor');
  await expect(editor.getByRole('textbox', { name: 'Program main.py' })).toContainText(
    'name = input("Your name? ")if name:    print("Hello,", name)',
  );
  expect(await toldBy(page)).toEqual([]);
  await run(editor);
  await consoleOf(editor).endsWith('Your name?');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  await consoleOf(editor).endsWith('▶ main.py', 'Your name? Ada', 'Hello, Ada', '>>>');
  await expect
    .poll(() => toldBy(page))
    .toEqual([
      { name: 'glovebox-run' },
      { name: 'glovebox-ready' },
      { name: 'glovebox-outcome', status: 'ok' },
    ]);
  await editor.getByRole('textbox', { name: 'Program main.py' }).press('x');
  expect((await toldBy(page)).at(-1)).toEqual({ name: 'glovebox-change' });
});

test.describe('several on one page', () => {
  test.beforeEach(async ({ page }) => {
    await page.route('**/program.py', (route) =>
      route.fulfill({ body: 'print(open("numbers.txt").read())\n' }),
    );
    const archive = Buffer.from(zipSync({ 'numbers.txt': strToU8('1 2 3') }));
    await page.route('**/data.zip', (route) => route.fulfill({ body: archive }));
  });

  test('load the interpreter once, and have each a Python of its own', async ({ page }) => {
    const loads: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/guest/')) loads.push(pathname);
    });
    await open(page, 'e2e/pages/embedding-several.html');
    const [first, second, third] = ['#first', '#second', '#third'].map((id) => page.locator(id));
    if (first === undefined || second === undefined || third === undefined) return;
    await consoleOf(third).endsWith('42', '>>>');
    await run(first);
    await consoleOf(first).endsWith('first', '>>>');
    await run(second);
    await consoleOf(second).shows(/no steps left.*made 50,000 steps/);
    for (const name of ['python.wasm', 'python.image', 'build.json']) {
      expect(loads.filter((path) => path === `/guest/${name}`)).toHaveLength(1);
    }
  });

  test('take their programs, files, limits and looks from their attributes', async ({ page }) => {
    await open(page, 'e2e/pages/embedding-several.html');
    const [first, second, third, fourth, wrong] = [
      ...['#first', '#second', '#third', '#fourth', '#wrong'].map((id) => page.locator(id)),
    ] as [Locator, Locator, Locator, Locator, Locator];
    await expect(third.getByRole('tab')).toHaveText(['main.py', 'shapes.py']);
    await expect(fourth.getByRole('textbox', { name: 'Program program.py' })).toBeVisible();
    await run(fourth);
    await consoleOf(fourth).endsWith('1 2 3', '>>>');
    await expect(wrong.getByRole('alert')).toContainText('wall="soon" should be a time');
    const program = second.getByRole('textbox', { name: 'Program main.py' });
    await program.press('x');
    await expect(program).not.toContainText('x');
    const scheme = (editor: Locator): Promise<string> =>
      editor.evaluate((element) => getComputedStyle(element).colorScheme);
    expect([await scheme(first), await scheme(second), await scheme(third)]).toEqual([
      'dark',
      'light',
      'normal',
    ]);
  });

  test('need nothing that a strict policy refuses', async ({ page }) => {
    await open(page, 'e2e/pages/embedding-several.html');
    const first = page.locator('#first');
    await first.getByRole('textbox', { name: 'Program main.py' }).click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('pri');
    await expect(page.getByRole('option', { name: /print/ })).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await run(page.locator('#fourth'));
    await consoleOf(page.locator('#fourth')).endsWith('1 2 3', '>>>');
    expect((await toldBy(page)).filter(({ name }) => name.startsWith('refused'))).toEqual([]);
  });

  test('end their Python when they are removed, and keep it when they are moved', async ({
    page,
  }) => {
    await open(page, 'e2e/pages/embedding-several.html');
    const first = page.locator('#first');
    await run(first);
    await consoleOf(first).endsWith('first', '>>>');
    const alive = await first.evaluate((element) => {
      const { sandbox } = element as HTMLElementTagNameMap['glovebox-editor'];
      document.body.append(element);
      return new Promise<boolean | undefined>((done) =>
        setTimeout(() => done(sandbox?.alive), 100),
      );
    });
    expect(alive).toBe(true);
    const ended = await first.evaluate((element) => {
      const { sandbox } = element as HTMLElementTagNameMap['glovebox-editor'];
      element.remove();
      return new Promise<boolean | undefined>((done) =>
        setTimeout(() => done(sandbox?.alive), 100),
      );
    });
    expect(ended).toBe(false);
  });
});
