# expect: cpu, timeout
# Never leaves the clause that cleans up.
try:
    while True:
        pass
finally:
    while True:
        pass
