import { test as base, expect, type Page } from '@playwright/test';
import { PlaygroundPage } from './support/playground-page';
import { SiteServer } from './support/site-server';

const test = base.extend<{ site: SiteServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the fixtures taken apart
  site: async ({}, use) => {
    const site = await SiteServer.start();
    await use(site);
    await site.stop();
  },
});

/** Opens the page and waits until it needs no network any more. */
async function openKept(page: Page, site: SiteServer): Promise<PlaygroundPage> {
  const playground = new PlaygroundPage(page);
  await playground.open(site.address);
  await expect(page.getByText('Works offline')).toBeVisible({ timeout: 30_000 });
  return playground;
}

test('the page works without a network, from another visit on, with all of the library', async ({
  page,
  site,
}) => {
  const playground = await openKept(page, site);
  await playground.write('kept = 1');
  await playground.stored();
  await site.stop();
  await page.reload();
  await playground.ready();
  await expect(playground.editor).toHaveText('kept = 1');
  await playground.program(
    'import sqlite3, xml.dom.minidom\nprint(sqlite3.sqlite_version_info[0])',
  );
  await playground.console.shows('3\n');
  await playground.choose('Examples', 'Maze');
  await expect(playground.tab('maze.py')).toHaveAttribute('aria-selected', 'true');
});

test('a new version tells, waits for the user, and keeps what was written', async ({
  page,
  site,
}) => {
  const playground = await openKept(page, site);
  await expect(page).toHaveTitle(/^first: /);
  site.version = 'second';
  await page.reload();
  await playground.ready();
  await expect(page).toHaveTitle(/^first: /);
  const banner = page.getByText('A new version of this page is ready.');
  await expect(banner).toBeVisible({ timeout: 30_000 });
  await playground.write('written = "before the update"');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page).toHaveTitle(/^second: /);
  await playground.ready();
  await expect(playground.editor).toHaveText('written = "before the update"');
  await expect(banner).toHaveCount(0);
  const caches = await page.evaluate(() => globalThis.caches.keys());
  expect(caches).toEqual([expect.stringMatching(/^glovebox-page-second-/)]);
});

test('another tab of the old version hears that there is a new one', async ({
  page,
  site,
  context,
}) => {
  await openKept(page, site);
  site.version = 'second';
  const other = await context.newPage();
  await other.goto(site.address);
  await other.getByRole('dialog').getByRole('button', { name: 'New project' }).click();
  await other.getByRole('button', { name: 'Reload' }).click({ timeout: 30_000 });
  await expect(other).toHaveTitle(/^second: /);
  await expect(page.getByText('A new version of this page is ready.')).toBeVisible();
  await expect(page).toHaveTitle(/^first: /);
});

test('a server without headers has an isolated page from the second visit on', async ({
  page,
  site,
}) => {
  site.isolates = false;
  const playground = await openKept(page, site);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.reload();
  await playground.ready();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await playground.program('print(6 * 7)');
  await playground.console.shows('42\n');
});

test('it takes the place of the worker that only isolates pages', async ({ page, site }) => {
  site.isolates = false;
  await page.goto(`${site.address}favicon.svg`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('glovebox-isolation.js');
    await navigator.serviceWorker.ready;
  });
  await page.goto(site.address);
  const playground = new PlaygroundPage(page);
  await playground.ready();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(async () => {
    const scripts = await page.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ active }) => active?.scriptURL),
    );
    expect(scripts).toEqual([`${site.address}service-worker.js`]);
  }).toPass();
});
