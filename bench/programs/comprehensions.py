"""Lists, sets and dicts written as comprehensions. Stresses: building collections, unpacking, conditions."""


def run(size):
    numbers = [n * 7 % 1001 for n in range(size)]
    small = [n for n in numbers if n < 500]
    labels = ['odd' if n & 1 else 'even' for n in small]
    table = {n: label for n, label in zip(small, labels)}
    swapped = {(label, n) for n, label in table.items()}
    square = [[x * y for x in range(40)] for y in range(max(1, size // 400))]
    turned = [list(column) for column in zip(*square)]
    flat = [value for row in turned for value in row if value % 3]
    nested = [sum([a + b for a, b in zip(row, row[1:])]) for row in square]
    first, *middle, last = [n for n in numbers if n % 13 == 0]
    strings = [str(n) for n in numbers[: size // 2]]
    lengths = {length: [s for s in strings[:200] if len(s) == length] for length in range(1, 5)}
    total = sum([len(group) for group in lengths.values()])
    return '%d %d %d %d %d %d %d' % (
        len(table),
        len(swapped),
        sum(flat),
        sum(nested),
        first + last + len(middle),
        total,
        labels.count('odd'),
    )
