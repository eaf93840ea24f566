#!/usr/bin/env bash
# Fetches and unpacks every source into $OUT/{cpython,zlib,bzip2,xz,sqlite,wasi-libc,tzdata} and writes
# the exact Debian versions to $OUT/versions.txt. apt works with lists and state of its own, so the
# machine's configuration stays as it is and no root is needed; the packages are found through the
# mirror that the machine already uses and checked against the archive's signing key.
set -euo pipefail
cd "$OUT"

fail() {
  echo "glovebox: $*" >&2
  exit 1
}

setup_apt() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  command -v apt-get >/dev/null || fail "no apt here: set LIBRARY_SOURCES to a folder that holds $*"
  [ -r "$keyring" ] || fail "Debian's archive key is missing: install debian-archive-keyring"
  # Suites with a dash or a slash are updates and security, which hold no complete archive.
  mirror="$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$2 ~ /^[a-z]+$/ && $3 == "main" && $1 ~ /\/debian\/?$/ { print $1; exit }')"
  [ -n "$mirror" ] || fail "the machine's apt configuration names no Debian mirror"
  mkdir -p "$WORK"/{lists/partial,cache/archives/partial}
  printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
    "$mirror" "$SOURCE_SUITE" "$keyring" >"$WORK/glovebox.sources"
  APT_OPTIONS=(-o "Dir::Etc::sourcelist=$WORK/glovebox.sources" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State=$WORK" -o "Dir::State::lists=$WORK/lists" -o Dir::State::status=/dev/null
    -o "Dir::Cache=$WORK/cache" -o APT::Sandbox::User= -o APT::Update::Post-Invoke::=true)
  apt-get "${APT_OPTIONS[@]}" update
}

# The versions of a source package that the index lists and that carry UPSTREAM_VERSION, newest first.
source_versions() {
  apt-cache "${APT_OPTIONS[@]}" showsrc --only-source "$1" |
    awk -v upstream="$2" '/^Version: / {
      version = $2
      sub(/^[0-9]+:/, "", version)
      if (index(version, upstream "-") == 1 || index(version, "really" upstream "-")) print $2
    }' | sort --version-sort --reverse --unique
}

# source_package NAME UPSTREAM_VERSION FOLDER
# A mirror may list a revision before it holds its files: then the one before it will do.
source_package() {
  local version versions
  versions="$(source_versions "$1" "$2")"
  [ -n "$versions" ] || fail "the mirror has no $1 $2, which versions.env asks for"
  for version in $versions; do
    rm -rf "$WORK/downloads"
    mkdir "$WORK/downloads"
    if (cd "$WORK/downloads" && apt-get "${APT_OPTIONS[@]}" source --download-only "$1=$version"); then
      # apt has checked the files against the signed index, so the uploader's own key is not asked for.
      dpkg-source --no-check -x "$WORK/downloads/$1"_*.dsc "$OUT/$3"
      echo "$1=$version" >>"$OUT/versions.txt"
      return
    fi
    echo "glovebox: the mirror lists $1 $version but lacks its files"
  done
  fail "the mirror gives no $1 $2"
}

# binary_package NAME VERSION_PREFIX FOLDER
binary_package() {
  local deb version
  rm -rf "$WORK/downloads"
  mkdir "$WORK/downloads"
  (cd "$WORK/downloads" && apt-get "${APT_OPTIONS[@]}" download "$1")
  deb="$(ls "$WORK/downloads/$1"_*.deb)"
  version="$(dpkg-deb -f "$deb" Version)"
  case "$version" in
    "$2"*) ;;
    *) fail "the mirror has $1 $version, versions.env asks for $2" ;;
  esac
  dpkg-deb -x "$deb" "$OUT/$3"
  echo "$1=$version" >>"$OUT/versions.txt"
}

: >versions.txt
if [ -z "${CPYTHON_SOURCE:-}" ] || [ -z "${LIBRARY_SOURCES:-}" ] || [ -z "${WASI_SDK_PATH:-}" ]; then
  setup_apt 'zlib bzip2 xz sqlite tzdata (and set CPYTHON_SOURCE and WASI_SDK_PATH)'
fi

if [ -n "${CPYTHON_SOURCE:-}" ]; then
  cp -a "$CPYTHON_SOURCE/." cpython
  found="$(sed -n 's/^#define PY_VERSION  *"\(.*\)"/\1/p' cpython/Include/patchlevel.h)"
  case "$found" in
    "$CPYTHON_SERIES".*) echo "cpython=$found (CPYTHON_SOURCE)" >>versions.txt ;;
    *) fail "CPYTHON_SOURCE holds CPython '$found', not $CPYTHON_SERIES" ;;
  esac
else
  source_package "python$CPYTHON_SERIES" "$CPYTHON_VERSION" cpython
fi

if [ -n "${LIBRARY_SOURCES:-}" ]; then
  for folder in zlib bzip2 xz sqlite tzdata; do
    [ -d "$LIBRARY_SOURCES/$folder" ] || fail "LIBRARY_SOURCES has no folder $folder"
    cp -a "$LIBRARY_SOURCES/$folder/." "$folder"
    echo "$folder=(LIBRARY_SOURCES)" >>versions.txt
  done
else
  source_package zlib "$ZLIB_VERSION" zlib
  source_package bzip2 "$BZIP2_VERSION" bzip2
  source_package xz-utils "$XZ_VERSION" xz
  source_package sqlite3 "$SQLITE_VERSION" sqlite
  binary_package tzdata "$TZDATA_YEAR" tzdata
  # The backward names ("US/Pacific", "Asia/Calcutta"), which zoneinfo's users expect.
  binary_package tzdata-legacy "$TZDATA_YEAR" tzdata
fi

if [ -z "${WASI_SDK_PATH:-}" ]; then
  binary_package wasi-libc "$WASI_LIBC_VERSION" wasi-libc
fi
