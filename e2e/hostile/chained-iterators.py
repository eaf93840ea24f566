# expect: ok, error RecursionError, memory
# Takes an item through a hundred thousand iterators and drops them, recursions in C without a check.
import itertools

chain = iter([1])
for _ in range(100_000):
    chain = itertools.chain(chain)
next(chain)
del chain
