# expect: cpu, timeout
# Goes on asking for memory however often it is refused.
hoard = []
while True:
    try:
        hoard.append([None] * 1000)
    except BaseException:
        pass
