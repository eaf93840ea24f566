import { describe, expect, it } from 'vitest';
import { LimitAttributeError, limitsOf } from './limit-attributes';

describe('limits in attributes', () => {
  it('have units, and leave out what is not given', () => {
    expect(limitsOf({})).toEqual({});
    expect(
      limitsOf({ wall: '10', cpu: '500ms', heap: '64m', output: '1k', steps: '5000' }),
    ).toEqual({
      wallMs: 10_000,
      cpuMs: 500,
      heapBytes: 64 * 2 ** 20,
      outputBytes: 1024,
      fuel: 5000,
    });
    expect(limitsOf({ wall: ' 2M ', heap: '1.5g', output: '2048' })).toEqual({
      ...{ wallMs: 120_000, heapBytes: 1.5 * 2 ** 30, outputBytes: 2048 },
    });
  });

  it('are lifted by name only, and never the one of memory', () => {
    expect(limitsOf({ wall: 'none' })).toEqual({ wallMs: Number.POSITIVE_INFINITY });
    expect(() => limitsOf({ heap: 'none' })).toThrow(LimitAttributeError);
  });

  it.each(['', 'soon', '-1', '0', '1e3', '10 parsecs', 'Infinity', '9'.repeat(30), 'constructor'])(
    'that are %j are refused by name',
    (wall) => {
      expect(() => limitsOf({ wall })).toThrow(/^wall=".*" should be a time/);
    },
  );
});
