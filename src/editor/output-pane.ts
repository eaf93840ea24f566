/**
 * Shows what the guest prints, however much it is: pieces wait for the next frame, and of those
 * and of what is shown only the last part is kept. Text never becomes markup.
 */
import { AnsiDecoder } from './ansi';

export type OutputStream = 'stdout' | 'stderr';
/** Text of the page's own: what was typed, and notes about the guest. */
export type OwnText = 'typed' | 'note';

interface Piece {
  readonly text: string;
  readonly source: OutputStream | OwnText;
}

interface Shown {
  readonly span: HTMLSpanElement;
  readonly text: Text;
}

const MOST_CHARACTERS = 200_000;
/** Each change of style is an element: colourful output may not have unlimited ones either. */
const MOST_SPANS = 4_000;
/** What is kept is counted in whole spans, so none may be long. */
const SPAN_CHARACTERS = 4_096;
const NEAR_THE_END_PX = 48;

export class OutputPane {
  readonly #element: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #utf8 = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #escapes = newDecoders();
  readonly #marker: HTMLElement;
  #pending: Piece[] = [];
  #pendingCharacters = 0;
  #shown: Shown[] = [];
  #shownCharacters = 0;
  #atLineStart = true;
  #frame: number | undefined;
  #followsTheEnd = true;

  /** `scroller` is the box that scrolls, around `element` and maybe more. */
  constructor(element: HTMLElement, scroller: HTMLElement) {
    this.#element = element;
    this.#scroller = scroller;
    this.#stayAtTheEnd();
    this.#marker = document.createElement('div');
    this.#marker.className = 'output-cut';
    this.#marker.textContent = 'Earlier output is not kept.';
  }

  write(bytes: Uint8Array, stream: OutputStream): void {
    this.#add(this.#utf8[stream].decode(bytes, { stream: true }), stream);
  }

  typed(text: string): void {
    this.#add(text, 'typed');
  }

  /** A line of its own. */
  note(text: string): void {
    this.startLine();
    this.#add(`${text}\n`, 'note');
  }

  /** Ends a line that the guest left open. */
  startLine(): void {
    if (!this.#atLineStart) this.#add('\n', 'typed');
  }

  clear(): void {
    this.#pending = [];
    this.#pendingCharacters = 0;
    this.#shown = [];
    this.#shownCharacters = 0;
    this.#atLineStart = true;
    this.#element.replaceChildren();
  }

  scrollToEnd(): void {
    this.#followsTheEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Shows the end, whatever grows, until the user scrolls away from it. */
  #stayAtTheEnd(): void {
    const scroller = this.#scroller;
    let before = 0;
    scroller.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      // The event comes late: what grew since our own scrolling is no sign that the user left.
      if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX) this.#followsTheEnd = true;
      else if (scrollTop < before) this.#followsTheEnd = false;
      before = scrollTop;
    });
    const observer = new ResizeObserver(() => {
      if (this.#followsTheEnd) this.scrollToEnd();
    });
    for (const part of [scroller, ...scroller.children]) observer.observe(part);
  }

  #add(text: string, source: Piece['source']): void {
    if (text === '') return;
    this.#atLineStart = text.endsWith('\n');
    this.#pending.push({ text, source });
    this.#pendingCharacters += text.length;
    // Frames do not come while the page is hidden: what could never be shown must not pile up.
    while (this.#pendingCharacters - (this.#pending[0]?.text.length ?? 0) > MOST_CHARACTERS) {
      this.#pendingCharacters -= this.#pending.shift()?.text.length ?? 0;
      this.#cut();
    }
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = undefined;
    const pieces = this.#pending;
    this.#pending = [];
    this.#pendingCharacters = 0;
    for (const { text, source } of pieces) {
      const kept = text.length > MOST_CHARACTERS ? text.slice(-MOST_CHARACTERS) : text;
      if (kept !== text) this.#cut();
      if (source === 'typed' || source === 'note') {
        // A colour that a program left on ends with the program.
        this.#escapes = newDecoders();
        this.#append(kept, source);
        continue;
      }
      for (const styled of this.#escapes[source].decode(kept)) {
        this.#append(styled.text, `${source} ${styled.style}`.trimEnd());
      }
    }
    this.#trim();
  }

  #append(text: string, className: string): void {
    for (let at = 0; at < text.length; ) {
      const last = this.#shown.at(-1);
      const room = last?.span.className === className ? SPAN_CHARACTERS - last.text.length : 0;
      if (last !== undefined && room > 0) {
        const part = wholeCharacters(text, at, room);
        last.text.appendData(part);
        at += part.length;
      } else {
        const part = wholeCharacters(text, at, SPAN_CHARACTERS);
        this.#addSpan(part, className);
        at += part.length;
      }
    }
    this.#shownCharacters += text.length;
  }

  #addSpan(content: string, className: string): void {
    const span = document.createElement('span');
    const text = document.createTextNode(content);
    span.className = className;
    span.append(text);
    this.#element.append(span);
    this.#shown.push({ span, text });
  }

  #trim(): void {
    let count = 0;
    let characters = this.#shownCharacters;
    while (characters > MOST_CHARACTERS || this.#shown.length - count > MOST_SPANS) {
      const oldest = this.#shown[count];
      if (oldest === undefined) break;
      characters -= oldest.text.length;
      oldest.span.remove();
      count += 1;
    }
    if (count === 0) return;
    this.#shown = this.#shown.slice(count);
    this.#shownCharacters = characters;
    this.#cut();
  }

  #cut(): void {
    if (this.#element.firstChild !== this.#marker) this.#element.prepend(this.#marker);
  }
}

function newDecoders(): Readonly<Record<OutputStream, AnsiDecoder>> {
  return { stdout: new AnsiDecoder(), stderr: new AnsiDecoder() };
}

/** About `count` UTF-16 units from `at`: one more where the cut would split a character. */
function wholeCharacters(text: string, at: number, count: number): string {
  const end = at + count;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return text.slice(at, splits ? end + 1 : end);
}
