/** What stands beside the console of the playground: pictures, and what is inside the sandbox. */
import { expect } from '@playwright/test';
import { playgroundTest as test } from './support/playground-page';

test.setTimeout(120_000);

test('a picture that a program draws comes into view', async ({ playground }) => {
  const { page } = playground;
  await playground.program(
    'import turtle\npen = turtle.Turtle()\npen.forward(100)\nturtle.done()\nprint("drawn")',
  );
  await expect(page.getByRole('tab', { name: 'Pictures' })).toHaveAttribute(
    'aria-selected',
    'true',
    { timeout: 30_000 },
  );
  await expect(page.locator('glovebox-display canvas')).toBeVisible();
  await playground.ready();
  await page.getByRole('tab', { name: 'Console' }).click();
  await playground.console.shows('drawn');
});

test('what a program displays is shown, until it is cleared', async ({ playground }) => {
  const { page } = playground;
  await playground.program('display([{"name": "Ada", "age": 36}, {"name": "Alan", "age": 41}])');
  await expect(page.locator('glovebox-display').getByRole('cell', { name: 'Alan' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.locator('glovebox-display').getByRole('cell')).toHaveCount(0);
});

test('an error is explained below the console, until the next run', async ({ playground }) => {
  const help = playground.page.locator('glovebox-error');
  await playground.program('total = 3\nprint(totla)');
  await expect(help.getByRole('article')).toContainText('total');
  await expect(help.getByRole('button', { name: 'Line 2' })).toBeVisible();
  await playground.program('print("mended")');
  await expect(help.getByRole('article')).toHaveCount(0);
});

test('a snapshot brings variables back', async ({ playground }) => {
  const { page } = playground;
  await playground.program('answer = 42');
  await playground.ready();
  await page.getByRole('tab', { name: 'Inside' }).click();
  const answer = page.locator('glovebox-variables').getByRole('row').filter({ hasText: 'answer' });
  await expect(answer).toContainText('42');
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(page.getByRole('list', { name: /Snapshots/ }).getByRole('listitem')).toHaveCount(1);
  await playground.program('answer = 1');
  await expect(answer).toContainText('1');
  await page.getByRole('button', { name: /^Go back to/ }).click();
  await expect(answer).toContainText('42');
  // It follows the calls while it is seen.
  await page.locator('glovebox-account').scrollIntoViewIfNeeded();
  await expect(page.locator('glovebox-account .row:not(.head)').first()).toBeVisible();
});
