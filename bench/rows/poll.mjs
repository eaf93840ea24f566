/**
 * What it costs that the interpreter counts its steps and asks for signals. A loop that never polls is never entered again
 * either, so that V8 may leave it in its first code: in Chromium and Node that flatters polling.
 */
import { geometricMean, median } from '../figures.mjs';
import { extremes, inFunction, programs } from '../interpreter-programs.mjs';
import { openRivals, timeOf } from '../rival-guests.mjs';

const ROUNDS = 9;

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'poll',
  title: 'Time with polling against time without',
  repeats: 3,
  oneCore: true,
  variants: ['unpolled'],
  async measure({ library }) {
    const rivals = await openRivals(library, 'unpolled');
    const [polled, otherPolled] = rivals.usual;
    const [unpolled, otherUnpolled] = rivals.other;
    /** @param {Record<string, string>} sources */
    const measureAll = async (sources) => {
      const figures = [];
      for (const [name, source] of Object.entries(sources)) {
        const program = `${inFunction(source)}main()`;
        const ratios = [];
        for (let round = 0; round < ROUNDS; round++) {
          const with1 = await timeOf(polled, program);
          const without1 = await timeOf(unpolled, program);
          const without2 = await timeOf(otherUnpolled, program);
          const with2 = await timeOf(otherPolled, program);
          ratios.push((with1 + with2) / (without1 + without2));
        }
        figures.push({ label: name, value: median(ratios), unit: '×' });
      }
      return figures;
    };
    const usual = await measureAll(programs);
    const extreme = await measureAll(extremes);
    rivals.dispose();
    return [
      ...extreme,
      ...usual,
      { label: 'geometric mean of the extremes', value: geometricMean(extreme), unit: '×' },
      { label: 'geometric mean of programs', value: geometricMean(usual), unit: '×', target: 1.02 },
    ];
  },
};
