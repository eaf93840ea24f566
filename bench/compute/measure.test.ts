import { describe, expect, test } from 'vitest';
import type { EngineName, OpenEngine } from './engines.mjs';
import { measureAll, problemOf, timesByProgram, turns } from './measure.mjs';
import type { Order, Report } from './order.mjs';

const program = { name: 'nbody', size: 3, expected: '42' };
const other = { name: 'queens', size: 3, expected: '42' };

/** Answers each order with these times and this result; keeps the orders. */
function engine(timesNs: number[], result = '42') {
  const orders: Order[] = [];
  const opened: OpenEngine = {
    version: 'test',
    async measure(order): Promise<Report> {
      orders.push(order);
      const results = timesNs.map(() => result);
      return { startMs: 5, python: '3.13', results, timesNs };
    },
  };
  return { opened, orders };
}

const failing = (error: string): OpenEngine => ({
  version: 'test',
  measure: async () => ({ startMs: 5, error }),
});

const dying: OpenEngine = {
  version: 'test',
  measure: async () => {
    throw new Error('the page fell silent');
  },
};

const quietly = () => undefined;

describe('the turns', () => {
  test('take a program through all engines before the next', () => {
    const items = turns(['p', 'q'], ['a', 'b', 'c'], 1).map(({ item }) => item);
    expect(items).toEqual(['p', 'p', 'p', 'q', 'q', 'q']);
  });

  test('let each engine be each place in the row, over the rounds', () => {
    const all = turns(['p'], ['a', 'b', 'c'], 3).map(({ name }) => name);
    const places = [0, 1, 2].map((place) => [all[place], all[place + 3], all[place + 6]].sort());
    expect(places).toEqual(Array(3).fill(['a', 'b', 'c']));
  });
});

describe('a report', () => {
  const measured = { startMs: 1, python: '3.13', timesNs: [1, 2] };

  test('is sound only if every run gave the expected result', () => {
    expect(problemOf({ ...measured, results: ['42', '42'] }, program)).toBeUndefined();
    const wrong = problemOf({ ...measured, results: ['42', '43'] }, program);
    expect(wrong).toEqual({ kind: 'wrong', text: 'gave "43", not "42"' });
  });

  test('without a result is a wrong one', () => {
    expect(problemOf({ ...measured, results: [] }, program)?.kind).toBe('wrong');
  });
});

describe('measuring', () => {
  const effort = { rounds: 2, warmUps: 1, runs: 2 };
  const one = (name: EngineName, opened: OpenEngine) => new Map([[name, opened]]);

  test('leaves out what only warmed up, in every round', async () => {
    const { opened, orders } = engine([90e6, 10e6, 12e6]);
    const [series] = await measureAll([program], one('node', opened), effort, quietly);
    expect(series?.timesMs).toEqual([10, 12, 10, 12]);
    expect(series?.startMs).toEqual([5, 5]);
    expect(orders.map(({ runs }) => runs)).toEqual([3, 3]);
  });

  test('sends the harness and the program itself', async () => {
    const { opened, orders } = engine([1, 1, 1]);
    await measureAll([program], one('node', opened), effort, quietly);
    expect(Object.keys(orders[0]?.files ?? {})).toEqual(['harness.py', 'nbody.py']);
  });

  test('does not try again what failed, and goes on with the others', async () => {
    const { opened, orders } = engine([1, 1, 1], 'wrong');
    const engines = new Map<EngineName, OpenEngine>([
      ['node', opened],
      ['native', engine([1e6, 1e6, 1e6]).opened],
      ['micropython', failing('ImportError: no module')],
      ['pyodide', dying],
    ]);
    const measured = await measureAll([program], engines, effort, quietly);
    expect(orders).toHaveLength(1);
    expect(
      Object.fromEntries(measured.map(({ engine, problem }) => [engine, problem?.kind])),
    ).toEqual({
      node: 'wrong',
      native: undefined,
      micropython: 'error',
      pyodide: 'error',
    });
    expect(Object.keys(timesByProgram([program], measured)[0]?.engines ?? {})).toEqual(['native']);
  });

  test('keeps programs apart', async () => {
    const { opened } = engine([1e6, 2e6, 3e6]);
    const measured = await measureAll([program, other], one('node', opened), effort, quietly);
    const times = timesByProgram([program, other], measured);
    expect(times.map(({ name, engines }) => [name, engines.node?.runs])).toEqual([
      ['nbody', 4],
      ['queens', 4],
    ]);
  });
});
