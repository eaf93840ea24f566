# expect: ok, cpu, timeout, trap
# Loads marshalled and pickled data with a byte changed, which neither format is safe against.
import marshal
import pickle
import random

dice = random.Random(1)
data = [{'a': (1, 2.5, 'text')}, {3, 4}, b'bytes', 2**100, None]
marshalled = marshal.dumps([compile('def f(x): return x + 1', 'source', 'exec'), data])
for _ in range(2000):
    for load, content in ((marshal.loads, marshalled), (pickle.loads, pickle.dumps(data))):
        broken = bytearray(content)
        broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            load(bytes(broken))
        except Exception:
            pass
