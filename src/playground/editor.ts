/** The program's text: a plain text field with good manners. */
import { applyEdit, TabKey } from './editing';
import { newLine } from './indentation';

export class Editor {
  readonly #field: HTMLTextAreaElement;
  readonly #tab: TabKey;
  readonly #run: () => void;

  constructor(field: HTMLTextAreaElement, run: () => void) {
    this.#field = field;
    this.#tab = new TabKey(field);
    this.#run = run;
    field.addEventListener('keydown', (event) => {
      if (!event.isComposing && this.#onKey(event)) event.preventDefault();
    });
  }

  get source(): string {
    return this.#field.value;
  }

  #onKey(event: KeyboardEvent): boolean {
    if (this.#tab.press(event)) return true;
    if (event.key !== 'Enter') return false;
    if (event.ctrlKey || event.metaKey) this.#run();
    else applyEdit(this.#field, newLine);
    return true;
  }
}
