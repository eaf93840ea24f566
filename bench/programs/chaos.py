"""A fern and a triangle out of the chaos game. Stresses: floats, list indexing, a random generator in Python."""


class Random:
    """The same numbers in every interpreter."""

    def __init__(self, seed):
        self.state = seed

    def unit(self):
        self.state = (self.state * 69069 + 12345) & 0xFFFFFFF
        return self.state / 0x10000000


FERN = (
    (0.01, 0.0, 0.0, 0.0, 0.16, 0.0),
    (0.86, 0.85, 0.04, -0.04, 0.85, 1.6),
    (0.93, 0.2, -0.26, 0.23, 0.22, 1.6),
    (1.0, -0.15, 0.28, 0.26, 0.24, 0.44),
)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.866))


def fern(random, points, grid):
    x = y = 0.0
    for _ in range(points):
        choice = random.unit()
        for limit, a, b, c, d, up in FERN:
            if choice <= limit:
                break
        x, y = a * x + b * y, c * x + d * y + up
        grid[int((x + 3.0) * 10.0)][int(y * 6.0)] += 1


def triangle(random, points, grid):
    x, y = 0.1, 0.1
    for _ in range(points):
        corner = CORNERS[int(random.unit() * 3.0)]
        x = (x + corner[0]) * 0.5
        y = (y + corner[1]) * 0.5
        grid[int(x * 63.0)][int(y * 63.0)] += 1


def run(size):
    random = Random(42)
    grids = [[[0] * 64 for _ in range(64)] for _ in range(2)]
    fern(random, size, grids[0])
    triangle(random, size, grids[1])
    cells = [sum([1 for column in grid for count in column if count]) for grid in grids]
    peaks = [max([max(column) for column in grid]) for grid in grids]
    return '%d %d %d %d' % (cells[0], peaks[0], cells[1], peaks[1])
