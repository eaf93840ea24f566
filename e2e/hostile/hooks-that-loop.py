# expect: cpu, timeout
# Loops in the hook that shows values, and then in those that report how it was stopped.
import sys


def show(value):
    while True:
        pass


def report(*exception):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


sys.displayhook = show
sys.excepthook = sys.unraisablehook = report
exec(compile('6 * 7', 'shown', 'single'))
