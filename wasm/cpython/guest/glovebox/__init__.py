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
