# expect: trap
# Aborts the interpreter in a place that would swallow any exception.
import os

try:
    os.abort()
except BaseException:
    pass
