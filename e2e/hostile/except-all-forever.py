# expect: cpu, timeout
# Swallows every exception, again and again.
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
