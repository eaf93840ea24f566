"""The largest singular value of an endless matrix, cut off. Stresses: float arithmetic in calls and generators."""


def entry(row, column):
    diagonal = row + column
    return 1.0 / (diagonal * (diagonal + 1) // 2 + row + 1)


def times(vector):
    places = range(len(vector))
    return [sum(entry(row, column) * vector[column] for column in places) for row in places]


def times_transposed(vector):
    places = range(len(vector))
    return [sum(entry(row, column) * vector[row] for row in places) for column in places]


def run(size):
    u = [1.0] * size
    for _ in range(5):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    square = sum(a * b for a, b in zip(u, v))
    length = sum(b * b for b in v)
    return '%.7f' % (square / length) ** 0.5
