/** What it costs that the interpreter counts its steps and asks for signals. */
import { geometricMean, median } from '../figures.mjs';
import { extremes, inFunction, programs } from '../interpreter-programs.mjs';

const ROUNDS = 9;

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
      library.Sandbox.create({
        // The image is the usual guest's: neither has it.
        guest: await library.PythonGuest.load(variant, { image: false }),
        limits,
      });
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
      const { status } = await sandbox.run(`${inFunction(source)}main()`);
      if (status !== 'ok') throw new Error(`a program ended with ${status}`);
      return performance.now() - startedAt;
    };
    /** @param {Record<string, string>} sources */
    const measureAll = async (sources) => {
      const figures = [];
      for (const [name, source] of Object.entries(sources)) {
        const ratios = [];
        for (let round = 0; round < ROUNDS; round++) {
          // As with their making, so with the times of the machine.
          const with1 = await time(polled, source);
          const without1 = await time(unpolled, source);
          const without2 = await time(otherUnpolled, source);
          const with2 = await time(otherPolled, source);
          ratios.push((with1 + with2) / (without1 + without2));
        }
        figures.push({ label: name, value: median(ratios), unit: '×' });
      }
      return figures;
    };
    const usual = await measureAll(programs);
    const extreme = await measureAll(extremes);
    for (const sandbox of [polled, unpolled, otherUnpolled, otherPolled]) sandbox.dispose();
    return [
      ...extreme,
      ...usual,
      { label: 'geometric mean of the extremes', value: geometricMean(extreme), unit: '×' },
      { label: 'geometric mean of programs', value: geometricMean(usual), unit: '×', target: 1.02 },
    ];
  },
};
