"""The glovebox's own side inside the interpreter."""

from _glovebox import Handle, TimeLimitExceeded
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
from glovebox._values import Record

__all__ = [
    'BudgetExceeded',
    'CapabilityError',
    'Forbidden',
    'Handle',
    'Record',
    'Revoked',
    'TimeLimitExceeded',
    'Unauthorized',
    'can_call',
    'can_get',
    'can_set',
    'off',
    'on',
    'spawn',
]


def __getattr__(name):
    # They bring asyncio, which not everybody needs.
    if name not in ('off', 'on', 'spawn'):
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from glovebox import _events
    value = globals()[name] = getattr(_events, name)
    return value
