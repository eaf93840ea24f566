# expect: ok
# Nests data until the heap is full and then drops it, a deallocation of tens of thousands of levels.
# after: kept == 1
class Node:
    def __init__(self, inner):
        self.inner = inner
        self.ballast = bytes(1000)


kept = 1
for wrap in (
    Node,
    lambda inner: [inner, bytes(1000)],
    lambda inner: (inner, bytes(1000)),
    lambda inner: {0: inner, 1: bytes(1000)},
):
    data = None
    try:
        while True:
            data = wrap(data)
    except MemoryError:
        pass
    del data
