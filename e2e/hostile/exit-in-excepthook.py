# expect: exit
# Exits where its own exception is reported, with a code that can't be shown.
import sys


class Code:
    def __str__(self):
        raise ValueError

    __repr__ = __int__ = __index__ = __str__


def hook(*exception):
    raise SystemExit(Code())


sys.excepthook = hook
1 / 0
