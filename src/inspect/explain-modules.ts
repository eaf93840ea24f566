/** Modules that are not there: what a sandbox lacks, and what to take instead. */
import type { Advice, Rule } from './explanation';

const NO_PACKAGES =
  'It is a package of its own, not a part of Python, and packages can not be installed here.';

/** Well-known packages that are no part of Python, and what Python itself has for the same. */
const PACKAGES: ReadonlyMap<string, string | undefined> = new Map([
  ['numpy', 'Lists, `math`, `statistics` and `array` go a long way.'],
  ['pandas', '`csv` reads tables, `sqlite3` asks questions of them.'],
  ['scipy', '`math`, `cmath` and `statistics` have some of it.'],
  ['sympy', '`fractions` and `decimal` compute exactly.'],
  ['matplotlib', undefined],
  ['seaborn', undefined],
  ['plotly', undefined],
  ['pygame', '`turtle` draws.'],
  ['PIL', undefined],
  ['cv2', undefined],
  ['sklearn', undefined],
  ['torch', undefined],
  ['tensorflow', undefined],
  ['requests', '`urllib.request` and `http.client` reach what this page allows.'],
  ['httpx', '`urllib.request` and `http.client` reach what this page allows.'],
  ['aiohttp', '`urllib.request` and `http.client` reach what this page allows.'],
  ['bs4', '`html.parser` reads HTML.'],
  ['lxml', '`xml.etree.ElementTree` reads XML.'],
  ['yaml', '`json` and `tomllib` read data files.'],
  ['flask', undefined],
  ['django', undefined],
  ['pytest', '`unittest` and `doctest` test programs.'],
  ['pip', undefined],
  ['setuptools', undefined],
]);

/** Parts of Python that need what a sandbox has not: windows, the machine's own libraries, other processes. */
const LACKING: ReadonlyMap<string, string> = new Map([
  ['_tkinter', 'There are no windows here.'],
  ['idlelib', 'There are no windows here.'],
  ['curses', 'There is no terminal screen to paint on.'],
  ['_curses', 'There is no terminal screen to paint on.'],
  ['ctypes', "The machine's own libraries can not be reached from here."],
  ['_ctypes', "The machine's own libraries can not be reached from here."],
  ['ssl', 'Connections are made by the page, if it allows any.'],
  ['_ssl', 'Connections are made by the page, if it allows any.'],
  ['fcntl', 'This is not the machine itself.'],
  ['pwd', 'This is not the machine itself.'],
  ['grp', 'This is not the machine itself.'],
  ['resource', 'This is not the machine itself.'],
  ['_multiprocessing', 'A program here is one process.'],
  ['_posixsubprocess', 'A program here is one process.'],
  ['winreg', 'This is not the machine itself.'],
  ['msvcrt', 'This is not the machine itself.'],
  ['winsound', 'This is not the machine itself.'],
]);

/** Those that beginners import; for names that are nearly one of them. */
const COMMON = (
  'argparse array asyncio base64 bisect calendar cmath collections colorsys copy csv dataclasses datetime decimal ' +
  'difflib enum fractions functools glob hashlib heapq html io itertools json keyword math operator os pathlib ' +
  'pickle pprint random re secrets shutil sqlite3 statistics string struct sys textwrap time timeit tomllib turtle ' +
  'types typing unicodedata unittest uuid zipfile zoneinfo'
).split(' ');

export const moduleRules: readonly Rule[] = [
  {
    message: /^No module named '([^'\n]{1,100})'/,
    advise: (found) => missingModule(found(1)),
  },
  {
    message: /^cannot import name '(.{1,80}?)' from (?:partially initialized module )?'(.{1,80}?)'/,
    advise: (found, { message }) =>
      message.includes('circular import')
        ? {
            title: `${found(2)} is not finished yet`,
            meaning: `${found(2)} imports the module that imports it: when this line ran, ${found(1)} was not there yet.`,
            tries: [
              'Move what both need into a third module.',
              `Is your own file called ${found(2)}.py? Give it another name.`,
            ],
          }
        : {
            title: `${found(2)} has no ${found(1)}`,
            meaning: `The module ${found(2)} is there, but holds nothing of that name.`,
            tries: [
              `Look for a typing mistake in \`${found(1)}\`.`,
              `See what it has: \`dir(${found(2)})\`.`,
            ],
          },
  },
];

function missingModule(name: string): Advice {
  const top = name.split('.')[0] ?? name;
  const lacking = LACKING.get(top);
  if (lacking !== undefined) {
    return {
      title: `${top} does not work here`,
      meaning: `${lacking} The program runs in a sandbox within a web page.`,
      tries: [],
    };
  }
  if (PACKAGES.has(top)) {
    const instead = PACKAGES.get(top);
    return {
      title: `${top} is not here`,
      meaning: NO_PACKAGES,
      tries: instead === undefined ? ['Look for a way with what Python has itself.'] : [instead],
    };
  }
  const nearly = COMMON.find((common) => isNearly(top, common));
  const own = `Is it a file of yours? It has to lie beside the program and be called ${top}.py.`;
  return {
    title: `There is no module ${name}`,
    meaning: 'Python looked among its own modules and your files, and found none of that name.',
    tries:
      nearly === undefined
        ? [own, 'Packages can not be installed here.']
        : [`Perhaps you mean \`${nearly}\`.`, own],
  };
}

/** The same but for capitals or one letter that is missing, added, changed or swapped with its neighbour. */
function isNearly(given: string, common: string): boolean {
  const name = given.toLowerCase();
  if (name === common) return true;
  if (common.length < 3 || Math.abs(name.length - common.length) > 1) return false;
  let same = 0;
  while (same < name.length && name[same] === common[same]) same++;
  const [rest, wanted] = [name.slice(same), common.slice(same)];
  return (
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    rest.slice(1) === wanted.slice(1) ||
    (rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2))
  );
}
