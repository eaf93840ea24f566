# Sourced by the stages: the cross compiler, out of Debian's packages or out of WASI_SDK_PATH.
# Expects SOURCES (the sources stage's folder) and what versions.env sets.

if [ -n "${WASI_SDK_PATH:-}" ]; then
  LLVM_BIN="$WASI_SDK_PATH/bin"
  WASM_CC="$LLVM_BIN/clang"
  SYSROOT="$WASI_SDK_PATH/share/wasi-sysroot"
  AR="$LLVM_BIN/llvm-ar"
  RANLIB="$LLVM_BIN/llvm-ranlib"
else
  WASM_CC="clang-$LLVM_VERSION"
  SYSROOT="$SOURCES/wasi-libc/usr"
  AR="llvm-ar-$LLVM_VERSION"
  RANLIB="llvm-ranlib-$LLVM_VERSION"
fi

# -Wno-deprecated: newer clang calls the triple wasm32-wasip1 and warns about each use of this one.
CC="$WASM_CC --target=$WASM_TARGET --sysroot=$SYSROOT -Wno-deprecated"
# For what runs on this machine during the build.
BUILD_CC="clang-$LLVM_VERSION"
command -v "$BUILD_CC" >/dev/null || BUILD_CC=cc
JOBS="$(getconf _NPROCESSORS_ONLN)"
export CC AR RANLIB
