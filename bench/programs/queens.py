"""Queens that do not threaten each other, by trying orders. Stresses: recursive generators, sets, tuples."""


def orders(rest):
    """Of the items, each as a tuple; in the order of the items."""
    if not rest:
        yield ()
        return
    for place, item in enumerate(rest):
        for tail in orders(rest[:place] + rest[place + 1 :]):
            yield (item,) + tail


def by_orders(size):
    count = 0
    for order in orders(tuple(range(size))):
        if len(set([row + column for row, column in enumerate(order)])) < size:
            continue
        if len(set([row - column for row, column in enumerate(order)])) == size:
            count += 1
    return count


def by_rows(size, row, columns, rising, falling):
    """How many ways there are to fill the rows from `row` on; the sets say what is threatened."""
    if row == size:
        return 1
    count = 0
    for column in range(size):
        if column in columns or row + column in rising or row - column in falling:
            continue
        count += by_rows(
            size, row + 1, columns | {column}, rising | {row + column}, falling | {row - column}
        )
    return count


def run(size):
    return '%d %d' % (by_orders(size), by_rows(size + 1, 0, set(), set(), set()))
