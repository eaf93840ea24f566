#!/usr/bin/env bash
# zlib, bzip2, xz and SQLite as static WebAssembly libraries.
set -euo pipefail
# shellcheck source=toolchain.sh
. "$(dirname "$0")/toolchain.sh"
mkdir -p "$OUT/include" "$OUT/lib" "$WORK"
cp -a "$SOURCES"/{zlib,bzip2,xz,sqlite} "$WORK"

cd "$WORK/zlib"
CHOST=wasm32 CFLAGS="$WASM_CFLAGS" ./configure --static --prefix="$OUT"
make -j"$JOBS" libz.a
cp libz.a "$OUT/lib"
cp zlib.h zconf.h "$OUT/include"

cd "$WORK/bzip2"
make -j"$JOBS" libbz2.a CC="$CC" AR="$AR" RANLIB="$RANLIB" CFLAGS="$WASM_CFLAGS"
cp libbz2.a "$OUT/lib"
cp bzlib.h "$OUT/include"

cd "$WORK/xz"
CFLAGS="$WASM_CFLAGS" ./configure --host=wasm32-wasi --prefix="$OUT" --enable-static --disable-shared \
  --disable-{xz,xzdec,lzmadec,lzmainfo,lzma-links,scripts,doc,nls,assembler,sandbox} --enable-threads=no
make -j"$JOBS" -C src/liblzma install

# One compilation unit. No threads and no shared memory in this guest: one process owns a database,
# so its write-ahead log needs no mmap, and locks by dot-files would only leave litter behind. Small
# rather than fast: at -O3 it would be a fifth of the whole module.
cd "$WORK/sqlite"
[ -f sqlite3.c ] || make -f main.mk TOP=. BCC="$BUILD_CC" TCLSH_CMD=tclsh sqlite3.c
$CC $WASM_CFLAGS -Os -c sqlite3.c -o sqlite3.o \
  -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL -DSQLITE_MAX_MMAP_SIZE=0 \
  -DSQLITE_WASI -DSQLITE_DEFAULT_UNIX_VFS='"unix-none"' \
  -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_MATH_FUNCTIONS \
  -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_DESERIALIZE
"$AR" rcs "$OUT/lib/libsqlite3.a" sqlite3.o
cp sqlite3.h sqlite3ext.h "$OUT/include"
