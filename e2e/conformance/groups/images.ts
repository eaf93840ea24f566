/** A guest between two runs is an image: it goes on from there, as often as asked, here or elsewhere. */
import { createPool, errors, Sandbox, SandboxImage } from '../../../src/index';
import { claim, claimEqual } from '../claims';
import type { Group } from '../suite';

const LIFE = `
import random
def numbers():
    n = 0
    while True:
        n += 1
        yield n
counting = numbers()
next(counting)
file = open('/home/a.txt', 'w+')
file.write('before')
file.flush()`;

const ON = '[next(counting), file.tell(), random.random()]';

export const images: Group = {
  'a sandbox goes on from its image, twice, with numbers of its own': async (workshop) => {
    const python = await workshop.open();
    await python.run(LIFE);
    const image = await python.sandbox.snapshot();
    const drawn = new Set<unknown>();
    for (let time = 0; time < 2; time++) {
      const twin = await Sandbox.restore(image, { guest: workshop.guest });
      const [next, position, number] = (await twin.evaluate(ON)) as unknown[];
      claimEqual([next, position], [2, 6]);
      drawn.add(number);
      twin.dispose();
    }
    claimEqual(drawn.size, 2);
    claimEqual(await python.sandbox.evaluate('next(counting)'), 2);
  },

  'an image is a file, which is refused when a bit of it has changed': async (workshop) => {
    const python = await workshop.open();
    await python.run(LIFE);
    const file = await (await python.sandbox.snapshot()).encode();
    const twin = await Sandbox.restore(file, { guest: workshop.guest });
    claimEqual(await twin.evaluate('next(counting)'), 2);
    twin.dispose();
    for (let at = 20; at < file.length; at += Math.floor(file.length / 20)) {
      const bytes = file.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const fault: unknown = await SandboxImage.decode(bytes).catch((error: unknown) => error);
      claim(fault instanceof errors.ImageError, `byte ${at} may be anything`);
    }
  },

  'a fork and its origin know nothing of each other': async (workshop) => {
    const python = await workshop.open();
    await python.run('values = [1]');
    const twin = await python.sandbox.fork();
    await twin.run("values.append(2); open('/home/own.txt', 'w').close()");
    const seen = "[values, __import__('os').path.exists('/home/own.txt')]";
    claimEqual(await python.sandbox.evaluate(seen), [[1], false]);
    claimEqual(await twin.evaluate(seen), [[1, 2], true]);
    twin.dispose();
  },

  'a pool gives sandboxes that know nothing of each other': async ({ guest }) => {
    const pool = await createPool({ guest, size: 1 });
    const opened = [await pool.create(), await pool.create({ env: { NAME: 'second' } })];
    const drawn = new Set<unknown>();
    for (const sandbox of opened) {
      await sandbox.run("import os, random; seen = 'x' in globals(); x = 1");
      claimEqual(await sandbox.evaluate('seen'), false);
      drawn.add(await sandbox.evaluate('random.random()'));
    }
    claimEqual(drawn.size, 2);
    claimEqual(await opened[1]?.evaluate("os.environ['NAME']"), 'second');
    for (const sandbox of opened) sandbox.dispose();
    pool.dispose();
  },

  'a restart goes back to an image': async (workshop) => {
    const python = await workshop.open();
    await python.run("state = 'good'");
    const from = await python.sandbox.snapshot();
    await python.run("import os\nstate = 'bad'\nos.abort()");
    claim(!python.sandbox.alive, 'the guest lives on');
    await python.sandbox.restart({ from });
    claimEqual(await python.sandbox.evaluate('state'), 'good');
  },
};
