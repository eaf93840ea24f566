"""Numbers through pipes of generators. Stresses: yield, yield from, generator expressions, itertools-like functions."""


def count_from(start):
    while True:
        yield start
        start += 1


def keep(test, numbers):
    for number in numbers:
        if test(number):
            yield number


def take(count, numbers):
    for number in numbers:
        if count == 0:
            return
        count -= 1
        yield number


def pairs(numbers):
    previous = next(numbers)
    for number in numbers:
        yield previous, number
        previous = number


def average():
    """Is sent numbers, and yields their average so far."""
    total = count = 0
    value = None
    while True:
        number = yield value
        total += number
        count += 1
        value = total // count


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def run(size):
    odd = keep(lambda n: n % 2, count_from(1))
    squares = (n * n for n in take(size, odd))
    steps = sum(b - a for a, b in pairs(squares))
    averager = average()
    next(averager)
    last = 0
    for number in take(size, count_from(3)):
        last = averager.send(number)
    depth = len(bin(size)) - 3
    return '%d %d %d' % (steps, last, sum(tree(depth)))
