/** How long a busy guest takes to hear of an interrupt, and to be back from it. */
import { quantile } from '../figures.mjs';

const INTERRUPTS = 100;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'interrupt',
  title: 'Interrupt of a busy loop, until the outcome is there',
  repeats: 1,
  hosts: ['chromium', 'chromium-plain', 'node'],
  async measure({ library }) {
    let going = () => {};
    const sandbox = await library.Sandbox.create({
      guest: await library.PythonGuest.load(),
      onOutput: () => going(),
    });
    const times = [];
    for (let turn = 0; turn < INTERRUPTS; turn++) {
      const started = new Promise((resolve) => {
        going = () => resolve(undefined);
      });
      const running = sandbox.run('print("going", flush=True)\nwhile True: pass');
      await started;
      await new Promise((resolve) => setTimeout(resolve, 5 + (turn % 7)));
      const askedAt = performance.now();
      sandbox.interrupt();
      const { status } = await running;
      times.push(performance.now() - askedAt);
      if (status !== 'interrupted') throw new Error(`the run ended with ${status}`);
    }
    sandbox.dispose();
    return [
      { label: 'median', value: quantile(times, 0.5), unit: 'ms' },
      { label: '99th percentile', value: quantile(times, 0.99), unit: 'ms' },
    ];
  },
};
