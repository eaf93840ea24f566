# expect: cpu, timeout
# Lets a deque that keeps nothing consume a counter without end, in one call of C.
import collections
import itertools

collections.deque(itertools.count(), maxlen=0)
