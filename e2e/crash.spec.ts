/**
 * The browser is killed while a guest writes; what was synced has to be there afterwards.
 * `npm run test:crash` does it 200 times.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { KillableChromium } from './support/killable-chromium';

const ROUNDS = Number(process.env.GLOVEBOX_CRASH_ROUNDS ?? 8);
const RECORD_BYTES = 64;
/** Several chunks, so that a mix of two of them would show. */
const STATE_COPIES = 40_000;
const LONGEST_LIFE_MS = 1500;
/** Small files, each made anew when its turn comes again. */
const FILES = 200;
/** The guest leaves the newest in peace: twice as many as are looked for, as it may be ahead. */
const FILES_KEPT = 100;
const FILES_LOOKED_FOR = 50;

/** What the guest has said is durable. */
interface Acknowledged {
  records: number;
  state: number;
  /** All the numbers that were written to files: what a kill has cut short has none. */
  readonly files: number[];
}

const program = `
import itertools, os

def durable(name, number):
    print(name, number, flush=True)

os.makedirs('/data/files', exist_ok=True)
first = os.path.getsize('/data/records') // ${RECORD_BYTES} if os.path.exists('/data/records') else 0
for number in itertools.count(first):
    with open('/data/records', 'ab') as file:
        file.write(b'%${RECORD_BYTES - 1}d\\n' % number)
        file.flush()
        os.fsync(file.fileno())
    durable('records', number)
    if number % 3 == 0:
        with open('/data/new state', 'wb') as file:
            file.write(b'%9d\\n' % number * ${STATE_COPIES})
        os.rename('/data/new state', '/data/state')
        folder = os.open('/data', os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        durable('state', number)
    if number % 5 == 0:
        # Some in a pack, some in a chunk of their own.
        with open(f'/data/files/{number // 5 % ${FILES}}', 'wb') as file:
            file.write(b'%d ' % number * (1 + number % 3000))
            file.flush()
            os.fsync(file.fileno())
        durable('files', number)
    if number % 50 == 49:
        for older in range(${FILES_KEPT}, ${FILES}, 3):
            name = f'/data/files/{(number // 5 - older) % ${FILES}}'
            if os.path.exists(name):
                os.remove(name)
`;

interface Found {
  readonly problems: readonly string[];
  readonly records: number;
  readonly state: number | undefined;
  readonly wrong: readonly string[];
}

/** `fileNumbers`: of small files that have to be there. */
function lookAtVolume(page: Page, fileNumbers: readonly number[]): Promise<Found> {
  const told = { recordBytes: RECORD_BYTES, fileNumbers, fileCount: FILES };
  return page.evaluate(async ({ recordBytes, fileNumbers, fileCount }) => {
    const volume = await bare.glovebox.IndexedDbVolume.open('crash');
    const files = new bare.glovebox.VolumeFiles(volume);
    const { problems } = await volume.check();
    const wrong: string[] = volume.loss === undefined ? [] : [`all is lost: ${volume.loss}`];
    let records = 0;
    if (await files.exists('records')) {
      const text = await files.readText('records');
      if (text.length % recordBytes !== 0) wrong.push(`records: ${text.length} bytes`);
      for (const line of text.split('\n').slice(0, -1)) {
        if (Number(line) !== records || line.length !== recordBytes - 1) {
          wrong.push(`record ${records}: ${line}`);
        }
        records++;
      }
    }
    let state: number | undefined;
    if (await files.exists('state')) {
      const lines = new Set((await files.readText('state')).split('\n').slice(0, -1));
      if (lines.size !== 1) wrong.push(`state: a mix of ${[...lines].join()}`);
      for (const line of lines) state = Number(line);
    }
    for (const number of fileNumbers) {
      const path = `files/${Math.floor(number / 5) % fileCount}`;
      const content = (await files.exists(path)) ? await files.readText(path) : 'nothing';
      if (content !== `${number} `.repeat(1 + (number % 3000))) {
        wrong.push(`file ${number}: ${content.length} bytes, ${content.slice(0, 20)}`);
      }
    }
    const said = problems.map(({ path, record, message }) => `${path ?? record}: ${message}`);
    await volume.close();
    return { problems: said, records, state, wrong };
  }, told);
}

async function letGuestWrite(page: Page, acknowledged: Acknowledged): Promise<void> {
  page.on('console', (message) => {
    const [name, number] = message.text().split(' ');
    if (name === 'records' || name === 'state') acknowledged[name] = Number(number);
    if (name === 'files') acknowledged.files.push(Number(number));
  });
  await page.evaluate(async (source) => {
    const volume = await bare.glovebox.IndexedDbVolume.open('crash');
    let said = '';
    const { sandbox } = await bare.openPython({
      mounts: { '/data': volume },
      limits: { wallMs: 60_000, cpuMs: 60_000 },
      onOutput: (bytes) => {
        said += new TextDecoder().decode(bytes);
        const lines = said.split('\n');
        said = lines.pop() ?? '';
        for (const line of lines) console.info(line);
      },
    });
    void sandbox.run(source);
  }, program);
}

// Its tracing would follow the browsers, and take the end of one for a failure of the test.
test.use({ trace: 'off' });

interface CrashFixtures {
  profile: string;
  start: () => Promise<KillableChromium>;
}

const crashTest = test.extend<CrashFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it.
  profile: async ({}, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'glovebox-crash-'));
    await use(profile);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  },
  start: async ({ profile }, use, { project }) => {
    const { executablePath = 'chromium', args = [] } = project.use.launchOptions ?? {};
    const browsers: KillableChromium[] = [];
    await use(async () => {
      const browser = await KillableChromium.start(executablePath, args, profile);
      browsers.push(browser);
      return browser;
    });
    for (const browser of browsers) await browser.kill();
  },
});

/** What a kill between two calls of `write` leaves: the head of a record that has no rest. */
function tearLog(profile: string): void {
  const stores = join(profile, 'Default', 'IndexedDB');
  for (const store of readdirSync(stores).filter((name) => name.endsWith('.leveldb'))) {
    const [newest] = readdirSync(join(stores, store))
      .filter((name) => name.endsWith('.log'))
      .sort()
      .reverse();
    if (newest === undefined) throw new Error('LevelDB has no log');
    const [checksum, length, wholeRecord] = [[1, 2, 3, 4], [100, 0], 1];
    const head = Buffer.from([...checksum, ...length, wholeRecord]);
    appendFileSync(join(stores, store, newest), head);
  }
}

crashTest(
  'what was synced outlives a log that the kill has torn',
  async ({ baseURL, start, profile }) => {
    test.setTimeout(120_000);
    for (let round = 0; round < 4; round++) {
      const browser = await start();
      const page = await browser.openPage(baseURL ?? '');
      const found = await page.evaluate(async (round) => {
        const volume = await bare.glovebox.IndexedDbVolume.open('torn');
        const files = new bare.glovebox.VolumeFiles(volume);
        const names = (await files.list('')).map(({ name }) => name);
        await files.write(`${round}`, 'synced');
        await files.sync();
        return { names, loss: volume.loss };
      }, round);
      const names = [...Array(round).keys()].map(String);
      expect(found, `round ${round}`).toEqual({ names, loss: undefined });
      await browser.kill();
      if (round === 1) tearLog(profile);
    }
  },
);

const title = `what was synced is there after the browser was killed, ${ROUNDS} times`;

crashTest(title, async ({ baseURL, start }) => {
  test.setTimeout(60_000 + ROUNDS * 30_000);
  const acknowledged: Acknowledged = { records: -1, state: -1, files: [] };
  let synced = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const browser = await start();
    const page = await browser.openPage(baseURL ?? '');
    const newest = (acknowledged.files.at(-1) ?? 0) - 5 * FILES_LOOKED_FOR;
    const lookedFor = acknowledged.files.filter((number) => number > newest);
    const found = await lookAtVolume(page, lookedFor);
    const { records, state } = acknowledged;
    const where = `round ${round}: ${found.records} records of ${records + 1}, state ${found.state} of ${state}`;
    expect(found.problems, where).toEqual([]);
    expect(found.wrong, where).toEqual([]);
    expect(found.records, where).toBeGreaterThan(records);
    expect(found.state ?? -1, where).toBeGreaterThanOrEqual(state);
    if (round < ROUNDS) {
      await letGuestWrite(page, acknowledged);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
    }
    await browser.kill();
    synced += acknowledged.records - Math.max(records, found.records - 1);
  }
  const files = acknowledged.files.length;
  console.info(`${ROUNDS} rounds, ${synced} records and ${files} files synced, none lost`);
  expect(synced).toBeGreaterThan(ROUNDS);
  expect(files).toBeGreaterThan(0);
});
