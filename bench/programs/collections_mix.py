"""deque, Counter, defaultdict, named tuples and data classes. Stresses: what the library builds out of classes."""

from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache, reduce
from itertools import accumulate, chain, groupby, islice, product

Position = namedtuple('Position', 'x y')


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


@dataclass(order=True)
class Tile:
    weight: int
    colour: Colour = field(compare=False)
    marks: list = field(default_factory=list, compare=False)


@lru_cache(maxsize=512)
def ways(x, y):
    return 1 if x == 0 or y == 0 else ways(x - 1, y) + ways(x, y - 1)


def breadth_first(width):
    """The distance of every field from a corner, around a wall."""
    seen = {Position(0, 0): 0}
    queue = deque(seen)
    while queue:
        at = queue.popleft()
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            to = Position(at.x + x, at.y + y)
            if 0 <= to.x < width and 0 <= to.y < width and to not in seen:
                if to.x != width // 2 or to.y == 0:
                    seen[to] = seen[at] + 1
                    queue.append(to)
    return max(seen.values())


def run(size):
    colours = list(Colour)
    tiles = sorted(Tile(n * 7919 % size, colours[n % 3]) for n in range(size))
    by_colour = defaultdict(list)
    for tile in tiles:
        by_colour[tile.colour].append(replace(tile, weight=tile.weight + 1))
    counter = Counter(tile.weight % 10 for tile in tiles)
    counter.update(Counter(n % 7 for n in range(size)))
    recent = OrderedDict()
    for n in range(size):
        recent[n * n % 257] = n
        recent.move_to_end(n * n % 257)
        if len(recent) > 64:
            recent.popitem(last=False)
    layers = ChainMap({'a': 1}, {'b': 2}, {'c': 3})
    layered = sum(layers['c'] for _ in range(size))
    runs = [len(list(group)) for _, group in groupby(tiles, key=lambda tile: tile.weight // 16)]
    grid = sum(a * b for a, b in product(range(size // 20), repeat=2))
    sums = list(islice(accumulate(chain(range(size), range(size))), 0, None, 97))
    folded = reduce(lambda total, n: (total * 31 + n) % 1000003, sums, 0)
    ways.cache_clear()
    paths = sum(ways(n % 18, n % 14) for n in range(size))
    distance = breadth_first(max(4, int(size**0.5) // 2))
    return f'{counter.most_common(2)} {sum(recent)} {layered} {len(runs)} {grid} {folded} {paths} {distance}'
