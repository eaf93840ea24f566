/**
 * A guest's output made harmless for a terminal. Colours pass (or are dropped), and where a prompt is drawn what it
 * takes for that: movements of the cursor, erasing, whether the cursor is seen, and the mark around what is pasted.
 * Every other control sequence is shown instead of obeyed, so that no program retitles the window, asks the terminal
 * something, writes to the clipboard, changes what keys mean or takes what was shown out of its memory.
 */
import { WholeText } from '../controller/whole-text';

export interface OutputFilterOptions {
  readonly colors: boolean;
  /** Whether the cursor may be moved. */
  readonly movement: boolean;
}

/** Backspace, tab, line feed and carriage return: what plain text needs. */
const PLAIN_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0d]);

const ESCAPE = '\u001b';

/** Control sequences (ECMA-48): their parameters and the final character; those with anything between are not for us. */
const SEQUENCE = new RegExp(`${ESCAPE}\\[([0-?]{0,62})([@-~])`, 'y');

const COLOR = /^[0-9;:]*$/;
/** By the final character: which parameters may stand before it. Numbers that are no place on a screen may not. */
const MOVEMENTS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries([...'ABCDEFGd@P'].map((final) => [final, /^\d{0,4}$/])),
  ...Object.fromEntries([...'Hf'].map((final) => [final, /^\d{0,4}(;\d{0,4})?$/])),
  ...Object.fromEntries([...'JK'].map((final) => [final, /^[012]?$/])),
  ...Object.fromEntries([...'hl'].map((final) => [final, /^\?(25|2004)$/])),
};

export class OutputFilter {
  readonly #whole = new WholeText();
  readonly #options: OutputFilterOptions;

  constructor(options: OutputFilterOptions) {
    this.#options = options;
  }

  /** The harmless form; an unfinished character or sequence waits for the next piece. */
  write(bytes: Uint8Array): string {
    const text = this.#whole.write(bytes);
    let shown = '';
    let index = 0;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code === 0x1b) {
        SEQUENCE.lastIndex = index;
        const [sequence, parameters = '', final = ''] = SEQUENCE.exec(text) ?? [];
        const passed = sequence && this.#pass(sequence, parameters, final);
        if (sequence !== undefined && passed !== undefined) {
          shown += passed;
          index += sequence.length;
          continue;
        }
      }
      shown += isControl(code) ? escaped(code) : text.charAt(index);
      index++;
    }
    return shown;
  }

  /** What becomes of it; nothing: it is not obeyed. */
  #pass(sequence: string, parameters: string, final: string): string | undefined {
    const { colors, movement } = this.#options;
    if (final === 'm' && COLOR.test(parameters)) return colors ? sequence : '';
    const accepted = Object.hasOwn(MOVEMENTS, final) && MOVEMENTS[final]?.test(parameters);
    return movement && accepted ? sequence : undefined;
  }
}

function isControl(code: number): boolean {
  return code < 0x20 ? !PLAIN_CONTROLS.has(code) : code >= 0x7f && code <= 0x9f;
}

function escaped(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
