"""The glovebox's own side inside the interpreter."""

from _glovebox import PolicyError, TimeLimitExceeded, restrict

__all__ = ['PolicyError', 'TimeLimitExceeded', 'restrict']
