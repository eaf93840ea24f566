/** What it costs that the interpreter counts its steps and asks for signals. */
import { median } from '../figures.mjs';

const ROUNDS = 15;

/** Loops, calls and generators: what steps are counted for. */
const programs = {
  loop: 'n = 0\nwhile n < 4_000_000: n += 1',
  calls: 'def f(n): return n\nfor n in range(1_600_000): f(n)',
  generators: 'def g():\n  for n in range(1_600_000): yield n\nfor n in g(): pass',
  recursion: 'def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(28)',
};

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'poll',
  title: 'Time with polling against time without',
  repeats: 3,
  oneCore: true,
  variants: ['unpolled'],
  async measure({ library }) {
    const limits = { cpuMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };
    const polled = await library.Sandbox.create({
      guest: await library.PythonGuest.load(),
      limits,
    });
    const unpolled = await library.Sandbox.create({
      guest: await library.PythonGuest.load('unpolled'),
      limits,
    });
    /** @param {import('../../src/index').Sandbox} sandbox @param {string} source */
    const time = async (sandbox, source) => {
      const startedAt = performance.now();
      const { status } = await sandbox.run(
        `def main():\n ${source.replaceAll('\n', '\n ')}\nmain()`,
      );
      if (status !== 'ok') throw new Error(`a program ended with ${status}`);
      return performance.now() - startedAt;
    };
    const figures = [];
    for (const [name, source] of Object.entries(programs)) {
      const ratios = [];
      for (let round = 0; round < ROUNDS; round++) {
        // Turn about, so that neither has the better time of the machine.
        const first = round % 2 === 0 ? polled : unpolled;
        const one = await time(first, source);
        const other = await time(first === polled ? unpolled : polled, source);
        ratios.push(first === polled ? one / other : other / one);
      }
      figures.push({ label: name, value: median(ratios), unit: '×', target: 1.02 });
    }
    polled.dispose();
    unpolled.dispose();
    const mean = Math.exp(
      figures.reduce((sum, { value }) => sum + Math.log(value), 0) / figures.length,
    );
    return [...figures, { label: 'geometric mean', value: mean, unit: '×', target: 1.02 }];
  },
};
