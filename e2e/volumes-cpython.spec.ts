import { expect, type Page } from '@playwright/test';
import { openBarePage, test } from './support/bare-page';
import { packTests } from './support/cpython-tests';

/** What CPython's tests read beside themselves; test_shelve imports test_dbm. */
const data = ['archivetestdata', 'tokenizedata', 'test_dbm'];

/** Single tests of what WASI lacks. (All of test_mailbox is missing: it wants a host name.) */
const impossible = [
  // File modes: there is no chmod.
  'test_copymode_follow_symlinks',
  // File locks: two connections to one database do not exclude each other.
  'test_locking',
  'test_raise_timeout',
];

/** test_io writes a byte beyond 2 GiB, and sparse files count whole. */
const MAX_BYTES = 2 ** 33;

const modules = [
  'test_dbm_dumb',
  'test_file',
  'test_fileio',
  'test_glob',
  'test_io',
  'test_os',
  'test_pathlib',
  'test_shelve',
  'test_shutil',
  'test_sqlite3',
  'test_tarfile',
  'test_tempfile',
  'test_zipfile',
];

test.describe("CPython's own tests of files pass on a volume in IndexedDB", () => {
  let page: Page;

  test.beforeAll(async ({ browser, baseURL }) => {
    page = await browser.newPage({ baseURL: baseURL ?? '' });
    const body = packTests([...modules, ...data]);
    await page.route('**/cpython-tests.zip', (route) =>
      route.fulfill({ body, contentType: 'application/zip' }),
    );
    await openBarePage(page);
  });
  test.afterAll(() => page.close());

  for (const module of modules) {
    test(module, async () => {
      test.setTimeout(480_000);
      const { outcome, output, problems } = await page.evaluate(
        async ({ name, ignored, maxBytes }) => {
          const response = await fetch('/cpython-tests.zip');
          const { IndexedDbVolume, ZipVolume } = bare.glovebox;
          const tests = ZipVolume.from(new Uint8Array(await response.arrayBuffer()));
          // The runner's folder, which is the tests' working directory, is made in /tmp.
          const volume = await IndexedDbVolume.open(name, { maxBytes });
          const opened = await bare.openPython({
            mounts: { '/usr/lib/python3.13/test': tests, '/tmp': volume },
            limits: {
              heapBytes: 2 ** 30,
              wallMs: 450_000,
              cpuMs: Number.POSITIVE_INFINITY,
              openFiles: 1024,
            },
            terminal: { stdout: false, stderr: false },
          });
          const argv = ['-W', ...ignored.flatMap((test) => ['-i', test]), name];
          const run = { kind: 'module', name: 'test', argv } as const;
          const end = await opened.sandbox.runProgram(run);
          opened.sandbox.dispose();
          const report = await volume.check();
          await volume.close();
          await IndexedDbVolume.remove(name);
          return { outcome: end, output: opened.output(), problems: report.problems };
        },
        { name: module, ignored: impossible, maxBytes: MAX_BYTES },
      );
      expect(problems).toEqual([]);
      expect(output.slice(-20_000)).toContain('Result: SUCCESS');
      expect(output).toMatch(/Total tests: run=[1-9]/);
      expect(outcome).toMatchObject({ status: 'exit', exitCode: 0 });
    });
  }
});
