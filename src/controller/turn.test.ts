import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { marshal } from '../capability/marshal';
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import { concatenate } from './bytes';
import { decodeResult, encodeRequest } from './turn';

const decode = (value: GuestValue) => decodeResult([marshal(value)]);
const problem = { type: 'ValueError', message: 'no', traceback: 'Traceback …' };

describe('a result', () => {
  test.each([
    ['without a value', { status: 'ok' }, { status: 'ok', value: undefined }],
    [
      'with a value',
      { status: 'ok', value: Uint8Array.of(1) },
      { status: 'ok', value: Uint8Array.of(1) },
    ],
    ['that failed', { status: 'error', error: problem }, { status: 'error', error: problem }],
    [
      'that failed at a line',
      { status: 'error', error: { ...problem, line: 3 } },
      { status: 'error', error: { ...problem, line: 3 } },
    ],
    [
      'that was interrupted',
      { status: 'interrupted', error: problem },
      { status: 'interrupted', error: problem },
    ],
    ['that is an exit', { status: 'exit', exit_code: 3 }, { status: 'exit', exitCode: 3 }],
  ])('%s is taken as it is', (_title, given, expected) => {
    expect(decode(given as GuestValue)).toEqual(expected);
  });

  test.each([
    ['no dict', 'ok'],
    ['a list', ['status', 'ok']],
    ['without a status', { value: Uint8Array.of(1) }],
    ['with a status that there is not', { status: 'fine' }],
    ['with a status of another type', { status: 1 }],
    ['that failed without an error', { status: 'error' }],
    ['that failed with an error of another type', { status: 'error', error: 'ValueError' }],
    ['with an exit code that is text', { status: 'exit', exit_code: '3' }],
    ['with an exit code that is no whole number', { status: 'exit', exit_code: 1.5 }],
    ['with an exit code that is none', { status: 'exit', exit_code: Number.NaN }],
    ['with an exit code beyond all bounds', { status: 'exit', exit_code: 2n ** 70n }],
  ])('%s is none', (_title, given) => {
    expect(decode(given as GuestValue)).toBeUndefined();
  });

  test('whose fields have other types loses those', () => {
    const error = { type: 1, message: null, traceback: Uint8Array.of(65), line: '3' };
    expect(decode({ status: 'error', error })).toEqual({
      status: 'error',
      error: { type: '', message: '', traceback: '' },
    });
    expect(decode({ status: 'ok', value: 'text' })).toEqual({ status: 'ok', value: undefined });
    expect(decode({ status: 'error', error: { line: 0.5 } })).not.toHaveProperty('error.line');
  });

  test('has no say in the prototypes of the page', () => {
    const error = Object.fromEntries([
      ...Object.entries(problem),
      ['__proto__', 'x'],
      ['toString', 'y'],
    ]);
    expect(decode({ status: 'error', error })).toEqual({
      status: 'error',
      error: problem,
    });
  });

  test('in pieces is the same, and in part is none', () => {
    const bytes = marshal({ status: 'exit', exit_code: 7 });
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(decodeResult(pieces)).toEqual({ status: 'exit', exitCode: 7 });
      if (at < bytes.length) expect(decodeResult(pieces.slice(0, 1))).toBeUndefined();
    }
    expect(decodeResult([])).toBeUndefined();
    expect(decodeResult([bytes, Uint8Array.of(0)])).toBeUndefined();
  });

  test('of any bytes is a result or none, never an exception', () => {
    const whole = marshal({ status: 'error', error: { ...problem, line: 9 } });
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 })
      .map((changes) => {
        const bytes = whole.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const bytes = fc.oneof(damaged, fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(bytes, (piece) => {
        const result = decodeResult([piece]);
        if (result?.status === 'exit') expect(Number.isInteger(result.exitCode)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

test('a request goes over as a dict', () => {
  const source = Uint8Array.of(0xff);
  const request = { kind: 'run', source, filename: 'ä', mode: 'exec', argv: ['a'] } as const;
  expect(unmarshal(encodeRequest(request, { handleOf: () => undefined }))).toEqual(
    new Map(Object.entries(request)),
  );
  expect(concatenate([])).toHaveLength(0);
});
