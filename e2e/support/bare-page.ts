/** Tests that use the library itself, in a page of Chromium with nothing else on it. */
import { test as base, expect, type Page } from '@playwright/test';
import type { BarePage } from '../pages/bare';

declare global {
  /** Only within `page.evaluate`. */
  const bare: BarePage;
}

const BARE_PAGE = 'e2e/pages/bare.html';

/** `baseURL`: where the page has none of its own. */
export async function openBarePage(page: Page, baseURL = ''): Promise<void> {
  // Vite would reload the page in the middle of a test when a source changes.
  await page.routeWebSocket(/./, () => undefined);
  await page.goto(baseURL === '' ? BARE_PAGE : new URL(BARE_PAGE, baseURL).href);
  await page.waitForFunction(() => 'bare' in globalThis);
}

/** The page as a server sends it that knows nothing of cross-origin isolation. */
export function withoutIsolation(page: Page): Promise<unknown> {
  return page.route(`**/${BARE_PAGE}`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
}

export const test = base.extend<{ isolated: boolean; barePage: Page }>({
  isolated: [true, { option: true }],
  barePage: async ({ page, isolated }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    if (!isolated) await withoutIsolation(page);
    await openBarePage(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    await use(page);
    expect(problems).toEqual([]);
  },
});
