# expect: ok
# Recurses through the special methods that C calls, with the interpreter's own limit off.
# after: refused == 9
import sys


class Pit:
    __eq__ = lambda self, other: Pit() == other
    __hash__ = lambda self: hash(Pit())
    __getattr__ = lambda self, name: getattr(self, name)
    __format__ = lambda self, spec: f'{self}'
    __bool__ = lambda self: not self
    __iter__ = lambda self: iter(self)
    __repr__ = lambda self: repr(self)


def down():
    yield from down()


def key(n):
    return sorted([n], key=key)


pit, refused = Pit(), 0
attacks = [(list, down()), (key, 0), (pit.__eq__, 1), (pit.__getattr__, 'missing')]
for attack, argument in attacks + [(f, pit) for f in (hash, format, bool, iter, repr)]:
    try:
        attack(argument)
    except (RecursionError, MemoryError):
        refused += 1
    sys.setrecursionlimit(10**9)
