/**
 * Terminal escape sequences in a guest's output: basic colours become style names, everything else
 * that a terminal would obey is dropped. The state lives on from one piece of output to the next.
 */

export interface StyledText {
  readonly text: string;
  /** CSS class names, separated by spaces; empty for plain text. */
  readonly style: string;
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

const BELL = 0x07;
const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ESCAPE = 0x1b;
const DELETE = 0x7f;

/** More parameters than any real sequence has: the rest of a hostile one is not kept. */
const MAX_PARAMETERS = 64;

type State = 'text' | 'escape' | 'control' | 'string' | 'string-escape';

export class AnsiDecoder {
  #state: State = 'text';
  #parameters = '';
  #colour = '';
  #bold = false;
  #underlined = false;
  #afterReturn = false;

  decode(input: string): readonly StyledText[] {
    const pieces: StyledText[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') pieces.push({ text, style: this.#style() });
      text = '';
    };
    for (const character of input) {
      const code = character.codePointAt(0) ?? 0;
      if (this.#state !== 'text') {
        this.#step(character, code);
      } else if (code === ESCAPE) {
        flush();
        this.#state = 'escape';
      } else {
        text += this.#printable(character, code);
      }
    }
    flush();
    return pieces;
  }

  /** A lone carriage return starts a new line here: there is no cursor that could go back. */
  #printable(character: string, code: number): string {
    const endedByReturn = this.#afterReturn;
    this.#afterReturn = code === RETURN;
    if (code === RETURN) return '\n';
    if (code === NEWLINE) return endedByReturn ? '' : '\n';
    if (code === TAB) return character;
    const isControl = code < 0x20 || (code >= DELETE && code < 0xa0);
    return isControl ? '' : character;
  }

  #step(character: string, code: number): void {
    switch (this.#state) {
      case 'escape':
        this.#parameters = '';
        if (character === '[') this.#state = 'control';
        else if (']PX^_'.includes(character)) this.#state = 'string';
        // Intermediate bytes come before the final one of a short sequence.
        else if (code < 0x20 || code > 0x2f) this.#state = 'text';
        return;
      case 'control':
        if (code >= 0x40 && code <= 0x7e) {
          if (character === 'm') this.#select(this.#parameters);
          this.#state = 'text';
        } else if (this.#parameters.length < MAX_PARAMETERS) {
          this.#parameters += character;
        }
        return;
      case 'string':
        if (code === BELL) this.#state = 'text';
        else if (code === ESCAPE) this.#state = 'string-escape';
        return;
      case 'string-escape':
        this.#state = character === '\\' ? 'text' : 'string';
        return;
    }
  }

  #select(parameters: string): void {
    const codes = parameters.split(';').map(Number);
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] ?? 0;
      if (code === 0) this.#reset();
      else if (code === 1) this.#bold = true;
      else if (code === 22) this.#bold = false;
      else if (code === 4) this.#underlined = true;
      else if (code === 24) this.#underlined = false;
      else if (code === 39) this.#colour = '';
      else if (code >= 30 && code <= 37) this.#colour = COLOURS[code - 30] ?? '';
      else if (code >= 90 && code <= 97) this.#colour = COLOURS[code - 90] ?? '';
      // 256 colours (5;n) and true colours (2;r;g;b) are not shown, yet their numbers are skipped.
      else if (code === 38 || code === 48) index += codes[index + 1] === 2 ? 4 : 2;
    }
  }

  #reset(): void {
    this.#colour = '';
    this.#bold = false;
    this.#underlined = false;
  }

  #style(): string {
    const names: string[] = [];
    if (this.#colour !== '') names.push(`ansi-${this.#colour}`);
    if (this.#bold) names.push('ansi-bold');
    if (this.#underlined) names.push('ansi-underlined');
    return names.join(' ');
  }
}
