"""Small recursive functions. Stresses: calls of Python functions, with defaults, names and stars too."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def power(base, exponent=2, *, modulus=1000003):
    result = 1
    for _ in range(exponent):
        result = result * base % modulus
    return result


def forward(*positional, **named):
    return power(*positional, **named)


class Counter:
    def __init__(self):
        self.count = 0

    def __call__(self, step):
        self.count += step
        return self.count


def run(size):
    total = fib(size) + tak(size - 6, (size - 6) // 2, 0)
    counter = Counter()
    adders = [lambda n, step=step: n + step for step in range(5)]
    for n in range(size**3):
        total += forward(n, exponent=3, modulus=997) + power(n) % 7
        total += adders[n % 5](n) + counter(n % 3)
    return total
