import { describe, expect, test } from 'vitest';
import { Refusal } from './refusal';
import { type TerminalDevice, type TerminalMode, useTerminal } from './terminal-device';

const mode: TerminalMode = {
  input: 1,
  output: 2,
  control: 3,
  local: 4,
  inputSpeed: 5,
  outputSpeed: 6,
  characters: new Uint8Array(32).fill(7),
};
const asList = [1, 2, 3, 4, 5, 6, mode.characters];

function open(): TerminalDevice & { discarded: number } {
  return {
    ...{ columns: 80, rows: 24, mode, discarded: 0 },
    discardInput() {
      this.discarded++;
    },
  };
}

describe('a guest that asks for its terminal', () => {
  test('is told its size and its mode', () => {
    const device = open();
    expect(useTerminal(device, 'size', [])).toEqual([80, 24]);
    expect(useTerminal(device, 'attributes', [])).toEqual(asList);
  });

  test('sets the mode, and may have what was typed forgotten', () => {
    const device = open();
    const characters = new Uint8Array(32);
    useTerminal(device, 'set', [[9, 8, 7, 6, 5, 4, characters], false]);
    expect(device.mode).toMatchObject({ input: 9, outputSpeed: 4 });
    expect(device.discarded).toBe(0);
    useTerminal(device, 'set', [asList, true]);
    useTerminal(device, 'discard', []);
    expect([device.mode, device.discarded]).toEqual([mode, 2]);
  });

  test('does not share the bytes that it gave', () => {
    const device = open();
    const characters = new Uint8Array(32);
    useTerminal(device, 'set', [[0, 0, 0, 0, 0, 0, characters]]);
    characters.fill(1);
    expect(device.mode.characters[0]).toBe(0);
  });

  test.each([
    ['nothing', undefined],
    ['a list that is too short', [[1, 2, 3]]],
    ['text for a number', [['1', 2, 3, 4, 5, 6, mode.characters]]],
    ['a negative number', [[-1, 2, 3, 4, 5, 6, mode.characters]]],
    ['more than 32 bits', [[2 ** 32, 2, 3, 4, 5, 6, mode.characters]]],
    ['a fraction', [[0.5, 2, 3, 4, 5, 6, mode.characters]]],
    ['too few characters', [[1, 2, 3, 4, 5, 6, new Uint8Array(31)]]],
    ['characters without end', [[1, 2, 3, 4, 5, 6, new Uint8Array(1000)]]],
  ])('sets no mode by %s', (_title, args) => {
    const device = open();
    expect(() => useTerminal(device, 'set', args)).toThrow(Refusal);
    expect(device.mode).toBe(mode);
  });

  test('is refused where there is none, and what it can not do', () => {
    expect(() => useTerminal(undefined, 'size', [])).toThrow('there is no terminal');
    expect(() => useTerminal(open(), 'type', ['rm\n'])).toThrow(Refusal);
  });
});
