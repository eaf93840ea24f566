/** Programs to begin with. Each is loaded when it is asked for. */
export interface Example {
  /** Its file. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
}

export const WELCOME = 'welcome.py';

export const EXAMPLES: readonly Example[] = [
  { name: WELCOME, title: 'Primes', about: 'How the last digits of primes are spread' },
  { name: 'guess.py', title: 'Guess the number', about: 'A program that asks: input()' },
  { name: 'turtle_spiral.py', title: 'Turtle spiral', about: 'Drawing with turtle' },
  { name: 'bar_chart.py', title: 'Bar chart', about: 'Counting letters' },
  { name: 'sqlite_books.py', title: 'Books in SQLite', about: 'A database that stays' },
  { name: 'asyncio_cooks.py', title: 'Three cooks', about: 'Tasks side by side: asyncio' },
  { name: 'life.py', title: 'Game of Life', about: 'A glider on a torus' },
  { name: 'maze.py', title: 'Maze', about: 'Dug at random, solved by search' },
  { name: 'text_adventure.py', title: 'Adventure', about: 'match and input()' },
  { name: 'wrong.py', title: 'A mistake', about: 'How errors are shown' },
  { name: 'limits.py', title: 'Without end', about: 'Something to stop' },
];

const sources = import.meta.glob<string>('./examples/*.py', { query: '?raw', import: 'default' });

/** Throws for a name that is none of the examples'. */
export async function sourceOf(name: string): Promise<string> {
  const load = sources[`./examples/${name}`];
  if (load === undefined) throw new Error(`there is no example ${name}`);
  return load();
}
