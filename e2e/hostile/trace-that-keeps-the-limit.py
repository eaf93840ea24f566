# expect: cpu, timeout
# Lets trace and profile functions swallow what is raised in them, and loop when an exception passes.
import sys


def trace(frame, event, argument):
    while True:
        try:
            for _ in range(1000):
                pass
            if event != 'exception':
                return trace
        except BaseException:
            pass


def victim():
    while True:
        abs(-1)


sys.setprofile(trace)
sys.settrace(trace)
victim()
