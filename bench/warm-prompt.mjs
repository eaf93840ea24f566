/** A page with a prompt that its browser has seen before: from navigation until the prompt is there. */
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from '../scripts/lib/chromium.mjs';
import { inProject } from '../scripts/lib/project.mjs';
import { median } from './figures.mjs';
import { openServer } from './static-server.mjs';

const WARM_UPS = 3;
const ROUNDS = 11;
/** Browsers keep compiled code a while after they have compiled it. */
const UNTIL_KEPT_MS = 5_000;

const PAGE = '/prompt.html';

const pages = {
  [PAGE]: `<!doctype html><title>Prompt</title>
<link rel="preload" href="/guest/python.wasm" as="fetch" crossorigin>
<link rel="preload" href="/guest/python.image" as="fetch" crossorigin>
<script type="module">
import '/page/repl.js';
const repl = document.querySelector('glovebox-repl');
const look = () => {
  if (repl.text.endsWith('>>>')) globalThis.shownAt = performance.now();
  else setTimeout(look, 1);
};
look();
</script>
<glovebox-repl guest="/guest/"></glovebox-repl>`,
};

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measureWarmPrompt() {
  const folders = { page: inProject('dist', 'page'), guest: inProject('public', 'guest') };
  const server = await openServer(folders, pages);
  const browser = await chromium.launch(chromiumLaunchOptions());
  // One cache for all visits.
  const context = await browser.newContext();
  /** @param {number} stayMs */
  const visit = async (stayMs) => {
    const page = await context.newPage();
    try {
      const failed = new Promise((_, reject) => page.on('pageerror', reject));
      await page.goto(server.address + PAGE, { waitUntil: 'commit' });
      const shown = page.waitForFunction(() => Reflect.get(globalThis, 'shownAt'), undefined, {
        polling: 20,
      });
      await Promise.race([shown, failed]);
      await pause(stayMs);
      return await page.evaluate(() => Number(Reflect.get(globalThis, 'shownAt')));
    } finally {
      await page.close();
    }
  };
  try {
    for (let round = 0; round < WARM_UPS; round++) await visit(UNTIL_KEPT_MS);
    server.takeSentBytes();
    const times = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await visit(0));
    const range = /** @type {const} */ ([Math.min(...times), Math.max(...times)]);
    return [
      { label: 'to the first prompt', value: median(times), unit: 'ms', range, target: 300 },
      { label: 'sent for all these visits', value: server.takeSentBytes(), unit: 'bytes' },
    ];
  } finally {
    await browser.close();
    server.close();
  }
}
