/** More sandboxes than the browser has memories for: they take turns. */
import { expect } from '@playwright/test';
import { test } from './support/bare-page';

const crowds = [
  { channel: 'with shared memory', isolated: true, count: 130, mostAwake: 64 },
  { channel: 'through JSPI', isolated: false, count: 9, mostAwake: 3 },
];

for (const { channel, isolated, count, mostAwake } of crowds) {
  test.describe(channel, () => {
    test.use({ isolated });

    test(`${count} sandboxes live on one page, which stays usable`, async ({ barePage }) => {
      test.setTimeout(120_000);
      const button = barePage.getByRole('button');
      const given = { count, mostAwake };
      const answers = barePage.evaluate(async ({ count, mostAwake }) => {
        const folder = new URL('/guest/', document.baseURI);
        const options = { spareWorker: false, mostAwake };
        const guest = await bare.glovebox.PythonGuest.load(folder, options);
        const all: Awaited<ReturnType<typeof bare.openPython>>[] = [];
        for (let number = 0; number < count; number++) {
          const opened = await bare.openPython({ guest });
          await opened.sandbox.run(`number = ${number}\nfile = open("/home/n", "w+")`);
          all.push(opened);
        }
        const asleep = all.filter(({ sandbox }) => sandbox.asleep).length;
        const values = await Promise.all(
          all.map(({ sandbox }) => sandbox.evaluate('[number, file.write(str(number))]')),
        );
        const alive = all.filter(({ sandbox }) => sandbox.alive).length;
        for (const { sandbox } of all) sandbox.dispose();
        return { asleep, values, alive };
      }, given);
      await button.click();
      await button.click();
      await expect(button).toHaveText('2');
      const { asleep, values, alive } = await answers;
      expect(asleep).toBe(count - mostAwake);
      expect(alive).toBe(count);
      expect(values).toEqual(
        Array.from({ length: count }, (_, number) => [number, String(number).length]),
      );
      await expect.poll(() => barePage.workers().length).toBe(0);
    });
  });
}
