/** The elements that see inside, as somebody uses them who writes programs. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { InspectPage } from './pages/inspect';

declare global {
  /** Only within `page.evaluate`. */
  const inspect: InspectPage;
}

const test = base.extend<{ inside: Page }>({
  inside: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await openPage(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

async function openPage(page: Page): Promise<void> {
  // Vite would reload the page in the middle of a test when a source changes.
  await page.routeWebSocket(/./, () => undefined);
  await page.goto('e2e/pages/inspect.html');
  await page.waitForFunction(() => 'inspect' in globalThis);
  await page.evaluate(() => inspect.open());
}

const run = (page: Page, source: string): Promise<string> =>
  page.evaluate((text) => inspect.run(text), source);

const meter = (page: Page, name: string): Locator =>
  page.locator('glovebox-gauges').getByRole('meter', { name, exact: true });

const account = (page: Page): Locator => page.locator('glovebox-account');
const calls = (page: Page): Locator => account(page).locator('.row:not(.head)');
const timeline = (page: Page): Locator => page.locator('glovebox-timeline');
const variables = (page: Page): Locator => page.locator('glovebox-variables');

const variable = (page: Page, name: string): Locator =>
  variables(page)
    .getByRole('row')
    .filter({
      has: page.getByRole('rowheader', { name, exact: true }),
    });

async function seriousIssues(page: Page, within = 'main'): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, html }) => `${target} ${html}`) }));
}

// Interpreters start and programs run on a machine that others use too.
test.setTimeout(120_000);

test.describe('gauges', () => {
  test('tell what a run used of its limits, and of all runs', async ({ inside }) => {
    await run(inside, 'print("x" * 1000)\nopen("/home/a", "w").write("y" * 524288)');
    const disk = meter(inside, 'Disk /home');
    await expect(disk).toHaveAttribute('aria-valuenow', '50');
    await expect(disk).toHaveAttribute('aria-valuetext', '512 KiB of 1 MiB');
    await expect(meter(inside, 'Output')).toHaveAttribute('aria-valuetext', '1001 bytes of 16 MiB');
    await expect(meter(inside, 'Memory')).toHaveAttribute('aria-valuetext', /of 128 MiB/);
    await expect(meter(inside, 'Time, in all')).toHaveAttribute('aria-valuetext', /of 24 h/);
  });

  test('name the limit that ended a run, in words', async ({ inside }) => {
    await inside.evaluate(() => inspect.open({ limits: { cpuMs: 300 } }));
    expect(await run(inside, 'while True: pass')).toBe('cpu');
    const gauges = inside.locator('glovebox-gauges');
    await expect(gauges.getByRole('status')).toContainText('computed for 300 ms');
    await expect(meter(inside, 'Computing')).toHaveAttribute('aria-valuetext', /limit reached/);
    await expect(gauges.getByText('limit reached')).toHaveCount(1);
  });

  test('move while a program runs', async ({ inside }) => {
    await inside.evaluate(() => {
      void inspect.sandbox().run('while True: pass');
    });
    await expect(meter(inside, 'Time')).toHaveAttribute(
      'aria-valuetext',
      /^[1-9](\.\d)? s of 30 s$/,
    );
    await inside.evaluate(() => inspect.sandbox().interrupt());
  });
});

test.describe('an account', () => {
  const filter = (page: Page, name: string): Locator => account(page).getByLabel(name);

  test('shows calls as they are made, and those that are asked for', async ({ inside }) => {
    await run(
      inside,
      'import os\nfor n in range(3):\n    try: os.stat(f"/home/no{n}")\n    except OSError: pass',
    );
    await expect(calls(inside).filter({ hasText: '"home/no2"' })).toHaveText(/ENOENT/);
    await filter(inside, 'How it ended').selectOption('failure');
    await filter(inside, 'Path, or a folder above it').fill('/home/no1');
    await expect(calls(inside)).toHaveCount(1);
    await filter(inside, 'Path, or a folder above it').fill('');
    await filter(inside, 'Text in the line').fill('NO0');
    await expect(calls(inside)).toHaveText([/home\/no0/]);
    await filter(inside, 'Text in the line').fill('nothing like that');
    await expect(calls(inside)).toHaveCount(0);
  });

  test('opens a call by keyboard, tells all of it, and closes it again', async ({ inside }) => {
    await run(inside, 'open("/home/kept", "w").write("secret text")');
    await filter(inside, 'Kind of call').selectOption('fd_write');
    const grid = account(inside).getByRole('grid');
    await expect(calls(inside).first()).toBeVisible();
    await grid.focus();
    await inside.keyboard.press('End');
    await inside.keyboard.press('Enter');
    const detail = account(inside).getByRole('region', { name: /Host call \d+/ });
    await expect(detail).toBeFocused();
    await expect(detail).toContainText('"secret text" (11 bytes)');
    await inside.keyboard.press('Escape');
    await expect(detail).toHaveCount(0);
    await expect(grid).toBeFocused();
  });

  test('shows what a hostile program names as text, with its controls escaped', async ({
    inside,
  }) => {
    await run(
      inside,
      'import os\ntry: os.stat("/home/<img src=x onerror=alert(1)>\\u202e\\x1b[2J" + "x" * 300)\nexcept OSError: pass',
    );
    await filter(inside, 'How it ended').selectOption('failure');
    const row = calls(inside).filter({ hasText: '<img src=x' });
    await expect(row).toContainText('\\u202e\\u001b[2J');
    await expect(account(inside).locator('img')).toHaveCount(0);
  });

  test('of 100,000 calls draws those in view, and gets anywhere by keyboard', async ({
    inside,
  }) => {
    await inside.evaluate(() => inspect.showCalls(100_000));
    await expect(account(inside)).toContainText('100,000 of 100,000 calls kept');
    const grid = account(inside).getByRole('grid');
    expect(await calls(inside).count()).toBeLessThan(80);
    await grid.focus();
    await inside.keyboard.press('Home');
    await expect(account(inside).locator('.active')).toHaveAttribute('aria-rowindex', '2');
    await grid.evaluate((list) => {
      list.scrollTop = list.scrollHeight / 2;
    });
    await expect
      .poll(async () => Number(await calls(inside).first().getAttribute('aria-rowindex')))
      .toBeGreaterThan(49_000);
    await inside.keyboard.press('End');
    await expect(account(inside).locator('.active')).toHaveAttribute('aria-rowindex', '100001');
    await filter(inside, 'Text in the line').fill('file99999');
    await expect(calls(inside)).toHaveCount(1);
  });

  test('stands still while it is paused', async ({ inside }) => {
    await run(inside, 'open("/home/first", "w")');
    await expect(calls(inside).filter({ hasText: 'home/first' }).first()).toBeVisible();
    await account(inside).getByRole('button', { name: 'Pause' }).click();
    await run(inside, 'open("/home/second", "w")');
    await inside.waitForTimeout(600);
    await expect(calls(inside).filter({ hasText: 'home/second' })).toHaveCount(0);
    await account(inside).getByRole('button', { name: 'Pause' }).click();
    await expect(calls(inside).filter({ hasText: 'home/second' }).first()).toBeVisible();
  });

  test('leaves the page as lines of JSON', async ({ inside, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await run(inside, 'open("/home/kept", "w")');
    await filter(inside, 'Path, or a folder above it').fill('/home/kept');
    await expect(calls(inside).first()).toBeVisible();
    await account(inside).getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(account(inside).getByRole('status')).toContainText('Copied');
    const copied = await inside.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied.split('\n')[0] ?? '')).toMatchObject({ args: { path: 'home/kept' } });
    const downloading = inside.waitForEvent('download');
    await account(inside).getByRole('button', { name: 'Download' }).click();
    const file = await readFile(await (await downloading).path(), 'utf8');
    expect(file).toBe(copied);
  });

  test('tells how capabilities were used, by whom, and what was refused', async ({ inside }) => {
    await inside.evaluate(() => inspect.openWorld());
    await run(
      inside,
      'import world\nfor n in range(4):\n    try: world.damage("orc", n)\n    except Exception: pass',
    );
    await account(inside).getByRole('tab', { name: 'Capabilities' }).click();
    const counts = account(inside)
      .getByRole('row', { name: /world\.damage/ })
      .first();
    await expect(counts).toHaveText(/world\.damage\s*jane\s*4\s*2\s*unauthorized/);
    await expect(calls(inside).filter({ hasText: 'world.damage("orc", 3)' })).toContainText(
      'refused',
    );
    await expect(calls(inside).filter({ hasText: 'world.damage("orc", 2)' })).toContainText(
      'allowed',
    );
    await account(inside).getByRole('tab', { name: 'Capabilities' }).press('ArrowRight');
    await expect(account(inside).getByRole('tab', { name: 'Host calls' })).toBeFocused();
  });
});

test.describe('a time line', () => {
  const button = (page: Page, name: string | RegExp): Locator =>
    timeline(page).getByRole('button', { name });
  const moments = (page: Page): Locator => timeline(page).getByRole('listitem');
  const value = (page: Page, name: string): Promise<unknown> =>
    page.evaluate((text) => inspect.sandbox().evaluate(text), name);

  test('goes back to a snapshot, and from there to where it was', async ({ inside }) => {
    await run(inside, 'gold = 3\nopen("/tmp/a", "w").write("then")');
    await button(inside, 'Take a snapshot').click();
    await expect(moments(inside)).toHaveCount(1);
    await run(inside, 'gold = 99');
    await button(inside, /^Go back to Snapshot/).click();
    await expect(timeline(inside).getByRole('status')).toContainText('Went back to Snapshot');
    expect(await value(inside, 'gold')).toBe(3);
    await expect(variable(inside, 'gold')).toContainText('3');
    await button(inside, /^Go back to Before going back/)
      .first()
      .click();
    await expect(timeline(inside).getByRole('status')).toContainText('Before going back');
    expect(await value(inside, 'gold')).toBe(99);
  });

  test('takes one before each run if that is wanted, and stays over a reload', async ({
    inside,
  }) => {
    await timeline(inside).getByLabel('before each run').check();
    await run(inside, 'n = 1');
    await run(inside, 'n = 2');
    await expect(moments(inside)).toHaveCount(2);
    await button(inside, /^Name Before a run/)
      .first()
      .click();
    await inside.keyboard.type('the good one');
    await inside.keyboard.press('Enter');
    await expect(moments(inside).first()).toContainText('the good one');
    await openPage(inside);
    await expect(moments(inside)).toHaveCount(2);
    await button(inside, /^Go back to the good one/).click();
    await expect(timeline(inside).getByRole('status')).toContainText('Went back to the good one');
    expect(await value(inside, 'n')).toBe(1);
    await button(inside, /^Delete the good one/).click();
    await button(inside, /^Really delete the good one/).click();
    await expect(moments(inside).filter({ hasText: 'the good one' })).toHaveCount(0);
  });

  test('saves a session as a file, which another page loads', async ({ inside }) => {
    await run(inside, 'gold = 42');
    const downloading = inside.waitForEvent('download');
    await button(inside, 'Save this session').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^session-[\d-]+\.glovebox$/);
    const path = await download.path();
    await openPage(inside);
    await timeline(inside).locator('input[type=file]').setInputFiles(path);
    await expect(timeline(inside).getByRole('status')).toContainText('Went back to');
    expect(await value(inside, 'gold')).toBe(42);
    await run(inside, 'gold = 1');
    const bytes = Array.from(await readFile(path));
    await timeline(inside).evaluate((element, content) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(content)], 'dropped.glovebox'));
      for (const type of ['dragover', 'drop']) {
        element.dispatchEvent(new DragEvent(type, { dataTransfer: files, cancelable: true }));
      }
    }, bytes);
    await expect(timeline(inside).getByRole('status')).toContainText(
      'Went back to dropped.glovebox',
    );
    expect(await value(inside, 'gold')).toBe(42);
  });

  test('says in words what is wrong with a file, and leaves the session as it is', async ({
    inside,
  }) => {
    await run(inside, 'gold = 42');
    const load = (content: string): Promise<void> =>
      timeline(inside)
        .locator('input[type=file]')
        .setInputFiles({ name: 'bad', mimeType: 'x/y', buffer: Buffer.from(content) });
    await load('this is no session at all');
    await expect(timeline(inside).getByRole('alert')).toHaveText('This is no saved session.');
    await load('gloveimg');
    await expect(timeline(inside).getByRole('alert')).toHaveText(
      /no saved session|damaged|another version/,
    );
    expect(await value(inside, 'gold')).toBe(42);
  });

  test('says in words that something runs', async ({ inside }) => {
    await inside.evaluate(() => {
      void inspect.sandbox().run('import time\ntime.sleep(60)');
    });
    await button(inside, 'Take a snapshot').click();
    await expect(timeline(inside).getByRole('alert')).toContainText('stop it first');
    await inside.evaluate(() => inspect.sandbox().interrupt());
  });
});

test.describe('variables', () => {
  test('are shown after each run, and what has changed is marked', async ({ inside }) => {
    await run(inside, 'n = 1\nname = "Ada"');
    await expect(variable(inside, 'n')).toHaveText(/n\s*int\s*1/);
    await run(inside, 'n = 2');
    await expect(variable(inside, 'n changed')).toHaveText(/int\s*2/);
    await expect(variable(inside, 'name')).toHaveText(/str\s*'Ada'\s*3 characters/);
  });

  test('are found by themselves where the page does nothing', async ({ inside }) => {
    await inside.evaluate(() => inspect.sandbox().run('alone = 7'));
    await expect(variable(inside, 'alone')).toHaveText(/int\s*7/);
  });

  test('open and close by keyboard', async ({ inside }) => {
    await run(inside, 'deep = {"a": [1, [2, 3]]}\nmany = list(range(250))');
    await variables(inside).getByRole('treegrid').focus();
    await inside.keyboard.press('Home');
    await inside.keyboard.press('ArrowRight');
    await expect(variable(inside, "'a'")).toBeVisible();
    await inside.keyboard.press('ArrowRight');
    await inside.keyboard.press('Enter');
    await expect(variable(inside, '[1]')).toHaveText(/\[2, 3\]/);
    await inside.keyboard.press('ArrowLeft');
    await expect(variable(inside, '[1]')).toHaveCount(0);
    await inside.keyboard.press('End');
    await inside.keyboard.press('ArrowRight');
    await expect(variable(inside, '[99]')).toHaveCount(1);
    await inside.keyboard.press('End');
    await inside.keyboard.press('Enter');
    await expect(variable(inside, '[199]')).toHaveCount(1);
    await expect(variables(inside).getByRole('row', { name: '50 more' })).toHaveCount(1);
  });

  test('of a hostile program are text', async ({ inside }) => {
    await run(
      inside,
      'evil = "<img src=x onerror=alert(1)>\\u202e"\nglobals()["<b>x</b>"] = [1]\nclass C: pass\nC.__name__ = "<i>"\nc = C()',
    );
    await expect(variable(inside, 'evil')).toContainText("'<img src=x onerror=alert(1)>\\u202e'");
    await expect(variable(inside, '<b>x</b>')).toBeVisible();
    await expect(variable(inside, 'c')).toContainText('<i>');
    await expect(variables(inside).locator('img, b, i')).toHaveCount(0);
  });

  test('hide functions, classes and modules until they are asked for', async ({ inside }) => {
    await run(inside, 'import math\ndef greet(name): pass\nclass Dog: pass\nx = 1');
    await expect(variable(inside, 'x')).toBeVisible();
    await expect(variable(inside, 'greet')).toHaveCount(0);
    await variables(inside).getByLabel('functions, classes and modules').check();
    await expect(variable(inside, 'greet')).toContainText('greet(name)');
    await expect(variable(inside, 'math')).toContainText('module math');
  });
});

test.describe('an error', () => {
  const shown = (page: Page): Locator => page.locator('glovebox-error');

  test('is explained, with what Python points at marked', async ({ inside }) => {
    await run(inside, 'name = "Ada"\nif name:\n    pritn(name)');
    await expect(shown(inside).getByRole('heading')).toHaveText('Python does not know pritn');
    await expect(shown(inside).locator('mark')).toHaveText('pritn');
    await expect(shown(inside).getByRole('listitem')).toHaveText(['Python suggests: print.']);
    await inside.evaluate(() =>
      addEventListener('glovebox-show-line', (event) => {
        document.title = `line ${(event as CustomEvent<{ line: number }>).detail.line}`;
      }),
    );
    await shown(inside).getByRole('button', { name: 'Line 3' }).press('Enter');
    await expect(inside).toHaveTitle('line 3');
    await shown(inside).getByText('All that Python said').click();
    await expect(shown(inside).getByText('Traceback (most recent call last)')).toBeVisible();
  });

  test('that is a limit is named with how much was allowed', async ({ inside }) => {
    await inside.evaluate(() => inspect.open({ limits: { outputBytes: 65_536, graceMs: 20_000 } }));
    await run(inside, 'while True:\n    print("x" * 1000)');
    await expect(shown(inside).getByRole('heading').first()).toHaveText('Stopped: too much output');
    await expect(shown(inside)).toContainText('printed 64 KiB: that is all that one run may print');
    await expect(shown(inside).getByRole('button', { name: 'Line 2' })).toBeVisible();
  });

  test('made of markup stays text', async ({ inside }) => {
    await run(inside, 'raise ValueError("<img src=x onerror=alert(1)>`<b>`\\u202e")');
    await expect(shown(inside)).toContainText('<img src=x onerror=alert(1)>');
    await expect(shown(inside).locator('img, b')).toHaveCount(0);
  });
});

test('all of it stands a restart, an end and a disposal', async ({ inside }) => {
  await run(inside, 'x = 1');
  await expect(variable(inside, 'x')).toBeVisible();
  await inside.evaluate(() => inspect.sandbox().restart());
  await expect(variable(inside, 'x')).toHaveCount(0);
  await run(inside, 'y = 1');
  await expect(variable(inside, 'y')).toBeVisible();
  await inside.evaluate(() => inspect.sandbox().terminate());
  await expect(variables(inside)).toContainText('Not looked at yet');
  await timeline(inside).getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(timeline(inside).getByRole('alert')).toContainText('restart it first');
  await inside.evaluate(() => inspect.sandbox().dispose());
  await timeline(inside).getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(timeline(inside).getByRole('alert')).toContainText('gone');
  await inside.evaluate(() => {
    for (const element of document.querySelectorAll('main > *')) {
      element.remove();
      document.body.append(element);
      (element as Partial<Record<'sandbox', unknown>>).sandbox = undefined;
    }
  });
  await expect(inside.getByText('No Python is running.').first()).toBeVisible();
});

const FULL = `
from dataclasses import dataclass
@dataclass
class Monster:
    name: str
    health: int
scores = {'ada': [3, 5, 8], 'bob': [1, 1]}
monsters = [Monster('orc', 10), Monster('troll', 40)]
title = 'The Ultimate Sword'
gold = 1234567
open('/home/save.txt', 'w').write('x' * 900_000)
try: open('/home/missing')
except OSError: pass
print('x' * 15_000_000)
print(title, scores['carl'])
`;

for (const [look, options] of [
  ['light', { colorScheme: 'light', viewport: { width: 1100, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1100, height: 900 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 375, height: 740 }, hasTouch: true }],
] as const) {
  test.describe(`a ${look} page`, () => {
    test.use(options);
    // The check of colours takes its time.
    test.setTimeout(240_000);

    test('has no serious issue of accessibility', async ({ inside }) => {
      await inside.evaluate(() => inspect.openWorld());
      await run(inside, `import world\nworld.damage('orc', 5)\n${FULL}`);
      await timeline(inside).getByRole('button', { name: 'Take a snapshot' }).click();
      await expect(timeline(inside).getByRole('listitem').first()).toBeVisible();
      await variables(inside).getByRole('treegrid').focus();
      await inside.keyboard.press('Home');
      await inside.keyboard.press('ArrowRight');
      // It takes in calls only while it is seen.
      await account(inside).scrollIntoViewIfNeeded();
      await account(inside).getByLabel('How it ended').selectOption('ENOENT');
      // The list is drawn again for the filter.
      await expect(calls(inside)).toHaveCount(1);
      await calls(inside).filter({ hasText: 'missing' }).last().click();
      expect(await seriousIssues(inside)).toEqual([]);
      await inside.screenshot({ path: `test-results/inspect/${look}.png`, fullPage: true });
      await account(inside).getByRole('tab', { name: 'Capabilities' }).click();
      expect(await seriousIssues(inside, 'glovebox-account')).toEqual([]);
      await inside.screenshot({ path: `test-results/inspect/${look}-uses.png`, fullPage: true });
      const width = await inside.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(options.viewport.width);
    });
  });
}
