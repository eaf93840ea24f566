# expect: ok
# Lets a text, a number, a bytearray and a file in memory grow until each is refused more.
# after: refused == 4
import io


def grow_text(text='x'):
    while True:
        text += text


def grow_number(number=1):
    while True:
        number <<= number.bit_length()


def fill(write):
    while True:
        write(bytes(1 << 20))


refused = 0
for grow in (
    grow_text,
    grow_number,
    lambda: fill(bytearray().extend),
    lambda: fill(io.BytesIO().write),
):
    try:
        grow()
    except MemoryError:
        refused += 1
