/** `npm run test:images` runs this with many more programs. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';

const PROGRAMS = Number(process.env.GLOVEBOX_IMAGE_PROGRAMS ?? 25);

/** What the statements work on, anew for each program. */
const PRELUDE = `
import asyncio, collections, datetime, decimal, hashlib, heapq, io, itertools, json, random, re, sqlite3
def count(start):
    n = start
    while True:
        got = yield n
        n = n + 1 if got is None else got % 97
def nested(depth):
    if depth: yield from nested(depth - 1)
    yield depth
class Thing:
    made = 0
    def __init__(self, value): self.value, self.old = value, []; Thing.made += 1
    def step(self, by): self.old.append(self.value); self.value = (self.value * 31 + by) % 1009; return self.value
    def __repr__(self): return f'{type(self).__name__}({self.value}, {self.old[-5:]})'
Base, Thing.made = Thing, 0
async def later(value, pause):
    await asyncio.sleep(pause)
    done.append(value)
    return value
a, b, s, xs, d, seen, done = 1, 2, 'start', [3, 1, 2], {}, set(), []
g, things, heap, ring = count(5), [Thing(7)], [], collections.deque(range(5), 9)
rng, hasher, buffer, total = random.Random(4), hashlib.sha256(), io.StringIO(), decimal.Decimal(1)
file = open('/home/program.txt', 'w+')
db = sqlite3.connect('/home/program.db')
db.execute('drop table if exists t'); db.execute('create table t (n, text)'); db.commit()
next(g)
loop, tasks = asyncio.new_event_loop(), []
add = lambda x, k=1: x + k
it = iter(())
`;

const number = fc.integer({ min: -50, max: 1000 });
const small = fc.integer({ min: 1, max: 9 });

/** Each can follow any other. */
const statement: fc.Arbitrary<string> = fc.oneof(
  number.map((k) => `a = (a * 31 + b + ${k}) % 10007`),
  number.map((k) => `b = add(a, ${k})`),
  small.map((k) => `add = lambda x, k=${k}, inner=add: inner(x) % 5003 + k`),
  number.map((k) => `xs.append(${k}); xs.sort(key=lambda x: x % 11)`),
  fc.constant('b = xs.pop(0) if xs else b'),
  number.map((k) => `d[str(a % 13)] = d.get(str(a % 13), ${k}) + 1`),
  fc.constant('s = (s + json.dumps(d, sort_keys=True))[-80:]'),
  fc.constant('b = next(g)'),
  small.map((k) => `b = g.send(${k})`),
  small.map((k) => `it = itertools.chain(it, nested(${k}))`),
  fc.constant('a += next(it, 3)'),
  small.map((k) => `xs.extend(itertools.islice(g, ${k})); del xs[:-30]`),
  number.map((k) => `a = things[-1].step(${k})`),
  small.map(
    (k) => `Thing = type('Thing${k}', (Base,), {}); things.append(Thing(a)); del things[:-5]`,
  ),
  number.map((k) => `seen.add((a % 19, ${k} % 5)); b = len(seen)`),
  number.map((k) => `heapq.heappush(heap, (a + ${k}) % 101); b = heap[0]; del heap[40:]`),
  small.map((k) => `ring.rotate(${k}); ring.append(a)`),
  fc.constant('a = rng.randrange(1000); rng.shuffle(xs)'),
  number.map((k) => `hasher.update(str(a + ${k}).encode()); s = hasher.hexdigest()[:20]`),
  small.map((k) => `total = (total * ${k} + a) / 7 % 1000`),
  fc.constant('buffer.write(s[:7]); b = buffer.tell()'),
  number.map((k) => `file.write(f'{a} ${k};')`),
  small.map((k) => `file.seek(${k}); s = file.read(9); file.seek(0, 2)`),
  fc.constant('file.flush(); b = file.tell()'),
  number.map((k) => `db.execute('insert into t values (?, ?)', (a, ${JSON.stringify(String(k))}))`),
  fc.constant("b = db.execute('select count(*), sum(n) from t').fetchone()[0]"),
  fc.constantFrom('db.commit()', 'db.rollback()'),
  small.map((k) => `tasks.append(loop.create_task(later(${k}, ${k} / 10000)))`),
  fc.constant('loop.run_until_complete(asyncio.sleep(0))'),
  fc.constant('while tasks: loop.run_until_complete(tasks.pop())'),
  number.map(
    (k) => `try:\n    xs[${k} + 900]\nexcept IndexError as error:\n    s += type(error).__name__`,
  ),
  number.map((k) => `try:\n    a //= (a + ${k}) % 3\nexcept ZeroDivisionError:\n    a = 1`),
  fc.constant("s = re.sub(r'(\\d)(\\w)', r'\\2\\1', s)"),
  fc.constant('print(a, b, s, xs[-3:])'),
);

const FINISH = `
while tasks: loop.run_until_complete(tasks.pop())
file.seek(0)
print([a, b, s, xs, d, sorted(seen), sorted(done), next(g), things, heap, list(ring), rng.random(), Thing.made,
       hasher.hexdigest(), total, buffer.getvalue(), file.read(), list(db.execute('select * from t')), list(it)])
file.close(); db.close(); loop.close()
`;

async function printed(python: OpenedSandbox, statements: readonly string[]): Promise<string> {
  return python.printed(statements.join('\n'));
}

it('a program that goes on elsewhere in its middle ends as if it had not', {
  timeout: 60_000 + PROGRAMS * 2000,
}, async ({ open, restore }) => {
  const [whole, first] = [await open(), await open()];
  const property = fc.asyncProperty(
    fc.array(statement, { minLength: 2, maxLength: 30 }),
    fc.nat(),
    fc.boolean(),
    async (statements, where, asFile) => {
      const cut = where % (statements.length + 1);
      const expected = await printed(whole, [PRELUDE, ...statements, FINISH]);
      const before = await printed(first, [PRELUDE, ...statements.slice(0, cut)]);
      const image = await first.sandbox.snapshot();
      const second = await restore(asFile ? await image.encode() : image);
      const after = await printed(second, [...statements.slice(cut), FINISH]);
      second.sandbox.dispose();
      expect(before + after).toBe(expected);
      await first.printed('file.close(); db.close(); loop.close()');
    },
  );
  await fc.assert(property, { numRuns: PROGRAMS });
});
