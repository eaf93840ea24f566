#!/usr/bin/env bash
# Our own C, and the reactor: $OUT/python.debug.wasm as it was linked, $OUT/python.wasm optimised, both with all their names.
# EXTRA_OBJECTS take the place of libpython's own. $OUT/python.map tells where the linker put what.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
# shellcheck source=toolchain.sh
. "$here/toolchain.sh"
mkdir -p "$WORK" "$OUT"

objects=()
for file in "$here"/glovebox/*.c; do
  object="$WORK/$(basename "$file" .c).o"
  $CC $WASM_CFLAGS -std=c11 -Wall -Wextra -Werror -D_WASI_EMULATED_SIGNAL \
    -I"$CPYTHON/build" -I"$CPYTHON/source/Include" -isystem "$CPYTHON/source/Include/internal" \
    -isystem "$CPYTHON/source/Python" -c "$file" -o "$object"
  objects+=("$object")
done

# tables.c comes before the modules' own beginnings.
wraps=()
for name in $(sed -n 's/^ *X(\(.*\)).*/\1/p' "$here/glovebox/tables.h"); do
  wraps+=("-Wl,--wrap=PyInit_$name")
done

# The host brings the memory and chooses its maximum, up to all that 32 bits address. The stack comes
# first, so that an overflow leaves the memory (a trap) instead of running into data.
cd "$CPYTHON/build"
# Optimised across CPython's files, as far as they were compiled for that. Into another file goes only what is short or called
# very often (in instructions: 2, and 100 times that), as a page loads all of it.
across='-flto=thin -Wl,--lto-O3 -Wl,--thinlto-jobs=2 -Wl,-mllvm,-import-instr-limit=2 -Wl,-mllvm,-import-hot-multiplier=100'
# Not by the compiler's own hand, which optimises if and only if it finds a wasm-opt on its way.
# shellcheck disable=SC2086 # several, or none
$CC -O3 $across --no-wasm-opt -mexec-model=reactor "${objects[@]}" ${EXTRA_OBJECTS:-} "libpython$CPYTHON_SERIES.a" \
  $(cat "$CPYTHON/link-libraries.txt") \
  -Wl,--import-memory -Wl,--max-memory=4294967296 -Wl,--export=__stack_pointer \
  -Wl,--stack-first -Wl,-z,stack-size="$STACK_BYTES" \
  "${wraps[@]}" -Wl,-Map="$OUT/python.map" -o "$OUT/python.debug.wasm"
# Who has but one caller is not put into it: the compiler, which has the counts, has left the rare ones out of what runs often,
# and engines compile a function when it is first called.
# Addresses are never made out of smaller ones by an overflow, as nothing lies in the lowest KiB but the stack's very end: so a
# field's offset can be part of the instruction that reads it (0.93 of the time, 5 % less code).
"$WASM_OPT" -O3 -O2 --one-caller-inline-max-function-size=15 --low-memory-unused -g --strip-dwarf --strip-producers \
  --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-multivalue --enable-reference-types \
  "$OUT/python.debug.wasm" -o "$OUT/python.wasm"
