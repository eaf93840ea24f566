/** Where rows are measured. Each measurement gets a page or a process of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import binaryen from 'binaryen';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { engines } from '../e2e/conformance/drivers/index.mjs';
import { chromiumLaunchOptions } from '../scripts/lib/chromium.mjs';
import { inProject } from '../scripts/lib/project.mjs';
import { openProfile } from './profile.mjs';

/** Until a page is asked again, which takes its time. */
const LOOK_MS = 500;

/**
 * @typedef {{
 *   name: import('./figures.mjs').HostName,
 *   version: string,
 *   measure: (row: import('./figures.mjs').Row) => Promise<import('./figures.mjs').Figure[]>,
 *   close: () => Promise<void>,
 * }} OpenHost
 */

/**
 * What a host has to know of a row, as JSON can carry it.
 * @param {import('./figures.mjs').Row} row
 * @param {import('./figures.mjs').HostName} [host]
 */
function orderFor({ name, programs = {} }, host = 'node') {
  const binaries = Object.entries(programs).map(([key, text]) => {
    const module = binaryen.parseText(text);
    const binary = Buffer.from(module.emitBinary());
    module.dispose();
    return [key, binary.toString('base64')];
  });
  return { name, host, programs: Object.fromEntries(binaries) };
}

/** @returns {Promise<OpenHost>} */
export async function openNode() {
  return {
    name: 'node',
    version: `Node ${process.versions.node}`,
    async measure(row) {
      const startNode = () =>
        spawn(process.execPath, [inProject('bench', 'node-host.mjs')], {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
      const child = row.oneCore ? await onOneCore(startNode) : startNode();
      child.stdin.end(JSON.stringify(orderFor(row)));
      const figures = await json(child.stdout).catch(() => undefined);
      if (figures === undefined) throw new Error(`${row.name} could not be measured in Node`);
      return /** @type {import('./figures.mjs').Figure[]} */ (figures);
    },
    close: async () => undefined,
  };
}

/**
 * @param {'chromium' | 'chromium-plain'} name `plain`: the page is not cross-origin isolated
 * @returns {Promise<OpenHost>}
 */
export async function openChromium(name) {
  const { server, address } = await servePage();
  const browser = await chromium.launch(chromiumLaunchOptions());
  return {
    name,
    version: `Chromium ${browser.version()}`,
    async measure(row) {
      // A context of its own: nothing of an earlier measurement is in its cache.
      const open = () => (row.disk || row.oneCore ? openProfile() : memoryContext(browser));
      const { context, remove } = row.oneCore ? await onOneCore(open) : await open();
      try {
        const page = await context.newPage();
        if (name === 'chromium-plain') await withoutIsolation(page, address);
        await page.goto(address);
        await page.waitForFunction(() => 'measure' in globalThis);
        const figures = await page.evaluate(
          (order) => Reflect.get(globalThis, 'measure')(order),
          orderFor(row, name),
        );
        return /** @type {import('./figures.mjs').Figure[]} */ (figures);
      } finally {
        await context.close();
        remove();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Rows that need a profile of their own, or one core, are not for it. @returns {Promise<OpenHost>} */
export async function openFirefox() {
  const { server, address } = await servePage();
  const browser = await engines.firefox?.();
  if (browser === undefined) throw new Error('there is no driver for Firefox');
  return {
    name: 'firefox',
    version: browser.version,
    async measure(row) {
      await browser.open(address);
      await readUntil(browser, "'measure' in globalThis");
      const order = JSON.stringify(orderFor(row, 'firefox'));
      await browser.read(`void measure(${order}).then(
        (figures) => { globalThis.measured = { figures }; },
        (error) => { globalThis.measured = { failure: String(error) }; })`);
      const measured =
        /** @type {{ figures?: import('./figures.mjs').Figure[], failure?: string }} */ (
          await readUntil(browser, 'globalThis.measured')
        );
      if (measured.figures === undefined) throw new Error(`${row.name}: ${measured.failure}`);
      return measured.figures;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * @param {import('../e2e/conformance/drivers/index.mjs').Browser} browser
 * @param {string} expression
 */
async function readUntil(browser, expression) {
  for (;;) {
    const value = await browser.read(expression);
    if (value) return value;
    await pause(LOOK_MS);
  }
}

async function servePage() {
  const server = await createServer({
    root: inProject(),
    configFile: inProject('vite.config.ts'),
    logLevel: 'error',
    server: { host: 'localhost', port: 0, hmr: false },
    plugins: [publishedFiles],
  });
  await server.listen();
  return { server, address: new URL('/bench/page.html', server.resolvedUrls?.local[0]).href };
}

/**
 * The page library as any web server sends it: Vite's own would rewrite the script for each worker.
 * @type {import('vite').Plugin}
 */
const publishedFiles = {
  name: 'published-files',
  configureServer({ config, middlewares }) {
    middlewares.use('/dist/page', async (request, response, next) => {
      const file = inProject('dist', 'page', (request.url ?? '').replace(/\?.*/, ''));
      const content = await readFile(file).catch(() => undefined);
      if (content === undefined) return next();
      for (const [name, value] of Object.entries(config.server.headers)) {
        if (value !== undefined) response.setHeader(name, value);
      }
      response.setHeader('Content-Type', 'text/javascript');
      response.end(content);
    });
  },
};

/**
 * What is started meanwhile stays on one core for its life, as it inherits that from here.
 * @template T
 * @param {() => T} start
 */
async function onOneCore(start) {
  const pid = String(process.pid);
  const [mask = ''] =
    /[0-9a-f,]+$/.exec(execFileSync('taskset', ['-p', pid], { encoding: 'utf8' }).trim()) ?? [];
  // The highest: what else a machine does tends to be on the first.
  const core = 31 - Math.clz32(Number.parseInt(mask.slice(-8), 16));
  execFileSync('taskset', ['-cp', String(core), pid]);
  try {
    return await start();
  } finally {
    execFileSync('taskset', ['-p', mask, pid]);
  }
}

/**
 * The page as a server sends it that knows nothing of cross-origin isolation.
 * @param {import('playwright').Page} page
 * @param {string} address
 */
async function withoutIsolation(page, address) {
  await page.route(address, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
}

/** @param {import('playwright').Browser} browser */
async function memoryContext(browser) {
  return { context: await browser.newContext(), remove: () => undefined };
}
