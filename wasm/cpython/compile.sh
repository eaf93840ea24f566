#!/usr/bin/env bash
# CPython's objects for WebAssembly: libpython and every extension module as static parts of it.
# Nothing is linked here; link.sh does that together with our own C. PROFILE is the folder of what profile.sh
# has counted, or `count` for that script's own CPython, or empty.
set -euo pipefail
# shellcheck source=toolchain.sh
. "$(dirname "$0")/toolchain.sh"
cp -a "$SOURCES/cpython" "$OUT/source"
cd "$OUT/source"
for file in "$(dirname "$0")"/patches/*.patch; do
  basename "$file"
  patch --strip=1 --forward --fuzz=0 <"$file"
done

# Named outright, so that the build machine's own bz2, lzma and sqlite can't be found instead.
export PKG_CONFIG_LIBDIR=/nonexistent
include="-I$LIBRARIES/include"
export ZLIB_CFLAGS="$include" ZLIB_LIBS="-L$LIBRARIES/lib -lz"
export BZIP2_CFLAGS="$include" BZIP2_LIBS="-L$LIBRARIES/lib -lbz2"
export LIBLZMA_CFLAGS="$include" LIBLZMA_LIBS="-L$LIBRARIES/lib -llzma"
export LIBSQLITE3_CFLAGS="$include" LIBSQLITE3_LIBS="-L$LIBRARIES/lib -lsqlite3 -lm"

link_time_flags=''
case "$PROFILE" in
  '') profile_flags='' ;;
  count) profile_flags=-fprofile-generate ;;
  # Unprofiled are the modules that no test has imported: no warning for each. What has hardly run is to be small.
  *)
    profile_flags="-fprofile-use=$PROFILE/python.profdata -Wno-profile-instr-unprofiled"
    profile_flags+=' -mllvm -pgo-cold-func-opt=minsize'
    # So that what is called often can become a part of its caller in another file (link.sh).
    link_time_flags='-flto=thin'
    ;;
esac

mkdir "$OUT/build"
cd "$OUT/build"
CFLAGS_NODIST="$profile_flags $link_time_flags" CONFIG_SITE="$OUT/source/Tools/wasm/config.site-wasm32-wasi" \
  CFLAGS="$WASM_CFLAGS -ffile-prefix-map=$OUT=." LDFLAGS="-Wl,--stack-first -Wl,-z,stack-size=$STACK_BYTES" \
  ../source/configure \
  --host=wasm32-wasip1 --build="$("$OUT/source/config.guess")" \
  --with-build-python="$NATIVE/build/python" --prefix=/usr \
  --disable-test-modules --without-ensurepip --with-system-libmpdec=no --with-pymalloc
make -j"$JOBS" "libpython$CPYTHON_SERIES.a" pybuilddir.txt \
  $(make -s --eval 'print-archives: ; @echo $(filter %.a,$(MODLIBS) $(LIBEXPAT_A) $(LIBMPDEC_A) $(LIBHACL_SHA2_A))' print-archives)
if [ -n "$link_time_flags" ]; then
  # Those with tables.h's tables once more: only what is an object before the link has a name in the linker's map.
  rm Modules/unicodedata.o Modules/cjkcodecs/_codecs_*.o
  make -j"$JOBS" CFLAGS_NODIST="$(make -s --eval 'print-flags: ; @echo $(CFLAGS_NODIST)' print-flags) -fno-lto" \
    "libpython$CPYTHON_SERIES.a"
fi
make -s --eval 'print-libraries: ; @echo $(MODLIBS) $(LIBS) $(SYSLIBS)' print-libraries >"$OUT/link-libraries.txt"
