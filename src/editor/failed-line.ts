/** The line where a run failed, with what it said, until the line is edited or the program runs again. */
import { type EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

const LONGEST_MESSAGE = 300;

export interface Failure {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export const setFailure = StateEffect.define<Failure | undefined>();

class MessageWidget extends WidgetType {
  readonly message: string;

  constructor(message: string) {
    super();
    this.message = message;
  }

  override eq(other: MessageWidget): boolean {
    return other.message === this.message;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'cm-failure';
    element.textContent = this.message;
    return element;
  }
}

function decorate(state: EditorState, { line, message }: Failure): DecorationSet {
  if (line < 1 || line > state.doc.lines) return Decoration.none;
  const { from, to } = state.doc.line(line);
  const text =
    message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)} …` : message;
  return Decoration.set([
    Decoration.line({ class: 'cm-failedLine' }).range(from),
    Decoration.widget({ widget: new MessageWidget(text), side: 1 }).range(to),
  ]);
}

export const failedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFailure)) continue;
      return effect.value === undefined
        ? Decoration.none
        : decorate(transaction.state, effect.value);
    }
    if (!transaction.docChanged || marks.size === 0) return marks;
    const [start] = rangesOf(marks);
    const line = transaction.startState.doc.lineAt(start ?? 0);
    return transaction.changes.touchesRange(line.from, line.to) !== false
      ? Decoration.none
      : marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function rangesOf(marks: DecorationSet): number[] {
  const starts: number[] = [];
  for (const cursor = marks.iter(); cursor.value !== null; cursor.next()) starts.push(cursor.from);
  return starts;
}
