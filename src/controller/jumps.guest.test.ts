/** The interpreter's comparisons take the jumps behind them (`wasm/cpython/patches/0011-*`): as CPython itself goes. */
import { describe, expect } from 'vitest';
import { guestIt as it } from '../testing/guest-test';

/** Each with values for which it holds, and for which it does not. */
const CONDITIONS = [
  ['integers', 'a < b', '(1, 2)', '(2, 1)'],
  ['large integers', 'a >= b', '(2**80, 5)', '(5, 2**80)'],
  ['floats', 'a <= b', '(0.5, 0.5)', "(0.5, float('nan'))"],
  ['texts', 'a == b', "('ab', 'a' + 'b')", "('ab', 'ac')"],
  ['texts that differ', 'a != b', "('ab', 'ac')", "('ab', 'ab')"],
  ['lists', 'a == b', '([1], [1])', '([1], [2])'],
  ['what compares to no bool', 'a == b', '(Odd(1), 0)', '(Odd(0), 0)'],
  ['identities', 'a is b', '(int, int)', '(int, str)'],
  ['other identities', 'a is not b', '(int, str)', '(int, int)'],
  ['sets', 'a in b', '(1, {1, 2})', '(3, {1, 2})'],
  ['dictionaries', 'a not in b', '(3, {1: 2})', '(1, {1: 2})'],
  ['texts within texts', 'a in b', "('a', 'ab')", "('c', 'ab')"],
  ['bools', 'a', '(True, 0)', '(False, 0)'],
  ['whether an integer is one', 'a', '(5, 0)', '(0, 0)'],
  ['whether a list has anything', 'a', '([0], 0)', '([], 0)'],
  ['whether a text has anything', 'a', "('a', 0)", "('', 0)"],
  ['whether there is one at all', 'a', '(int, 0)', '(None, 0)'],
  ['whether an object says so', 'a', '(Odd(1), 0)', '(Odd(0), 0)'],
  ['whether it is none', 'a is None', '(None, 0)', '(0, 0)'],
] as const;

/** `FAR` is more than a jump reaches without an extended argument. */
const PROGRAM = `
import sys

class Odd:
    def __init__(self, value):
        self.value = value
    def __eq__(self, other):
        return [self.value] * self.value
    def __bool__(self):
        return bool(self.value)

SHAPES = '''
def decide(a, b):
    way = []
    if CONDITION:
        way.append(1)
    if not (CONDITION):
        way.append(2)
    while CONDITION:
        way.append(3)
        break
    way.append(4 if CONDITION else 5)
    way.append(6 if CONDITION and not (CONDITION) or CONDITION else 7)
    if CONDITION:
        way.append(8)
        FAR
    if not (CONDITION):
        way.append(9)
        FAR
    return way
'''.replace('FAR', 'b = b; ' * 300)

def decider(condition):
    names = {}
    exec(compile(SHAPES.replace('CONDITION', condition), '<shapes>', 'exec'), names)
    return names['decide']

def lines(decide, values):
    seen = []
    def trace(frame, event, argument):
        if frame.f_code is decide.__code__:
            seen.append((event, frame.f_lineno))
            return trace
    sys.settrace(trace)
    way = decide(*values)
    sys.settrace(None)
    return way, seen

def branches(decide, values):
    monitoring, seen = sys.monitoring, []
    monitoring.use_tool_id(4, 'test')
    monitoring.register_callback(4, monitoring.events.BRANCH, lambda code, *places: seen.append(places))
    monitoring.set_local_events(4, decide.__code__, monitoring.events.BRANCH)
    way = decide(*values)
    monitoring.set_local_events(4, decide.__code__, 0)
    monitoring.free_tool_id(4)
    return way, seen

def follow(condition, right, wrong):
    """The ways that were gone, and whether watching sees the same before and after a function runs in its special form."""
    decide = decider(condition)
    fresh = [watch(decide, values) for watch in (lines, branches) for values in (right, wrong)]
    ways = [[decide(*right), decide(*wrong)] for _ in range(100)]
    later = [watch(decide, values) for watch in (lines, branches) for values in (right, wrong)]
    return ways, fresh == later, [way for way, _ in later], [len(seen) for _, seen in later]
`;

const RIGHT = [1, 3, 4, 6, 8];
const WRONG = [2, 5, 7, 9];

describe('a jump behind what decides it', () => {
  it.for(CONDITIONS)('goes the right way: %s', async ([, condition, right, wrong], { shared }) => {
    await shared.run(PROGRAM);
    const call = `follow(${JSON.stringify(condition)}, ${right}, ${wrong})`;
    const found = await shared.sandbox.evaluate(call);
    const [ways, same, watched, seen] = found as [number[][][], boolean, number[][], number[]];
    expect(ways).toEqual(Array(100).fill([RIGHT, WRONG]));
    expect(same).toBe(true);
    expect(watched).toEqual([RIGHT, WRONG, RIGHT, WRONG]);
    for (const events of seen) expect(events).toBeGreaterThan(6);
  });

  it('does not hide what a condition raises, nor where', async ({ shared }) => {
    await shared.run(`
class Failing:
    def __bool__(self):
        raise ValueError('no bool')
    def __lt__(self, other):
        raise ValueError('no order')
    def __contains__(self, other):
        raise ValueError('no content')

def fail(kind, value):
    found = 0
    if kind == 1:
        if value: found = 1
    if kind == 2:
        if value < 1: found = 1
    if kind == 3:
        if 1 in value: found = 1
    return found

def told(kind):
    for value in [1, 0.5, '', [], {1}, {}, None] * 20:
        try:
            fail(kind, value)
        except TypeError:
            pass
    try:
        fail(kind, Failing())
    except ValueError as error:
        return [str(error), error.__traceback__.tb_next.tb_lineno - fail.__code__.co_firstlineno]
`);
    expect(await shared.sandbox.evaluate('[told(kind) for kind in (1, 2, 3)]')).toEqual([
      ['no bool', 3],
      ['no order', 5],
      ['no content', 7],
    ]);
  });
});
