"""Counts, groups and lookups. Stresses: dicts with keys of strings, ints and tuples."""


def words(count):
    state = 1
    for _ in range(count):
        state = (state * 1103 + 12345) % 65536
        yield 'w%d' % (state * state % 1009)


def run(size):
    counts = {}
    follows = {}
    previous = ''
    for word in words(size):
        counts[word] = counts.get(word, 0) + 1
        follows.setdefault(previous, {}).setdefault(word, []).append(len(word))
        previous = word
    grid = {}
    side = int(size**0.5)
    for x in range(side):
        for y in range(side):
            grid[x, y] = x * y % 10
    neighbours = 0
    for (x, y), value in grid.items():
        if grid.get((x + 1, y)) == value or grid.get((x, y + 1)) == value:
            neighbours += 1
    inverted = {}
    for word, count in counts.items():
        inverted[count] = inverted.get(count, 0) + 1
    merged = {}
    for table in follows.values():
        merged.update(table)
    numbers = dict([(n * n, n) for n in range(size)])
    hits = sum([1 for n in range(0, size * 4, 3) if n in numbers])
    while len(numbers) > size // 2:
        numbers.popitem()
    common = max(counts.values())
    return '%d %d %d %d %d' % (len(merged), common, inverted[common], neighbours, hits)
