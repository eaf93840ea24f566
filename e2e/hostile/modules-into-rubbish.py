# expect: error ZeroDivisionError
# Takes away all modules, streams, hooks and built-in functions before it fails.
# after: kept == 1
import builtins
import sys

kept = 1
for name in list(sys.modules):
    sys.modules[name] = None
sys.meta_path = sys.path = sys.path_hooks = sys.stdout = sys.stderr = sys.excepthook = None
space = vars(builtins)
for name in list(space):
    space[name] = None
1 / 0
