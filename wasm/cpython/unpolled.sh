#!/usr/bin/env bash
# The reactor with an evaluation loop that counts no steps and never polls: what polling costs is measured
# against it. Nothing else may use it.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$WORK"

# The compiler's command as the build itself has it, with one definition more.
cd "$CPYTHON/build"
command="$(make --no-print-directory --dry-run --what-if=../source/Python/ceval.c Python/ceval.o | grep -E -- "-c .*Python/ceval\.c")"
eval "${command/-o Python\/ceval.o/-DGLOVEBOX_WITHOUT_POLLING -o $WORK/ceval.o}"
EXTRA_OBJECTS="$WORK/ceval.o" bash "$here/link.sh"
