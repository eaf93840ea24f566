/**
 * A terminal between a user and a guest: what is typed waits here until it is read, as a line or key by key; what the
 * guest prints is made harmless and goes to the screen.
 */
import type { TerminalDevice, TerminalMode } from '../capability/terminal-device';
import type { WorldOptions } from '../controller/guest-world';
import { LineDiscipline } from './line-discipline';
import { OutputFilter } from './output-filter';
import type { Screen } from './screen';
import {
  echoes,
  givesLines,
  interrupts,
  readsReturnAsNewline,
  returnsAtNewline,
  usualMode,
} from './terminal-mode';

export interface TerminalOptions {
  /** Default true. */
  readonly colors?: boolean | undefined;
  /** Gives what the guest prints as it is: for a screen whose owner said that he wants that. Default false. */
  readonly raw?: boolean | undefined;
}

/** Who holds the terminal: hears of what happens there. */
export interface TerminalHolder {
  /** Takes keys that nobody reads; or leaves them to be read. */
  readonly onKeys: (keys: string) => boolean;
  /** Ctrl-C. */
  readonly onInterrupt: () => void;
  /** The guest waits for input from now on, or not any more. */
  readonly onReading: (isReading: boolean) => void;
  /** Before something of the guest's is shown. */
  readonly onOutput: () => void;
  readonly onResize: () => void;
}

/** What a sandbox takes so that its streams lead here. */
export type Attachment = Required<
  Pick<WorldOptions, 'stdin' | 'onOutput' | 'terminal' | 'terminalDevice'>
>;

const INTERRUPT = '\u0003';

/** What is typed or pasted and not read yet: more is lost. */
const MAX_TYPED_CHARACTERS = 4 * 1024 * 1024;

/** The editor in the guest needs some room. */
const MIN_COLUMNS = 16;
const MIN_ROWS = 2;
const MAX_SIZE = 1000;

export class Terminal {
  readonly attachment: Attachment;
  holder: TerminalHolder | undefined;
  readonly #screen: Screen;
  readonly #line: LineDiscipline;
  #mode = usualMode();
  #typed = '';
  #asked: ((piece: string | null) => void) | undefined;
  #isAtLineStart = true;

  constructor(screen: Screen, { colors = true, raw = false }: TerminalOptions = {}) {
    this.#screen = screen;
    this.#line = new LineDiscipline((text) => {
      if (echoes(this.#mode)) this.#show(text);
    });
    const decode = {
      stdout: raw ? asItIs() : filtered(colors),
      stderr: raw ? asItIs() : filtered(colors),
    };
    this.attachment = {
      stdin: () => this.#read(),
      onOutput: (bytes, stream) => {
        this.holder?.onOutput();
        const text = decode[stream](bytes);
        return this.#show(returnsAtNewline(this.#mode) ? text.replaceAll('\n', '\r\n') : text);
      },
      terminal: { stdin: true, stdout: true, stderr: true },
      terminalDevice: this.#device(),
    };
  }

  /** As the guest is told. */
  get columns(): number {
    return Math.min(MAX_SIZE, Math.max(MIN_COLUMNS, this.#screen.columns));
  }

  get rows(): number {
    return Math.min(MAX_SIZE, Math.max(MIN_ROWS, this.#screen.rows));
  }

  /** Whether what was written last ended a line. */
  get isAtLineStart(): boolean {
    return this.#isAtLineStart;
  }

  /** Whether the guest waits for what is typed. */
  get isRead(): boolean {
    return this.#asked !== undefined;
  }

  /** What the user types or pastes: text, and the sequences that terminals send for keys. */
  type(keys: string): void {
    if (keys === '' || this.holder?.onKeys(keys) === true) return;
    const interruptedAt = interrupts(this.#mode) ? keys.lastIndexOf(INTERRUPT) : -1;
    if (interruptedAt >= 0) {
      this.forgetTyped();
      if (echoes(this.#mode)) this.#show('^C');
      this.holder?.onInterrupt();
    }
    this.giveBack('', keys.slice(interruptedAt + 1));
  }

  /** The screen has another size now. */
  resize(): void {
    this.holder?.onResize();
  }

  /** Writes text of the page's own. */
  write(text: string): void | Promise<void> {
    return this.#show(text.replaceAll('\n', '\r\n'));
  }

  /** Erases so many rows above that of the cursor, its own and all below; the cursor is at the first of them then. */
  eraseFrom(rowsAbove: number): void {
    void this.#show(`\r${rowsAbove === 0 ? '' : `\u001b[${rowsAbove}A`}\u001b[J`);
    this.#isAtLineStart = true;
  }

  /** Empties the screen, and what was scrolled off it. */
  clear(): void {
    void this.#show('\u001b[2J\u001b[3J\u001b[H');
    this.#isAtLineStart = true;
  }

  /** What was typed and is for nobody yet: not to be read any more. */
  takeTyped(): string {
    const typed = this.#typed;
    this.#typed = '';
    return typed;
  }

  /** Puts keys in front of those that wait, and `after` behind them. */
  giveBack(keys: string, after = ''): void {
    this.#typed = `${keys}${this.#typed}${after}`.slice(0, MAX_TYPED_CHARACTERS);
    this.#feed();
  }

  forgetTyped(): void {
    this.#typed = '';
    this.#line.clear();
  }

  /** As it was at first: for a guest that knows nothing of what another one did. */
  reset(): void {
    this.#mode = usualMode();
    this.#line.clear();
    this.#answer(null);
  }

  #device(): TerminalDevice {
    const terminal = this;
    return {
      get columns() {
        return terminal.columns;
      },
      get rows() {
        return terminal.rows;
      },
      get mode() {
        return terminal.#mode;
      },
      set mode(mode: TerminalMode) {
        terminal.#mode = mode;
      },
      discardInput: () => this.forgetTyped(),
    };
  }

  #show(text: string): void | Promise<void> {
    if (text === '') return;
    this.#isAtLineStart = text.endsWith('\n');
    return this.#screen.write(text);
  }

  #read(): Promise<string | null> {
    // One guest at a time: who asked before is gone.
    this.#answer(null);
    const piece = new Promise<string | null>((resolve) => {
      this.#asked = resolve;
    });
    this.#feed();
    if (this.isRead) this.holder?.onReading(true);
    return piece;
  }

  /** Key by key, so that what is typed ahead of a prompt is not read by the program before it. */
  #feed(): void {
    while (this.isRead && this.#typed !== '') {
      const key = String.fromCodePoint(this.#typed.codePointAt(0) ?? 0);
      this.#typed = this.#typed.slice(key.length);
      const read = key === '\r' && readsReturnAsNewline(this.#mode) ? '\n' : key;
      if (givesLines(this.#mode)) {
        const piece = this.#line.take(read);
        if (piece !== undefined) this.#answer(piece);
      } else {
        if (echoes(this.#mode)) this.#show(read === '\n' ? '\r\n' : read);
        this.#answer(read);
      }
    }
  }

  #answer(piece: string | null): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    asked(piece);
    this.holder?.onReading(false);
  }
}

function filtered(colors: boolean): (bytes: Uint8Array) => string {
  const filter = new OutputFilter({ colors, movement: true });
  return (bytes) => filter.write(bytes);
}

function asItIs(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder();
  return (bytes) => decoder.decode(bytes, { stream: true });
}
