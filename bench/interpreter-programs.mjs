/** Python programs that keep the interpreter itself busy, to compare guests by. */

/** Nearly nothing but what steps are counted for: no program loses more. */
export const extremes = {
  'empty loop': 'n = 0\nwhile n < 2_000_000: n += 1',
  'empty calls': 'def f(n): return n\nfor n in range(800_000): f(n)',
  'empty generator': 'def g():\n  for n in range(800_000): yield n\nfor n in g(): pass',
  recursion: 'def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(26)',
};

/** What programs do. */
export const programs = {
  floats: `
def a(i, j): return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)
u = [1.0] * 100
for n in range(12): u = [sum([a(i, j) * u[j] for j in range(100)]) / 50 for i in range(100)]`,
  objects: `
class V:
  def __init__(self, x, y): self.x, self.y = x, y
  def plus(self, other): return V(self.x + other.x, self.y + other.y)
v, w = V(0, 0), V(1, 2)
for n in range(100_000): v = v.plus(w)`,
  dictionaries: `
words = ('the quick brown fox jumps over the lazy dog ' * 4000).split()
for n in range(4):
  counts = {}
  for word in words: counts[word] = counts.get(word, 0) + len(word)`,
  lists: `
board = [[(x * y) % 7 for x in range(300)] for y in range(300)]
for n in range(4): board = [[value for value in column] for column in zip(*board)]
for n in range(2): sum(value * index for row in board for index, value in enumerate(row))`,
  sorting: `
import random
r = random.Random(1)
items = [(r.random(), str(n)) for n in range(40_000)]
for n in range(2): items.sort(key=lambda item: item[n])`,
  text: `
lines = [f'{n:05} {n * n} {"x" * (n % 50)}' for n in range(40_000)]
text = '\\n'.join(lines).upper()
sum(len(line.split()) + line.count('X') for line in text.splitlines())`,
  exceptions: `
def f(n):
  if n % 2: raise ValueError(n)
  return n
for n in range(100_000):
  try: f(n)
  except ValueError as error: n = error.args`,
  json: `
import json
data = [{'n': n, 'names': ['a', 'b', str(n)], 'at': {'x': n / 3}} for n in range(4000)]
for n in range(4): json.loads(json.dumps(data))`,
  'regular expressions': `
import re
text = 'name = value_1; other = 42 # comment\\n' * 4000
sum(len(match[1]) for match in re.finditer(r'(\\w+)\\s*=\\s*(\\w+)', text))`,
};

/**
 * The program as the body of `def main()`, so that its names are those of a function.
 * @param {string} source
 */
export function inFunction(source) {
  return `def main():\n ${source.replaceAll('\n', '\n ')}\n`;
}
