import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors';
import { completeLimits, DEFAULT_LIMITS, type LimitsGiven, MAX_HEAP_BYTES } from './limits';

describe('limits', () => {
  test('that are not given are safe ones, each of them finite', () => {
    expect(completeLimits()).toEqual(DEFAULT_LIMITS);
    const { lifetime, ...ofRun } = completeLimits({});
    for (const limit of [...Object.values(ofRun), ...Object.values(lifetime)]) {
      expect(limit).toBeLessThan(2 ** 53);
    }
    const passedOn = { wallMs: undefined } as unknown as LimitsGiven;
    expect(completeLimits(passedOn).wallMs).toBe(DEFAULT_LIMITS.wallMs);
  });

  test('that are given stand, the largest and the smallest included', () => {
    const given = {
      heapBytes: MAX_HEAP_BYTES,
      wallMs: Number.POSITIVE_INFINITY,
      cpuMs: 0.5,
      outputBytes: Number.POSITIVE_INFINITY,
      openFiles: 1,
      graceMs: 0,
      lifetime: { hostCalls: 1 },
    };
    expect(completeLimits(given)).toMatchObject(given);
  });

  test('of the lifetime are at least those of a run, unless they are given', () => {
    const { wallMs, cpuMs } = completeLimits({ wallMs: Number.POSITIVE_INFINITY }).lifetime;
    expect([wallMs, cpuMs]).toEqual([Number.POSITIVE_INFINITY, DEFAULT_LIMITS.lifetime.cpuMs]);
    expect(completeLimits({ wallMs: 500, lifetime: { wallMs: 9 } }).lifetime.wallMs).toBe(9);
    const absurdLifetime = { lifetime: { cpuMs: 0 } };
    expect(() => completeLimits(absurdLifetime)).toThrow('limits.lifetime.cpuMs');
    const unknown = { lifetime: { heapBytes: 1 } } as LimitsGiven;
    expect(() => completeLimits(unknown)).toThrow('limits.lifetime.heapBytes is unknown');
  });

  const names = Object.keys(DEFAULT_LIMITS).filter((name) => name !== 'lifetime');
  const absurd = [-1, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 60, '5', null, {}, 5n, true];
  test.each(names.flatMap((name) => absurd.map((value) => [name, value] as const)))(
    '%s of %s is refused by its name',
    (name, value) => {
      const given = { [name]: value } as LimitsGiven;
      expect(() => completeLimits(given)).toThrow(OptionError);
      expect(() => completeLimits(given)).toThrow(`limits.${name}`);
    },
  );

  test.each(names.filter((name) => name !== 'graceMs'))(
    '%s of 0 is refused by its name',
    (name) => {
      expect(() => completeLimits({ [name]: 0 })).toThrow(`limits.${name}`);
    },
  );

  test.each(['heapBytes', 'outputBytes', 'openFiles', 'fuel'] as const)(
    '%s is a whole number',
    (name) => {
      expect(() => completeLimits({ [name]: 1.5 })).toThrow(`limits.${name}`);
    },
  );

  test.each(['heapBytes', 'openFiles', 'graceMs'] as const)('%s can not be without end', (name) => {
    expect(() => completeLimits({ [name]: Number.POSITIVE_INFINITY })).toThrow(OptionError);
  });

  test.each(['heapbytes', 'toString', '__proto__x'])('%s is no limit', (name) => {
    expect(() => completeLimits({ [name]: 1 })).toThrow(`limits.${name} is unknown`);
  });
});
