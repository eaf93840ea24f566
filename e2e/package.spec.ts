/** The package as it lies on a server, beside the pages of docs/loading.md. */
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { buildPageLibrary } from '../scripts/lib/bundles.mjs';
import { SiteServer } from './support/site-server';
import { TerminalText } from './support/terminal-text';

const FILES = ['build.json', 'library.directories', 'python.image', 'python.wasm'];

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

let server: SiteServer;

test.beforeAll(async () => {
  await buildPageLibrary();
  server = await SiteServer.start(fileURLToPath(new URL('../dist/', import.meta.url)));
});

test.afterAll(() => server.stop());

/** Shows that page, and gives the names of what it asks the server for, of the guest's files. */
async function show(page: Page, html: string): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', (request) => {
    const [, name] = /\/guest\/(.*)$/.exec(new URL(request.url()).pathname) ?? [];
    if (name !== undefined) asked.push(name);
  });
  await page.route('**/app/', (route) =>
    route.fulfill({ contentType: 'text/html', headers: isolation, body: `<!doctype html>${html}` }),
  );
  await page.goto(`${server.address}app/`);
  return asked;
}

const told = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => Reflect.get(globalThis, 'told')).then((value) => value.jsonValue());

for (const [kind, script] of [
  ['a classic script', '<script defer src="/page/repl.global.js"></script>'],
  ['a classic script that comes early', '<script async src="/page/repl.global.js"></script>'],
  ['a module', '<script type="module" src="/page/repl.js"></script>'],
] as const) {
  test(`the prompt is ${kind}, and asks for each file once`, async ({ page }) => {
    const asked = await show(page, `${script}<glovebox-repl></glovebox-repl>`);
    const terminal = new TerminalText(page.locator('glovebox-repl glovebox-terminal'));
    await terminal.endsWith('>>>');
    await page.locator('glovebox-repl').click();
    await page.keyboard.type('6 * 7\n');
    await terminal.endsWith('42', '>>>');
    expect(asked.filter((name) => FILES.includes(name)).sort()).toEqual(FILES);
  });
}

test('the editor is a classic script', async ({ page }) => {
  await show(
    page,
    '<script defer src="/page/elements.global.js"></script><glovebox-editor>print(6 * 7)</glovebox-editor>',
  );
  await page.locator('glovebox-editor').getByRole('button', { name: 'Run', exact: true }).click();
  await new TerminalText(page.locator('glovebox-editor glovebox-terminal')).endsWith('42', '>>>');
});

test('the library is a classic script', async ({ page }) => {
  await show(
    page,
    `<script src="/page/glovebox.global.js"></script><script>
      glovebox.PythonGuest.load('/guest/')
        .then((guest) => glovebox.Sandbox.create({ guest }))
        .then((sandbox) => sandbox.evaluate('6 * 7'))
        .then((value) => { globalThis.told = value; });
    </script>`,
  );
  expect(await told(page)).toBe(42);
});

test('what a page preloads is not asked for again', async ({ page }) => {
  const asked = await show(
    page,
    `<script type="module">
      import { preloadGuest } from '/page/preload.js';
      preloadGuest('/guest/');
      const { PythonGuest, Sandbox } = await import('/page/index.js');
      const sandbox = await Sandbox.create({ guest: await PythonGuest.load('/guest/') });
      globalThis.told = await sandbox.evaluate('6 * 7');
    </script>`,
  );
  expect(await told(page)).toBe(42);
  expect(asked.sort()).toEqual(FILES);
});

test('what is preloaded and is not there is told by who loads it', async ({ page }) => {
  await show(
    page,
    `<script type="module">
      import { preloadGuest } from '/page/preload.js';
      preloadGuest('/nowhere/');
      const { PythonGuest } = await import('/page/index.js');
      globalThis.told = await PythonGuest.load('/nowhere/').then(() => 'loaded', ({ name }) => name);
    </script>`,
  );
  expect(await told(page)).toBe('GuestFilesError');
});
