/** Many sandboxes in one tab: what each takes in memory while it lives, and on disk while it sleeps. */
import { chromium } from 'playwright';
import { chromiumLaunchOptions, rendererBytes } from '../scripts/lib/chromium.mjs';
import { inProject } from '../scripts/lib/project.mjs';
import { median, quantile } from './figures.mjs';
import { openProfile } from './profile.mjs';
import { openServer } from './static-server.mjs';

const FIRST = 5;
const LIVE = 200;
const ASLEEP = 2000;
const WOKEN = 50;

/** What each of them has run. */
const PROGRAM = `
class Thing:
    def __init__(self, number): self.number, self.name = number, f'thing {number}'
things = [Thing(number) for number in range(100)]
print(sum(thing.number for thing in things), sorted(things, key=lambda thing: thing.name)[0].name)`;

/** The page's share, asked for from outside. */
const PAGE = `<!doctype html><title>Crowd</title><script type="module">
import { createPool, ImageStore, PythonGuest, Sandbox } from '/page/index.js';
const program = ${JSON.stringify(PROGRAM)};
const guest = await PythonGuest.load('/guest/');
const limits = { heapBytes: 64 * 2 ** 20 };
const live = [];
async function start() {
  const sandbox = await Sandbox.create({ guest, limits });
  const { status } = await sandbox.run(program);
  if (status !== 'ok') throw new Error(status);
  return sandbox;
}
/** The longest time in which the page got nothing done. */
function watchGaps() {
  let [last, longest] = [performance.now(), 0];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => {
    port1.close();
    return longest;
  };
}
globalThis.crowd = {
  async live(count) {
    while (live.length < count) live.push(await start());
  },
  /** Some of them do something at once. */
  async use(count) {
    const stop = watchGaps();
    const some = live.filter((_, index) => index % Math.floor(live.length / count) === 0);
    const values = await Promise.all(some.map((sandbox) => sandbox.evaluate('len(things)')));
    if (values.some((value) => value !== 100)) throw new Error('a wrong answer');
    return stop();
  },
  async asleep(count) {
    const store = await ImageStore.open('crowd');
    const before = await navigator.storage.estimate();
    const pool = await createPool({ guest, size: 1, ...limits });
    for (let number = 0; number < count; number++) {
      const sandbox = await pool.create();
      await sandbox.run(program + '\\nnumber = ' + number);
      await store.hibernate(String(number), sandbox);
    }
    const after = await navigator.storage.estimate();
    pool.dispose();
    store.close();
    return (after.usage - before.usage) / count;
  },
  async wake(count, of) {
    const store = await ImageStore.open('crowd');
    const times = [];
    for (let index = 0; index < count; index++) {
      const number = Math.floor((index * of) / count);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const startedAt = performance.now();
      const sandbox = await Sandbox.restore(await store.get(String(number)), { guest, limits });
      if ((await sandbox.evaluate('number')) !== number) throw new Error('another one');
      times.push(performance.now() - startedAt);
      sandbox.dispose();
    }
    store.close();
    return times;
  },
};
</script>`;

/** @returns {Promise<import('./figures.mjs').Figure[]>} */
export async function measureCrowd() {
  const folders = { page: inProject('dist', 'page'), guest: inProject('public', 'guest') };
  const server = await openServer(folders, { '/crowd.html': PAGE });
  try {
    const address = `${server.address}/crowd.html`;
    return [...(await measureLive(address)), ...(await measureAsleep(address))];
  } finally {
    server.close();
  }
}

/**
 * @param {import('playwright').BrowserContext} context
 * @param {string} address
 */
async function openPage(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => 'crowd' in globalThis);
  /** @param {string} name @param {number[]} args */
  return (name, ...args) =>
    page.evaluate(({ name, args }) => Reflect.get(globalThis, 'crowd')[name](...args), {
      name,
      args,
    });
}

/** @param {string} address */
async function measureLive(address) {
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const ask = await openPage(await browser.newContext(), address);
    // The first ones compile what all of them share.
    await ask('live', FIRST);
    const before = await rendererBytes(browser);
    await ask('live', LIVE);
    const each = ((await rendererBytes(browser)) - before) / (LIVE - FIRST);
    const gapMs = await ask('use', LIVE);
    return [
      { label: `memory of each of ${LIVE}`, value: each / 2 ** 20, unit: 'MiB', target: 12 },
      { label: 'longest turn of the page, all at work', value: gapMs, unit: 'ms', target: 50 },
    ];
  } finally {
    await browser.close();
  }
}

/** With a profile on disk, where they lie. @param {string} address */
async function measureAsleep(address) {
  const { context, remove } = await openProfile();
  try {
    const ask = await openPage(context, address);
    const each = await ask('asleep', ASLEEP);
    const times = await ask('wake', WOKEN, ASLEEP);
    return [
      { label: `storage of each of ${ASLEEP} asleep`, value: each / 1000, unit: 'KB', target: 300 },
      { label: 'until one is awake, median', value: median(times), unit: 'ms', target: 50 },
      { label: 'until one is awake, 90 %', value: quantile(times, 0.9), unit: 'ms' },
    ];
  } finally {
    await context.close();
    remove();
  }
}
