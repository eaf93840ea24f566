# expect: cpu, timeout
# Replaces every built-in function by a loop, and lets the report of its exception run into them.
import builtins


def spin(*arguments, **keywords):
    while True:
        try:
            while True:
                pass
        except:
            pass


space = vars(builtins)
for name in list(space):
    space[name] = spin
1 / 0
