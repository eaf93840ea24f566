/** Formulas of a guest's, as MathML that has been purified. */
import temml from 'temml';
import { purify } from './purify';

const MOST_CHARACTERS = 20_000;

/** Throws `RangeError` for what is too long. What is no LaTeX comes out as a formula that says what is wrong. */
export function formula(text: string, isDisplay: boolean): DocumentFragment {
  if (text.length > MOST_CHARACTERS) throw new RangeError('the formula is too long');
  const markup = temml.renderToString(text, {
    displayMode: isDisplay,
    throwOnError: false,
    // No commands that make links, pictures or HTML.
    trust: false,
    strict: false,
    maxSize: [50, 500],
    maxExpand: 500,
  });
  return purify(markup, 'mathMl');
}

/** Without the signs around it, and whether they say that it stands by itself; without any it does. */
export function withoutDelimiters(text: string): {
  readonly body: string;
  readonly isDisplay: boolean;
} {
  const trimmed = text.trim();
  for (const [start, end, isDisplay] of DELIMITERS) {
    const isAround = trimmed.startsWith(start) && trimmed.endsWith(end);
    if (isAround && trimmed.length >= start.length + end.length) {
      return { body: trimmed.slice(start.length, trimmed.length - end.length), isDisplay };
    }
  }
  return { body: trimmed, isDisplay: true };
}

const DELIMITERS: readonly (readonly [string, string, boolean])[] = [
  ['$$', '$$', true],
  ['\\[', '\\]', true],
  ['\\(', '\\)', false],
  ['$', '$', false],
];
