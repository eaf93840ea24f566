/** What Python can't read: SyntaxError, IndentationError, TabError. */
import { type Advice, firstAdvice, type Problem, type Rule } from './explanation';

const HEAD = 'if|elif|else|for|while|def|class|try|except|finally|with|match|case';

const rules: readonly Rule[] = [
  {
    message: /^expected ':'/,
    advise: (_, problem) => elseIf(problem) ?? missingColon,
  },
  {
    message: /^'(.)' was never closed/,
    advise: (found) => ({
      title: `The ${found(1)} is never closed`,
      meaning: `Each ${found(1)} needs its ${closing(found(1))}. Python read on to the end of the program and did not find it.`,
      tries: [`Put a \`${closing(found(1))}\` where what begins with this \`${found(1)}\` ends.`],
    }),
  },
  {
    message: /^closing parenthesis '(.)' does not match opening parenthesis '(.)'/,
    advise: (found) => ({
      title: 'The brackets do not match',
      meaning: `What was opened with ${found(2)} is closed with ${found(1)}.`,
      tries: [
        `Close it with \`${closing(found(2))}\`, or look for a bracket that is missing before.`,
      ],
    }),
  },
  {
    message: /^unmatched '(.)'/,
    advise: (found) => ({
      title: `A ${found(1)} too many`,
      meaning: `This ${found(1)} closes something that was never opened.`,
      tries: [`Take the \`${found(1)}\` away, or put in the bracket that should open before it.`],
    }),
  },
  {
    message: /^unterminated (triple-quoted )?(?:f-)?string literal/,
    advise: (found) => ({
      title: 'The text has no closing quote',
      meaning:
        found(1) === ''
          ? 'A text begins with a quote and has to end with the same one, on the same line.'
          : 'A text that begins with three quotes has to end with three quotes.',
      tries: [
        found(1) === ''
          ? 'Put the same quote at the end of the text.'
          : 'Put three quotes at the end.',
        'A `\'` inside a text needs `"` around the text: `"it\'s"`.',
      ],
    }),
  },
  {
    message: /Maybe you meant '==' or ':=' instead of '='\?$/,
    advise: () => ({
      title: 'One = where two belong',
      meaning:
        'A single = gives a name a value. To ask whether two values are equal, Python has ==.',
      tries: ['Write `==` to compare.'],
    }),
  },
  {
    message: /^cannot assign to (.{1,60}?)(?: here)?(?:\. |$)/,
    advise: (found, { message }) => ({
      title: 'This can not be given a value',
      meaning: `What stands on the left of = has to be a name or a place; here it is ${article(found(1))}.`,
      tries: message.includes("'=='")
        ? ['To compare, write `==`.', 'To give a value, the name comes first: `x = 3`.']
        : ['The name comes first: `x = 3`.'],
    }),
  },
  {
    message: /^Missing parentheses in call to '(\w{1,40})'/,
    advise: (found) => ({
      title: `${found(1)} needs brackets`,
      meaning: `${found(1)} is a function: what it is to work on stands in brackets. (Old Python 2 did without.)`,
      tries: [`Write \`${found(1)}(…)\`.`],
    }),
  },
  {
    message: /Perhaps you forgot a comma\?$/,
    advise: () => ({
      title: 'Something is missing between two values',
      meaning:
        'Two values stand side by side. Values in a list, or given to a function, are divided by commas.',
      tries: ['Put a `,` between them; or an operator, as `+`, if that is what you mean.'],
    }),
  },
  {
    message: /^invalid (?:non-printable )?character (?:'(.{1,2})' )?\(?U\+([0-9A-F]{4,6})/,
    advise: (found) => ({
      title: 'A character that Python does not read',
      meaning: `${found(1) === '' ? 'An invisible character' : found(1)} (U+${found(2)}) means nothing in a program. It often comes with text copied from a web page or a document.`,
      tries: ['Type it anew: plain quotes `"` or `\'`, a plain minus `-`, plain spaces.'],
    }),
  },
  {
    message: /^'(return|yield|await|async with|async for)' outside (?:async )?function/,
    advise: (found) => ({
      title: `${found(1)} stands outside of a function`,
      meaning: `${found(1)} belongs into a function.`,
      tries: ['Move the line into the function; the spaces before it tell where it belongs.'],
    }),
  },
  {
    message: /^'(break|continue)' (?:outside|not properly in) loop/,
    advise: (found) => ({
      title: `${found(1)} stands outside of a loop`,
      meaning: `${found(1)} works only within for or while.`,
      tries: ['Move the line into the loop; the spaces before it tell where it belongs.'],
    }),
  },
  {
    message: /^f-string: /,
    advise: () => ({
      title: 'The f-string is not complete',
      meaning: 'In an f-string each { needs its }, with a value between them.',
      tries: ['Close each `{` with `}`. For a brace as text write it twice: `{{`.'],
    }),
  },
  { message: /^invalid syntax$/, advise: (_, problem) => guessFromLine(problem) },
];

const missingColon: Advice = {
  title: 'A colon is missing',
  meaning: 'A line that begins a block (if, for, while, def, class …) ends with a colon.',
  tries: ['Put a `:` at the marked place.'],
};

function elseIf({ place }: Problem): Advice | undefined {
  if (place === undefined || !/^\s*(?:else\s+if|elseif|elsif)\b/.test(place.text)) return undefined;
  return {
    title: 'Python writes elif',
    meaning: 'For "else if" Python has one word of its own.',
    tries: ['Write `elif` and the condition.'],
  };
}

/** What Python has no words for of its own. */
function guessFromLine(problem: Problem): Advice {
  const text = problem.place?.text ?? '';
  const otherwise = elseIf(problem);
  if (otherwise !== undefined) return otherwise;
  if (/&&|\|\|/.test(text)) {
    return {
      title: 'Python uses words here',
      meaning: 'What other languages write && and ||, Python writes and, or.',
      tries: ['Write `and`, `or`, `not`.'],
    };
  }
  if (/\+\+|--\s*$/.test(text)) {
    return {
      title: 'Python has no ++',
      meaning: 'A number is not made larger by ++ or smaller by --.',
      tries: ['Write `x += 1` or `x -= 1`.'],
    };
  }
  const keyword =
    /^\s*(class|def|for|from|if|import|in|is|lambda|not|or|and|pass|with|while)\s*=/.exec(
      text,
    )?.[1];
  if (keyword !== undefined) {
    return {
      title: `${keyword} can't be a name`,
      meaning: `${keyword} is a word of the language itself.`,
      tries: [`Take another name, such as \`${keyword}_\`.`],
    };
  }
  if (new RegExp(`^\\s*(?:${HEAD})\\b[^:#]*$`).test(text)) return missingColon;
  return {
    title: 'Python does not understand this line',
    meaning:
      'Something here is not as Python wants it. Often the mistake is right before the marked place.',
    tries: [
      'Look for a missing bracket, quote, comma or operator.',
      'Compare the line with an example that works.',
    ],
  };
}

const indentation: readonly Rule[] = [
  {
    message: /^expected an indented block after (.{1,80}?) on line (\d{1,9})/,
    advise: (found) => ({
      title: 'The block is empty',
      meaning: `After ${found(1)} on line ${found(2)} Python expects lines that are moved to the right: they belong to it.`,
      tries: ['Begin the line with four spaces.', 'If there is nothing to do yet, write `pass`.'],
    }),
  },
  {
    message: /^unexpected indent/,
    advise: () => ({
      title: 'Too far to the right',
      meaning:
        'The line begins with more spaces than the one before it, and nothing began a block there.',
      tries: [
        'Take away the spaces before it.',
        'Or end the line before it with `:`, if it should begin a block.',
      ],
    }),
  },
  {
    message: /^unindent does not match/,
    advise: () => ({
      title: 'The spaces do not line up',
      meaning: 'The line goes back to the left, but not to where any block before it began.',
      tries: ['Give it exactly the spaces of the block that it belongs to.'],
    }),
  },
  {
    message: /tabs and spaces/,
    advise: () => ({
      title: 'Tabs and spaces are mixed',
      meaning: 'They may look the same, but Python can not compare them.',
      tries: ['Use four spaces everywhere.'],
    }),
  },
];

export function adviseOnSyntax(problem: Problem): Advice {
  const kind = problem.error.type === 'SyntaxError' ? rules : indentation;
  return (
    firstAdvice(kind, problem) ?? {
      title: 'Python does not understand this line',
      meaning: 'It is not built as Python wants it, so that nothing of the program was run.',
      tries: ['Look closely at the marked place and at what is right before it.'],
    }
  );
}

function closing(opening: string): string {
  return { '(': ')', '[': ']', '{': '}' }[opening] ?? opening;
}

function article(what: string): string {
  if (/^(?:True|False|None|an? |the )/.test(what)) return what;
  return `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`;
}
