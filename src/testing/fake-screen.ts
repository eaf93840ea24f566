/** For tests: a terminal that obeys the sequences which a prompt is drawn with, and keeps what scrolled out of sight. */
import { characterWidth } from '../terminal/character-width';
import type { Screen } from '../terminal/screen';

const ESCAPE = '\u001b';
const TOKEN = new RegExp(`${ESCAPE}\\[([?0-9;]*)([@-~])|.`, 'gsu');

export class FakeScreen implements Screen {
  columns: number;
  rows: number;
  /** All that was ever written. */
  raw = '';
  #lines: string[][] = [[]];
  #x = 0;
  #y = 0;

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What one sees, and what one could scroll back to, without the spaces at the ends of lines. */
  get text(): string {
    return this.#lines.map((line) => line.join('').trimEnd()).join('\n');
  }

  /** Where the cursor is, counted from the first line that there ever was. */
  get cursor(): readonly [number, number] {
    return [this.#x, this.#y];
  }

  write(text: string): void {
    this.raw += text;
    for (const [token, parameters = '', final] of text.matchAll(TOKEN)) {
      if (final !== undefined) this.#obey(parameters, final);
      else this.#put(token);
    }
  }

  /** The first line that is in sight. */
  get #top(): number {
    return Math.max(0, this.#lines.length - this.rows);
  }

  #put(character: string): void {
    if (character === '\r') this.#x = 0;
    else if (character === '\n') this.#down();
    else if (character === '\b') this.#x = Math.max(0, this.#x - 1);
    else {
      if (this.#x >= this.columns) {
        this.#x = 0;
        this.#down();
      }
      const line = this.#line();
      const width = characterWidth(character);
      while (line.length < this.#x) line.push(' ');
      if (width === 0) line[this.#x - 1] += character;
      for (let cell = 0; cell < width; cell++) line[this.#x++] = cell === 0 ? character : '';
    }
  }

  #line(): string[] {
    let line = this.#lines[this.#y];
    while (line === undefined) {
      this.#lines.push([]);
      line = this.#lines[this.#y];
    }
    return line;
  }

  #down(): void {
    this.#y++;
    this.#line();
  }

  #obey(parameters: string, final: string): void {
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const count = Math.max(1, first);
    const x = Math.min(this.#x, this.columns - 1);
    switch (final) {
      case 'A':
        this.#y = Math.max(this.#top, this.#y - count);
        break;
      case 'B':
        this.#y = Math.min(this.#top + this.rows - 1, this.#y + count);
        this.#line();
        break;
      case 'C':
        this.#x = Math.min(this.columns - 1, x + count);
        break;
      case 'D':
        this.#x = Math.max(0, x - count);
        break;
      case 'H':
        this.#y = this.#top + count - 1;
        this.#x = Math.max(1, second) - 1;
        this.#line();
        break;
      case 'J':
        if (first === 2) this.#lines.splice(this.#top, this.rows, []);
        else this.#lines.splice(this.#y + 1);
        if (first === 2) this.#y = this.#top;
        this.#line().splice(x);
        break;
      case 'K':
        this.#line().splice(x);
        break;
    }
  }
}
