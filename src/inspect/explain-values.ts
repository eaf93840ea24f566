/** What a running program meets: names, values, places in a list, and the limits of the sandbox. */
import type { Rule } from './explanation';

const anything = /^/;

export const valueRules: Readonly<Record<string, readonly Rule[]>> = {
  NameError: [
    {
      message: /^name '([^'\n]{1,100})' is not defined/,
      advise: (found) => ({
        title: `Python does not know ${found(1)}`,
        meaning: `When this line ran, nothing had the name ${found(1)} yet.`,
        tries: [
          'Look for a typing mistake: small and capital letters are different.',
          `Give it a value before: \`${found(1)} = …\`. The line with that has to run first.`,
          `If it is meant as text, put quotes around it: \`"${found(1)}"\`.`,
        ],
      }),
    },
    {
      message: /^cannot access free variable '([^'\n]{1,100})'/,
      advise: (found) => ({
        title: `${found(1)} has no value yet`,
        meaning: `The function around this one had not given ${found(1)} a value when this line ran.`,
        tries: ['Give it a value first.'],
      }),
    },
  ],
  UnboundLocalError: [
    {
      message: /^cannot access local variable '([^'\n]{1,100})'/,
      advise: (found) => ({
        title: `${found(1)} has no value in this function yet`,
        meaning: `The function gives ${found(1)} a value somewhere, which makes it a name of its own: a variable outside of it with the same name is not seen.`,
        tries: [
          `Give it a value at the beginning of the function, or pass it in between the brackets of \`def\`.`,
          `To change the variable outside, begin the function with \`global ${found(1)}\`.`,
        ],
      }),
    },
  ],
  ValueError: [
    {
      message: /^invalid literal for int\(\) with base (\d{1,3}): (.{1,200})/,
      advise: (found) => ({
        title: 'This text is no whole number',
        meaning: `int() was given ${found(2)}, which is not written as a whole number.`,
        tries: /^'\s*[+-]?\d*[.,]\d*\s*'$/.test(found(2))
          ? ['For numbers with a point use `float(x)`.']
          : ['Check what was typed: `if x.isdigit():`.', 'Print the text before this line.'],
      }),
    },
    {
      message: /^could not convert string to float: (.{1,200})/,
      advise: (found) => ({
        title: 'This text is no number',
        meaning: `float() was given ${found(1)}, which is not written as a number.`,
        tries: found(1).includes(',')
          ? ['Write a point, not a comma: `3.5`.']
          : ['Print the text before this line.'],
      }),
    },
    {
      message: /^too many values to unpack \(expected (\d{1,9})/,
      advise: (found) => ({
        title: 'More values than names',
        meaning: `On the left are ${found(1)} names, but there are more values than that.`,
        tries: [
          'Put as many names on the left as there are values.',
          'Or let one take the rest: `first, *rest = values`.',
        ],
      }),
    },
    {
      message: /^not enough values to unpack \(expected (?:at least )?(\d{1,9}), got (\d{1,9})\)/,
      advise: (found) => ({
        title: 'Fewer values than names',
        meaning: `On the left are ${found(1)} names, but there ${found(2) === '1' ? 'is only 1 value' : `are only ${found(2)} values`}.`,
        tries: ['Print what is on the right, to see what it holds.'],
      }),
    },
    {
      message:
        /^(?:list\.remove\(x\): x not in list|substring not found|.{1,80} is not in (?:list|tuple|deque|range))/,
      advise: () => ({
        title: 'It is not in there',
        meaning: 'What was looked for was not found.',
        tries: ['Ask first: `if x in items:`.'],
      }),
    },
    {
      message: /math domain error|^expected a (?:nonnegative|positive) input/,
      advise: () => ({
        title: 'This number can not be used here',
        meaning: 'There is no result for it: no root of a negative number, no logarithm of 0.',
        tries: ['Check the number first: `if x >= 0:`.'],
      }),
    },
    {
      message: anything,
      advise: () => ({
        title: 'The value does not fit',
        meaning: 'It is of the right kind, but this function can not do anything with it.',
        tries: ['Print the value before this line, to see what it is.'],
      }),
    },
  ],
  IndexError: [
    {
      message: /^pop from (?:an )?empty/,
      advise: () => ({
        title: 'It is empty',
        meaning: 'There is nothing left to take out.',
        tries: ['Ask first: `if items:`.'],
      }),
    },
    {
      message: anything,
      advise: () => ({
        title: 'There is no item at that place',
        meaning: 'Places are counted from 0: a list of 3 items has the places 0, 1 and 2.',
        tries: [
          'The last item is `items[-1]`, the number of items `len(items)`.',
          'To go through all of them: `for item in items:`.',
        ],
      }),
    },
  ],
  KeyError: [
    {
      message: /^(.{1,200})/,
      advise: (found) => ({
        title: 'The key is not there',
        meaning: `Nothing is filed under ${found(1)} in this dictionary.`,
        tries: [
          'Look for a typing mistake: small and capital letters are different, and `1` is not `"1"`.',
          `Ask first: \`if key in d:\`, or take a value for when it is missing: \`d.get(key, 0)\`.`,
        ],
      }),
    },
  ],
  ZeroDivisionError: [
    {
      message: anything,
      advise: () => ({
        title: 'Divided by zero',
        meaning: 'The number on the right is 0, and nothing can be divided by that.',
        tries: ['Ask first: `if x != 0:`.', 'Print the number before: why is it 0?'],
      }),
    },
  ],
  RecursionError: [
    {
      message: anything,
      advise: () => ({
        title: 'A function called itself without end',
        meaning: 'Each call waits for the next one, until there is no room for more.',
        tries: [
          'Let the function end without calling itself in the simplest case: `if n == 0: return …`.',
          'Each call has to come nearer to that case.',
        ],
      }),
    },
  ],
  MemoryError: [
    {
      message: anything,
      advise: () => ({
        title: 'The memory is used up',
        meaning: 'The program wanted to keep more than this page gives it.',
        tries: [
          'Look for a list or a text that grows in a loop without end.',
          'Go through things one after another, and keep only what you need.',
        ],
      }),
    },
  ],
  TimeLimitExceeded: [
    {
      message: anything,
      advise: () => ({
        title: 'Stopped at a limit',
        meaning: 'The program took more time, or did more, than this page allows in one run.',
        tries: [
          'Look for a loop that never ends: does what `while` asks ever become false?',
          'Try it with less first.',
        ],
      }),
    },
  ],
  KeyboardInterrupt: [
    {
      message: anything,
      advise: () => ({
        title: 'You stopped the program',
        meaning: 'It was at this line. The variables are still there.',
        tries: [],
      }),
    },
  ],
  EOFError: [
    {
      message: anything,
      advise: () => ({
        title: 'Nothing was typed',
        meaning: 'input() waited for a line, and its end came instead.',
        tries: ['Run it again and type a line.'],
      }),
    },
  ],
  FileNotFoundError: [
    {
      message: /: (.{1,300})$/,
      advise: (found) => ({
        title: 'There is no such file',
        meaning: `Nothing called ${found(1)} is where Python looked. The program sees only the files of this page, not those of your computer.`,
        tries: [
          'Look for a typing mistake.',
          'See what is there: `import os; print(os.listdir())`.',
        ],
      }),
    },
  ],
  AssertionError: [
    {
      message: anything,
      advise: () => ({
        title: 'What assert claims is not so',
        meaning: 'assert checks that something is true. Here it was false.',
        tries: ['Print the values of the line, to see which one is not as you think.'],
      }),
    },
  ],
};
