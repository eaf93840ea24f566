# expect: ok, error RecursionError, memory
# Hashes a tuple nested half a million deep, a recursion in C without a check.
data = ()
for _ in range(500_000):
    data = (data,)
hash(data)
