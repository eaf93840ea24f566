/** What the guest's side of the codec carries, refuses and stands. */
import { describe, expect } from 'vitest';
import { marshal } from '../capability/marshal';
import { GuestDate, GuestRecord, type GuestValue } from '../capability/value';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';

/** A bytes literal of Python's. */
function literal(bytes: Uint8Array): string {
  return `bytes.fromhex("${Buffer.from(bytes).toString('hex')}")`;
}

const given = (value: GuestValue): string =>
  `__import__("_glovebox").loads(${literal(marshal(value))})`;

const IMPORTS = `
import collections, copy, dataclasses, datetime, enum, gc, pickle, typing
from _glovebox import Handle, dumps, loads, set_kind, take_released
from glovebox import Record
`;

/** What `refusal(function)` shows is what it raised. */
const REFUSAL = `
def refusal(function):
    try: function()
    except Exception as error: return f'{type(error).__name__}: {error}'
    return 'nothing'
`;

const HANDLES = `${IMPORTS}${REFUSAL}
class Sword(Handle): __slots__ = ()
set_kind(7, Sword)
def message(number, kind=7): return b'H' + number.to_bytes(8, 'little') + kind.to_bytes(4, 'little')
def released():
    taken = take_released()
    return [(int.from_bytes(taken[at:at + 8], 'little'), int.from_bytes(taken[at + 8:at + 12], 'little'))
            for at in range(0, len(taken), 12)]
sword = loads(message(2**63 + 5))
`;

async function prepared(python: OpenedSandbox, source: string): Promise<OpenedSandbox> {
  await python.printed(source);
  return python;
}

describe('a value of Python', () => {
  const SOURCE = `${IMPORTS}
class Number(enum.IntEnum): SEVEN = 7
class Word(enum.StrEnum): YES = 'yes'
class Text(str):
    def __str__(self): return 'a lie'
class Items(list):
    def __iter__(self): raise RuntimeError('never asked')
    def __len__(self): return 99
Pair = collections.namedtuple('Pair', 'left right')
@dataclasses.dataclass
class Point:
    x: int
    y: int = 2
    dimensions: typing.ClassVar[int] = 2
    scale: dataclasses.InitVar[int] = 1
    @property
    def far(self): return False
@dataclasses.dataclass(slots=True, frozen=True)
class Small:
    only: object
UTC = datetime.UTC
east = datetime.timezone(datetime.timedelta(hours=2))
`;

  it.for<[string, GuestValue]>([
    ['datetime.datetime(1970, 1, 1, 2, tzinfo=east)', new Date(0)],
    ['datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)', new GuestDate(-1, 999)],
    ['datetime.datetime.min.replace(tzinfo=UTC)', new Date('0001-01-01T00:00:00Z')],
    [
      'datetime.datetime.max.replace(tzinfo=UTC)',
      new GuestDate(Date.parse('9999-12-31T23:59:59.999Z'), 999),
    ],
    ['Point(1)', new GuestRecord('Point', { x: 1, y: 2 })],
    [
      'Small([Small(None)])',
      new GuestRecord('Small', { only: [new GuestRecord('Small', { only: null })] }),
    ],
    ['Record("Any thing", x=1)', new GuestRecord('Any thing', { x: 1 })],
    [
      'Record("", **{"__dict__": 1, "not a name": 2})',
      new GuestRecord('', { __dict__: 1, 'not a name': 2 }),
    ],
    ['bytearray(b"ab")', Uint8Array.of(97, 98)],
    ['memoryview(b"abcdef")[::-2]', Uint8Array.of(102, 100, 98)],
    ['[Number.SEVEN, Word.YES, Text("true"), Items([1])]', [7, 'yes', 'true', [1]]],
    ['[Pair(1, 2), collections.Counter("aa")]', [[1, 2], new Map([['a', 2]])]],
    ['2**999_990 - 1', 2n ** 999_990n - 1n],
    ['{(1, frozenset({2})): 3}', new Map([[[1, new Set([2])], 3]])],
    ['-0.0', -0],
  ])('%s', async ([expression, value], { shared }) => {
    const python = await prepared(shared, SOURCE);
    expect(await python.sandbox.evaluate(expression)).toEqual(value);
  });

  it('imports nothing to be carried that needs nothing', async ({ open }) => {
    // An interpreter that is started, not woken: the base image has imported these two.
    const python = await open({ env: { PYTHONHASHSEED: '1' } });
    await python.printed(
      'import _glovebox\n_glovebox.loads(_glovebox.dumps([{1: (2.5, "x", {b""})}]))',
    );
    expect(
      await python.sandbox.evaluate(
        '[name in __import__("sys").modules for name in ("datetime", "dataclasses")]',
      ),
    ).toEqual([false, false]);
  });
});

describe('a value of the page', () => {
  it.for<[string, GuestValue, string]>([
    [
      'a Date',
      new Date(-1),
      'datetime.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.timezone.utc)',
    ],
    ['a record', new GuestRecord('Point', { x: 1, 'not a name': [] }), 'Point(x=1, not a name=[])'],
    ['an object', { a: [1, 1.5, -0], b: null }, "{'a': [1, 1.5, -0.0], 'b': None}"],
    ['a key that is an Array', new Map([[[1, [2]], 'x']]), "{(1, (2,)): 'x'}"],
    ['a Set of Sets', new Set([new Set([1])]), '{frozenset({1})}'],
    ['a Set of records', new Set([new GuestRecord('R', { x: [1] })]), '{R(x=(1,))}'],
    ['bigints', [2n ** 64n, 5n, -(2n ** 31n)], '[18446744073709551616, 5, -2147483648]'],
    ['text', 'a\0é\u{1f40d}\ud800', "'a\\x00é\u{1f40d}\\ud800'"],
  ])('%s', async ([_title, value, shown], { shared }) => {
    expect(await shared.sandbox.evaluate(`repr(${given(value)})`)).toBe(shown);
  });

  it('that is a record has its fields as attributes, and can be matched, compared and hashed, not changed', async ({
    open,
  }) => {
    const python = await prepared(
      await open(),
      `${IMPORTS}${REFUSAL}\npoint = ${given(new GuestRecord('Point', { x: 1, y: [2] }))}
match point:
    case Record('Size'): found = None
    case Record('Point', x=found): pass
`,
    );
    const facts = {
      '[point.x, point.y, found]': [1, [2], 1],
      'point == Record("Point", y=[2], x=1)': true,
      'point == Record("Size", y=[2], x=1)': false,
      'hash(Record("A", x=1, y=2)) == hash(Record("A", y=2, x=1))': true,
      'refusal(lambda: hash(point))': "TypeError: unhashable type: 'list'",
      'refusal(lambda: setattr(point, "x", 2))': "AttributeError: a record can not be changed: 'x'",
      'copy.deepcopy(point) == point == pickle.loads(pickle.dumps(point))': true,
      'repr(copy.replace(point, x=7))': 'Point(x=7, y=[2])',
    };
    for (const [expression, value] of Object.entries(facts)) {
      expect(await python.sandbox.evaluate(expression), expression).toEqual(value);
    }
  });
});

describe('what can not be carried out of the guest', () => {
  const SOURCE = `${IMPORTS}${REFUSAL}
@dataclasses.dataclass
class Point:
    x: object
class Trap:
    """A dataclass whose attribute is a piece of program."""
    def __init__(self, act): self.act = act
    @property
    def x(self): return self.act()
Trap.__dataclass_fields__ = Point.__dataclass_fields__
class Colour(enum.Enum): RED = 1
class Lost(datetime.tzinfo):
    def utcoffset(self, when): return datetime.timedelta(days=3)
class Loud(datetime.tzinfo):
    def utcoffset(self, when): raise LookupError('nowhere')
loop = []; loop.append({'again': loop})
deep = []
for _ in range(101): deep = [deep]
items, table, group = [], {}, set()
items += [Trap(items.clear), 1]
grown = []; grown += [Trap(lambda: grown.append(1))]
table.update({1: Trap(table.clear), 2: 3})
group |= {Trap(group.clear), 2}
def fail(): raise LookupError('of the program')
def shown(value): return refusal(lambda: dumps(value))
`;
  const refusals = {
    'object()': "TypeError: a value of type 'object' can't be carried",
    Point: "TypeError: a value of type 'type' can't be carried",
    "[1, 2, 3, {'x': print}]":
      "TypeError: list[3]['x']: a value of type 'builtin_function_or_method' can't be carried",
    'Point([Point({2: Point(1j)})])':
      "TypeError: Point.x[0].x[2].x: a value of type 'complex' can't be carried",
    '{(1, Colour.RED): 1}': "TypeError: dict.<key>[1]: a value of type 'Colour' can't be carried",
    '{frozenset([...])}':
      "TypeError: set.<member>.<member>: a value of type 'ellipsis' can't be carried",
    loop: "ValueError: list[0]['again'][0]['again'][0] ... [0]['again'][0]['again'][0]: nested more than 100 deep, or a cycle",
    deep: 'ValueError: list[0][0][0][0][0] ... [0][0][0][0][0]: nested more than 100 deep, or a cycle',
    '2**999_990': "ValueError: an int of more than 999990 bits can't be carried",
    '[None] * 1_000_000':
      'ValueError: list[999999]: more than the 1000000 values that can be carried at once',
    'bytes(2**26 + 1)': 'ValueError: more than the 67108864 bytes that can be carried at once',
    'datetime.datetime(2000, 1, 1)': "ValueError: a datetime without a time zone can't be carried",
    'datetime.datetime.max.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-1)))':
      'ValueError: a datetime outside of the years 1 to 9999 in UTC',
    'datetime.date(2000, 1, 1)': "TypeError: a value of type 'datetime.date' can't be carried",
    'datetime.datetime(2000, 1, 1, tzinfo=Loud())': 'LookupError: nowhere',
    items: 'ValueError: a list that changed while it was carried',
    grown: 'ValueError: a list that changed while it was carried',
    table: 'ValueError: a dict that changed while it was carried',
    group: 'ValueError: a set that changed while it was carried',
    'Trap(fail)': 'LookupError: of the program',
    'Record.__new__(Record)':
      "AttributeError: 'glovebox.Record' object has no attribute '__record_name__'",
  };

  it('is refused by an exception that says what and where', async ({ open }) => {
    const python = await prepared(await open({ limits: { heapBytes: 512 * 2 ** 20 } }), SOURCE);
    for (const [expression, message] of Object.entries(refusals)) {
      expect(await python.sandbox.evaluate(`shown(${expression})`), expression).toBe(message);
    }
    expect(
      await python.sandbox.evaluate('shown(datetime.datetime(2000, 1, 1, tzinfo=Lost()))'),
    ).toMatch(/^ValueError/);
  });

  it('is so at the limit that a caller gives', async ({ open }) => {
    const python = await prepared(await open(), SOURCE);
    expect(await python.sandbox.evaluate('len(dumps(b"x" * 95, 100))')).toBe(100);
    expect(await python.sandbox.evaluate('refusal(lambda: dumps(b"x" * 96, 100))')).toMatch(
      /100 bytes/,
    );
    expect(await python.sandbox.evaluate('refusal(lambda: dumps("é" * 50, 100))')).toMatch(
      /100 bytes/,
    );
    expect(await python.sandbox.evaluate('refusal(lambda: dumps(None, -1))')).toMatch(/bytes/);
  });
});

describe('a handle', () => {
  it('is the same object as long as there is one, of the class of its kind', async ({ open }) => {
    const python = await prepared(await open(), HANDLES);
    const facts = {
      'type(sword) is Sword': true,
      'type(loads(message(1, 99))) is Handle': true,
      'loads(message(2**63 + 5)) is sword': true,
      'dumps([sword]) == b"[" + (1).to_bytes(4, "little") + message(2**63 + 5)': true,
      '{sword: 1}[loads(message(2**63 + 5))]': 1,
    };
    for (const [expression, value] of Object.entries(facts)) {
      expect(await python.sandbox.evaluate(expression), expression).toEqual(value);
    }
  });

  it.for([
    'Sword()',
    'Handle()',
    'object.__new__(Sword)',
    'object.__new__(Handle)',
    'Handle.__new__(Sword)',
    'type("Mine", (Handle,), {"__new__": lambda cls: object.__new__(cls)})()',
    'type("Mine", (Handle, list), {})',
    'type("Mine", (Handle, Record), {})("x")',
    'copy.copy(sword)',
    'copy.deepcopy(sword)',
    'copy.replace(sword)',
    'pickle.dumps(sword)',
    'pickle.dumps(sword, 0)',
    'object.__reduce_ex__(sword, 2)',
    'object.__reduce_ex__(sword, 0)',
    'object.__reduce__(sword)',
    '__import__("copyreg").__newobj__(Sword)',
    '__import__("copyreg")._reconstructor(Sword, object, None)',
    'pickle.loads(b"c__main__\\nSword\\n)\\x81.")',
    'sword.id',
    'sword.kind',
    'vars(sword)',
    'setattr(sword, "id", 1)',
    'setattr(Handle, "id", 1)',
    'setattr(sword, "__class__", Record)',
    'setattr(sword, "__class__", Handle)',
    'set_kind(7, int)',
    'set_kind(-1, Sword)',
    'memoryview(sword)',
    'bytes(sword)',
  ])('can not be made, copied or read by %s', async (expression, { shared }) => {
    const python = await prepared(shared, HANDLES);
    expect(await python.sandbox.evaluate(`refusal(lambda: ${expression})`)).toMatch(
      /^(TypeError|AttributeError|UnpicklingError|OverflowError|PicklingError)/,
    );
  });

  it('says its number to nobody when it is shown, and keeps it whatever class it is given', async ({
    open,
  }) => {
    const python = await prepared(await open(), HANDLES);
    await python.printed(`
class Shield(Handle): __slots__ = ()
sword.__class__ = Shield
`);
    expect(await python.sandbox.evaluate('dumps(sword) == message(2**63 + 5)')).toBe(true);
    expect(await python.sandbox.evaluate('str(2**63 + 5) in repr(sword) + str(dir(sword))')).toBe(
      false,
    );
  });

  it('that is let go is told of, with how often it had come', async ({ open }) => {
    const python = await prepared(await open(), HANDLES);
    await python.printed('loads(message(2**63 + 5)); del sword; other = loads(message(8))');
    expect(await python.sandbox.evaluate('released()')).toEqual([[2n ** 63n + 5n, 2]]);
    expect(await python.sandbox.evaluate('released()')).toEqual([]);
  });

  it('in a ring of garbage, or revived while it dies, is told of once', async ({ open }) => {
    const python = await prepared(await open(), HANDLES);
    await python.printed(`
class Loose(Handle):
    def __del__(self): kept.append(self)
class Late:
    """Asks for the handle that it is an attribute of, while that one is torn down."""
    def __del__(self): kept.append(loads(message(9, 6)))
class Plain(Handle): pass
set_kind(5, Loose); set_kind(6, Plain)
kept = []
ring = loads(message(4, 5)); ring.me = ring; del ring; gc.collect()
assert [dumps(one) for one in kept] == [message(4, 5)] and released() == []
kept[0].me = None; kept.clear()
assert released() == [(4, 1)], released()
last = loads(message(9, 6)); last.late = Late(); del last
assert dumps(kept[0]) == message(9, 6) and loads(message(9, 6)) is kept[0]
assert released() == [(9, 1)]
kept.clear()
assert released() == [(9, 2)]
`);
  });

  it('is one of 100,000 that come and go in any order', async ({ open }) => {
    const python = await prepared(await open(), HANDLES);
    await python.printed(`
import random
dice, live, sent, gone = random.Random(3), {}, {}, {}
for step in range(100_000):
    number = dice.randrange(3000) * 64
    if dice.random() < 0.6:
        live[number] = loads(message(number)); sent[number] = sent.get(number, 0) + 1
    else:
        live.pop(number, None)
    if step % 10_000 == 0:
        assert all(loads(message(number)) is handle for number, handle in live.items())
        for number in live: sent[number] += 1
live.clear()
for number, times in released(): gone[number] = gone.get(number, 0) + times
assert gone == sent
`);
  });

  it('of an image goes on in the guest that the image becomes', async ({ open, restore }) => {
    const python = await prepared(await open(), HANDLES);
    const twin = await restore(await python.sandbox.snapshot());
    expect(await twin.sandbox.evaluate('dumps(sword) == message(2**63 + 5)')).toBe(true);
    expect(await twin.sandbox.evaluate('loads(message(2**63 + 5)) is sword')).toBe(true);
  });
});
