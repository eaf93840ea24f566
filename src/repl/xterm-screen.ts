/** The screen on a page: xterm.js in an element. Loaded when an element first needs it. */
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal as Xterm } from '@xterm/xterm';
import type { Screen } from '../terminal/screen';
import { withConstructedSheets } from './constructed-sheets';

export interface XtermOptions {
  readonly theme: ITheme;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly screenReader: boolean;
  /** Keys as terminals send them. */
  readonly onKeys: (keys: string) => void;
  readonly onResize: () => void;
}

/** So much may wait to be drawn before who writes has to. */
const MAX_WAITING_CHARACTERS = 256 * 1024;

const SCROLLBACK_LINES = 5000;

export class XtermScreen implements Screen {
  readonly #xterm: Xterm;
  readonly #fit = new FitAddon();
  readonly #observer: ResizeObserver;
  readonly #forgetSheets: () => void;
  #waiting = 0;

  /** `element`: somewhere in `root`. */
  constructor(root: ShadowRoot, element: HTMLElement, options: XtermOptions) {
    const { theme, fontFamily, fontSize, screenReader, onKeys, onResize } = options;
    this.#xterm = new Xterm({
      theme,
      fontFamily,
      fontSize,
      screenReaderMode: screenReader,
      scrollback: SCROLLBACK_LINES,
      cursorBlink: true,
      macOptionIsMeta: true,
    });
    this.#xterm.loadAddon(this.#fit);
    this.#forgetSheets = withConstructedSheets(root, () => this.#xterm.open(element));
    this.#xterm.textarea?.setAttribute('aria-label', 'Python prompt');
    this.#xterm.attachCustomKeyEventHandler((event) => this.#isForTerminal(event));
    // Its first size is no other one than before.
    this.#fit.fit();
    this.#xterm.onData(onKeys);
    this.#xterm.onResize(onResize);
    this.#observer = new ResizeObserver(() => this.#fit.fit());
    this.#observer.observe(element);
  }

  get columns(): number {
    return this.#xterm.cols;
  }

  get rows(): number {
    return this.#xterm.rows;
  }

  write(text: string): void | Promise<void> {
    this.#waiting += text.length;
    const done = (): void => {
      this.#waiting -= text.length;
    };
    if (this.#waiting < MAX_WAITING_CHARACTERS) return this.#xterm.write(text, done);
    return new Promise((resolve) => {
      this.#xterm.write(text, () => {
        done();
        resolve();
      });
    });
  }

  set theme(theme: ITheme) {
    this.#xterm.options.theme = theme;
  }

  set screenReader(on: boolean) {
    this.#xterm.options.screenReaderMode = on;
  }

  focus(): void {
    this.#xterm.focus();
  }

  /** All that is to be seen or scrolled back to; a line that takes several rows is one. */
  get text(): string {
    const { active } = this.#xterm.buffer;
    let text = '';
    for (let index = 0; index < active.length; index++) {
      const row = active.getLine(index);
      const goesOn = active.getLine(index + 1)?.isWrapped === true;
      text += `${row?.translateToString(!goesOn) ?? ''}${goesOn ? '' : '\n'}`;
    }
    return text.trimEnd();
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#xterm.dispose();
    this.#forgetSheets();
  }

  /** What the browser does better: to copy what is selected, to paste, and to go on to what is before the terminal. */
  #isForTerminal({ key, type, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
    if (type !== 'keydown' || altKey) return true;
    if (key === 'Tab') return !shiftKey;
    if (!ctrlKey && !metaKey) return true;
    const letter = key.toLowerCase();
    if (letter === 'c') return !this.#xterm.hasSelection() && !metaKey;
    return letter !== 'v';
  }
}
