#!/usr/bin/env bash
# CPython for this machine, of the sources and with the compiler that the guest is made with, at -O3 and
# without our patches: what benchmarks compare the guest with. $OUT/python runs it.
set -euo pipefail
# shellcheck source=toolchain.sh
. "$(dirname "$0")/toolchain.sh"
mkdir -p "$OUT"/{build,include,lib} "$WORK"
cp -a "$SOURCES"/{zlib,sqlite} "$WORK"

# Not the machine's own libraries: other versions would be compared too.
cd "$WORK/zlib"
CC="$BUILD_CC" CFLAGS='-O3 -fPIC' ./configure --static
make -j"$JOBS" libz.a
cp libz.a "$OUT/lib"
cp zlib.h zconf.h "$OUT/include"

cd "$WORK/sqlite"
[ -f sqlite3.c ] || make -f main.mk TOP=. BCC="$BUILD_CC" TCLSH_CMD=tclsh sqlite3.c
"$BUILD_CC" -O3 -fPIC -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION \
  -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DESERIALIZE \
  -c sqlite3.c -o sqlite3.o
ar rcs "$OUT/lib/libsqlite3.a" sqlite3.o
cp sqlite3.h "$OUT/include"

export PKG_CONFIG_LIBDIR=/nonexistent
include="-I$OUT/include"
export ZLIB_CFLAGS="$include" ZLIB_LIBS="-L$OUT/lib -lz"
export LIBSQLITE3_CFLAGS="$include" LIBSQLITE3_LIBS="-L$OUT/lib -lsqlite3 -lm"
# Digests by CPython's own code, as in the guest, not by OpenSSL's assembler for this very processor.
export py_cv_module__hashlib=n/a py_cv_module__ssl=n/a

cd "$OUT/build"
unset AR RANLIB
CC="$BUILD_CC" OPT='-DNDEBUG -O3' "$SOURCES/cpython/configure" \
  --with-ensurepip=no --disable-test-modules --with-system-libmpdec=no
# The sources serve other stages too: leave no bytecode in them.
export PYTHONDONTWRITEBYTECODE=1
make -j"$JOBS" python sharedmods
./python -c 'import _decimal, _json, _pickle, _sqlite3, pyexpat, unicodedata, zlib'

cat >"$OUT/python" <<END
#!/bin/sh
PYTHONPYCACHEPREFIX='$OUT/bytecode' exec '$OUT/build/python' "\$@"
END
chmod +x "$OUT/python"
