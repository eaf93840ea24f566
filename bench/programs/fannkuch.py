"""Pancakes turned over until the first is 1, order after order. Stresses: small ints, slices and swaps of lists."""

PANCAKES = 9


def flips(order):
    count = 0
    first = order[0]
    while first:
        order[: first + 1] = order[first::-1]
        first = order[0]
        count += 1
    return count


def run(size):
    """Of the first `size` orders: the checksum of the turns by the parity of the order, and the most turns."""
    order = list(range(PANCAKES))
    rotations = [0] * PANCAKES
    checksum = most = 0
    sign = 1
    for _ in range(size):
        turns = flips(order[:])
        checksum += sign * turns
        if turns > most:
            most = turns
        # The next order: swap the first two, or rotate a longer beginning when a shorter one is through.
        if sign == 1:
            order[0], order[1] = order[1], order[0]
            sign = -1
            continue
        order[1], order[2] = order[2], order[1]
        sign = 1
        place = 2
        while rotations[place] == place and place < PANCAKES - 1:
            rotations[place] = 0
            place += 1
            order.insert(place, order.pop(0))
        rotations[place] += 1
    return '%d %d' % (checksum, most)
