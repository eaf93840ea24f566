"""Conway's game of life on an endless board. Stresses: sets and dicts of tuples."""


def neighbours(cell):
    x, y = cell
    return (
        (x - 1, y - 1), (x, y - 1), (x + 1, y - 1), (x - 1, y),
        (x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1),
    )  # fmt: skip


def step(alive):
    counts = {}
    for cell in alive:
        for near in neighbours(cell):
            counts[near] = counts.get(near, 0) + 1
    return set([cell for cell, count in counts.items() if count == 3 or (count == 2 and cell in alive)])


def run(size):
    """From the R-pentomino, a glider and a row."""
    alive = {(0, 0), (1, 0), (0, 1), (-1, 1), (0, 2)}
    alive |= {(40, 40), (41, 41), (41, 42), (40, 42), (39, 42)}
    alive |= set([(n, -30) for n in range(-10, 11)])
    most = 0
    for _ in range(size):
        alive = step(alive)
        most = max(most, len(alive))
    return '%d %d %d' % (len(alive), most, sum([x * 3 + y for x, y in alive]))
