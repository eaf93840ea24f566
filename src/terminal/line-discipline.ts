/** A line that is edited while it is typed, by the few keys that every terminal knows, until its reader gets it. */
import { characterWidth } from './character-width';

const BACKSPACE = new Set(['\b', '\u007f']);
const KILL_LINE = '\u0015';
const KILL_WORD = '\u0017';
const END = '\u0004';

/** Longer than this a line does not get. */
const MAX_LINE_CHARACTERS = 65_536;

export class LineDiscipline {
  readonly #echo: (text: string) => void;
  /** One code point each. */
  #line: string[] = [];

  /** `echo`: shows it on the terminal, or does not. */
  constructor(echo: (text: string) => void) {
    this.#echo = echo;
  }

  /** Takes a key: one code point. Gives what the reader gets, once it is to get something; null: the end of input. */
  take(key: string): string | null | undefined {
    if (BACKSPACE.has(key)) this.#erase(1);
    else if (key === KILL_LINE) this.#erase(this.#line.length);
    else if (key === KILL_WORD) this.#erase(this.#lastWord());
    else if (key === END) return this.#end();
    else if (key === '\n') return this.#finish();
    else this.#add(key);
    return undefined;
  }

  clear(): void {
    this.#line = [];
  }

  #add(key: string): void {
    if (this.#line.length >= MAX_LINE_CHARACTERS) return;
    this.#line.push(key);
    this.#echo(shown(key));
  }

  #finish(): string {
    const line = `${this.#line.join('')}\n`;
    this.#line = [];
    this.#echo('\r\n');
    return line;
  }

  /** In a line it gives what is there so far, without an end of line. */
  #end(): string | null {
    const text = this.#line.join('');
    this.#line = [];
    return text === '' ? null : text;
  }

  #erase(count: number): void {
    const erased = this.#line.splice(Math.max(0, this.#line.length - count));
    const columns = erased.reduce((sum, key) => sum + widthOf(key), 0);
    this.#echo('\b \b'.repeat(columns));
  }

  /** How many keys the last word has, with the space behind it. */
  #lastWord(): number {
    const text = this.#line.join('');
    return [...text].length - [...text.replace(/\S*\s*$/, '')].length;
  }
}

/** Control characters as `^A`, but for the tab. */
function shown(key: string): string {
  const code = key.codePointAt(0) ?? 0;
  return code < 0x20 && key !== '\t' ? `^${String.fromCharCode(code + 0x40)}` : key;
}

function widthOf(key: string): number {
  return [...shown(key)].reduce((sum, character) => sum + characterWidth(character), 0);
}
