/** What the Tab and Enter keys do to a text with a selection: pure, so that it can be tested. */

export interface Selection {
  readonly start: number;
  readonly end: number;
}

export interface Edit {
  /** This range is replaced … */
  readonly from: number;
  readonly to: number;
  /** … by this text, … */
  readonly text: string;
  /** … and then this is selected. */
  readonly selection: Selection;
}

const STEP = 4;

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The whole lines that a selection touches; one that ends at a line's start leaves it out. */
function touchedLines(text: string, { start, end }: Selection): Selection {
  const last = end > start && text[end - 1] === '\n' ? end - 1 : end;
  const next = text.indexOf('\n', last);
  return { start: lineStart(text, start), end: next === -1 ? text.length : next };
}

/** Tab: to the next stop, or every selected line one step to the right. */
export function indent(text: string, selection: Selection): Edit {
  const { start, end } = selection;
  if (!text.slice(start, end).includes('\n')) {
    const column = start - lineStart(text, start);
    const spaces = ' '.repeat(STEP - (column % STEP));
    const caret = start + spaces.length;
    return { from: start, to: end, text: spaces, selection: { start: caret, end: caret } };
  }
  const lines = touchedLines(text, selection);
  const moved = text
    .slice(lines.start, lines.end)
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(STEP) + line))
    .join('\n');
  return replaceLines(lines, moved);
}

/** Shift+Tab: each touched line one step to the left. */
export function outdent(text: string, selection: Selection): Edit {
  const lines = touchedLines(text, selection);
  const before = text.slice(lines.start, lines.end);
  const moved = before
    .split('\n')
    .map((line) => line.replace(/^(?: {1,4}|\t)/, ''))
    .join('\n');
  if (before.includes('\n')) return replaceLines(lines, moved);
  const shift = before.length - moved.length;
  const keep = (at: number): number => Math.max(lines.start, at - shift);
  const kept = { start: keep(selection.start), end: keep(selection.end) };
  return { from: lines.start, to: lines.end, text: moved, selection: kept };
}

function replaceLines(lines: Selection, text: string): Edit {
  const selection = { start: lines.start, end: lines.start + text.length };
  return { from: lines.start, to: lines.end, text, selection };
}

/** Enter: the indentation of the line above, a step more after a colon, a step less after a leap. */
export function newLine(text: string, { start, end }: Selection): Edit {
  const above = text.slice(lineStart(text, start), start);
  const code = above.replace(/#.*$/, '').trimEnd();
  const current = (/^[ \t]*/.exec(above)?.[0] ?? '').length;
  const leaves = /^\s*(?:return|pass|break|continue|raise)\b/.test(code) && !/[([{,\\]$/.test(code);
  const wanted = code.endsWith(':') ? current + STEP : leaves ? current - STEP : current;
  const inserted = `\n${' '.repeat(Math.max(0, wanted))}`;
  const caret = start + inserted.length;
  return { from: start, to: end, text: inserted, selection: { start: caret, end: caret } };
}
