# expect: ok
# Opens files without closing them, goes on when refused, and tries other ways to more descriptors.
# after: (refused, len(held) <= 32, escaped) == (1000, True, [])
import os

held, refused, escaped = [], 0, []
while refused < 1000:
    try:
        held.append(open('/tmp/leak', 'w'))
    except OSError:
        refused += 1
for name, arguments in (('dup', (1,)), ('dup2', (1, 40)), ('pipe', ()), ('openpty', ())):
    for _ in range(100):
        try:
            escaped.append(getattr(os, name)(*arguments))
        except (AttributeError, OSError):
            pass
