"""Around a memory image: what is done before one is taken, and after it has been put somewhere else."""

import gc
import os
import sys
from importlib import import_module


def prepare(modules):
    """Make the interpreter what each new guest is to find."""
    for name in modules:
        import_module(name)
    gc.collect()


def wake(env):
    """Take the place of a start: nothing of the host that the image was taken on may be left."""
    environ = os.environ
    if dict(environ) != env:
        environ.clear()
        environ.update(env)
    # As at a start: a folder that is not there leaves us in the root.
    os.chdir('/')
    try:
        os.chdir(env['PWD'])
    except (KeyError, OSError):
        pass
    resume()


def resume():
    """Go on in another world: its streams may be other ones, and its numbers have to be."""
    # Not `sys.stdin` and `sys.stdout`, which a program may have put something else in the place of.
    for stream in (sys.__stdin__, sys.__stdout__):
        if stream is None or stream.closed:
            continue
        if stream.line_buffering != stream.isatty():
            stream.reconfigure(line_buffering=stream.isatty())
    renew_entropy()


def renew_entropy():
    """Let no two guests of one image draw the same numbers."""
    modules = sys.modules
    if 'random' in modules:
        modules['random'].seed()
    if 'tempfile' in modules:
        modules['tempfile']._name_sequence = None
    if 'uuid' in modules:
        modules['uuid']._node = None
