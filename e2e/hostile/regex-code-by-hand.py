# expect: error RuntimeError
# Nests groups in a pattern, then assertions in hand-made code that C checks recursively.
import _sre
import re
from re._constants import ASSERT, SUCCESS

try:
    re.compile('(' * 5000 + ')' * 5000)
except RecursionError:
    pass
LEVELS = 50_000
code = []
for level in range(LEVELS):
    code += [ASSERT, 4 * (LEVELS - 1 - level) + 3, 0]
code += [SUCCESS] * (LEVELS + 1)
_sre.compile('', 0, code, 0, {}, (None,)).match('')
