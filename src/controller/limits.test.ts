import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors';
import { completeLimits, DEFAULT_LIMITS, type Limits, MAX_HEAP_BYTES } from './limits';

describe('limits', () => {
  test('that are not given are safe ones, each of them finite', () => {
    expect(completeLimits()).toEqual(DEFAULT_LIMITS);
    for (const limit of Object.values(completeLimits({}))) expect(limit).toBeLessThan(2 ** 53);
    const passedOn = { wallMs: undefined } as unknown as Partial<Limits>;
    expect(completeLimits(passedOn).wallMs).toBe(DEFAULT_LIMITS.wallMs);
  });

  test('that are given stand, the largest and the smallest included', () => {
    const given = {
      heapBytes: MAX_HEAP_BYTES,
      wallMs: Number.POSITIVE_INFINITY,
      cpuMs: 0.5,
      outputBytes: Number.POSITIVE_INFINITY,
      openFiles: 1,
    };
    expect(completeLimits(given)).toEqual(given);
  });

  const names = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];
  const absurd = [0, -1, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 60, '5', null, {}, 5n, true];
  test.each(names.flatMap((name) => absurd.map((value) => [name, value] as const)))(
    '%s of %s is refused by its name',
    (name, value) => {
      const given = { [name]: value } as Partial<Limits>;
      expect(() => completeLimits(given)).toThrow(OptionError);
      expect(() => completeLimits(given)).toThrow(`limits.${name}`);
    },
  );

  test.each(['heapBytes', 'outputBytes', 'openFiles'] as const)('%s is a whole number', (name) => {
    expect(() => completeLimits({ [name]: 1.5 })).toThrow(`limits.${name}`);
  });

  test.each(['heapBytes', 'openFiles'] as const)('%s can not be without end', (name) => {
    expect(() => completeLimits({ [name]: Number.POSITIVE_INFINITY })).toThrow(OptionError);
  });

  test.each(['heapbytes', 'toString', '__proto__x'])('%s is no limit', (name) => {
    expect(() => completeLimits({ [name]: 1 })).toThrow(`limits.${name} is unknown`);
  });
});
