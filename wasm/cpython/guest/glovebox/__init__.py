"""The glovebox's own side inside the interpreter."""

from _glovebox import Handle, TimeLimitExceeded
from glovebox._values import Record

__all__ = ['Handle', 'Record', 'TimeLimitExceeded']
