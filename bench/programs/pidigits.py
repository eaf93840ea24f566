"""Digits of pi out of a spigot. Stresses: arithmetic of big integers."""


def digits(count):
    """Of pi, by the composition of linear fractional maps with integer coefficients."""
    numerator, offset, denominator, k = 1, 0, 1, 0
    while count:
        k += 1
        odd = 2 * k + 1
        offset = (2 * numerator + offset) * odd
        denominator *= odd
        numerator *= k
        if numerator > offset:
            continue
        digit = (3 * numerator + offset) // denominator
        if digit == (4 * numerator + offset) // denominator:
            yield digit
            count -= 1
            offset = 10 * (offset - digit * denominator)
            numerator *= 10


def run(size):
    total = 0
    last = []
    for place, digit in enumerate(digits(size)):
        total += digit * (place % 7 + 1)
        last.append(digit)
    return '%d %s' % (total, ''.join([str(digit) for digit in last[-10:]]))
