#!/usr/bin/env bash
# How often CPython executes each part of itself: $OUT/python.profdata, which compile.sh compiles with, in tests of
# CPython's own (training/train.py); and $OUT/practised.profdata in a start and training/usual.py alone. A CPython that
# counts runs in Node, as WebAssembly, and not on this machine's processor: so its functions have the guest's shape,
# by which the compiler knows them again, and it gets the same addresses and the same answers from its host
# everywhere, so that the counts are always the same.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
# shellcheck source=toolchain.sh
. "$here/toolchain.sh"
cpython="$WORK/cpython" library="$WORK/cpython/source/Lib"
mkdir -p "$cpython" "$WORK"/{scratch,out}
PROFILE=count OUT="$cpython" bash "$here/compile.sh"

objects=()
for file in "$here"/training/*.c; do
  object="$WORK/$(basename "$file" .c).o"
  $CC $WASM_CFLAGS -std=c11 -Wall -Wextra -Werror -D_WASI_EMULATED_SIGNAL \
    -I"$cpython/build" -I"$cpython/source/Include" -isystem "$cpython/source/Include/internal" \
    -c "$file" -o "$object"
  objects+=("$object")
done
cd "$cpython/build"
# shellcheck disable=SC2046 # several
$CC --no-wasm-opt "${objects[@]}" "libpython$CPYTHON_SERIES.a" $(cat "$cpython/link-libraries.txt") \
  -Wl,--max-memory=4294967296 -Wl,--stack-first -Wl,-z,stack-size="$STACK_BYTES" -o "$WORK/python.wasm"

# What the build's own Python has compiled names this machine's folders.
find "$library" -name __pycache__ -prune -exec rm -r {} +
cp "$here"/guest/asyncio/*.py "$library/asyncio"
node --no-warnings "$here/training/host.mjs" \
  "$WORK/python.wasm" "$library" "$here/training" "$WORK/scratch" "$WORK/out"
for name in python practised; do
  "llvm-profdata-$LLVM_VERSION" merge "$WORK/out/$name.profraw" -o "$OUT/$name.profdata"
done
