"""Errors raised and handled at every level. Stresses: raise, except, finally, with, errors in handlers, unwinding."""


class Refused(Exception):
    def __init__(self, number):
        super().__init__(number)
        self.number = number


class Late(Refused):
    pass


class Resource:
    opened = 0

    def __enter__(self):
        Resource.opened += 1
        return self

    def __exit__(self, kind, error, trace):
        Resource.opened -= 1
        return kind is Late


def check(number):
    if number % 5 == 0:
        raise Late(number)
    if number % 3 == 0:
        raise Refused(number)
    return number


def descend(depth, number):
    if depth == 0:
        return check(number)
    try:
        return descend(depth - 1, number)
    finally:
        Resource.opened += 0


def translate(number):
    try:
        return descend(3, number)
    except Late:
        raise
    except Refused as error:
        raise KeyError(error.number)


def run(size):
    values = suppressed = misses = 0
    table = {n: n for n in range(0, 100, 2)}
    for n in range(size):
        before = values
        try:
            with Resource():
                values += translate(n)
                values += table[n % 100]
        except KeyError as error:
            misses += error.args[0] % 7
            misses += len(error.args)
        else:
            suppressed += values == before
        try:
            int('x' if n % 4 == 0 else '1')
        except (ValueError, TypeError):
            values += 1
        for item in iter((n, n + 1)):
            values += item % 2
    return '%d %d %d %d' % (values, suppressed, misses, Resource.opened)
