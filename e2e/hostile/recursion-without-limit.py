# expect: memory, cpu, timeout
# Recurses in Python without a limit until the heap is full of frames, and leaves a huge traceback.
import sys

sys.setrecursionlimit(10**9)


def fall(n):
    return fall(n + 1)


fall(0)
