# expect: memory
# Keeps generators that have started and wait, each with a block of memory.
def pause():
    block = bytes(4096)
    yield block


kept = []
while True:
    generator = pause()
    next(generator)
    kept.append(generator)
