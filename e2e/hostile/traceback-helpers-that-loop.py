# expect: cpu, timeout
# Replaces by loops what the interpreter and its host use to show an exception.
import linecache
import traceback


def spin(*arguments, **keywords):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


for module in (linecache, traceback):
    for name, value in list(vars(module).items()):
        if callable(value):
            setattr(module, name, spin)
1 / 0
