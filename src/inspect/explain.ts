/** Errors in plain words, for who learns to program. */
import type { GuestError } from '../controller/outcome';
import { shownLine } from '../terminal/shown-text';
import { messageOf, placeOf, suggestionIn, toldBy } from './error-text';
import { moduleRules } from './explain-modules';
import { adviseOnSyntax } from './explain-syntax';
import { attributeRules, typeRules } from './explain-types';
import { valueRules } from './explain-values';
import { type Advice, type Explanation, firstAdvice, type Problem, type Rule } from './explanation';

export type { Explanation, Place } from './explanation';

const RULES: ReadonlyMap<string, readonly Rule[]> = new Map([
  ...Object.entries(valueRules),
  ['TypeError', typeRules],
  ['AttributeError', attributeRules],
  ['ModuleNotFoundError', moduleRules],
  ['ImportError', moduleRules],
]);

const SYNTAX: ReadonlySet<string> = new Set(['SyntaxError', 'IndentationError', 'TabError']);

const MOST_TEXT = 400;

/**
 * What an error means and what to do. `source`: what was run, for the line and the part of it that Python points at.
 * All text is bounded, and has nothing in it that acts on what is around; but for `place.text`, which is the program's.
 * Text between backquotes is code. Whatever the guest says of an error, this makes no claim against it: where Python
 * itself suggests something, that is the only advice.
 */
export function explainError(error: GuestError, source?: string): Explanation {
  const told = shownLine(toldBy(error), MOST_TEXT);
  const problem: Problem = {
    error,
    message: shownLine(messageOf(error), MOST_TEXT),
    place: placeOf(error, source),
  };
  const { title, meaning, tries } = adviceOn(problem);
  const suggestion = suggestionIn(told);
  return {
    title,
    told,
    meaning,
    tries: suggestion === undefined ? tries : [inWords(suggestion)],
    place: problem.place,
  };
}

function adviceOn(problem: Problem): Advice {
  const { type } = problem.error;
  if (SYNTAX.has(type)) return adviseOnSyntax(problem);
  return firstAdvice(RULES.get(type) ?? [], problem) ?? unknown(problem);
}

function unknown({ error, message }: Problem): Advice {
  const name = shownLine(error.type, 80);
  return {
    title: name === '' ? 'The program ended with an error' : `The program ended with ${name}`,
    meaning:
      message === ''
        ? 'Nothing caught it, so the program stopped at this line.'
        : `Python says: ${message}`,
    tries: ['Print the values of the marked line right before it.'],
  };
}

/** Python's suggestion as something to do. */
function inWords(suggestion: string): string {
  const both =
    /^Did you mean: '(.{1,100})'\? Or did you forget to import '(.{1,100})'\?$/.exec(suggestion) ??
    /^Did you mean: '(.{1,100})'\?$/.exec(suggestion);
  if (both !== null) {
    const [, name, module] = both;
    return `Python suggests: \`${name}\`${module === undefined ? '' : `, or \`import ${module}\` first`}.`;
  }
  const module = /^Did you forget to import '(.{1,100})'\?$/.exec(suggestion)?.[1];
  if (module !== undefined) return `Python suggests: \`import ${module}\` first.`;
  return `Python asks: ${suggestion.charAt(0).toUpperCase()}${suggestion.slice(1)}`;
}
