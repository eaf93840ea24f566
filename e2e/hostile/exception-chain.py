# expect: error ValueError
# Drops a chain of a hundred thousand exceptions, and raises one of fifteen hundred.
def chain(length):
    last = None
    for n in range(length):
        error = ValueError(n)
        error.__context__ = last
        last = error
    return last


chain(100_000)
raise chain(1500)
