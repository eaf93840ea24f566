# expect: cpu, timeout
# Fills the heap to the last bytes before it runs into a limit, so that even an exception may not fit.
hoard = None
for size in (1 << 20, 1 << 14, 1 << 10, 1 << 6, 1):
    try:
        while True:
            hoard = [hoard, bytearray(size)]
    except MemoryError:
        pass
while True:
    pass
