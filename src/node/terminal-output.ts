/**
 * A guest's output made harmless for a terminal: colours pass (or are stripped), every other
 * control sequence is shown instead of obeyed, so that no program retitles the window, moves the
 * cursor over what was there, or makes the terminal answer.
 */

import { WholeText } from '../controller/whole-text';

/** Backspace, tab, line feed and carriage return: what plain text needs. */
const PLAIN_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0d]);

const ESCAPE = '\u001b';
const COLOR = new RegExp(`^${ESCAPE}\\[[0-9;:]*m`);

/** Longer than any colour. */
const MAX_COLOR_LENGTH = 64;

export class TerminalFilter {
  readonly #whole = new WholeText();
  readonly #colors: boolean;

  constructor(colors: boolean) {
    this.#colors = colors;
  }

  /** The harmless form; an unfinished character or sequence waits for the next piece. */
  write(bytes: Uint8Array): string {
    const text = this.#whole.write(bytes);
    let shown = '';
    let index = 0;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code === 0x1b) {
        const color = COLOR.exec(text.slice(index, index + MAX_COLOR_LENGTH))?.[0];
        if (color !== undefined) {
          if (this.#colors) shown += color;
          index += color.length;
          continue;
        }
      }
      const control = code < 0x20 ? !PLAIN_CONTROLS.has(code) : code >= 0x7f && code <= 0x9f;
      shown += control ? `\\x${code.toString(16).padStart(2, '0')}` : text.charAt(index);
      index++;
    }
    return shown;
  }
}
