"""Records packed into bytes, compressed by hand and read again. Stresses: struct, bytearray, memoryview, bytes."""

import struct

RECORD = '<IhHdB3x'


def pack(count):
    width = struct.calcsize(RECORD)
    data = bytearray(width * count)
    for n in range(count):
        struct.pack_into(
            RECORD, data, n * width, n * 2654435761 % 4294967296, n % 3000 - 1500, n % 65536, n / 8, n % 251
        )
    return data


def unpack(data):
    width = struct.calcsize(RECORD)
    total, weight = 0, 0.0
    for place in range(0, len(data), width):
        number, low, high, share, letter = struct.unpack_from(RECORD, data, place)
        total += number % 1000 + low + high + letter
        weight += share
    return total, weight


def squeeze(data):
    """Runs of one byte as its count and itself."""
    result = bytearray()
    place, end = 0, len(data)
    while place < end:
        byte = data[place]
        stop = place + 1
        while stop < end and stop - place < 255 and data[stop] == byte:
            stop += 1
        result.append(stop - place)
        result.append(byte)
        place = stop
    return bytes(result)


def expand(data):
    return b''.join([data[n + 1 : n + 2] * data[n] for n in range(0, len(data), 2)])


def adler(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def run(size):
    data = pack(size)
    total, weight = unpack(data)
    view = memoryview(data)
    small = squeeze(view)
    same = expand(small) == bytes(data)
    head = bytes(view[: len(data) // 4])
    parts = head.split(b'\x00')
    return '%d %.3f %d %s %d %d' % (total, weight, len(small), same, adler(head), len(parts))
