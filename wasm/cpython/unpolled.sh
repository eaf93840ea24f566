#!/usr/bin/env bash
# The reactor with an evaluation loop that counts no steps and never polls: what polling costs is measured
# against it. Nothing else may use it.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$WORK/Python"
cp "$CPYTHON"/source/Python/*.h "$CPYTHON/source/Python/ceval.c" "$WORK/Python/"
python3 - "$WORK/Python/generated_cases.c.h" <<'PYTHON'
import re
import sys

path = sys.argv[1]
with open(path) as file:
    text = file.read()
text, whole = re.subn(r'[ \t]*#if defined\(__wasi__\)\n.*?#endif\n', '', text, flags=re.S)
text, parts = re.subn(r'([ \t]*)#elif defined\(__wasi__\)\n.*?#endif\n', r'\1#endif\n', text, flags=re.S)
if not whole or not parts:
    sys.exit('nothing counts steps in ' + path)
with open(path, 'w') as file:
    file.write(text)
PYTHON

# The compiler's command as the build itself has it, for the other source.
cd "$CPYTHON/build"
command="$(make --no-print-directory --dry-run --what-if=../source/Python/ceval.c Python/ceval.o | grep -E -- "-c .*Python/ceval\.c")"
command="${command//..\/source\/Python\/ceval.c/$WORK/Python/ceval.c}"
command="${command//Python\/ceval.o/$WORK/ceval.o}"
eval "$command"
EXTRA_OBJECTS="$WORK/ceval.o" bash "$here/link.sh"
