/** Text of the guest's as it is shown: within a length, and with nothing in it that acts on the text around it. */

/** Controls, and what reorders, joins or hides text; line ends and tabs stay where they are wanted. */
const ACTING = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const LINE_ENDS = /[\t\n]/g;

/** On one line: line ends and tabs are escaped as well. */
export function shownLine(text: string, most: number): string {
  return shownText(text, most).replace(LINE_ENDS, escaped);
}

/** Line ends and tabs are kept; `most`: UTF-16 units of the text. */
export function shownText(text: string, most: number): string {
  const start = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return start.replace(ACTING, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length > 4) return `\\u{${code}}`;
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
