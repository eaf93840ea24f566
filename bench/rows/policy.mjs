/** What the origin policy costs: inside of a restricted extent, and where there is none. */
import { geometricMean, median } from '../figures.mjs';
import { extremes, inFunction, programs } from '../interpreter-programs.mjs';
import { openRivals, timeOf } from '../rival-guests.mjs';

const ROUNDS = 7;

/** Nearly nothing but calls of C, which are looked at one by one. */
const callsOfC = {
  'functions in C': 'import math\nroot = math.sqrt\nfor n in range(400_000): root(n)',
  'methods in C': 'text = "abc"\nfor n in range(400_000): text.startswith("a")',
};

const everything = { ...extremes, ...callsOfC, ...programs };

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'policy',
  title: 'Time with the origin policy against time without',
  repeats: 3,
  oneCore: true,
  variants: ['unguarded'],
  async measure({ library }) {
    const rivals = await openRivals(library, 'unguarded');
    const [guarded, otherGuarded] = rivals.usual;
    const [unguarded, otherUnguarded] = rivals.other;
    const inside = [];
    const outside = [];
    for (const [label, source] of Object.entries(everything)) {
      const free = `${inFunction(source)}main()`;
      const restricted = `import glovebox\n${inFunction(source)}with glovebox.restrict(deny=["nothing"]): main()`;
      const insides = [];
      const outsides = [];
      for (let round = 0; round < ROUNDS; round++) {
        const in1 = await timeOf(guarded, restricted);
        const out1 = await timeOf(guarded, free);
        const without1 = await timeOf(unguarded, free);
        const without2 = await timeOf(otherUnguarded, free);
        const out2 = await timeOf(otherGuarded, free);
        const in2 = await timeOf(otherGuarded, restricted);
        insides.push((in1 + in2) / (out1 + out2));
        outsides.push((out1 + out2) / (without1 + without2));
      }
      inside.push({ label: `inside: ${label}`, value: median(insides), unit: '×' });
      outside.push({ label: `outside: ${label}`, value: median(outsides), unit: '×' });
    }
    rivals.dispose();
    return [
      ...inside,
      ...outside,
      { label: 'geometric mean inside', value: geometricMean(inside), unit: '×', target: 1.25 },
      { label: 'geometric mean outside', value: geometricMean(outside), unit: '×', target: 1.02 },
    ];
  },
};
