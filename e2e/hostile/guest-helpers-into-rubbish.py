# expect: error, trap
# Empties the guest's own modules, which share the interpreter with it.
import sys

for name in list(sys.modules):
    if name.partition('.')[0] in ('glovebox', '_glovebox'):
        space = vars(sys.modules[name])
        for key in list(space):
            space[key] = None
1 / 0
