import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { PlaygroundPage, playgroundTest as test } from './support/playground-page';

/** Drops files as a file manager would. */
async function drop(page: Page, files: Record<string, Uint8Array>): Promise<void> {
  const given = Object.entries(files).map(([name, bytes]) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const transfer = await page.evaluateHandle((entries) => {
    const data = new DataTransfer();
    for (const { name, base64 } of entries) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, given);
  await page.locator('playground-files').dispatchEvent('drop', { dataTransfer: transfer });
}

test.describe('files', () => {
  test('are there again after a reload, with what was open', async ({ playground }) => {
    await playground.newFile('helpers.py', 'def double(n): return n * 2\n');
    await playground.tab('main.py').click();
    await playground.write('from helpers import double\nprint(double(21))\n');
    await playground.stored();
    await playground.page.reload();
    await playground.ready();
    await expect(playground.tab('main.py')).toHaveAttribute('aria-selected', 'true');
    await expect(playground.tab('helpers.py')).toBeVisible();
    await playground.run.click();
    await playground.console.endsWith('▶ main.py', '42', '>>>');
  });

  test('that a program imports are the ones as they are now', async ({ playground }) => {
    await playground.newFile('helpers.py', 'x = 1');
    await playground.tab('main.py').click();
    await playground.program('import helpers\nprint(helpers.x)');
    await playground.console.endsWith('1', '>>>');
    await playground.tab('helpers.py').click();
    await playground.write('x = 2');
    await playground.tab('main.py').click();
    await playground.run.click();
    await playground.console.endsWith('2', '>>>');
  });

  test('that the program makes and changes appear', async ({ playground }) => {
    await playground.newFile('notes.txt', 'old');
    await playground.tab('main.py').click();
    await playground.program(
      'import os\nos.mkdir("made")\nopen("made/new.txt", "w").write("x")\nopen("notes.txt", "w").write("new text")',
    );
    await expect(playground.file('made')).toBeVisible();
    await playground.file('made').click();
    await expect(playground.file('new.txt')).toBeVisible();
    await playground.tab('notes.txt').click();
    await expect(playground.editor).toHaveText('new text');
  });

  test('are made, renamed and deleted with the keyboard alone', async ({ playground }) => {
    const { page } = playground;
    await page.getByRole('button', { name: 'New folder' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('lib');
    await page.keyboard.press('Enter');
    await expect(playground.file('lib')).toHaveAttribute('aria-selected', 'true');
    await playground.file('lib').focus();
    await page.keyboard.press('F2');
    await page.keyboard.type('tools');
    await page.keyboard.press('Enter');
    await expect(playground.file('tools')).toBeVisible();
    await expect(playground.file('lib')).toHaveCount(0);
    await playground.file('tools').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
    await expect(playground.file('tools')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await playground.file('main.py').focus();
    await page.keyboard.press('Enter');
    await expect(playground.tab('main.py')).toBeVisible();
  });

  test('keep their tab when they are renamed', async ({ playground }) => {
    await playground.write('print("moved")');
    await playground.file('main.py').click();
    await playground.page.getByRole('button', { name: /^Rename/ }).click();
    await playground.answer('Rename', 'src/start.py');
    await expect(playground.tab('src/start.py')).toHaveAttribute('aria-selected', 'true');
    await playground.run.click();
    await playground.console.endsWith('moved', '>>>');
  });

  test('get no name that is taken, or that is none', async ({ playground }) => {
    await playground.page.getByRole('button', { name: 'New file' }).click();
    await playground.answer('Make it', 'main.py');
    await expect(playground.dialog.getByRole('alert')).toContainText('there already');
    await playground.answer('Make it', '../up.py');
    await expect(playground.dialog.getByRole('alert')).toContainText('other than . and ..');
    await playground.answer('Cancel');
    await expect(playground.files.getByRole('treeitem')).toHaveCount(1);
  });

  test('come in by being dropped, archives unpacked', async ({ playground }) => {
    const archive = zipSync({ 'pack/inner.txt': strToU8('inside'), 'top.txt': strToU8('top') });
    await drop(playground.page, { 'data.csv': strToU8('a,1\n'), 'things.zip': archive });
    await expect(playground.file('top.txt')).toBeVisible();
    await playground.program(
      'print(open("data.csv").read(), open("pack/inner.txt").read(), sep="")',
    );
    await playground.console.endsWith('a,1', 'inside', '>>>');
  });

  test('that are broken archives change nothing, and say so', async ({ playground }) => {
    await drop(playground.page, { 'broken.zip': strToU8('PK nonsense') });
    await expect(playground.dialog).toContainText("the archive can't be used");
    await playground.answer('Close');
    await expect(playground.files.getByRole('treeitem')).toHaveCount(1);
  });

  test('replace others only when the user says so', async ({ playground }) => {
    await playground.write('mine = 1');
    await playground.stored();
    await drop(playground.page, { 'main.py': strToU8('theirs = 1') });
    await playground.answer('Cancel');
    await expect(playground.editor).toHaveText('mine = 1');
    await drop(playground.page, { 'main.py': strToU8('theirs = 1') });
    await playground.answer('Replace');
    await expect(playground.editor).toHaveText('theirs = 1');
  });

  test('are uploaded with a button, too', async ({ playground }) => {
    const choosing = playground.page.waitForEvent('filechooser');
    await playground.page.getByRole('button', { name: 'Upload files' }).press('Enter');
    const chooser = await choosing;
    await chooser.setFiles({ name: 'up.txt', mimeType: 'text/plain', buffer: Buffer.from('up') });
    await expect(playground.file('up.txt')).toBeVisible();
  });

  test('are downloaded as a zip archive', async ({ playground }) => {
    await playground.write('print("zipped")\n');
    const downloading = playground.page.waitForEvent('download');
    await playground.choose(/^Project /, 'Download as zip');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('My project.zip');
    const files = unzipSync(readFileSync(await download.path()));
    expect(new TextDecoder().decode(files['main.py'])).toBe('print("zipped")\n');
  });

  test('that are binary or large are described, not loaded', async ({ playground }) => {
    await playground.program(
      'open("blob.bin", "wb").write(bytes(range(256)))\n' +
        'with open("large.txt", "wb") as f:\n    for _ in range(100): f.write(b"x" * 1_000_000)',
    );
    await playground.ready();
    await playground.file('blob.bin').click();
    await expect(playground.page.getByText('A binary file of 256 B.')).toBeVisible();
    await playground.file('large.txt').click();
    await expect(playground.page.getByText('A file of 100 MB: too large')).toBeVisible();
  });

  test('may be ten thousand: few of them are elements, the last is a key away', async ({
    playground,
  }) => {
    const names = Array.from({ length: 10_000 }, (_, n) => `many/${n}.txt`);
    const archive = zipSync(Object.fromEntries(names.map((name) => [name, strToU8(name)])));
    await drop(playground.page, { 'many.zip': archive });
    await expect(
      playground.page.getByRole('progressbar', { name: 'Bringing files in' }),
    ).toHaveCount(0, { timeout: 40_000 });
    await playground.file('many').click();
    await expect(playground.file('0.txt')).toBeVisible();
    expect(await playground.files.getByRole('treeitem').count()).toBeLessThan(100);
    await playground.file('many').focus();
    await playground.page.keyboard.press('End');
    await expect(playground.files.getByRole('treeitem').last()).toBeInViewport();
    await playground.page.keyboard.press('ArrowUp');
    await expect(playground.file('9999.txt')).toHaveAttribute('aria-setsize', '10000');
    await expect(playground.file('9999.txt')).toBeFocused();
  });

  test('that the browser has no room for are told of, and what was written stays', async ({
    playground,
  }) => {
    const { page } = playground;
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      Object.assign(globalThis, { isFull: true });
      IDBObjectStore.prototype.put = function (...given) {
        const { isFull } = globalThis as unknown as { isFull: boolean };
        if (isFull) throw new DOMException('the disk is full', 'QuotaExceededError');
        return put.apply(this, given);
      };
    });
    await playground.write('written = "in vain?"');
    const banner = page.getByRole('alert').filter({ hasText: 'could not be stored' });
    await expect(banner).toContainText('there is no room left', { timeout: 30_000 });
    await expect(playground.tab('main.py, not saved')).toBeVisible();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download it' }).click();
    const download = await downloading;
    expect(readFileSync(await download.path(), 'utf8')).toBe('written = "in vain?"');
    await page.evaluate(() => Object.assign(globalThis, { isFull: false }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(banner).toHaveCount(0, { timeout: 30_000 });
    await playground.stored();
    await page.reload();
    await playground.ready();
    await expect(playground.editor).toHaveText('written = "in vain?"');
  });
});

test.describe('projects', () => {
  test('are several, each with files and Python of its own', async ({ playground }) => {
    await playground.program('mine = 1');
    await playground.ready();
    await playground.choose(/^Project /, 'New project');
    await playground.answer('Make it', 'Second');
    await playground.project('Second');
    await playground.statement('"mine" in globals()');
    await playground.console.endsWith('>>> "mine" in globals()', 'False', '>>>');
    await playground.choose(/^Project /, 'My project');
    await playground.project('My project');
    await expect(playground.editor).toHaveText('mine = 1');
    await playground.page.reload();
    await playground.project('My project');
  });

  test('are renamed and deleted', async ({ playground }) => {
    await playground.choose(/^Project /, 'Rename');
    await playground.answer('Rename', 'Better name');
    await expect(
      playground.page.getByRole('button', { name: 'Project Better name' }),
    ).toBeVisible();
    await playground.choose(/^Project /, 'Delete');
    await playground.answer('Delete the project');
    await playground.project('My project');
    const databases = await playground.page.evaluate(() => indexedDB.databases());
    expect(databases.filter(({ name }) => name?.includes('project-'))).toHaveLength(1);
  });

  test('that another tab has open can be read, or waited for', async ({ playground, context }) => {
    await playground.write('shared = "text"');
    await playground.stored();
    const other = new PlaygroundPage(await context.newPage());
    await other.page.goto('./');
    await expect(other.dialog).toContainText('is open in another tab');
    await other.answer('Open read-only');
    await other.ready();
    await expect(other.editor).toHaveText('shared = "text"');
    await expect(other.page.getByText('Read-only: another tab')).toBeVisible();
    await other.editor.press('x');
    await expect(other.editor).toHaveText('shared = "text"');
    await other.run.click();
    await other.ready();
    await other.page.getByRole('button', { name: 'Try to open it for writing' }).click();
    await other.answer('Wait until it is free');
    await expect(other.dialog).toContainText('Waiting for');
    await playground.page.goto('about:blank');
    await expect(other.dialog).toHaveCount(0);
    await other.ready();
    await other.write('shared = "mine now"');
    await other.stored();
  });

  test('are in memory, and say so, where the browser stores nothing', async ({ context }) => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    });
    const playground = new PlaygroundPage(page);
    await playground.open();
    await expect(page.getByRole('alert')).toContainText('does not let the page store anything');
    await playground.program('print("works")');
    await playground.console.endsWith('works', '>>>');
  });
});

test.describe('a link', () => {
  async function linkTo(playground: PlaygroundPage): Promise<string> {
    await playground.page.getByRole('button', { name: 'Share' }).click();
    const link = await playground.dialog.getByRole('textbox', { name: 'Link' }).inputValue();
    await playground.answer('Cancel');
    return link;
  }

  test('opens the programs in another tab, runs nothing, and stores them on request', async ({
    playground,
    context,
  }) => {
    await playground.newFile('lib/helpers.py', 'word = "shared"');
    await playground.tab('main.py').click();
    await playground.write('from lib.helpers import word\nprint(word)');
    const link = await linkTo(playground);
    const other = new PlaygroundPage(await context.newPage());
    await other.open(link);
    await expect(other.editor).toHaveText(/print\(word\)/);
    await other.console.endsWith('>>>');
    await expect(other.page.getByText('nothing has run, and nothing is stored')).toBeVisible();
    await other.run.click();
    await other.console.endsWith('shared', '>>>');
    const projects = () =>
      other.page.evaluate(async () => {
        const names = (await indexedDB.databases()).map(({ name = '' }) => name);
        return names.filter((name) => name.startsWith('glovebox-volume:project-')).length;
      });
    const before = await projects();
    await other.page.getByRole('button', { name: 'Keep as a project' }).click();
    await other.answer('Keep', 'Kept');
    const kept = other.page.getByRole('button', { name: 'Project Kept' });
    await expect(kept).toBeVisible();
    await expect(other.page).toHaveURL(({ hash }) => hash === '');
    await other.ready();
    expect(await projects()).toBe(before + 1);
    await other.page.reload();
    await other.ready();
    await expect(kept).toBeVisible();
    await expect(other.file('lib')).toBeVisible();
  });

  test('that is cut off, or made by hand, says so and changes nothing', async ({
    playground,
    context,
  }) => {
    await playground.write('mine = 1');
    await playground.stored();
    const link = await linkTo(playground);
    await playground.page.goto('about:blank');
    for (const [address, message] of [
      [link.slice(0, -10), 'incomplete'],
      ['./#glovebox1=AAAA', 'incomplete'],
      ['./#glovebox9=AAAA', 'another version'],
    ] as const) {
      const other = new PlaygroundPage(await context.newPage());
      await other.page.goto(address);
      await expect(other.dialog).toContainText(message);
      await expect(other.dialog).toContainText('Nothing was run or changed.');
      await other.answer('Close');
      await other.ready();
      await expect(other.editor).toHaveText('mine = 1');
      await other.page.close();
    }
  });
});
