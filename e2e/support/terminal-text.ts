/** What is to be read in a terminal of a page, whose screen is a canvas of cells and no text that a locator finds. */
import { expect, type Locator } from '@playwright/test';

export class TerminalText {
  /** An element that has its `text`. */
  readonly #element: Locator;

  constructor(element: Locator) {
    this.#element = element;
  }

  read(): Promise<string> {
    // Until its script is there it is an element like any other.
    return this.#element.evaluate(
      (element) => (element as HTMLElement & { text?: string }).text ?? '',
    );
  }

  async shows(text: string | RegExp, { timeout = 30_000 } = {}): Promise<void> {
    const read = (): Promise<string> => this.read();
    if (typeof text === 'string') await expect.poll(read, { timeout }).toContain(text);
    else await expect.poll(read, { timeout }).toMatch(text);
  }

  /** These are the last lines, but for spaces at their ends. */
  async endsWith(...lines: readonly string[]): Promise<void> {
    const last = async (): Promise<string[]> => {
      const all = (await this.read()).trimEnd().split('\n');
      return all.slice(-lines.length).map((line) => line.trimEnd());
    };
    await expect.poll(last, { timeout: 30_000 }).toEqual(lines);
  }
}
