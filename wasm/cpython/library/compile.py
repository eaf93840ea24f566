"""Compiles library files for the guest: reads lines of source, target and the path inside the guest."""

import py_compile
import sys

for line in sys.stdin:
    source, target, shown = line.rstrip('\n').split('\t')
    # Unchecked: the archives are made once and read-only, so looking at the source's time would only
    # cost a host call for each import.
    py_compile.compile(source, target, shown, doraise=True, optimize=0,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
