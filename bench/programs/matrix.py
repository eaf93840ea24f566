"""Matrices as lists of rows: products and the solution of equations. Stresses: nested lists, float arithmetic."""


def product(a, b):
    columns = list(zip(*b))
    return [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]


def solve(matrix, right):
    """By elimination; takes the row with the largest number each time."""
    size = len(matrix)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for step in range(size):
        best = max(range(step, size), key=lambda n: abs(rows[n][step]))
        rows[step], rows[best] = rows[best], rows[step]
        pivot = rows[step]
        for below in range(step + 1, size):
            row = rows[below]
            factor = row[step] / pivot[step]
            for column in range(step, size + 1):
                row[column] -= factor * pivot[column]
    result = [0.0] * size
    for step in range(size - 1, -1, -1):
        row = rows[step]
        known = sum([row[n] * result[n] for n in range(step + 1, size)])
        result[step] = (row[size] - known) / row[step]
    return result


def run(size):
    a = [[float((row * 7 + column * 3) % 11 - 5) for column in range(size)] for row in range(size)]
    for n in range(size):
        a[n][n] += 13.0
    b = product(a, a)
    solution = solve(a, [float(n % 5) for n in range(size)])
    trace = sum([b[n][n] for n in range(size)])
    residue = max([abs(sum([x * y for x, y in zip(row, solution)]) - n % 5) for n, row in enumerate(a)])
    return '%.1f %.6f %s' % (trace, sum(solution), residue < 1e-6)
