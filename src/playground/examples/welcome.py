# Ctrl+Enter runs this. The prompt in the console sees its variables.
from collections import Counter

def primes(limit):
    sieve = bytearray([1]) * limit
    for n in range(2, limit):
        if sieve[n]:
            yield n
            sieve[n * n :: n] = bytes(len(range(n * n, limit, n)))

endings = Counter(p % 10 for p in primes(100_000))
for digit, count in endings.most_common():
    print(digit, "█" * (count // 100), count)
