/**
 * A guest's output made harmless for a terminal: colours pass (or are stripped), every other
 * control sequence is shown instead of obeyed, so that no program retitles the window, moves the
 * cursor over what was there, or makes the terminal answer.
 */

/** Backspace, tab, line feed and carriage return: what plain text needs. */
const PLAIN_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0d]);

const ESCAPE = '\u001b';
const COLOR = new RegExp(`^${ESCAPE}\\[[0-9;:]*m`);
/** The beginning of what may become a colour with the next piece. */
const UNFINISHED_COLOR = new RegExp(`^${ESCAPE}(\\[[0-9;:]*)?$`);
/** Longer than any colour: not worth waiting for the rest of it. */
const MAX_COLOR_LENGTH = 64;

export class TerminalFilter {
  readonly #decoder = new TextDecoder();
  readonly #colors: boolean;
  #held = '';

  constructor(colors: boolean) {
    this.#colors = colors;
  }

  /** The harmless form; an unfinished character or colour waits for the next piece. */
  write(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true });
    this.#held = '';
    let shown = '';
    let index = 0;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code === 0x1b) {
        const rest = text.slice(index, index + MAX_COLOR_LENGTH);
        const color = COLOR.exec(rest)?.[0];
        if (color !== undefined) {
          if (this.#colors) shown += color;
          index += color.length;
          continue;
        }
        if (UNFINISHED_COLOR.test(rest) && index + rest.length === text.length) {
          this.#held = rest;
          break;
        }
      }
      const control = code < 0x20 ? !PLAIN_CONTROLS.has(code) : code >= 0x7f && code <= 0x9f;
      shown += control ? `\\x${code.toString(16).padStart(2, '0')}` : text.charAt(index);
      index++;
    }
    return shown;
  }
}
