import { expect } from '@playwright/test';
import { test } from './support/bare-page';
import { packTests } from './support/cpython-tests';

const modules = [
  'test_bisect',
  'test_collections',
  'test_csv',
  'test_dataclasses',
  'test_dict',
  'test_enum',
  'test_functools',
  'test_generators',
  'test_hashlib',
  'test_heapq',
  'test_inspect',
  'test_iter',
  'test_json',
  'test_list',
  'test_math',
  'test_pickle',
  'test_re',
  'test_struct',
  'test_textwrap',
  'test_zlib',
];

test.describe("CPython's own tests pass in Chromium", () => {
  let body: Buffer;
  test.beforeAll(() => {
    body = packTests(modules);
  });

  for (const module of modules) {
    test(module, async ({ barePage }) => {
      test.slow();
      await barePage.route('**/cpython-tests.zip', (route) =>
        route.fulfill({ body, contentType: 'application/zip' }),
      );
      const { outcome, output } = await barePage.evaluate(async (name) => {
        const response = await fetch('/cpython-tests.zip');
        const { ZipVolume } = bare.glovebox;
        const tests = ZipVolume.from(new Uint8Array(await response.arrayBuffer()));
        const opened = await bare.openPython({
          mounts: { '/usr/lib/python3.13/test': tests },
          limits: {
            heapBytes: 2 ** 30,
            wallMs: 150_000,
            cpuMs: Number.POSITIVE_INFINITY,
            openFiles: 1024,
          },
          terminal: { stdout: false, stderr: false },
        });
        const run = { kind: 'module', name: 'test', argv: ['-W', name] } as const;
        const end = await opened.sandbox.runProgram(run);
        opened.sandbox.dispose();
        return { outcome: end, output: opened.output().slice(-5000) };
      }, module);
      expect(output).toContain('Result: SUCCESS');
      expect(output).toMatch(/Total tests: run=[1-9]/);
      expect(outcome).toMatchObject({ status: 'exit', exitCode: 0 });
    });
  }
});
