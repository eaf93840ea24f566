/** What the kinds of values have to do with: TypeError and AttributeError. */
import type { Rule } from './explanation';

const KINDS: ReadonlyMap<string, string> = new Map([
  ['str', 'a text (str)'],
  ['int', 'a whole number (int)'],
  ['float', 'a number (float)'],
  ['bool', 'True or False (bool)'],
  ['list', 'a list'],
  ['dict', 'a dictionary (dict)'],
  ['tuple', 'a tuple'],
  ['set', 'a set'],
  ['NoneType', 'None'],
  ['function', 'a function'],
  ['builtin_function_or_method', 'a function'],
  ['method', 'a method'],
  ['type', 'a class'],
  ['range', 'a range'],
]);

/** `'str'` of Python's as `a text (str)`. */
function kind(name: string): string {
  return KINDS.get(name) ?? `a value of type ${name}`;
}

const NOTHING_MEANING =
  'None means: there is no value. A function that does not return anything gives None, and so do methods that change a list in its place, as sort() and append().';

export const typeRules: readonly Rule[] = [
  {
    message:
      /^(.{1,80}?)\(\) missing (\d{1,3}) required (?:positional|keyword-only) arguments?: (.{1,200})$/,
    advise: (found) => ({
      title: `${found(1)}() was given too little`,
      meaning: `The function ${found(1)} needs ${found(2) === '1' ? 'one more value' : `${found(2)} more values`}: ${found(3)}.`,
      tries: ['Put what is missing between the brackets, divided by commas.'],
    }),
  },
  {
    message:
      /^(.{1,80}?)\(\) takes (.{1,60}?) positional arguments? but (\d{1,6}) (?:was|were) given/,
    advise: (found) => ({
      title: `${found(1)}() was given too much`,
      meaning: `The function ${found(1)} takes ${found(2)} value${found(2) === '1' ? '' : 's'}, and was given ${found(3)}.${
        found(1).includes('.')
          ? ' A method is given its object as the first one, which `def` has to name: self.'
          : ''
      }`,
      tries: found(1).includes('.')
        ? ['In the class, begin the brackets of `def` with `self`.', 'Or give it less.']
        : ['Give it less, or let its `def` take more.'],
    }),
  },
  {
    message: /^(.{1,80}?)\(\) got an unexpected keyword argument '(.{1,80}?)'/,
    advise: (found) => ({
      title: `${found(1)}() knows no ${found(2)}`,
      meaning: `The function ${found(1)} has no parameter of the name ${found(2)}.`,
      tries: ['Look at the names between the brackets of its `def`.'],
    }),
  },
  {
    message: /^can only concatenate (\w{1,40}) \(not "(.{1,80}?)"\) to/,
    advise: (found) => ({
      title: `${capital(kind(found(1)))} and ${kind(found(2))} don't add up`,
      meaning: `+ joins two of the same kind. Here one is ${kind(found(1))} and the other ${kind(found(2))}.`,
      tries:
        found(1) === 'str'
          ? [
              'Make it text first: `str(x)`.',
              'Or let an f-string do that: `f"You have {x} points"`.',
            ]
          : [`Make it ${kind(found(1))} first, or add what is of that kind.`],
    }),
  },
  {
    message: /^unsupported operand type\(s\) for (.{1,12}?): '(.{1,80}?)' and '(.{1,80}?)'/,
    advise: (found) => {
      const [left, right] = [found(2), found(3)];
      if (left === 'NoneType' || right === 'NoneType') {
        return {
          title: `One side of ${found(1)} is None`,
          meaning: NOTHING_MEANING,
          tries: ['Look where the value comes from: does that function `return` it?'],
        };
      }
      const hasText = left === 'str' || right === 'str';
      return {
        title: `${found(1)} does not go with these two`,
        meaning: `On the left is ${kind(left)}, on the right ${kind(right)}.`,
        tries: hasText
          ? [
              'Make a number of the text: `int(x)` or `float(x)`.',
              'Or make text of the number: `str(x)`. What `input()` gives is always text.',
            ]
          : ['Print both before this line, to see what they are.'],
      };
    },
  },
  {
    message: /^'(.{1,80}?)' not supported between instances of '(.{1,80}?)' and '(.{1,80}?)'/,
    advise: (found) => ({
      title: 'These two can not be compared',
      meaning: `${found(1)} was asked of ${kind(found(2))} and ${kind(found(3))}: neither is smaller or larger.`,
      tries: [
        'Make both the same kind: `int(x)` for a number, `str(x)` for text. What `input()` gives is always text.',
      ],
    }),
  },
  {
    message: /^can't multiply sequence by non-int of type '(.{1,80}?)'/,
    advise: (found) => ({
      title: 'Text or a list times something odd',
      meaning: `"ab" * 3 is "ababab"; but times ${kind(found(1))} means nothing.`,
      tries: ['Make a number of it: `int(x)`. What `input()` gives is always text.'],
    }),
  },
  {
    message: /^'NoneType' object (?:is not (?:callable|iterable|subscriptable)|does not support)/,
    advise: () => ({
      title: 'There is no value here: it is None',
      meaning: NOTHING_MEANING,
      tries: ['Look where the value comes from: does that function `return` it?'],
    }),
  },
  {
    message: /^'(.{1,80}?)' object is not callable/,
    advise: (found) => ({
      title: 'This is not a function',
      meaning: `Brackets after a name call a function, but here the name stands for ${kind(found(1))}.`,
      tries: [
        'To take an item, use square brackets: `items[0]`.',
        'To multiply, write `*`.',
        'Did you use the name of a function, as `list` or `max`, for a value of your own? Take another name.',
      ],
    }),
  },
  {
    message: /^'(.{1,80}?)' object is not (iterable|subscriptable)/,
    advise: (found) => ({
      title:
        found(2) === 'iterable'
          ? 'There is nothing to go through'
          : 'There is nothing to take out of it',
      meaning: `It is ${kind(found(1))}, which holds no items.`,
      tries:
        found(1) === 'int' && found(2) === 'iterable'
          ? ['To count, write `range(x)`: `for i in range(5):`.']
          : ['Print it before this line, to see what it is.'],
    }),
  },
  {
    message: /^cannot unpack non-iterable (.{1,80}?) object/,
    advise: (found) => ({
      title: 'One value for several names',
      meaning: `On the left stand several names, on the right only ${kind(found(1))}.`,
      tries: [
        'Give as many values as there are names.',
        'A function that should give two has to `return a, b`.',
      ],
    }),
  },
  {
    message: /^(.{1,40}?) indices must be integers(?: or slices)?, not '?(.{1,80}?)'?$/,
    advise: (found) => ({
      title: 'A place has to be a whole number',
      meaning: `In square brackets stands which item you want, counted from 0. Here it is ${kind(found(2))}.`,
      tries:
        found(2) === 'str'
          ? [
              'Make a number of it: `int(x)`.',
              'To find things by name, use a dictionary: `{"a": 1}`.',
            ]
          : ['Use a whole number; `//` divides without a remainder.'],
    }),
  },
  {
    message: /^unhashable type: '(.{1,80}?)'/,
    advise: (found) => ({
      title: `${capital(kind(found(1)))} can't be a key`,
      meaning:
        'Keys of a dictionary and members of a set may not change; a list, a dictionary and a set can.',
      tries: ['Use a tuple in its place: `(1, 2)`, or `tuple(x)`.'],
    }),
  },
  {
    message: /^'(str|tuple|range|bytes)' object does not support item (assignment|deletion)/,
    advise: (found) => ({
      title: `${capital(kind(found(1)))} can't be changed`,
      meaning: 'Once it is made, it stays as it is.',
      tries: ['Make a new one, or make a list of it first: `list(x)`.'],
    }),
  },
  {
    message: /^object of type '(.{1,80}?)' has no len\(\)/,
    advise: (found) => ({
      title: 'It has no length',
      meaning: `len() counts items or characters, but this is ${kind(found(1))}.`,
      tries:
        found(1) === 'int'
          ? ['For the number of its digits: `len(str(x))`.']
          : ['Print it, to see what it is.'],
    }),
  },
];

export const attributeRules: readonly Rule[] = [
  {
    message: /^'NoneType' object has no attribute '(.{1,80}?)'/,
    advise: (found) => ({
      title: `There is no value to take .${found(1)} of: it is None`,
      meaning: NOTHING_MEANING,
      tries: ['Look where the value comes from: does that function `return` it?'],
    }),
  },
  {
    message: /^module '(.{1,80}?)' has no attribute '(.{1,80}?)'/,
    advise: (found) => ({
      title: `${found(1)} has no ${found(2)}`,
      meaning: `The module ${found(1)} holds nothing of that name.`,
      tries: [
        `Look at what it has: \`dir(${found(1)})\`.`,
        `Is a file of yours called ${found(1)}.py? Then it was imported: give it another name.`,
      ],
    }),
  },
  {
    message: /^(?:type object )?'(.{1,80}?)' (?:object )?has no attribute '(.{1,80}?)'/,
    advise: (found) => ({
      title: `No .${found(2)} here`,
      meaning: `It is ${kind(found(1))}, and that has nothing called ${found(2)}.`,
      tries: [
        `Look for a typing mistake in \`${found(2)}\`.`,
        'Print it before this line: is it what you think?',
      ],
    }),
  },
];

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
