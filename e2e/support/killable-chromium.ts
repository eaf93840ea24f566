/** A Chromium with a profile that outlives it, and that dies with all its processes at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Browser, chromium, type Page } from '@playwright/test';
import { openBarePage } from './bare-page';

/** A browser whose last one was killed in the middle of something may not come up at once. */
const ATTEMPTS = 3;

export class KillableChromium {
  readonly #process: ChildProcess;
  readonly #browser: Browser;

  private constructor(process: ChildProcess, browser: Browser) {
    this.#process = process;
    this.#browser = browser;
  }

  static async start(program: string, flags: readonly string[], profile: string) {
    const args = [
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...flags,
    ];
    for (let attempt = 1; ; attempt++) {
      // A group of its own, which can be killed as a whole.
      const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      try {
        const browser = await chromium.connectOverCDP(await addressOf(child.stderr));
        return new KillableChromium(child, browser);
      } catch (error) {
        await killGroup(child);
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  async openPage(baseURL: string): Promise<Page> {
    const [context] = this.#browser.contexts();
    if (context === undefined) throw new Error('Chromium has no context');
    const page = await context.newPage();
    await openBarePage(page, baseURL);
    return page;
  }

  /** Whatever it does. */
  kill(): Promise<void> {
    return killGroup(this.#process);
  }
}

async function addressOf(stderr: Readable): Promise<string> {
  let address = '';
  for await (const line of createInterface({ input: stderr })) {
    address = /^DevTools listening on (?<address>ws:.*)$/.exec(line)?.groups?.address ?? '';
    if (address !== '') break;
  }
  stderr.resume();
  return address;
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}
