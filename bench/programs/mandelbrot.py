"""The Mandelbrot set in letters. Stresses: complex numbers, loops that end early."""

SHADES = ' .:-=+*#%@'


def escape(point, limit):
    value = 0j
    for count in range(limit):
        value = value * value + point
        if value.real * value.real + value.imag * value.imag > 4.0:
            return count
    return limit


def run(size):
    limit = 60
    inside = 0
    checksum = 0
    for row in range(size):
        line = []
        for column in range(size):
            point = complex(column / size * 3.0 - 2.2, row / size * 2.4 - 1.2)
            count = escape(point, limit)
            inside += count == limit
            line.append(SHADES[count % len(SHADES)])
        for letter in ''.join(line):
            checksum = (checksum * 33 + ord(letter)) % 1000003
    return '%d %d' % (inside, checksum)
