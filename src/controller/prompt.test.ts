import { describe, expect, test } from 'vitest';
import { marshal } from '../capability/marshal';
import type { GuestValue } from '../capability/value';
import type { Outcome } from './outcome';
import { Prompt } from './prompt';
import { NOTHING_USED } from './watchdog';

const outcome: Outcome = { ...NOTHING_USED, heapBytes: 0, alive: true, status: 'ok' };
const keys = { keys: 'x', columns: 80, rows: 24 };

/** What the page makes of a guest's answer. */
async function answerOf(value: Uint8Array | undefined): Promise<unknown> {
  const prompt = new Prompt({
    between: async (request) => {
      request();
      return { outcome, value };
    },
    run: () => expect.unreachable(),
  });
  return (await prompt.type(() => keys)).answer;
}

describe('the answer to keys', () => {
  test.each<[string, GuestValue, unknown]>([
    ['editing', ['edit', 3], { kind: 'editing', row: 3 }],
    [
      'a statement',
      ['run', 'x = 1', false, 'y'],
      { kind: 'run', statement: { source: 'x = 1', isCommand: false }, rest: 'y' },
    ],
    [
      'a command',
      ['run', 'exit', true, ''],
      { kind: 'run', statement: { source: 'exit', isCommand: true }, rest: '' },
    ],
    ['the end', ['end', 'z'], { kind: 'end', rest: 'z' }],
  ])('is %s', async (_title, value, answer) => {
    expect(await answerOf(marshal(value))).toEqual(answer);
  });

  test.each<[string, GuestValue]>([
    ['no list', 'edit'],
    ['an unknown one', ['paste', 'x']],
    ['a row that is no number', ['edit', 'x']],
    ['a negative row', ['edit', -1]],
    ['a row beyond all screens', ['edit', 2 ** 31]],
    ['half a row', ['edit', 0.5]],
    ['a statement that is no text', ['run', 1, false, '']],
    ['a statement without a rest', ['run', 'x', false]],
    ['an end without a rest', ['end']],
  ])('is none if the guest gives %s', async (_title, value) => {
    expect(await answerOf(marshal(value))).toBeUndefined();
  });

  test('is none if the guest gives no value, or one that is broken', async () => {
    expect(await answerOf(undefined)).toBeUndefined();
    expect(await answerOf(new Uint8Array([0x5b, 0xff]))).toBeUndefined();
  });
});
