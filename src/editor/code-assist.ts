/** Completion and marks of mistakes, as the guest knows them. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { globalCompletion, localCompletionSource } from '@codemirror/lang-python';
import { syntaxTree } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import type { Extension, Text } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { AssistTask, GuestValue } from '../index';
import { type Mistake, mistakesOf, type Suggestion, suggestionsOf } from './assist';

/** Asks the guest; undefined where it has something else to do. */
export type Assist = (task: AssistTask, args: readonly string[]) => Promise<GuestValue | undefined>;

/** So long after the last key the source is compiled. */
const CHECK_DELAY_MS = 350;
/** The guest was busy: it is asked again. */
const CHECK_AGAIN_MS = 1_000;
/** More is neither completed nor checked while one types. */
const MOST_CHARACTERS = 300_000;

export function completeWith(assist: Assist) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos } = context;
    const node = syntaxTree(state).resolveInner(pos, -1);
    if (/Comment|String/.test(node.name) && !/^["']?\.\w*$/.test(state.sliceDoc(node.to, pos))) {
      return null;
    }
    const word = context.matchBefore(/[\w.]+|\b(?:import|from)\s+/);
    if (word === null && !context.explicit) return null;
    if (state.doc.length > MOST_CHARACTERS) return fallback(context);
    const answer = await assist('suggest', [state.sliceDoc(0, pos), state.sliceDoc(pos)]);
    if (answer === undefined) return fallback(context);
    const { length, suggestions } = suggestionsOf(answer);
    const options = suggestions.map(optionOf);
    const isMember = context.matchBefore(/\.\w*$/) !== null;
    const local = isMember ? null : localCompletionSource(context);
    const known = new Set(options.map(({ label }) => label));
    const own = (local?.options ?? []).filter(({ label }) => !known.has(label));
    if (options.length + own.length === 0) return null;
    return { from: pos - length, options: [...own, ...options], validFor: /^\w*$/ };
  };
}

/** What can be told without the guest. */
async function fallback(context: CompletionContext): Promise<CompletionResult | null> {
  if (context.matchBefore(/\.\w*$/) !== null) return null;
  const local = localCompletionSource(context);
  const global = await globalCompletion(context);
  const from = local?.from ?? global?.from;
  if (from === undefined) return null;
  return {
    from,
    options: [...(local?.options ?? []), ...(global?.options ?? [])],
    validFor: /^\w*$/,
  };
}

function optionOf({ label, kind, detail, info }: Suggestion): Completion {
  const isHidden = label.startsWith('_');
  return {
    label,
    type: kind,
    ...(detail === '' ? {} : { detail }),
    ...(info === '' ? {} : { info }),
    ...(isHidden ? { boost: -20 } : {}),
  };
}

/** Has the guest compile what is written, whenever one pauses. */
export function markMistakes(assist: Assist, filename: () => string): Extension {
  return ViewPlugin.define((view) => new MistakeMarker(view, assist, filename));
}

class MistakeMarker implements PluginValue {
  readonly #view: EditorView;
  readonly #assist: Assist;
  readonly #filename: () => string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView, assist: Assist, filename: () => string) {
    this.#view = view;
    this.#assist = assist;
    this.#filename = filename;
    this.#schedule(CHECK_DELAY_MS);
  }

  update({ docChanged }: ViewUpdate): void {
    if (docChanged) this.#schedule(CHECK_DELAY_MS);
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), ms);
  }

  async #check(): Promise<void> {
    const view = this.#view;
    const filename = this.#filename();
    const { doc } = view.state;
    if (doc.length > MOST_CHARACTERS || !filename.endsWith('.py')) return;
    const answer = await this.#assist('check', [doc.toString(), filename]);
    if (view.state.doc !== doc) return;
    if (answer === undefined) {
      this.#schedule(CHECK_AGAIN_MS);
      return;
    }
    const diagnostics = mistakesOf(answer).map((mistake) => diagnosticOf(doc, mistake));
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }
}

export function diagnosticOf(doc: Text, mistake: Mistake): Diagnostic {
  const { severity, message } = mistake;
  const line = doc.line(Math.min(mistake.line, doc.lines));
  if (mistake.column === 0) {
    const indent = /^\s*/.exec(line.text)?.[0].length ?? 0;
    return { from: line.from + indent, to: line.to, severity, message };
  }
  const from = positionOf(doc, mistake.line, mistake.column);
  const to = positionOf(doc, mistake.endLine, mistake.endColumn);
  // Where the compiler tells no end, a mark still has to be seen.
  return { from, to: Math.max(to, Math.min(from + 1, doc.length)), severity, message };
}

/** Columns count characters from 1, positions UTF-16 units. */
function positionOf(doc: Text, lineNumber: number, column: number): number {
  if (lineNumber < 1) return 0;
  if (lineNumber > doc.lines) return doc.length;
  const line = doc.line(lineNumber);
  const before = Array.from(line.text).slice(0, Math.max(0, column - 1));
  return line.from + before.join('').length;
}
