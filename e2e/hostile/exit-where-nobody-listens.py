# expect: ok
# Exits in a destructor, a dropped generator and callbacks, where exceptions are only reported.
# after: kept == 1
import atexit
import gc
import sys
import weakref


class Leaver:
    def __del__(self):
        sys.exit(3)


def leave():
    try:
        yield
    finally:
        sys.exit(4)


generator = leave()
next(generator)
reference = weakref.ref(generator, lambda _: sys.exit(5))
del generator
Leaver()
atexit.register(sys.exit, 6)
atexit._run_exitfuncs()
gc.callbacks.append(lambda *_: sys.exit(7))
gc.collect()
gc.callbacks.clear()
kept = 1
