/** The text of open files in CodeMirror: one view, a state with its own history of changes for each file. */
import { autocompletion } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { type Command, EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type Assist, completeWith, markMistakes } from './code-assist';
import { codeTheme, highlighting } from './code-theme';
import { type Failure, failedLine, setFailure } from './failed-line';

export interface CodeViewOptions {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  readonly assist: Assist;
  /** What a key asks for. */
  readonly onRun: () => void;
  readonly onRunSelection: () => void;
  readonly onStop: () => void;
  /** The text of the file that is shown has changed. */
  readonly onChange: (path: string) => void;
}

export class CodeView {
  readonly #options: CodeViewOptions;
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  readonly #readOnly = new Compartment();
  #isReadOnly = false;
  #path = '';
  /** While a text is put in place of another, that is no edit of the user's. */
  #replacing = false;

  constructor(options: CodeViewOptions) {
    this.#options = options;
    this.#view = new EditorView({ parent: options.parent, root: options.root });
  }

  get path(): string {
    return this.#path;
  }

  set readOnly(value: boolean) {
    this.#isReadOnly = value;
    this.#keep();
    const effects = this.#readOnly.reconfigure(this.#readOnlyExtension());
    for (const [path, state] of this.#states) {
      this.#states.set(path, state.update({ effects }).state);
    }
    const state = this.#states.get(this.#path);
    if (state !== undefined) this.#view.setState(state);
  }

  open(path: string, text: string): void {
    if (this.#states.has(path)) return;
    this.#states.set(path, EditorState.create({ doc: text, extensions: this.#extensions(path) }));
  }

  show(path: string): void {
    const state = this.#states.get(path);
    if (state === undefined || path === this.#path) return;
    this.#keep();
    this.#path = path;
    this.#view.setState(state);
  }

  /** Shows nothing if it was the one that was shown. */
  close(path: string): void {
    this.#states.delete(path);
    if (path !== this.#path) return;
    this.#path = '';
    this.#view.setState(EditorState.create());
  }

  rename(from: string, to: string): void {
    this.#keep();
    const state = this.#states.get(from);
    if (state === undefined) return;
    this.#states.delete(from);
    this.#states.set(to, state);
    if (this.#path === from) this.#path = to;
  }

  textOf(path: string): string | undefined {
    return this.#stateOf(path)?.doc.toString();
  }

  /** Another text, as little as possible of it new: the caret and what can be undone stay. */
  replace(path: string, text: string): void {
    const state = this.#stateOf(path);
    if (state === undefined) return;
    const before = state.doc.toString();
    if (before === text) return;
    const changes = differenceOf(before, text);
    if (path !== this.#path) {
      this.#states.set(path, state.update({ changes }).state);
      return;
    }
    this.#replacing = true;
    this.#view.dispatch({ changes });
    this.#replacing = false;
  }

  /** The selected lines, whole, without the indentation that they have in common; empty where nothing is selected. */
  get selectedLines(): string {
    const { doc, selection } = this.#view.state;
    const { from, to, empty } = selection.main;
    if (empty) return '';
    const lines = doc.sliceString(doc.lineAt(from).from, doc.lineAt(to).to).split('\n');
    const indents = lines
      .filter((line) => line.trim() !== '')
      .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
    const common = Math.min(...indents, Number.MAX_SAFE_INTEGER);
    return lines.map((line) => line.slice(common)).join('\n');
  }

  /** Undefined: none any more, in any file. */
  fail(path: string, failure: Failure | undefined): void {
    if (failure === undefined) {
      this.#keep();
      for (const [other, state] of this.#states) {
        if (other !== this.#path) {
          this.#states.set(other, state.update({ effects: setFailure.of(undefined) }).state);
        }
      }
      this.#view.dispatch({ effects: setFailure.of(undefined) });
      return;
    }
    const state = this.#stateOf(path);
    if (state === undefined) return;
    if (path !== this.#path) {
      this.#states.set(path, state.update({ effects: setFailure.of(failure) }).state);
      return;
    }
    const line = state.doc.line(Math.min(Math.max(failure.line, 1), state.doc.lines));
    const effects = [
      setFailure.of(failure),
      EditorView.scrollIntoView(line.from, { y: 'nearest' }),
    ];
    this.#view.dispatch({ effects });
  }

  goToLine(line: number): void {
    const { doc } = this.#view.state;
    const anchor = doc.line(Math.min(Math.max(line, 1), doc.lines)).from;
    this.#view.dispatch({ selection: { anchor }, scrollIntoView: true });
    this.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #stateOf(path: string): EditorState | undefined {
    return path === this.#path ? this.#view.state : this.#states.get(path);
  }

  #keep(): void {
    if (this.#states.has(this.#path)) this.#states.set(this.#path, this.#view.state);
  }

  #readOnlyExtension(): Extension {
    return this.#isReadOnly ? [EditorState.readOnly.of(true)] : [];
  }

  #extensions(path: string): Extension {
    const isPython = path.endsWith('.py');
    const { assist, onRun, onRunSelection, onStop, onChange } = this.#options;
    const command = (action: () => void): Command => {
      return () => {
        action();
        return true;
      };
    };
    return [
      Prec.highest(
        keymap.of([
          { key: 'Mod-Enter', run: command(onRun) },
          { key: 'Mod-Shift-Enter', run: command(onRunSelection) },
          { key: 'Mod-.', run: command(onStop) },
        ]),
      ),
      basicSetup,
      // After those of the completion: Escape closes its list first.
      keymap.of([{ key: 'Escape', run: letTabLeave }, indentWithTab]),
      EditorView.domEventHandlers({ blur: (_event, view) => view.setTabFocusMode(false) }),
      EditorState.tabSize.of(4),
      indentUnit.of('    '),
      syntaxHighlighting(highlighting),
      codeTheme,
      failedLine,
      this.#readOnly.of(this.#readOnlyExtension()),
      EditorView.contentAttributes.of(() => ({
        'aria-label': `Program ${this.#path.split('/').at(-1) ?? ''}`,
        autocapitalize: 'off',
        // Who looks for a way to scroll with the keyboard does not take editable text for one.
        tabindex: '0',
      })),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !this.#replacing) onChange(this.#path);
        if (update.docChanged) update.view.setTabFocusMode(false);
      }),
      isPython
        ? [
            python(),
            lintGutter(),
            autocompletion({ override: [completeWith(assist)], activateOnTypingDelay: 80 }),
            markMistakes(assist, () => this.#path),
          ]
        : [],
    ];
  }
}

/** Tab leaves the editor from now on, until one types: the keyboard alone is no trap. */
const letTabLeave: Command = (view) => {
  view.setTabFocusMode(true);
  return false;
};

function differenceOf(before: string, after: string) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
