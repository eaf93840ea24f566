import { expect } from '@playwright/test';
import { rendererBytes } from '../scripts/lib/chromium.mjs';
import { test } from './support/bare-page';

const MiB = 2 ** 20;

test('100 sandboxes in a row leave no worker and no memory behind', async ({
  barePage,
  browser,
}) => {
  test.setTimeout(240_000);
  const client = await barePage.context().newCDPSession(barePage);
  const useSome = async (count: number) => {
    await barePage.evaluate(async (rounds) => {
      for (let round = 0; round < rounds; round++) {
        const { sandbox, output } = await bare.openPython();
        await sandbox.run('data = bytearray(10 * 2**20)\nprint(len(data))');
        if (output() !== '10485760\n') throw new Error(`round ${round}: ${output()}`);
        // Some in the middle of a run, some at rest.
        const running = round % 2 === 0 ? sandbox.run('while True: pass') : undefined;
        sandbox.dispose();
        await running;
      }
    }, count);
    await client.send('HeapProfiler.collectGarbage');
    await expect.poll(() => barePage.workers().length, { timeout: 10_000 }).toBe(0);
    return rendererBytes(browser);
  };

  const before = await useSome(10);
  const after = await useSome(100);
  // Each has used some 40 MB: a tenth of them kept would be seen.
  const grown = (after - before) / MiB;
  test.info().annotations.push({ type: 'grown', description: `${grown.toFixed(1)} MiB` });
  expect(grown).toBeLessThan(200);
});

test('many sandboxes at once share the page, and all of them go', async ({ barePage }) => {
  const sums = await barePage.evaluate(async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => bare.openPython()));
    const values = await Promise.all(
      opened.map(({ sandbox }, index) => sandbox.evaluate(`sum(range(${index}))`)),
    );
    for (const { sandbox } of opened) sandbox.dispose();
    return values;
  });
  expect(sums).toEqual([0, 0, 1, 3, 6, 10, 15, 21]);
  await expect.poll(() => barePage.workers().length).toBe(0);
});
