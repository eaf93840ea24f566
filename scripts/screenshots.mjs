/** `npm run screenshots`: the pictures of the playground in `docs/images`, taken of the built page. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { buildSite } from './lib/bundles.mjs';
import { chromiumLaunchOptions } from './lib/chromium.mjs';
import { inProject } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';
import { command } from './lib/steps.mjs';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const FAILING = `def average(values):
    return sum(values) / len(values)

print("average of 1, 2, 3:", average([1, 2, 3]))
print("average of nothing:", average([]))
`;

const DRAWING = readFileSync(
  inProject('src', 'playground', 'examples', 'turtle_spiral.py'),
  'utf8',
);

const ASKING = `import json, pathlib

scores = pathlib.Path("scores.json")
scores.write_text(json.dumps({"ada": 36, "alan": 41}))
print(json.loads(scores.read_text()))
total = sum(json.loads(scores.read_text()).values())
`;

/** @typedef {import('playwright').Page} Page */

/** @param {Page} page */
async function ready(page) {
  const status = page.locator('glovebox-editor .status [role=status]');
  await status.filter({ hasText: 'Ready' }).waitFor();
}

/** @param {Page} page @param {string} source */
async function run(page, source) {
  await page.getByRole('textbox', { name: /^Program / }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(source);
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText('Last run').waitFor({ state: 'attached' });
  await ready(page);
  // What stands beside is filled when the page is at rest.
  await page.waitForTimeout(1500);
}

/** By name: what is done before the picture is taken. @type {Record<string, (page: Page) => Promise<void>>} */
const desktop = {
  error: async (page) => {
    await run(page, FAILING);
    await page.locator('glovebox-error').getByRole('article').waitFor();
  },
  picture: async (page) => {
    await run(page, DRAWING);
    await page.locator('glovebox-display canvas').waitFor();
  },
  inside: async (page) => {
    await run(page, ASKING);
    await page.getByRole('tab', { name: 'Inside' }).click();
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page.getByRole('list', { name: /Snapshots/ }).waitFor();
    await page.locator('glovebox-account').evaluate((account) => account.scrollIntoView());
    await page.locator('glovebox-account .row:not(.head)').nth(3).click();
    await page.waitForTimeout(500);
  },
};

const schemes = /** @type {const} */ (['light', 'dark']);

await command(async () => {
  await setUp(new Set(['guest']));
  await buildSite();
  const server = await preview({ root: inProject(), logLevel: 'warn', preview: { port: 4173 } });
  const address = server.resolvedUrls?.local[0] ?? '';
  const browser = await chromium.launch(chromiumLaunchOptions());
  /** @param {string} name @param {import('playwright').BrowserContextOptions} options @param {(page: Page) => Promise<void>} prepare */
  const take = async (name, options, prepare) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(address);
    await ready(page);
    await prepare(page);
    await page.screenshot({ path: inProject('docs', 'images', `playground-${name}.png`) });
    await context.close();
    console.log(`playground-${name}.png`);
  };
  try {
    for (const colorScheme of schemes) {
      for (const [name, prepare] of Object.entries(desktop)) {
        await take(`${name}-${colorScheme}`, { colorScheme, viewport: DESKTOP }, prepare);
      }
      const phone = { colorScheme, viewport: PHONE, isMobile: true, hasTouch: true };
      await take(`phone-${colorScheme}`, phone, async (page) => {
        await page.getByRole('button', { name: 'Run', exact: true }).tap();
        await page.waitForTimeout(2500);
      });
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return 0;
});
