/** The Chromium of this machine, for tests and benchmarks: nothing is downloaded. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** What Playwright needs to start it. */
export function chromiumLaunchOptions() {
  return {
    executablePath: findOnPath(),
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      // Chromium refuses to run as root with its own sandbox on.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}

function findOnPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error(`No browser to test with: none of ${names.join(', ')} is on PATH.`);
}

/**
 * The resident memory of the browser's largest renderer: that of the page and of its workers.
 * @param {import('playwright').Browser} browser
 */
export async function rendererBytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return Number(/^VmRSS:\s+(?<kilobytes>\d+) kB$/m.exec(status)?.groups?.kilobytes) * 1024;
    });
  return Math.max(...sizes);
}
