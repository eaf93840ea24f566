import { expect, test } from 'vitest';
import { measureDepth } from './depth';

/** An engine whose stack holds so many levels. */
function engine(holds: number) {
  let tries = 0;
  return {
    tryDepth: (levels: number): void => {
      tries++;
      if (levels > holds) throw new RangeError('Maximum call stack size exceeded');
    },
    get tries() {
      return tries;
    },
  };
}

test.each([150, 400, 571, 1000, 4321, 11_000])(
  'a stack of %s levels is found, with room left',
  async (holds) => {
    const stack = engine(holds);
    const depth = await measureDepth(stack.tryDepth, 12_000);
    expect(depth).toBeGreaterThan(holds * 0.75);
    expect(depth).toBeLessThan(holds * 0.86);
    expect(stack.tries).toBeLessThan(20);
  },
);

test('a huge stack is not searched to its end', async () => {
  const stack = engine(Number.POSITIVE_INFINITY);
  expect(await measureDepth(stack.tryDepth, 12_000)).toBeLessThan(12_000);
  expect(stack.tries).toBeLessThan(20);
});

test('a tiny one still gets as much as a start needs', async () => {
  expect(await measureDepth(engine(10).tryDepth, 12_000)).toBeGreaterThan(50);
});

test('answers may come later, as they do from a suspended guest', async () => {
  const depth = await measureDepth(
    (levels) => (levels > 500 ? Promise.reject(new RangeError()) : Promise.resolve()),
    12_000,
  );
  expect(depth).toBeGreaterThan(300);
});

test('no engine is believed to hold more than its platform says', async () => {
  for (const mostLevels of [100, 640, 700]) {
    const tried: number[] = [];
    const depth = await measureDepth((levels) => tried.push(levels), mostLevels);
    expect(depth).toBeLessThanOrEqual(mostLevels);
    expect(Math.max(0, ...tried)).toBeLessThanOrEqual(Math.max(mostLevels, 200));
  }
});
