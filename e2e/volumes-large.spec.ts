import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, test } from '@playwright/test';
import { openBarePage } from './support/bare-page';

const MiB = 1 << 20;
const FILE_MIB = 1024;
const GUEST_BYTES = 64 * MiB;

/** What the page may come to need beyond what it needed before: far less than the file. */
const MOST_MORE_BYTES = 512 * MiB;

/** The most memory that any process of pages has had so far. */
async function peakBytes(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession();
  const found = await session?.send('SystemInfo.getProcessInfo');
  const peaks = (found?.processInfo ?? [])
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return Number(/^VmHWM:\s+(?<kiB>\d+) kB$/m.exec(status)?.groups?.kiB) * 1024;
    });
  return Math.max(...peaks);
}

test('a guest of 64 MiB writes and reads a file of 1 GiB, which the page never holds', async ({
  baseURL,
}, { project }) => {
  test.setTimeout(900_000);
  // A profile on disk: without one the browser itself would hold the data in memory.
  const profile = mkdtempSync(join(tmpdir(), 'glovebox-large-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...project.use.launchOptions,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  try {
    const page = await context.newPage();
    await openBarePage(page);
    await page.evaluate(async (heapBytes) => {
      const { IndexedDbVolume } = bare.glovebox;
      const volume = await IndexedDbVolume.open('large', { maxBytes: 2 ** 31 });
      const { sandbox, output } = await bare.openPython({
        mounts: { '/data': volume },
        limits: { heapBytes, wallMs: 800_000, cpuMs: 800_000 },
      });
      await sandbox.run('import os');
      Object.assign(globalThis, { volume, sandbox, output });
    }, GUEST_BYTES);
    const before = await peakBytes(context);
    const outcome = await page.evaluate(async (mebibytes) => {
      const sandbox = Reflect.get(globalThis, 'sandbox');
      return sandbox.run(
        'with open("/data/file", "wb", buffering=0) as file:\n' +
          `    for n in range(${mebibytes}):\n` +
          '        file.write(n.to_bytes(8, "little") * 131072)\n' +
          '    os.fsync(file.fileno())\n' +
          'with open("/data/file", "rb", buffering=0) as file:\n' +
          `    for n in range(${mebibytes}):\n` +
          '        assert file.read(1 << 20) == n.to_bytes(8, "little") * 131072, n\n' +
          '    assert file.read(1) == b""\n',
      );
    }, FILE_MIB);
    const more = (await peakBytes(context)) - before;
    expect(outcome).toMatchObject({ status: 'ok' });
    console.info(
      `${FILE_MIB} MiB written and read, ${Math.round(more / MiB)} MiB more in the page`,
    );
    expect(more).toBeLessThan(MOST_MORE_BYTES);
    const problems = await page.evaluate(async () => {
      const volume = Reflect.get(globalThis, 'volume');
      const report = await volume.check();
      await volume.close();
      return report.problems;
    });
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
