# expect: ok
# Asks for single objects of half a gigabyte to four, each of which must be refused.
# after: refused == 11
import hashlib
import lzma

refused = 0
frame = (lambda: None).__code__.replace(co_stacksize=10**8)
for ask in (
    lambda: bytes(2**30),
    lambda: bytearray(2**30),
    lambda: 'x' * 10**9,
    lambda: [[]] * 10**9,
    lambda: (None,) * 10**9,
    lambda: list(range(2**30)),
    lambda: 1 << 8 * 10**9,
    lambda: hashlib.shake_128().digest(2**29 - 1),
    lambda: lzma.LZMACompressor(preset=9),
    lambda: exec(frame),
    lambda: open('/tmp/empty', 'a+b', buffering=0).read(2**30),
):
    try:
        ask()
    except MemoryError:
        refused += 1
