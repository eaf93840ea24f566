/** Images go from page to page, and between pages and Node: whoever has the same build goes on with them. */
import { expect, type Page } from '@playwright/test';
import type * as glovebox from '../src/node/index';
import { openBarePage, test } from './support/bare-page';

const LIFE = `
import asyncio, sqlite3, collections
loop = asyncio.new_event_loop()
seen = []
async def watch(name, pause):
    while len(seen) < 8:
        seen.append(name)
        await asyncio.sleep(pause)
    return name
tasks = [loop.create_task(watch(name, pause)) for name, pause in (('a', 0.01), ('b', 0.02))]
loop.run_until_complete(asyncio.sleep(0.015))
book = sqlite3.connect('/home/book.db')
book.execute('create table seen (name)')
book.executemany('insert into seen values (?)', [(name,) for name in seen])
book.commit()
log = open('/home/log.txt', 'w+')
log.write('first ')
log.flush()`;

const GO_ON = `
log.write(where + ' ')
log.flush()
log.seek(0)
told = log.read()
done = loop.run_until_complete(asyncio.gather(*tasks))
count = book.execute('select count(*) from seen').fetchone()[0]`;

const FACTS = '[told, done, 8 <= len(seen) <= 9, 1 < count < 8]';

/** What npm would publish; by a path of its own, as it is no source. */
async function openNodeHost(): Promise<typeof glovebox> {
  return import(new URL('../dist/node/index.js', import.meta.url).href);
}

async function leaveImage(page: Page): Promise<string> {
  return page.evaluate(async (source) => {
    const { sandbox, output } = await bare.openPython();
    const { status } = await sandbox.run(source);
    if (status !== 'ok') throw new Error(output());
    const bytes = await (await sandbox.snapshot()).encode();
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, LIFE);
}

function goOnInPage(page: Page, image: string, source: string): Promise<[unknown, string]> {
  return page.evaluate(
    async ([text, program, facts]) => {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const guest = await bare.loadGuest();
      const sandbox = await bare.glovebox.Sandbox.restore(bytes, { guest });
      const { status } = await sandbox.run(program);
      const found = await sandbox.evaluate(facts);
      const again = await (await sandbox.snapshot()).encode();
      const encoded = Array.from(again, (byte) => String.fromCharCode(byte)).join('');
      return [[status, found], btoa(encoded)] as [unknown, string];
    },
    [image, source, FACTS] as const,
  );
}

test('a program goes on in another page, and from there in Node', async ({ barePage, context }) => {
  const image = await leaveImage(barePage);
  const other = await context.newPage();
  await openBarePage(other);
  await barePage.close();
  const [found, later] = await goOnInPage(other, image, `where = 'page'\n${GO_ON}`);
  expect(found).toEqual(['ok', ['first page ', ['a', 'b'], true, true]]);

  const { PythonGuest, Sandbox } = await openNodeHost();
  const guest = await PythonGuest.load();
  for (const [from, told] of [
    [image, 'first node '],
    [later, 'first page node '],
  ]) {
    const sandbox = await Sandbox.restore(Buffer.from(from ?? '', 'base64'), { guest });
    const { status } = await sandbox.run(`log.seek(0, 2)\nwhere = 'node'\n${GO_ON}`);
    expect([status, await sandbox.evaluate(FACTS)]).toEqual(['ok', [told, ['a', 'b'], true, true]]);
    sandbox.dispose();
  }
});

test('sandboxes sleep in the browser, and go on after the page has gone', async ({
  barePage,
  context,
}) => {
  const awake = await barePage.evaluate(async () => {
    const store = await bare.glovebox.ImageStore.open('sleepers');
    const alive: boolean[] = [];
    for (let number = 0; number < 20; number++) {
      const { sandbox } = await bare.openPython();
      await sandbox.run(`number = ${number}; text = 'x' * 10_000`);
      await store.hibernate(`guest ${number}`, sandbox);
      alive.push(sandbox.alive);
    }
    return alive.filter((one) => one).length;
  });
  expect(awake).toBe(0);
  await barePage.close();
  const other = await context.newPage();
  await openBarePage(other);
  const woken = await other.evaluate(async () => {
    const store = await bare.glovebox.ImageStore.open('sleepers');
    const guest = await bare.loadGuest();
    const numbers: unknown[] = [];
    for (const key of ['guest 3', 'guest 17', 'guest 3']) {
      const image = await store.get(key);
      if (image === undefined) throw new Error(`no ${key}`);
      const sandbox = await bare.glovebox.Sandbox.restore(image, { guest });
      numbers.push(await sandbox.evaluate('number'));
      sandbox.dispose();
    }
    return [numbers, (await store.keys()).length];
  });
  expect(woken).toEqual([[3, 17, 3], 20]);
});

test('a program goes on in a page that has begun in Node', async ({ barePage }) => {
  const { PythonGuest, Sandbox } = await openNodeHost();
  const sandbox = await Sandbox.create({ guest: await PythonGuest.load() });
  expect((await sandbox.run(LIFE)).status).toBe('ok');
  const image = Buffer.from(await (await sandbox.snapshot()).encode()).toString('base64');
  sandbox.dispose();
  const [found] = await goOnInPage(barePage, image, `where = 'page'\n${GO_ON}`);
  expect(found).toEqual(['ok', ['first page ', ['a', 'b'], true, true]]);
});
