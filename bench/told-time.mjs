import { setTimeout as pause } from 'node:timers/promises';

/** What a page calls when it is there. */
export const TELL = `console.info('there at ' + performance.now());`;

/** A renderer that has just come up does its own work for a while, on the same cores. */
const UNTIL_QUIET_MS = 1_000;

/**
 * Milliseconds from the navigation until the page told. Nobody looks into the page meanwhile: what Playwright brings into
 * one to look at it takes as long to compile as all of the page's own scripts.
 * @param {import('playwright').Page} page
 * @param {string} address
 * @returns {Promise<number>}
 */
export async function visit(page, address) {
  await pause(UNTIL_QUIET_MS);
  const told = new Promise((resolve, reject) => {
    page.on('pageerror', reject);
    page.on('console', (message) => {
      const [, time] = /^there at (.*)/.exec(message.text()) ?? [];
      if (time !== undefined) resolve(Number(time));
    });
  });
  await Promise.all([page.goto(address, { waitUntil: 'commit' }), told]);
  return /** @type {Promise<number>} */ (told);
}
