"""What programs do all day, a little of everything. CPython is compiled after how often it does what here: its own
tests are about its corners, and by them alone a multiplication of very large numbers would be the most usual thing, and
one of two floats would not. And an engine that has seen it has made its better code for what programs need.
"""

import bisect
import collections
import functools
import heapq
import itertools
import json
import math
import random
import re
import string
import struct
import time


class Base:
    __slots__ = ('name', 'count')

    def __init__(self, name, count=0):
        self.name = name
        self.count = count

    def step(self, by=1):
        self.count += by
        return self

    @property
    def double(self):
        return self.count * 2

    @staticmethod
    def fixed(number):
        return number + 1

    @classmethod
    def make(cls, name):
        return cls(name)

    def __lt__(self, other):
        return self.count < other.count


class Derived(Base):
    __slots__ = ()

    def step(self, by=1):
        return super().step(by + 1)

    def __call__(self, *numbers, **named):
        return sum(numbers) + len(named)

    def __add__(self, other):
        return Derived(self.name, self.count + other.count)


class Open:
    kind = 'open'

    def __init__(self, value):
        self.value = value
        self.items = []
        self.next = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return True

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __getitem__(self, index):
        return self.items[index]

    def __len__(self):
        return len(self.items)


class Leaf(Open):
    def weight(self):
        return self.value + 1


class Branch(Open):
    def weight(self):
        total = self.value
        for item in self.items:
            total += item.weight()
        return total


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def named(a, b=2, *more, c=3, **rest):
    return a + b + c + len(more) + len(rest)


def counter(start):
    count = start

    def step():
        nonlocal count
        count += 1
        return count

    return step


def calls():
    one = Derived('one')
    add = lambda x, y=1: x + y
    step = counter(3)
    for i in range(100):
        one.step(i)
        one.step(by=i).double
        one(i, 2, z=3)
        named(i, *(1, 2), d=4)
        named(*(1, 2, 3), **{'e': 5})
        add(i), add(i, 2), step()
        one + one
        Base.fixed(i), Derived.make('x')
        Open(i).items.append(i)
        isinstance(one, Base), getattr(one, 'name'), hasattr(one, 'none')
    list(map(add, range(50))), list(filter(None, range(50)))
    return fib(11)


def objects():
    root = Branch(0)
    for i in range(12):
        branch = Branch(i)
        branch.items.extend(Leaf(j) for j in range(12))
        branch.next = root.items[-1] if root.items else None
        root.items.append(branch)
    total = root.weight() + len(root) + root[3].value
    node = root.items[-1]
    while node is not None:
        node.value += total & 7
        node.kind = node.value
        node = node.next
    ring = Open(1)
    ring.next = Open(ring)
    ring.next.next = ring
    return total


def whole_numbers():
    y, big = 1, 1
    bits = 0
    for i in range(1, 200):
        y = (y * 31 + i ^ y >> 3) & 0xFFFFF
        if i < 40:
            big = big * i + y
        y = -y if i < y <= 99 else abs(~y)
        bits |= 1 << (i % 60)
        if y % 3 == 0 and not y & 1 or i == 7:
            bits ^= y // 3
        min(y, i), max(i, 3), divmod(y, 7), pow(y, 5, 97)
    primes = bytearray([1]) * 400
    for i in range(2, 20):
        if primes[i]:
            primes[i * i :: i] = bytes(len(range(i * i, 400, i)))
    return str(big), hex(y), bits.bit_count(), sum(primes), big // 7919 % 10**12, math.gcd(big, y)


class Gauge:
    """A reading and how far off it may be, which grows with every step."""

    def __init__(self, reading, error=0.0):
        self.reading = reading
        self.error = error

    def __rmul__(self, scale):
        return Gauge(scale * self.reading, abs(scale) * self.error)

    def __radd__(self, start):
        return Gauge(start + self.reading, self.error)

    def __lt__(self, limit):
        return self.reading + self.error < limit

    def __float__(self):
        return self.reading

    def settle(self, other):
        weight = other.error / (self.error + other.error)
        self.reading += (other.reading - self.reading) * (1.0 - weight)
        self.error = math.hypot(self.error, other.error) * 0.5


def fractions():
    gauge = Gauge(20.5, 0.25)
    for i in range(60):
        second = i % 7 * 0.1 + 0.9 * Gauge(20.0 + i / 9.0, 0.125)
        if second < 24.5:
            gauge.settle(second)
    rows = [[(i * j + 1) / 3.0 for j in range(8)] for i in range(8)]
    columns = list(zip(*rows))
    product = [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in rows]
    x = 0.5
    for i in range(150):
        x = x * 1.01 + i / 3 - x ** 2 % 2
        if x > 1e6 or x < -1e6:
            x = 0.25
        rows[i % 8][i % 7] -= x * 0.5
        y = -x
        z = math.sin(x) * math.cos(y) + abs(y)
    return round(x, 2), int(z), float('1.5') + x, repr(x), f'{x:.3f}', product[3][4], x == y, round(float(gauge), 3)


def lists():
    numbers = [i * 7 % 31 for i in range(200)]
    grid = [[0] * 16 for _ in range(16)]
    pairs = list(zip(numbers, reversed(numbers)))
    for i, (a, b) in enumerate(pairs):
        grid[i % 16][a % 16] += b
        numbers[i] ^= numbers[-1 - i]
        first, *rest = a, b, i
    for y in range(1, 15):
        row, above = grid[y], grid[y - 1]
        for x in range(1, 15):
            if row[x] > above[x - 1] and row[x - 1] != above[x]:
                row[x], row[x - 1] = row[x - 1], row[x]
    numbers.sort()
    sorted(pairs, key=lambda pair: (pair[1], -pair[0]))
    sorted((Base('b', n) for n in numbers[:40]), reverse=True)
    sorted(map(str, numbers)), sorted(x / 2 for x in numbers)
    bisect.insort(numbers, 17)
    heap = []
    for n in numbers[:60]:
        heapq.heappush(heap, -n)
    while heap:
        heapq.heappop(heap)
    permuted = numbers[:8]
    for _ in range(30):
        permuted[:4] = permuted[3::-1]
        permuted.insert(0, permuted.pop())
        permuted.index(permuted[5]), permuted.count(3), permuted.copy()
    while numbers:
        numbers.pop()
        numbers[1:3] = []
    tuple(pairs)[::2], [*permuted, *rest], list(itertools.permutations((1, 2, 3, 4)))
    queue = collections.deque(range(20))
    for _ in range(60):
        queue.append(queue.popleft())
    return sum(map(len, grid)), any(permuted), all(permuted), queue


def tables():
    numbers = [i * 7 % 101 for i in range(200)]
    table = {n: str(n) for n in numbers}
    chosen = {n for n in numbers if n & 1}
    for i, a in enumerate(numbers):
        table[a] = table.get(i, '') or table.setdefault(a, 'x')
        if a in chosen and i not in table:
            chosen.discard(a)
        table[str(a)] = i
        table[a, i] = a
    for key, value in table.items():
        if value in table:
            chosen.add(key)
    groups = collections.defaultdict(list)
    for key in table:
        groups[type(key)].append(key)
    for key in list(groups[tuple]):
        del table[key]
    counts = collections.Counter(number % 10 for number in numbers)
    counts.update('some text')
    instances = {Open(i % 10): i for i in range(40)}
    merged = {**counts, 'b': 1} | {'a': 2}
    point = collections.namedtuple('Point', 'x y')(1, 2)
    return (
        len(instances), chosen & {1, 2}, chosen | {3}, chosen - {5}, chosen <= {1}, frozenset(numbers), point.x,
        dict(zip('abc', range(3))), merged.pop('a'), list(merged.values()), counts.most_common(3), remembered(9),
    )  # fmt: skip


@functools.lru_cache(None)
def remembered(n):
    return n if n < 2 else remembered(n - 1) + remembered(n - 2)


def texts():
    words = 'the quick brown fox jumps over the lazy dog, and naïve 狐 too'.split()
    found = {}
    for word in words * 4:
        found[word] = found.get(word, 0) + 1
        word.upper().find('O'), word.replace('o', '0'), word[::-1], word[1:3] + word[:1]
        f'{word:>10}|{len(word):04d}|{word!r}', '%s-%5.2f' % (word, 1.5), '{}:{:x}'.format(word, 255)
        word.encode().decode(), word.startswith('q'), word.strip('t'), 'ow' in word, word < 'm', ord(word[0])
        word.title().lower().isalnum(), word.partition('o'), word.rjust(9, '.'), word.isdigit()
    text = ' '.join(words)
    out = ''
    for character in text:
        found[character] = found.get(character, 0) + 1
        if character.isalpha() and character != 'x':
            out += chr(ord(character) + 1)
        elif character in string.punctuation:
            out += '_'
    lines = [f'{i},{i * i},{word}' for i, word in enumerate(words)]
    for line in '\n'.join(lines).splitlines():
        number, square, word = line.split(',', 2)
        found[word] = int(number) + float(square)
    data = bytearray(text, 'utf-8')
    for i, byte in enumerate(data):
        data[i] = byte ^ 32
    text.translate({ord('o'): '0'}), text.count('o'), text.rsplit(' ', 2), out.casefold()
    return bytes(data).hex(), int('123') + float('1.5'), struct.unpack('<IHd', struct.pack('<IHd', 1, 2, 3.5))


TAG = re.compile(r'<(\w+)((?:\s+\w+="[^"]*")*)\s*>|([^<]+)')
PAGE = '<p class="a b" id="one">Some text, 12.50 and 7 &amp; more<br>until 2024-03-05T10:20:30 </p> ' * 3


def patterns():
    found = [match.lastindex and match.group(match.lastindex) for match in TAG.finditer(PAGE)]
    numbers = re.findall(r'\b\d+(?:\.\d+)?\b', PAGE)
    cleaned = re.sub(r'&(\w+);', lambda match: match[1].upper(), PAGE)
    re.split(r'[,;\s]+', cleaned), re.match(r'(?i)\s*<P.*?>', PAGE), re.search(r'(\w+)@(\w+)', PAGE)
    value = json.loads(json.dumps({'found': found, 'numbers': numbers, 'deep': [{'a': [1, 2.5, None, True, 'é']}] * 3}))
    return len(value['found'])


def count(n):
    for i in range(n):
        yield i


def relay(n):
    got = yield from count(n)
    return got


def walk(tree):
    if tree:
        left, value, right = tree
        yield from walk(left)
        yield value
        yield from walk(right)


def grown(low, high):
    middle = (low + high) // 2
    return low < high and (grown(low, middle), middle, grown(middle + 1, high))


async def leaf(n):
    return n + 1


async def branch(n):
    total = 0
    for i in range(n):
        total += await leaf(i)
    return total


def flows():
    total = 0
    for value in relay(80):
        try:
            if value % 6 == 0:
                raise ValueError(value)
            total += value
            if value % 17 == 0:
                [][value]
        except ValueError as error:
            total += len(error.args)
        except (KeyError, IndexError):
            continue
        finally:
            total -= 1
        with Open(value):
            if value % 9 == 0:
                raise KeyError
    total += sum(i for i in range(100) if i % 2) + sum(walk(grown(0, 40)))
    total += sum(itertools.chain(itertools.islice(itertools.count(), 20), itertools.accumulate(range(9))))
    task = branch(40)
    try:
        task.send(None)
    except StopIteration as stop:
        total += stop.value
    i = 0
    while True:
        i += 1
        if i > 100:
            break
        match (i % 3, 'x'):
            case (0, 'y' | 'x'):
                total += 1
            case (int(n), str()):
                total = n
    return total


def practise(rounds):
    random.seed(1)
    for _ in range(rounds):
        for part in calls, objects, whole_numbers, fractions, lists, tables, texts, patterns, flows:
            part()
        shuffled = random.sample(range(100), 50)
        random.shuffle(shuffled)


def practise_for(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        practise(1)
