/** The terminal that a guest's streams lead to, as far as the guest may ask for it: its size, and its mode. */
import type { Maybe } from '../protocol/maybe';
import { Refusal } from './refusal';

/** How a terminal treats what is typed and written, in the numbers of Linux's termios. */
export interface TerminalMode {
  readonly input: number;
  readonly output: number;
  readonly control: number;
  readonly local: number;
  readonly inputSpeed: number;
  readonly outputSpeed: number;
  /** By their places: what ends a line, interrupts, erases … */
  readonly characters: Uint8Array;
}

export interface TerminalDevice {
  readonly columns: number;
  readonly rows: number;
  mode: TerminalMode;
  /** Forgets what was typed and not read. */
  discardInput(): void;
}

const CONTROL_CHARACTERS = 32;

/**
 * 'size': columns and rows. 'attributes': the mode, as a list. 'set': a list as that, and whether what was typed before
 * is forgotten. 'discard': just that. Throws `Refusal`: 'forbidden' where there is no terminal.
 */
export function useTerminal(
  device: TerminalDevice | undefined,
  operation: unknown,
  given: unknown,
): Maybe<unknown> {
  if (device === undefined) throw new Refusal('forbidden', 'there is no terminal');
  const args: readonly unknown[] = Array.isArray(given) ? given : [];
  switch (operation) {
    case 'size':
      return [device.columns, device.rows];
    case 'attributes':
      return listOf(device.mode);
    case 'set':
      device.mode = modeOf(args[0]);
      if (args[1] === true) device.discardInput();
      return null;
    case 'discard':
      device.discardInput();
      return null;
    default:
      throw new Refusal('type', 'no such request to a terminal');
  }
}

function listOf(mode: TerminalMode): readonly unknown[] {
  const { input, output, control, local, inputSpeed, outputSpeed, characters } = mode;
  return [input, output, control, local, inputSpeed, outputSpeed, characters];
}

function modeOf(value: unknown): TerminalMode {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const [input, output, control, local, inputSpeed, outputSpeed, characters] = list;
  if (!(characters instanceof Uint8Array) || characters.length !== CONTROL_CHARACTERS) {
    throw new Refusal('type', `a terminal has ${CONTROL_CHARACTERS} control characters`);
  }
  return {
    input: flagsOf(input),
    output: flagsOf(output),
    control: flagsOf(control),
    local: flagsOf(local),
    inputSpeed: flagsOf(inputSpeed),
    outputSpeed: flagsOf(outputSpeed),
    characters: characters.slice(),
  };
}

function flagsOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
    return value;
  }
  throw new Refusal('type', 'flags are a number of 32 bits');
}
