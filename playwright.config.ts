import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from './scripts/lib/chromium.mjs';

function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve(String(typeof address === 'object' ? address?.port : '')));
    });
  });
}

// This file is read again in each test process: the first one chooses for all.
process.env.GLOVEBOX_DEV_PORT ??= await freePort();
process.env.GLOVEBOX_SITE_PORT ??= await freePort();
const devAddress = `http://localhost:${process.env.GLOVEBOX_DEV_PORT}/`;
const siteAddress = `http://localhost:${process.env.GLOVEBOX_SITE_PORT}/`;

const vite = 'node node_modules/vite/bin/vite.js';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // The tests measure times, and a guest keeps a core busy.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: chromiumLaunchOptions(),
    // Traces take a fifth of the time; nobody gets to see those of a CI machine.
    trace: process.env.CI === undefined ? 'retain-on-failure' : 'off',
  },
  projects: [
    // The page as it is deployed: the built site.
    { name: 'site', testMatch: 'playground*.spec.ts', use: { baseURL: siteAddress } },
    // Everything else against the sources, where a test can import any module by its path.
    { name: 'sources', testIgnore: 'playground*.spec.ts', use: { baseURL: devAddress } },
  ],
  webServer: [
    {
      command: `${vite} --port ${process.env.GLOVEBOX_DEV_PORT} --strictPort`,
      url: devAddress,
    },
    {
      command: `${vite} build && ${vite} preview --port ${process.env.GLOVEBOX_SITE_PORT} --strictPort`,
      url: siteAddress,
    },
  ],
});
