/** What is in the text of a Python error: its last words, its suggestion, the place that it points at. */
import type { GuestError } from '../controller/outcome';
import type { Place } from './explanation';

const MOST_TOLD = 400;
const MOST_LINE = 400;
/** From the end of a traceback: the last exception of a chain, with its notes. */
const MOST_LINES = 400;

const PLACE_OF_SYNTAX_ERROR = / \([^()\n]{1,200}, line \d{1,9}\)$/;
const FRAME = /^ {2}File "[^\n]{0,400}", line (\d{1,9})(?:, in [^\n]{0,400})?$/;
const MARKERS = /^ {4}[ ~^]*[~^][ ~^]*$/;

/** The message without the file and the line that Python adds for a syntax error. */
export function messageOf({ message }: GuestError): string {
  const start = message.slice(0, MOST_TOLD);
  return start.replace(PLACE_OF_SYNTAX_ERROR, '');
}

/** Python's last words. They may say more than the message: suggestions are only there. */
export function toldBy(error: GuestError): string {
  const own = messageOf(error);
  const plain = own === '' ? error.type : `${error.type}: ${own}`;
  const found = lastLines(error.traceback).findLast((line) => {
    const name = line.slice(0, line.indexOf(':') === -1 ? line.length : line.indexOf(':'));
    return name === error.type || name.endsWith(`.${error.type}`);
  });
  const told = found?.slice(found.indexOf(error.type)) ?? plain;
  // A message of several lines has its first one there only.
  return (told.length >= plain.length ? told : plain).slice(0, MOST_TOLD);
}

const SUGGESTION =
  /(?:^|[.,(] ?)((?:Did you (?:mean|forget)|Maybe you meant|Perhaps you forgot|consider renaming)\b[^\n]{1,300})$/;

/** `Did you mean: 'print'?`, where Python suggests something. */
export function suggestionIn(told: string): string | undefined {
  const text = SUGGESTION.exec(told)?.[1];
  return text?.startsWith('consider') ? text.replace(/\)$/, '') : text;
}

/** Where it happened in the program's own source; without the source, as far as the traceback shows it. */
export function placeOf(error: GuestError, source: string | undefined): Place | undefined {
  const { line } = error;
  if (line === undefined || line < 1) return undefined;
  const { shown, markers } = shownAt(error.traceback, line);
  const whole = source === undefined ? undefined : lineOf(source, line);
  // The file that was run may have changed since: then what Python has shown is what it was.
  const text = (whole?.trim() === shown || shown === '' ? whole : undefined) ?? shown;
  if (markers === undefined) return { line, text: text.slice(0, MOST_LINE), from: 0, to: 0 };
  const indent = text.length - text.trimStart().length;
  const [from, to] = [markers.from, markers.to].map(
    (column) => indent + unitsIn(text.slice(indent), column),
  );
  return { line, text: text.slice(0, MOST_LINE), from: from ?? 0, to: to ?? 0 };
}

interface Markers {
  /** Columns of a terminal, from the first one that is not blank. */
  readonly from: number;
  readonly to: number;
}

function shownAt(traceback: string, line: number): { shown: string; markers?: Markers } {
  const lines = lastLines(traceback);
  const at = lines.findLastIndex((text) => Number(FRAME.exec(text)?.[1]) === line);
  const shown = at === -1 ? undefined : lines[at + 1];
  if (shown?.startsWith('    ') !== true) return { shown: '' };
  const markers = lines[at + 2] ?? '';
  if (!MARKERS.test(markers)) return { shown: shown.trim() };
  const from = markers.search(/[~^]/) - 4;
  return { shown: shown.trim(), markers: { from, to: markers.trimEnd().length - 4 } };
}

function lastLines(traceback: string): readonly string[] {
  return traceback.split('\n').slice(-MOST_LINES);
}

function lineOf(source: string, line: number): string | undefined {
  let start = 0;
  for (let number = 1; number < line; number++) {
    start = source.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  const end = source.indexOf('\n', start);
  return source.slice(start, end === -1 ? source.length : end).replace(/\r$/, '');
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** How many UTF-16 units take so many columns. */
function unitsIn(text: string, columns: number): number {
  let [units, left] = [0, columns];
  for (const character of text) {
    if (left <= 0) break;
    left -= WIDE.test(character) ? 2 : 1;
    units += character.length;
  }
  return units;
}
