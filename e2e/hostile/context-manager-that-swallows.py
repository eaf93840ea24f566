# expect: cpu, timeout
# Swallows every exception at the end of a with block, and goes on.
class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return True


while True:
    with Swallow():
        while True:
            pass
