# expect: cpu, timeout
# Ignores or handles every signal that there is, and raises one all the time.
import signal


def swallow(number, frame):
    try:
        for _ in range(10_000):
            pass
    except BaseException:
        pass


for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN if number % 2 else swallow)
    except (OSError, ValueError):
        pass
while True:
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        pass
