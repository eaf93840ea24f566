#!/usr/bin/env bash
# How often CPython executes each part of itself: $OUT/cpython.profdata, which compile.sh compiles with; and which of its
# functions no start and no usual program has called: $OUT/unpractised.txt, by name. A
# CPython that counts runs tests of CPython's own (training/train.py) in Node. As WebAssembly, and not on this
# machine's processor: so its functions have the guest's shape, by which the compiler knows them again, and it
# gets the same addresses and the same answers from its host everywhere, so that the counts are always the same.
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
"llvm-profdata-$LLVM_VERSION" merge "$WORK/out/python.profraw" -o "$OUT/cpython.profdata"
"llvm-profdata-$LLVM_VERSION" merge "$WORK/out/practised.profraw" -o "$WORK/practised.profdata"
# The names of one file's own functions begin with its path; several files may have one of the same name.
"llvm-profdata-$LLVM_VERSION" show --all-functions --counts "$WORK/practised.profdata" |
  awk '/^  [^ ].*:$/ { name = $0; gsub(/^ +|.*;|:$/, "", name); called[name] += 0 }
    /^ *Block counts: .*[1-9]/ { called[name] = 1 }
    END { for (name in called) if (!called[name]) print name }' |
  LC_ALL=C sort >"$OUT/unpractised.txt"
