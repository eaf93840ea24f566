# expect: cpu, timeout
# Loops for ever, with nothing in the loop.
# after: kept == 1
kept = 1
while True:
    pass
