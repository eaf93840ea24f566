import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { playgroundTest as test } from './support/playground-page';

async function seriousIssues(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`axe finds nothing serious in ${scheme} colours`, () => {
    test.use({ colorScheme: scheme });

    test('with files open, an error marked and a mistake underlined', async ({ playground }) => {
      await playground.newFile('other.py', 'x = (\n');
      await playground.tab('main.py').click();
      await playground.program('def f():\n    return 1 / 0  # comment\n\nf()');
      await expect(playground.page.locator('.cm-failedLine')).toBeVisible();
      expect(await seriousIssues(playground.page)).toEqual([]);
    });

    test('with a menu or a dialog open', async ({ playground }) => {
      const { page } = playground;
      await page.getByRole('button', { name: 'Examples' }).click();
      expect(await seriousIssues(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      expect(await seriousIssues(page)).toEqual([]);
      await playground.answer('Close');
      await page.getByRole('button', { name: 'New file' }).click();
      expect(await seriousIssues(page)).toEqual([]);
    });

    test('with a completion open', async ({ playground }) => {
      const { page } = playground;
      await playground.write('');
      await page.keyboard.type('pri');
      await expect(page.getByRole('option', { name: /print/ })).toBeVisible();
      expect(await seriousIssues(page)).toEqual([]);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('axe finds nothing serious, and one pane at a time is shown', async ({ playground }) => {
    const { page } = playground;
    for (const [pane, shown] of [
      ['Files', playground.files],
      ['Code', playground.editor],
      ['Console', page.locator('glovebox-terminal .xterm-screen')],
    ] as const) {
      await page.getByRole('navigation').getByRole('button', { name: pane }).tap();
      await expect(shown).toBeInViewport();
      expect(await seriousIssues(page)).toEqual([]);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBe(0);
  });

  test('a run shows the console', async ({ playground }) => {
    await playground.run.tap();
    await playground.console.shows('7 ');
    await expect(playground.page.locator('.xterm-screen')).toBeInViewport();
  });
});

test('panes are resized with the keyboard, and keep their size', async ({ playground }) => {
  const { page } = playground;
  const line = page.getByRole('separator', { name: 'Width of the console' });
  const before = Number(await line.getAttribute('aria-valuenow'));
  await line.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(line).toHaveAttribute('aria-valuenow', String(before + 32));
  await page.reload();
  await expect(line).toHaveAttribute('aria-valuenow', String(before + 32));
  const width = await page.locator('.side').evaluate((side) => side.getBoundingClientRect().width);
  expect(Math.round(width)).toBe(before + 32);
});

test('the theme is remembered', async ({ playground }) => {
  const { page } = playground;
  const background = (): Promise<string> =>
    page.locator('glovebox-playground').evaluate((part) => getComputedStyle(part).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Theme: auto' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await playground.ready();
  expect(await background()).toBe(dark);
});

test('every action can be reached with the Tab key', async ({ playground }) => {
  const { page } = playground;
  await page.locator('body').focus();
  const names = new Set<string>();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim() ?? '';
    });
    names.add(name);
  }
  for (const name of [
    ...['Project My project', 'Examples', 'Share', 'Theme: auto', 'Keyboard shortcuts'],
    ...['New file', 'New folder', 'Upload files', 'Rename (F2)', 'Delete (Del)'],
    ...['Run', 'Restart', 'Run selection', 'Limit steps', 'main.py', 'Close main.py'],
    ...['Program main.py', 'Python prompt', 'Clear', 'Width of the files', 'Width of the console'],
  ]) {
    expect([...names]).toContain(name);
  }
});
