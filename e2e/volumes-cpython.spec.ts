import { expect, type Page } from '@playwright/test';
import { openBarePage, test } from './support/bare-page';
import { packTests } from './support/cpython-tests';

/** What CPython's tests read beside themselves; test_shelve imports test_dbm. */
const data = ['archivetestdata', 'tokenizedata', 'test_dbm'];

/** Single tests of what WASI lacks. */
const impossible = [
  // File modes: there is no chmod.
  'test_copymode_follow_symlinks',
  'test_permissions_after_flush',
  // File locks: two connections to one database do not exclude each other.
  'test_locking',
  'test_raise_timeout',
];

/** test_io writes a byte beyond 2 GiB, and sparse files count whole. */
const MAX_BYTES = 2 ** 33;

/**
 * Tests that each module runs at least, and skips of those at most: without a floor, a module
 * whose tests are no longer found, or skipped for what the sandbox had lost, would pass.
 */
const modules: Readonly<Record<string, { readonly ran: number; readonly skipped: number }>> = {
  test_dbm_dumb: { ran: 26, skipped: 2 },
  test_file: { ran: 34, skipped: 2 },
  test_fileio: { ran: 97, skipped: 3 },
  test_glob: { ran: 25, skipped: 4 },
  test_io: { ran: 656, skipped: 54 },
  test_mailbox: { ran: 373, skipped: 8 },
  test_os: { ran: 366, skipped: 221 },
  test_pathlib: { ran: 1518, skipped: 558 },
  test_shelve: { ran: 266, skipped: 0 },
  test_shutil: { ran: 206, skipped: 105 },
  test_sqlite3: { ran: 485, skipped: 14 },
  test_tarfile: { ran: 642, skipped: 59 },
  test_tempfile: { ran: 118, skipped: 15 },
  test_zipfile: { ran: 343, skipped: 14 },
};

/**
 * Runs tests as `python -m test` does, on a machine that has a name: WASI knows none, and all of
 * test_mailbox would be skipped for the names that one kind of mailbox (Maildir) gives to messages.
 */
const runner = `
import runpy, socket
from test.support import socket_helper
socket.gethostname = lambda: 'sandbox'
socket_helper.has_gethostname = True
runpy.run_module('test', run_name='__main__', alter_sys=True)
`;

/** What regrtest counts: `Total tests: run=1,234 skipped=5`. */
function countsIn(output: string): { ran: number; skipped: number } {
  const total = /^Total tests: (?<counts>.*)$/m.exec(output)?.groups?.counts ?? '';
  const count = (name: string): number => {
    const digits = new RegExp(`\\b${name}=(?<digits>[\\d,]+)`).exec(total)?.groups?.digits ?? '0';
    return Number(digits.replaceAll(',', ''));
  };
  return { ran: count('run'), skipped: count('skipped') };
}

test.describe("CPython's own tests of files pass on a volume in IndexedDB", () => {
  let page: Page;

  test.beforeAll(async ({ browser, baseURL }) => {
    page = await browser.newPage({ baseURL: baseURL ?? '' });
    const body = packTests([...Object.keys(modules), ...data]);
    await page.route('**/cpython-tests.zip', (route) =>
      route.fulfill({ body, contentType: 'application/zip' }),
    );
    await openBarePage(page);
  });
  test.afterAll(() => page.close());

  for (const [module, floor] of Object.entries(modules)) {
    test(module, async () => {
      test.setTimeout(480_000);
      const { outcome, output, problems } = await page.evaluate(
        async ({ name, program, ignored, maxBytes }) => {
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
          const end = await opened.sandbox.runProgram({
            kind: 'command',
            source: new TextEncoder().encode(program),
            argv: ['-W', ...ignored.flatMap((test) => ['-i', test]), name],
          });
          opened.sandbox.dispose();
          const report = await volume.check();
          await volume.close();
          await IndexedDbVolume.remove(name);
          return { outcome: end, output: opened.output(), problems: report.problems };
        },
        { name: module, program: runner, ignored: impossible, maxBytes: MAX_BYTES },
      );
      expect(problems).toEqual([]);
      expect(output.slice(-20_000)).toContain('Result: SUCCESS');
      const counts = countsIn(output);
      expect(counts.ran, 'tests that ran').toBeGreaterThanOrEqual(floor.ran);
      expect(counts.skipped, 'of those, skipped').toBeLessThanOrEqual(floor.skipped);
      expect(outcome).toMatchObject({ status: 'exit', exitCode: 0 });
    });
  }
});
