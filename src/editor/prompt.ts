/**
 * The line under the output: takes statements (over several lines while they are incomplete) when
 * the guest is idle, and the program's input while it waits for some.
 */
import { applyEdit, TabKey } from './editing';
import { History } from './history';
import { newLine } from './indentation';

export interface PromptHandlers {
  /** Whether Enter runs the source: it is complete, or wrong already. */
  isComplete(source: string): Promise<boolean>;
  run(source: string): void;
  interrupt(): void;
  clear(): void;
}

/** `busy`: a program runs and wants nothing. What is typed meanwhile stays. */
export type PromptMode = 'statement' | 'busy';

const FIRST_MARK = '>>>';
const NEXT_MARK = '...';

export class Prompt {
  readonly #form: HTMLElement;
  readonly #marks: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #handlers: PromptHandlers;
  readonly #tab: TabKey;
  readonly #statements = new History();
  readonly #inputs = new History();
  #mode: PromptMode = 'busy';
  #answer: ((line: string | null) => void) | undefined;
  #checking = false;
  /** Enter came once more while the first one was being checked. */
  #enteredAgain = false;

  constructor(form: HTMLElement, handlers: PromptHandlers) {
    this.#form = form;
    this.#handlers = handlers;
    this.#marks = document.createElement('span');
    this.#marks.className = 'prompt-marks';
    this.#marks.setAttribute('aria-hidden', 'true');
    this.#field = document.createElement('textarea');
    this.#field.rows = 1;
    this.#field.spellcheck = false;
    this.#field.autocapitalize = 'off';
    this.#field.autocomplete = 'off';
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    this.#field.addEventListener('input', () => this.#show());
    this.#tab = new TabKey(this.#field);
    form.append(this.#marks, this.#field);
    this.#show();
  }

  set mode(mode: PromptMode) {
    this.#mode = mode;
    this.#show();
  }

  focus(): void {
    this.#field.focus();
  }

  /** Takes the focus unless the user has put it somewhere. */
  focusIfIdle(): void {
    if (document.activeElement === document.body) this.#field.focus();
  }

  /** One line of the user's, with its line end; null when the user ends the input. */
  readLine(): Promise<string | null> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#show();
      this.#field.focus();
    });
  }

  /** Gives up the question that `readLine` asked, if one is open: it answers null. */
  cancelReadLine(): void {
    this.#reply(null);
  }

  #show(): void {
    const waits = this.#answer !== undefined;
    const lines = this.#field.value.split('\n').length;
    this.#form.dataset.mode = waits ? 'input' : this.#mode;
    this.#marks.textContent = waits
      ? 'input'
      : [FIRST_MARK, ...Array.from({ length: lines - 1 }, () => NEXT_MARK)].join('\n');
    this.#field.placeholder = waits ? 'Enter sends, Ctrl+D ends the input' : '';
    this.#field.setAttribute('aria-label', waits ? 'The program waits for input' : 'Python prompt');
    // Grows with its text, so that marks and lines stay side by side.
    this.#field.style.height = 'auto';
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  #onKey(event: KeyboardEvent): void {
    // Enter also ends the composition of a character, and then belongs to that alone.
    if (event.isComposing) return;
    const handled = event.ctrlKey && !event.altKey ? this.#onControl(event) : this.#onPlain(event);
    if (handled) event.preventDefault();
  }

  #onControl({ key }: KeyboardEvent): boolean {
    const { selectionStart, selectionEnd } = this.#field;
    switch (key.toLowerCase()) {
      case 'c':
        // With a selection it copies, as everywhere.
        if (selectionStart !== selectionEnd) return false;
        if (this.#mode === 'busy') this.#handlers.interrupt();
        else this.#set('');
        return true;
      case 'd':
        if (this.#answer === undefined || this.#field.value !== '') return false;
        this.#reply(null);
        return true;
      case 'l':
        this.#handlers.clear();
        return true;
      default:
        return false;
    }
  }

  #onPlain(event: KeyboardEvent): boolean {
    const field = this.#field;
    const { selectionStart, selectionEnd, value } = field;
    // In an empty line Tab goes on to the next control at once.
    if (value !== '' && this.#tab.press(event)) return true;
    switch (event.key) {
      case 'Enter':
        if (this.#answer !== undefined) this.#send();
        else if (event.shiftKey) applyEdit(field, newLine);
        else void this.#enter();
        return true;
      case 'ArrowUp':
        if (value.lastIndexOf('\n', selectionStart - 1) !== -1) return false;
        return this.#recall(this.#history.back(value));
      case 'ArrowDown':
        if (value.indexOf('\n', selectionEnd) !== -1) return false;
        return this.#recall(this.#history.forward());
      default:
        return false;
    }
  }

  get #history(): History {
    return this.#answer === undefined ? this.#statements : this.#inputs;
  }

  #recall(entry: string | undefined): boolean {
    if (entry === undefined) return false;
    this.#set(entry);
    return true;
  }

  #set(value: string): void {
    this.#field.value = value;
    this.#field.setSelectionRange(value.length, value.length);
    this.#show();
  }

  #send(): void {
    const line = this.#field.value;
    this.#inputs.add(line);
    this.#set('');
    this.#reply(`${line}\n`);
  }

  #reply(line: string | null): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#show();
    answer?.(line);
  }

  async #enter(): Promise<void> {
    const field = this.#field;
    const { value, selectionEnd } = field;
    if (this.#checking) {
      this.#enteredAgain = true;
      return;
    }
    if (this.#mode !== 'statement') return;
    // In the middle of a block Enter only opens a line; at its end it may run it.
    if (value.includes('\n') && selectionEnd < value.trimEnd().length) {
      applyEdit(field, newLine);
      return;
    }
    // The indentation that the last line was given is nothing that the user wrote.
    const source = value.replace(/[ \t]+$/, '');
    this.#checking = true;
    this.#enteredAgain = false;
    const complete = await this.#handlers.isComplete(source).finally(() => {
      this.#checking = false;
    });
    // The user may have typed on meanwhile; who changed the source itself did not mean this Enter.
    if (!field.value.startsWith(value)) return;
    const typedSince = field.value.slice(value.length);
    if (complete) {
      this.#statements.add(source.trimEnd());
      this.#set(typedSince);
      this.#handlers.run(source);
    } else {
      field.setSelectionRange(value.length, value.length);
      applyEdit(field, newLine);
      const end = field.value.length;
      if (typedSince !== '') field.setSelectionRange(end, end);
      if (this.#enteredAgain) await this.#enter();
    }
  }
}
