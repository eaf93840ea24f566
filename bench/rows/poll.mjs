/** What it costs that the interpreter counts its steps and asks for signals. */
import { median } from '../figures.mjs';

const ROUNDS = 9;

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
    /** @param {import('../figures.mjs').Variant} [variant] */
    const create = async (variant) =>
      library.Sandbox.create({ guest: await library.PythonGuest.load(variant), limits });
    // Where an engine puts a module's code makes some per cent, and the order in which they come decides
    // that: each kind is the first and the last once.
    const [polled, unpolled, otherUnpolled, otherPolled] = [
      await create(),
      await create('unpolled'),
      await create('unpolled'),
      await create(),
    ];
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
        // As with their making, so with the times of the machine.
        const with1 = await time(polled, source);
        const without1 = await time(unpolled, source);
        const without2 = await time(otherUnpolled, source);
        const with2 = await time(otherPolled, source);
        ratios.push((with1 + with2) / (without1 + without2));
      }
      figures.push({ label: name, value: median(ratios), unit: '×', target: 1.02 });
    }
    for (const sandbox of [polled, unpolled, otherUnpolled, otherPolled]) sandbox.dispose();
    const mean = Math.exp(
      figures.reduce((sum, { value }) => sum + Math.log(value), 0) / figures.length,
    );
    return [...figures, { label: 'geometric mean', value: mean, unit: '×', target: 1.02 }];
  },
};
