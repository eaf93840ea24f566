# expect: cpu, timeout
# Feeds a comprehension from a counter without end and from generators in a tree of 2**60 leaves.
# after: kept == 1
import itertools

kept = 1


def leaves(depth):
    if depth == 0:
        yield 0
        return
    for _ in range(2):
        yield from leaves(depth - 1)


[leaf for _ in itertools.count() for leaf in leaves(60) if leaf]
