# expect: cpu, timeout
# Spends its time in callbacks of the collector, of weak references and of the exit, which swallow all.
import atexit
import gc
import weakref


class Target:
    pass


def spin(*arguments):
    try:
        for _ in range(1_000_000):
            pass
    except BaseException:
        pass


gc.callbacks.append(spin)
while True:
    target = Target()
    reference = weakref.ref(target, spin)
    del target
    gc.collect()
    atexit.register(spin)
    atexit._run_exitfuncs()
