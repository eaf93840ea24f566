import { describe, expect, test } from 'vitest';
import { plot } from './plot.mjs';
import { spread } from './statistics.mjs';

const engines = [
  { name: 'node', title: 'Node', colour: '#111111' },
  { name: 'micropython', title: 'Micro & small', colour: '#222222' },
];
const programs = [
  {
    name: 'slow',
    engines: { native: spread([10]), node: spread([20]), micropython: spread([400]) },
  },
  { name: 'fast', engines: { native: spread([10]), node: spread([5]) } },
  { name: 'nobody', engines: { node: spread([5]) } },
];
const svg = plot(programs, engines, 'native', 'Times < 1 are good');

/** The places of an engine's dots on the page, from left to right by what their titles say. */
function places(colour: string): Record<string, number> {
  const dots = svg.matchAll(/<g><title>([^<]*)<\/title>.*?cx="([\d.]+)"[^>]*fill="(#\d+)"/g);
  return Object.fromEntries(
    [...dots].filter(([, , , fill]) => fill === colour).map(([, title, x]) => [title, Number(x)]),
  );
}

describe('the plot', () => {
  test('has a dot for each program that an engine and native have run, and for the mean', () => {
    expect(Object.keys(places('#111111'))).toEqual([
      'slow, Node: 2.00',
      'fast, Node: 0.50',
      'Node: 1.00 (2 programs)',
    ]);
    expect(Object.keys(places('#222222'))).toEqual([
      'slow, Micro &amp; small: 40.00',
      'Micro &amp; small: 40.00 (1 programs)',
    ]);
  });

  test('puts twice as slow as far to the right of native as twice as fast to its left', () => {
    const [slow = 0, fast = 0, mean = 0] = Object.values(places('#111111'));
    expect(slow - mean).toBeCloseTo(mean - fast, 0);
    expect(slow).toBeGreaterThan(mean);
  });

  test('keeps everything within the page', () => {
    const all = [...svg.matchAll(/\b(?:cx|x1|x2)="([\d.-]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(900);
  });

  test('escapes what it is given', () => {
    expect(svg).toContain('Times &lt; 1 are good');
    expect(svg).not.toContain('Micro & small');
  });

  test('can be drawn without a single measurement', () => {
    expect(plot([], [], 'native', 'nothing')).not.toContain('NaN');
  });
});
