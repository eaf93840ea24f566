/** Tests that look at what a guest shows, in a page of Chromium. */
import { readFileSync } from 'node:fs';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { DisplayPage } from '../pages/display';

declare global {
  /** Only within `page.evaluate`. */
  const displayPage: DisplayPage;
  /** The one that `open` has opened last. */
  var opened: Awaited<ReturnType<DisplayPage['open']>>;
}

export const programs = new URL('../turtle-programs/', import.meta.url);

export function programNamed(name: string): string {
  return readFileSync(new URL(`${name}.py`, programs), 'utf8');
}

/** A page with a display and a started guest. */
export class Shown {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page): Promise<Shown> {
    // Vite would reload the page in the middle of a test when a source changes.
    await page.routeWebSocket(/./, () => undefined);
    await page.goto('e2e/pages/display.html');
    await page.waitForFunction(() => 'displayPage' in globalThis);
    await page.evaluate(async () => {
      globalThis.opened = await displayPage.open();
    });
    return new Shown(page);
  }

  get items(): Locator {
    return this.page.locator('glovebox-display .item');
  }

  get canvas(): Locator {
    return this.page.locator('glovebox-drawing canvas').last();
  }

  /** What it printed. Fails where it does not end well. */
  async run(source: string): Promise<string> {
    const { status, output } = await this.page.evaluate(async (program) => {
      const before = opened.output().length;
      const outcome = await opened.sandbox.run(program, { filename: 'program.py' });
      return { status: outcome.status, output: opened.output().slice(before) };
    }, source);
    expect(status, output).toBe('ok');
    await this.painted();
    return output;
  }

  /** Starts a program that waits for its user; `ended` gives what it has printed when it is over. */
  async start(source: string): Promise<{ readonly ended: Promise<string> }> {
    const ended = this.run(source);
    // Told in the end: a test that fails before would leave it unheard.
    ended.catch(() => undefined);
    await this.canvas.waitFor();
    return { ended };
  }

  /** The addresses that start so and are asked for on the network from now on. */
  async requestsTo(start: string): Promise<readonly string[]> {
    const reached: string[] = [];
    await this.page.route(`${start}**`, async (route) => {
      reached.push(route.request().url());
      await route.abort();
    });
    return reached;
  }

  /** All that has been shown is on the screen. */
  async painted(): Promise<void> {
    await this.page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
  }

  /** How many pixels of the canvas have which colour, `#rrggbb`; few are left out. */
  async colors(): Promise<Record<string, number>> {
    await this.painted();
    return this.canvas.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d');
      const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const counts: Record<string, number> = {};
      for (let at = 0; at < data.length; at += 4) {
        const parts = [data[at], data[at + 1], data[at + 2]] as number[];
        const color = `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        counts[color] = (counts[color] ?? 0) + 1;
      }
      return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 8));
    });
  }

  /** How many pixels of the canvas have about that colour: the edges of lines are blended. */
  async inked(color: string): Promise<number> {
    const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    await this.painted();
    return this.canvas.evaluate((canvas: HTMLCanvasElement, parts: number[]) => {
      const context = canvas.getContext('2d');
      const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (parts.every((part, index) => Math.abs(part - (data[at + index] ?? 999)) < 110)) count++;
      }
      return count;
    }, wanted);
  }

  /** The colour at a place of the drawing: turtle's coordinates, the middle is (0, 0). */
  async colorAt(x: number, y: number): Promise<string> {
    await this.painted();
    return this.canvas.evaluate(
      (canvas: HTMLCanvasElement, [across = 0, up = 0]) => {
        const context = canvas.getContext('2d');
        const { data } = context?.getImageData(
          canvas.width / 2 + across,
          canvas.height / 2 - up,
          1,
          1,
        ) ?? {
          data: [],
        };
        const parts = Array.from(data).slice(0, 3);
        return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      },
      [x, y],
    );
  }

  /** Clicks at a place of the drawing. */
  async clickAt(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
    await this.canvas.click({ position: await this.position(x, y), button });
  }

  async position(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.canvas.boundingBox();
    if (box === null) throw new Error('the canvas is not seen');
    return { x: box.width / 2 + x, y: box.height / 2 - y };
  }
}

export const test = base.extend<{ shown: Shown }>({
  shown: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await use(await Shown.open(page));
    expect(problems).toEqual([]);
  },
});
