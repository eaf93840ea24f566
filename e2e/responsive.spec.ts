import { expect } from '@playwright/test';
import { test } from './support/bare-page';

// Far above what a page alone on its machine shows: tests share it with others. Others make anyone stand
// still now and then, a page that is starved does all the time.
const LONGEST_MS = 250;
const TRIES = 4;

for (const [title, source] of [
  ['makes host calls', 'import os\nwhile True: os.lseek(fd, 0, 0)'],
  ['reads and writes', 'while True: os.pread(fd, 65536, 0), os.pwrite(fd, b"x" * 65536, 0)'],
  ['prints', 'while True: print("x" * 200)'],
  ['asks for the time', 'import time\nwhile True: time.time()'],
] as const) {
  test(`the page paints and listens while a guest ${title} without end`, async ({ barePage }) => {
    const watching = barePage.evaluate(
      async ({ program, tries, enoughMs }) => {
        const { sandbox } = await bare.openPython({
          limits: { outputBytes: Number.POSITIVE_INFINITY },
          onOutput: () => undefined,
        });
        await sandbox.run('import os\nfd = os.open("/tmp/f", os.O_RDWR | os.O_CREAT)');
        const running = sandbox.run(program);
        let leastMs = Number.POSITIVE_INFINITY;
        for (let turn = 0; turn < tries && leastMs >= enoughMs; turn++) {
          let longestMs = 0;
          const startedAt = performance.now();
          for (let last = startedAt; last - startedAt < 2000; ) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const now = performance.now();
            longestMs = Math.max(longestMs, now - last);
            last = now;
          }
          leastMs = Math.min(leastMs, longestMs);
        }
        sandbox.interrupt();
        return { leastMs, status: (await running).status };
      },
      { program: source, tries: TRIES, enoughMs: LONGEST_MS },
    );
    const button = barePage.getByRole('button');
    await button.click();
    await expect(button).toHaveText('1');
    const { leastMs, status } = await watching;
    expect(status).toBe('interrupted');
    expect(leastMs).toBeLessThan(LONGEST_MS);
  });
}
