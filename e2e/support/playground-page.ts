/** The playground as a person uses it. */
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { TerminalText } from './terminal-text';

export class PlaygroundPage {
  readonly editor: Locator;
  readonly prompt: Locator;
  readonly console: TerminalText;
  readonly run: Locator;
  readonly stop: Locator;
  readonly status: Locator;
  readonly files: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.editor = page.getByRole('textbox', { name: /^Program / });
    this.prompt = page.getByRole('textbox', { name: 'Python prompt' });
    this.console = new TerminalText(page.locator('glovebox-terminal'));
    this.run = page.getByRole('button', { name: 'Run', exact: true });
    this.stop = page.getByRole('button', { name: /^(Force stop|Stop)$/ });
    this.status = page.locator('glovebox-editor .status [role=status]');
    this.files = page.getByRole('tree', { name: 'Files' });
    this.dialog = page.getByRole('dialog');
  }

  async open(address = './'): Promise<void> {
    await this.page.goto(address);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.status).toHaveText('Ready', { timeout: 30_000 });
  }

  /** Until then "Ready" is said of the project before. */
  async project(title: string): Promise<void> {
    await expect(this.page.getByRole('button', { name: `Project ${title}` })).toBeVisible();
    await this.ready();
  }

  /** Types at the prompt, or what the program asks for. */
  async statement(...lines: string[]): Promise<void> {
    for (const line of lines) {
      await this.prompt.pressSequentially(line);
      await this.prompt.press('Enter');
    }
  }

  /** In place of what the editor shows. */
  async write(source: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(source);
  }

  async program(source: string): Promise<void> {
    await this.write(source);
    await this.page.keyboard.press('ControlOrMeta+Enter');
  }

  /** A file or folder in the panel. */
  file(name: string): Locator {
    return this.files
      .getByRole('treeitem')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  tab(name: string): Locator {
    return this.page.getByRole('tablist', { name: 'Open files' }).getByRole('tab', { name });
  }

  async choose(menu: string | RegExp, item: string): Promise<void> {
    await this.page.getByRole('button', { name: menu }).click();
    await this.page.locator('[role^=menuitem]').filter({ hasText: item }).click();
  }

  /** Answers the question that is open, with a name if it asks for one. */
  async answer(button: string, name?: string): Promise<void> {
    if (name !== undefined) await this.dialog.getByRole('textbox').fill(name);
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
  }

  async newFile(name: string, source: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New file' }).click();
    await this.answer('Make it', name);
    await expect(this.tab(name)).toHaveAttribute('aria-selected', 'true');
    await this.write(source);
  }

  /** All that was written is stored. */
  async stored(): Promise<void> {
    await expect(this.page.locator('glovebox-editor .tabs .unsaved')).toHaveCount(0);
  }
}

export const playgroundTest = base.extend<{ playground: PlaygroundPage }>({
  playground: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    const playground = new PlaygroundPage(page);
    await playground.open();
    await use(playground);
    expect(problems).toEqual([]);
  },
});
