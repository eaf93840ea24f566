"""Around a memory image: what is done before one is taken, and after it has been put somewhere else."""

import gc
import os
import sys
from importlib import import_module

from _glovebox import seed_when_woken


def prepare(modules, make_prompt):
    """Make the interpreter what each new guest is to find."""
    for name in modules:
        import_module(name)
    make_prompt()
    seed_itself()
    gc.collect()


def seed_itself():
    """Guests that find the world as it is here wake without us: their numbers are all that has to be their own."""
    random = sys.modules.get('random')
    if random is not None:
        # That of C, below the module's generator: no code of Python's has to run.
        seed_when_woken(super(random.Random, random._inst).seed)


def wake(env, terminals, offered):
    """Take the place of a start: nothing of the host that the image was taken on may be left.

    `terminals`: whether stdin and stdout are. Each host call less is a wait less for the page.
    """
    environ = os.environ
    found = dict(environ)
    for name in found.keys() - env.keys():
        del environ[name]
    for name, value in env.items():
        if found.get(name) != value:
            environ[name] = value
    change_folder(env.get('PWD', '/'))
    resume(terminals, offered)


def change_folder(path):
    """As at a start: a folder that is not there leaves us in the root. The image's own is always there."""
    if path == os.getcwd():
        return
    try:
        os.chdir(path)
    except OSError:
        os.chdir('/')


def resume(terminals, offered):
    """Go on in another world: its streams may be other ones, and its numbers have to be."""
    # Not `sys.stdin` and `sys.stdout`, which a program may have put something else in the place of.
    for stream, is_terminal in zip((sys.__stdin__, sys.__stdout__), terminals):
        if stream is None or stream.closed:
            continue
        if stream.line_buffering != is_terminal:
            stream.reconfigure(line_buffering=is_terminal)
    renew_entropy()
    offer(*offered)


def offer(names, has_kinds):
    """What the page gives from now on."""
    if names or has_kinds or 'glovebox._capabilities' in sys.modules:
        from glovebox._capabilities import take_offer
        take_offer(names, has_kinds)


def renew_entropy():
    """Let no two guests of one image draw the same numbers."""
    modules = sys.modules
    if 'random' in modules:
        # All that one host call gives; without it, seed() makes ten.
        modules['random'].seed(int.from_bytes(os.urandom(256)))
    if 'tempfile' in modules:
        modules['tempfile']._name_sequence = None
    if 'uuid' in modules:
        modules['uuid']._node = None
