"""What a first program of anybody's may well do: so that none of it needs what is left out of the interpreter's module."""

import array
import asyncio
import base64  # noqa: F401
import bisect  # noqa: F401
import collections
import contextlib
import contextvars
import copy
import csv  # noqa: F401
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import gc
import hashlib
import heapq  # noqa: F401
import inspect
import io
import itertools
import json
import locale
import math
import operator
import os
import pathlib
import pprint
import random
import re
import shutil  # noqa: F401
import statistics
import string
import struct
import sys
import tempfile  # noqa: F401
import textwrap
import time
import traceback
import typing
import uuid  # noqa: F401
import warnings
import weakref


class Animal:
    kinds = []

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f'<{self.name}>'

    @property
    def loud(self):
        return self.name.upper()

    @classmethod
    def make(cls):
        return cls('cat')

    @staticmethod
    def nothing():
        return None


class Dog(Animal):
    def __eq__(self, other):
        return self.name == other.name

    def __hash__(self):
        return hash(self.name)

    def __len__(self):
        return len(self.name)

    def __getitem__(self, place):
        return self.name[place]

    def __contains__(self, letter):
        return letter in self.name


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: float = 2.0
    tags: list[str] = dataclasses.field(default_factory=list)


class Color(enum.Enum):
    RED = 1
    GREEN = 'green'


class Pair(typing.NamedTuple):
    one: int
    other: str


def texts():
    print(f'Hello, {"World"!r:>10} {3.14159:.2f} {255:#x} {1_000_000:,} {0.5:.1%} {-1.5e-7:e}', sep='', end='\n')
    'a,b,c'.split(','), '-'.join('abc'), 'abc'[::-1], 'Abc'.lower().title(), 'abc'.replace('a', 'b'), 'x'.center(5, '*')
    'abc'.find('c'), 'abc'.index('b'), ' a '.strip(), 'abc'.startswith('a'), 'abc'.endswith(('c', 'd')), 'a\nb'.splitlines()
    'é'.encode(), b'\xc3\xa9'.decode(), b'abc'.decode('latin-1'), b'abc'.decode('ascii'), 'x'.encode('utf-16'), 'ab'.count('a')
    'abc'.isalpha(), '12'.isdigit(), 'a b'.partition(' '), '7'.zfill(3), 'a'.ljust(3), 'a'.rjust(3), 'ß'.casefold(), 'Ab'.swapcase()
    'abc'.translate(str.maketrans('ab', 'xy')), '%s %d %.2f %r' % ('a', 1, 2.0, [1]), 'a {} {b:>4}'.format(1, b=2)
    b' ab '.lstrip(), b'b' in b'abc', b'a,b'.split(b','), bytearray(b'abc')[1:], bytes(3).hex(), bytes.fromhex('ff'), b'ab' * 2
    memoryview(b'abc')[1:] == b'bc', memoryview(bytearray(4))[:2].tobytes(), struct.pack('<IH', 1, 2), str(b'a', 'utf-8')
    string.ascii_letters + string.digits, textwrap.dedent('  a\n  b'), textwrap.fill('a b c ' * 30, 40), repr('\t"\'é\0')
    b'\xef\xbb\xbfa'.decode('utf-8-sig'), b'\x80'.decode('cp1252'), 'a\u2028b\u2003c\n'.splitlines(), str(b'a'), bytes.maketrans(b'a', b'b')
    re.findall(r'\d+', 'a1b22'), re.sub(r'(a)(b)?', r'\1', 'aab'), re.match(r'^\s*(?P<word>\w+)', ' abc').group('word')
    chr(97), ord('a'), hex(10), bin(5), oct(8), ascii('é'), 'abc' < 'abd', 'abc' == 'abc', hash('abc')


def numbers():
    divmod(7, 2), 2**100, -7 // 2, 7 % 3, 10 / 4, round(2.567, 1), round(7.5), abs(-3), pow(2, 5, 7), int('12', 3), float('1.5')
    0.1 + 0.2, 1e100, float('nan'), float('inf') > 1, complex(1, 2) * 2j + complex('3'),  (2.5).is_integer(), (255).to_bytes(2), int.from_bytes(b'ab')
    math.pi, math.sqrt(2), math.gcd(12, 18), math.factorial(20), math.floor(2.5), math.isclose(0.1 + 0.2, 0.3), math.log(8, 2)
    decimal.Decimal('1.10') + 1, str(decimal.Decimal(1) / 3), fractions.Fraction(1, 3) + 1, statistics.mean([1, 2, 4])
    random.seed(1), random.randint(1, 6), random.choice('abc'), random.shuffle([1, 2, 3]), random.sample(range(9), 3), random.gauss(0, 1)
    x = 5
    x += 1
    x -= 2
    x *= 7
    x <<= 2
    x |= 1
    x ^= 3
    x &= 255
    x //= 2
    x **= 2
    x %= 100
    x >>= 1
    x /= 3
    f = 0.5
    f += 1
    f //= 1
    return x, ~5, f, 1 < 2 < 3, not [], 3 and 4, 0 or 5, True + 1, 5 if x else 6, sum([0.5, 1]), min(1, 2), max([3, 4], key=lambda n: -n)


def collecting():
    code = texts.__code__
    squares = {n: n**2 for n in range(5)}
    repr((squares, set(squares), frozenset('a'), [...], range(3), b'', 1j, print, int, len, Animal, texts, math, lambda: 0))
    sorted(squares, key=lambda n: -n), list(squares.items()), squares.get(9), squares.pop(0), {**squares, 'a': 1} | {'b': 2}
    squares.setdefault(7, []), squares.update(a=1), 3 in squares, len(squares), list(reversed(squares)), dict([(1, 2)]), squares == {}
    numbers = [3, 1, 2]
    numbers.append(4), numbers.extend('ab'), numbers.insert(0, 5), numbers.pop(), numbers.remove('a'), numbers.sort(), numbers.reverse()
    numbers.index(5), numbers.count(1), numbers.copy(), numbers[1:-1], numbers + [1], numbers * 2, numbers < [9], 2 in numbers
    numbers[0:1] = [7, 8]
    del numbers[0], squares[1]
    a, *b = numbers
    {1, 2} & {2}, {1} | {2}, {1, 2} - {2}, {1} ^ {2}, {1} <= {1, 2}, {1, 2}.add(3), {1}.discard(1), (1,) + (2,), (1, 2).index(2)
    list(zip('ab', (1, 2), strict=True)), list(map(str, (1, 2))), list(filter(None, [0, 1])), list(enumerate('ab', 1)), any([0, 1]), all([])
    list(reversed([1, 2])), list(range(0, 10, 3)), [[0] * 3 for _ in range(3)], [(x, y) for x in 'ab' for y in 'cd' if x != y], next(iter('a'))
    repr((collections.Counter('hello').most_common(2), collections.defaultdict(list), collections.deque([1]), collections.OrderedDict(a=1)))
    counts = collections.defaultdict(int)
    counts['a'] += 1
    queue = collections.deque([1, 2], maxlen=3)
    queue.append(3), queue.popleft(), queue.appendleft(0), queue.rotate(1), [*queue], len(queue)
    list(itertools.permutations('abc')), list(itertools.combinations('abc', 2)), list(itertools.product('ab', repeat=2)), [*itertools.chain('a', 'b')]
    list(itertools.islice(itertools.count(), 3)), [*itertools.accumulate([1, 2])], [*itertools.batched('abc', 2)], [*code.co_lines()], [(k, [*g]) for k, g in itertools.groupby('aab')]
    functools.reduce(operator.add, [1, 2]), functools.partial(int, base=2)('11'), functools.lru_cache(abs)(1), [*map(operator.itemgetter(0), ['a'])]
    copy.deepcopy({'a': [1, (2, [3])]}), copy.copy([1]), pprint.pformat({'a': list(range(40))}), json.dumps(json.loads('{"a": [1, 2.5, null, true, "é"]}'), indent=2)


def objects():
    dog = Dog('rex')
    dog.age = 3
    print(dog, dog.loud, Dog.make(), Dog.nothing(), isinstance(dog, Animal), issubclass(Dog, Animal), dog == Dog('rex'), {dog}, file=io.StringIO())
    len(dog), dog[0], 'r' in dog, bool(dog), dir(dog), vars(dog), getattr(dog, 'age'), hasattr(dog, 'z'), callable(dog), type(dog).__name__, id(dog)
    setattr(dog, 'age', 4), delattr(dog, 'age'), super(Dog, dog).__repr__(), Dog.__mro__, dog.__class__, repr(Dog.make), repr(dog.__repr__)
    sorted([Point(2), Point(1)]), repr(Point(1)), dataclasses.asdict(Point(1)), dataclasses.replace(Point(1), x=2), Color.RED, Color('green').name, [*Color]
    Pair(1, 'a')._replace(one=2).one, inspect.signature(numbers), inspect.getdoc(str)
    datetime.date(2026, 1, 2) + datetime.timedelta(days=1), repr(datetime.datetime(2026, 1, 2, 3)), str(datetime.datetime.now()), time.time(), time.strftime('%Y')
    datetime.datetime(2026, 1, 2).strftime('%A %d'), datetime.datetime.fromisoformat('2026-01-02'), time.perf_counter(), datetime.date.today().weekday()
    str(datetime.date(2026, 1, 2)), datetime.datetime(2026, 1, 2).isoformat(), str(datetime.timedelta(1, 2)), hashlib.sha1(b'a').hexdigest()
    hashlib.sha256(b'a').hexdigest(), hashlib.md5(b'a').digest(), sys.version_info[:2], sys.getsizeof([]), sys.getrecursionlimit(), sys.maxsize


def flows():
    def generate():
        got = yield 1
        yield from range(3)
        return got

    def fail(depth):
        if depth:
            return fail(depth - 1)
        raise KeyError('nothing')

    generator = generate()
    next(generator), generator.send(5), list(generator), generator.close()
    for place, value in enumerate('abc'):
        if place == 1:
            continue
        while value:
            break
        else:
            pass
    match (1, {'a': [2, 3]}):
        case (0, _):
            pass
        case (int(n), {'a': [x, *rest]}) if n:
            del rest
        case Point(x=1) | None:
            pass
    try:
        try:
            fail(5)
        except KeyError as error:
            raise ValueError('outer') from error
    except ValueError as error:
        traceback.format_exc(), str(error), error.args, error.__traceback__.tb_lineno, error.with_traceback(None), error.add_note('a note'), error.__cause__
    finally:
        pass
    for source in 'def f(:', '1 / 0', '[][1]', '{}[1]', 'unknown', 'None.x', 'int("x")', 'open("/nowhere")', 'import nothing', 'assert 0, 1', '"a" + 1', 'f(1, 2)', 'x = (', '  a\n b', 'import json; json.nothing', 'from json import nothing':
        try:
            exec(compile(source, '<program>', 'exec'), {'f': lambda: 0})
        except Exception as error:
            ''.join(traceback.format_exception(error))
            with contextlib.redirect_stderr(io.StringIO()):
                sys.excepthook(type(error), error, error.__traceback__)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter('always')
        compile('0 is None', '<program>', 'exec'), warnings.warn('a warning')
    try:
        sys.exit(3)
    except SystemExit as end:
        end.code
    exec(compile('6 * 7\nx = [i for i in "ab"]', '<prompt>', 'exec'), {'__name__': '__main__'})
    eval('[*map(str, range(3))]', {'x': 1}), globals(), locals()


async def waiting():
    async def part(n):
        await asyncio.sleep(0)
        return n

    async def several():
        for n in range(2):
            yield n

    task = asyncio.create_task(part(1))
    await asyncio.gather(part(2), part(3))
    async for _ in several():
        pass
    async with asyncio.timeout(10):
        return await task, [n async for n in several()]


def files():
    path = pathlib.Path('/tmp/usual/notes.txt')
    path.parent.mkdir(exist_ok=True)
    with open(path, 'w+', encoding='utf-8') as notes:
        print('a line', 2, 3.5, None, sep=', ', file=notes)
        notes.write('another é\n' * 3), notes.writelines(['x\n']), notes.flush(), notes.seek(0), notes.tell()
        for line in notes:
            line.rstrip().split(', ')
    path.read_text('utf-8'), path.read_bytes(), path.stat().st_size, path.exists(), path.suffix, path.with_suffix('.csv').name, [*path.parent.iterdir()]
    with open(path, encoding='utf-8') as notes:
        notes.readline(), notes.readlines(), notes.read()
    with open(path, 'rb') as notes:
        notes.read(4), notes.readline()
    os.listdir('/tmp'), os.getcwd(), os.path.join('a', 'b'), os.path.getsize(path), os.environ.get('HOME'), os.path.basename('a/b'), os.chdir('/tmp')
    table = io.StringIO()
    csv.writer(table).writerows([['a', 1], ['b', 'c,d']])
    list(csv.DictReader(io.StringIO(table.getvalue())))
    os.rename(path, f'{path}.old'), os.remove(f'{path}.old'), os.rmdir(path.parent)


def prompting():
    """As a prompt does it."""
    for line in '6 * 7', 'none = type(None)()', 'print 1':
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SyntaxError):
            exec(compile(line, '<prompt>', 'single'), {'__name__': '__main__'})


def keeping():
    """What the collector comes by."""
    letters, pairs, grown = iter('abc'), itertools.pairwise('abc'), array.array('i', [1])
    cells, failed, context = weakref.WeakValueDictionary(), [], contextvars.ContextVar('usual')
    context.set(operator.attrgetter('a.b')), letters.__length_hint__(), list(letters), locale.getencoding()
    try:
        {}[0]
    except KeyError as error:
        failed.append(error)
    numbers_left = iter(grown)
    gc.collect()
    return numbers_left, pairs, grown, cells, failed


def use_all():
    for part in texts, numbers, collecting, objects, flows, files, prompting, keeping:
        part()
    asyncio.run(waiting())
