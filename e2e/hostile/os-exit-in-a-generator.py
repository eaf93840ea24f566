# expect: exit
# Exits with a code out of range through nested generators, and for good while that is on its way.
import os
import sys


def inner():
    try:
        yield sys.exit(2**80)
    finally:
        os._exit(7)


def outer():
    try:
        yield from inner()
    finally:
        raise ValueError


next(outer())
