"""Modules of the library, imported afresh. Stresses: finders and loaders, unmarshalling of bytecode, making classes."""

import importlib
import sys

# In Python alone: what is written in C is set up only once. Whom they import is imported once as well.
MODULES = (
    'argparse',
    'calendar',
    'configparser',
    'csv',
    'difflib',
    'fractions',
    'html.parser',
    'json.decoder',
    'optparse',
    'shlex',
    'statistics',
    'string',
    'textwrap',
    'urllib.parse',
)


def run(size):
    names = 0
    kept = {name: importlib.import_module(name) for name in MODULES}
    for _ in range(size):
        for name in MODULES:
            del sys.modules[name]
        for name in MODULES:
            names += hasattr(importlib.import_module(name), '__spec__')
    # Whoever comes after gets the modules that the rest of the library knows.
    sys.modules.update(kept)
    return names
