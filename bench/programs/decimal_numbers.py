"""Money and constants in decimal. Stresses: the decimal module's C code, short and long numbers, contexts."""

from decimal import ROUND_HALF_EVEN, Decimal, getcontext, localcontext


def pi():
    """As many digits as the context has."""
    three = Decimal(3)
    last, term, total, n, step_n, d, step_d = 0, three, 3, 1, 0, 0, 24
    while total != last:
        last = total
        n, step_n = n + step_n, step_n + 8
        d, step_d = d + step_d, step_d + 32
        term = term * n / d
        total += term
    return +total


def exponential(power):
    last, total, factorial, number, n = 0, 1, 1, 1, 0
    while total != last:
        last = total
        n += 1
        factorial *= n
        number *= power
        total += number / factorial
    return +total


def invoice(count):
    tax = Decimal('0.19')
    total = Decimal(0)
    for n in range(count):
        price = Decimal(n * 37 % 9999) / 100
        with_tax = (price * (1 + tax)).quantize(Decimal('0.01'), rounding=ROUND_HALF_EVEN)
        total += with_tax * (n % 5 + 1)
        if with_tax.compare(total) > 0:
            total = with_tax
    return total


def run(size):
    digits = 0
    with localcontext() as context:
        context.prec = 120
        for n in range(max(1, size // 400)):
            digits += int(str(pi())[-8:])
            digits += int(str(exponential(Decimal(n + 1) / 7))[-8:])
            digits += int(str(Decimal(n + 2).sqrt())[-8:]) + int(str(Decimal(n + 2).ln())[-6:])
    parsed = sum((Decimal(f'{n}.{n % 100:02}') for n in range(size)), Decimal(0))
    return f'{digits} {invoice(size)} {parsed} {getcontext().prec}'
