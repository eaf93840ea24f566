/** From a key that is typed at the prompt to its echo on the screen, while another guest is busy. */
import { quantile } from '../figures.mjs';

const KEYS = 300;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'keystroke',
  title: 'A key at the prompt, until it is written on the screen, beside a busy guest',
  repeats: 1,
  hosts: ['chromium', 'node'],
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    const limits = { wallMs: 600_000, cpuMs: 600_000 };
    const busy = await library.Sandbox.create({ guest, limits });
    const running = busy.run('while True: pass');
    let written = () => {};
    const sandbox = await library.Sandbox.create({
      guest,
      onOutput: () => written(),
      terminal: { stdin: true },
    });
    /** @param {string} keys */
    const type = (keys) => sandbox.prompt.type(() => ({ keys, columns: 80, rows: 24 }));
    await type('');
    const times = [];
    for (let key = 0; key < KEYS; key++) {
      const shown = new Promise((resolve) => {
        written = () => resolve(undefined);
      });
      const typedAt = performance.now();
      const turn = type(key % 60 === 59 ? '\u0015' : 'x');
      await shown;
      times.push(performance.now() - typedAt);
      await turn;
      await new Promise((resolve) => setTimeout(resolve, 5 + (key % 7)));
    }
    busy.terminate();
    await running;
    busy.dispose();
    sandbox.dispose();
    return [
      { label: 'median', value: quantile(times, 0.5), unit: 'ms', target: 16 },
      { label: '99th percentile', value: quantile(times, 0.99), unit: 'ms', target: 50 },
    ];
  },
};
