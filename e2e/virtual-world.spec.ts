/** The example of the two worlds, as somebody sees it who plays with it. */
import { expect, type Locator, type Page, test } from '@playwright/test';

const PAGE = 'examples/virtual-world/index.html';

async function open(page: Page): Promise<void> {
  // Vite would reload the page in the middle of a test when a source changes.
  await page.routeWebSocket(/./, () => undefined);
  await page.goto(PAGE);
  await expect(page.getByRole('status')).toHaveText('Time passes.', { timeout: 30_000 });
}

const world = (page: Page, name: string): Locator =>
  page.getByRole('region', { name, exact: true });

const card = (within: Page | Locator, name: string): Locator =>
  within.getByRole('article', { name, exact: true });

const refusals = (page: Page, name: string): Locator => world(page, name).locator('tr.refused');

async function runScript(page: Page, name: string, source: string): Promise<void> {
  const one = card(page, name);
  await one.getByText('Script', { exact: true }).click();
  await one.getByRole('textbox').fill(source);
  await one.getByRole('button', { name: 'Run' }).click();
}

// Five interpreters start, and much is a matter of waiting: tests share the machine with others.
test.setTimeout(120_000);

let problems: string[] = [];
test.beforeEach(({ page }) => {
  problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
});
test.afterEach(() => expect(problems).toEqual([]));

test('the sword goes on counting abroad, where its damage stops at 5,000', async ({ page }) => {
  await open(page);
  const sword = card(page, 'Ultimate Sword');
  await expect(sword).toContainText(/damage done here: ([6-9]|1\d),\d00/, { timeout: 30_000 });
  await sword.getByRole('button', { name: 'Send abroad' }).click();
  await expect(card(world(page, 'Abroad'), 'Ultimate Sword')).toBeVisible();
  await expect(card(world(page, 'Home'), 'Ultimate Sword')).toHaveCount(0);
  await expect(sword).toContainText('no more damage here', { timeout: 30_000 });
  await expect(sword).toContainText('damage done here: 5,000');
  // Twelve or more at home, ten abroad: the counter is the same one.
  const swings = /Swing (\d+)/.exec((await sword.locator('.details').textContent()) ?? '');
  expect(Number(swings?.[1])).toBeGreaterThan(22);
  await expect(refusals(page, 'Abroad').first()).toContainText('world.damage(thing, 500)');
  await expect(refusals(page, 'Abroad').first()).toContainText('budget used up');
});

test('what the spy tries is refused and listed, and a task goes on abroad', async ({ page }) => {
  await open(page);
  await card(page, 'Parrot').getByRole('button', { name: 'Send abroad' }).click();
  for (const line of [
    'file /etc/shadow',
    'treasury.count()',
    'change thing.motto',
    'read thing.diary',
    'world.damage("Bob", 1000000000)',
  ]) {
    await expect(refusals(page, 'Home').filter({ hasText: line })).toHaveCount(1);
  }
  await expect(card(world(page, 'Abroad'), 'Parrot')).toContainText(/Tick tock, \d+ seconds/);
  await world(page, 'Home').getByLabel('refusals only').uncheck();
  await expect(world(page, 'Home').locator('tr.allowed').first()).toBeVisible();
});

test('a script that is changed runs, one without end is stopped, and a reload starts anew', async ({
  page,
}) => {
  await open(page);
  await runScript(page, 'Jane', "import world\nworld.say('<b>I am new</b>')\nprint(6 * 7)");
  await expect(card(page, 'Jane').locator('.details')).toContainText('<b>I am new</b>');
  await expect(card(page, 'Jane').locator('.output')).toHaveText('42\n');
  await runScript(
    page,
    'Bob',
    'import glovebox\n@glovebox.on("tick")\ndef f(event):\n    while True: pass',
  );
  await expect(card(page, 'Bob')).toContainText('Stopped at its limit of');
  await expect(card(page, 'Parrot')).toContainText(/Tick tock, \d+ seconds/);
  await page.reload();
  await expect(page.getByRole('status')).toHaveText('Time passes.', { timeout: 30_000 });
  await expect(card(page, 'Bob')).toContainText('running');
});

test('all of it works on a page that is not cross-origin isolated', async ({ page }) => {
  await page.route(`**/${PAGE}`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
  await open(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await card(page, 'Bob').getByRole('button', { name: 'Send abroad' }).click();
  await card(world(page, 'Abroad'), 'Bob').getByRole('button', { name: 'Touch' }).click();
  await expect(card(world(page, 'Abroad'), 'Bob')).toContainText(/visit number \d+/);
});
