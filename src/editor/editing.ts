/** Keys that change the text of a field as an editor would. */
import { type Edit, indent, outdent, type Selection } from './indentation';

/** Changes a field as typing would: the browser's undo keeps working. */
export function applyEdit(
  field: HTMLTextAreaElement,
  change: (text: string, selection: Selection) => Edit,
): void {
  const { from, to, text, selection } = change(field.value, {
    start: field.selectionStart,
    end: field.selectionEnd,
  });
  field.setSelectionRange(from, to);
  // Deprecated, yet the only way into the undo history that every engine has.
  const typed = document.execCommand('insertText', false, text);
  if (!typed) {
    field.setRangeText(text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  field.setSelectionRange(selection.start, selection.end);
}

/** Tab indents; after Escape it leaves the field, so that the keyboard alone is no trap. */
export class TabKey {
  readonly #field: HTMLTextAreaElement;
  #leaves = false;

  constructor(field: HTMLTextAreaElement) {
    this.#field = field;
  }

  /** True if the key was one of these and has been dealt with. */
  press({ key, shiftKey }: KeyboardEvent): boolean {
    if (key !== 'Tab') {
      // Shift comes before Shift+Tab.
      if (key !== 'Shift') this.#leaves = key === 'Escape';
      return false;
    }
    if (this.#leaves) return false;
    applyEdit(this.#field, shiftKey ? outdent : indent);
    return true;
  }
}
