#!/usr/bin/env bash
# The reactor without the tests that the origin policy costs outside of any restricted extent: what they cost is
# measured against it. Nothing else may use it.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$WORK"

# The compiler's commands as the build itself has them, with one definition more.
cd "$CPYTHON/build"
objects=()
for name in Objects/{abstract,descrobject,genobject,methodobject,typeobject} Python/{bltinmodule,ceval}; do
  command="$(make --no-print-directory --dry-run --what-if="../source/$name.c" "$name.o" | grep -E -- "-c .*$name\.c")"
  object="$WORK/$(basename "$name").o"
  eval "${command/-o $name.o/-DGLOVEBOX_WITHOUT_ORIGIN -o $object}"
  objects+=("$object")
done
EXTRA_OBJECTS="${objects[*]}" bash "$here/link.sh"
