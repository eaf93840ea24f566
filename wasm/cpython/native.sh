#!/usr/bin/env bash
# A CPython for the build machine: the cross build runs it to freeze modules and to compile bytecode,
# so it must be the very same version. Only the bare interpreter, its extension modules are not needed.
set -euo pipefail
# shellcheck source=toolchain.sh
. "$(dirname "$0")/toolchain.sh"
mkdir -p "$OUT/build"
cd "$OUT/build"

CC="$BUILD_CC" OPT='-O1 -DNDEBUG' "$SOURCES/cpython/configure" \
  --with-ensurepip=no --disable-test-modules --without-doc-strings
# The sources serve other stages too: leave no bytecode in them.
export PYTHONDONTWRITEBYTECODE=1
make -j"$JOBS" python pybuilddir.txt
