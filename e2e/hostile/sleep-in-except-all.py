# expect: timeout
# Sleeps, and goes to sleep again whenever it is woken.
import time

while True:
    try:
        time.sleep(1_000_000)
    except BaseException:
        pass
