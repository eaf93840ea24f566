# expect: cpu, timeout
# Raises an exception whose text never comes.
class Riddle(Exception):
    def __str__(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass

    __repr__ = __str__


raise Riddle
