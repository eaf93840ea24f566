/** `<glovebox-console>`: the output of a program, and a line to type into: its input, or statements. */
import { html, LitElement } from 'lit';
import type { Activity } from './activity';
import type { Console, ConsoleUser } from './console';
import { consoleStyles } from './console-styles';
import { OutputPane, type OutputStream } from './output-pane';
import { Prompt } from './prompt';
import { themeStyles } from './theme';

export class GloveboxConsole extends LitElement implements Console {
  static override styles = [themeStyles, consoleStyles];

  readonly #scroller = document.createElement('div');
  readonly #output = document.createElement('pre');
  readonly #line = document.createElement('div');
  readonly #pane: OutputPane;
  readonly #prompt: Prompt;
  #user: ConsoleUser | undefined;

  constructor() {
    super();
    this.#scroller.className = 'scroller';
    this.#output.setAttribute('role', 'log');
    this.#output.setAttribute('aria-label', 'Output');
    this.#line.className = 'prompt';
    this.#scroller.append(this.#output, this.#line);
    this.#pane = new OutputPane(this.#output, this.#scroller);
    this.#prompt = new Prompt(this.#line, {
      isComplete: async (source) => (await this.#user?.isComplete(source)) ?? false,
      run: (source) => this.#user?.runStatement(source),
      interrupt: () => this.#user?.interrupt(),
      clear: () => this.clear(),
    });
    // As in a terminal, a click beside the text goes to the prompt; one that selects text does not.
    this.#scroller.addEventListener('click', () => {
      if (getSelection()?.isCollapsed ?? true) this.#prompt.focus();
    });
  }

  override render() {
    return html`${this.#scroller}`;
  }

  override focus(): void {
    this.#prompt.focus();
  }

  clear(): void {
    this.#pane.clear();
  }

  connect(user: ConsoleUser): void {
    this.#user = user;
  }

  write(bytes: Uint8Array, stream: OutputStream): void {
    this.#pane.write(bytes, stream);
  }

  note(text: string): void {
    this.#pane.note(text);
  }

  startLine(): void {
    this.#pane.startLine();
    this.#pane.scrollToEnd();
  }

  showStatement(source: string): void {
    const lines = source.trimEnd().split('\n');
    this.#pane.typed(lines.map((line, at) => `${at === 0 ? '>>>' : '...'} ${line}\n`).join(''));
  }

  async readLine(): Promise<string | null> {
    const line = await this.#prompt.readLine();
    this.#pane.typed(line ?? '\n');
    return line;
  }

  cancelReadLine(): void {
    this.#prompt.cancelReadLine();
  }

  show(activity: Activity): void {
    this.#prompt.mode = activity === 'ready' ? 'statement' : 'busy';
  }

  focusIfIdle(): void {
    this.#prompt.focusIfIdle();
  }
}
