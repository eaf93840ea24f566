/** Chromium through Playwright. */
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from '../../../scripts/lib/chromium.mjs';

/** @returns {Promise<import('./index.mjs').Browser>} */
export async function openChromium() {
  const browser = await chromium.launch(chromiumLaunchOptions());
  const page = await browser.newPage();
  return {
    version: `Chromium ${browser.version()}`,
    open: async (address) => void (await page.goto(address)),
    read: async (expression) => page.evaluate(expression),
    close: () => browser.close(),
  };
}
