/** A Chromium with a profile that outlives it, and that dies with all its processes at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from '@playwright/test';
import { openBarePage } from './bare-page';

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
    // A group of its own, which can be killed as a whole.
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let address = '';
    for await (const line of createInterface({ input: child.stderr })) {
      address = /^DevTools listening on (?<address>ws:.*)$/.exec(line)?.groups?.address ?? '';
      if (address !== '') break;
    }
    child.stderr.resume();
    return new KillableChromium(child, await chromium.connectOverCDP(address));
  }

  async openPage(baseURL: string): Promise<Page> {
    const [context] = this.#browser.contexts();
    if (context === undefined) throw new Error('Chromium has no context');
    const page = await context.newPage();
    await openBarePage(page, baseURL);
    return page;
  }

  /** Whatever it does. */
  async kill(): Promise<void> {
    if (this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    process.kill(-(this.#process.pid ?? 0), 'SIGKILL');
    await ended;
  }
}
