# expect: memory
# Drops lists that hold themselves, with the collector off.
import gc

gc.disable()
while True:
    ring = [bytearray(4096)]
    ring.append(ring)
