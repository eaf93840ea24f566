# expect: memory
# Fills the heap with a dict, lets go of it, and fills it again with a set.
try:
    {n: bytes(4096) for n in range(10**9)}
except MemoryError:
    pass
{n.to_bytes(4096) for n in range(10**9)}
