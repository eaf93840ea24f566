"""The glovebox's own side inside the interpreter."""

from _glovebox import TimeLimitExceeded

__all__ = ['TimeLimitExceeded']
