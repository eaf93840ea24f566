"""The glovebox's own side inside the interpreter."""

from _glovebox import Handle, PolicyError, TimeLimitExceeded, restrict
from glovebox._capabilities import (
    BudgetExceeded,
    CapabilityError,
    Forbidden,
    Revoked,
    Unauthorized,
    can_call,
    can_get,
    can_set,
)
from glovebox._events import off, on, spawn
from glovebox._network import fetch
from glovebox._values import Record

# By the module that has it: there only where the page offers a display.
_OF_DISPLAY = {
    'display': '_showing',
    'HTML': '_rich',
    'Image': '_rich',
    'Latex': '_rich',
    'Markdown': '_rich',
    'SVG': '_rich',
    'Table': '_tables',
}

__all__ = [
    'BudgetExceeded',
    'CapabilityError',
    'Forbidden',
    'Handle',
    'PolicyError',
    'Record',
    'Revoked',
    'TimeLimitExceeded',
    'Unauthorized',
    'can_call',
    'can_get',
    'can_set',
    'fetch',
    'off',
    'on',
    'restrict',
    'spawn',
]


def __getattr__(name):
    module = _OF_DISPLAY.get(name)
    if module is not None:
        from importlib import import_module
        if import_module('glovebox._showing').is_there():
            return getattr(import_module(f'glovebox.{module}'), name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
