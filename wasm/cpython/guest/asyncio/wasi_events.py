"""Event loop for WASI: timers and callbacks, without sockets, threads or processes."""

import selectors
import signal
import sys

import _glovebox

from . import coroutines, events, unix_events
from .unix_events import *

__all__ = unix_events.__all__

# select.poll waits on after a signal handler has run. Where it has to be used, it gets slices.
_SLICE_SECONDS = 0.05


class _WaitingSelector(selectors.PollSelector):
    """Waits in the host, and comes back when a signal handler has run or a call of a capability is over."""

    loop = None

    def select(self, timeout=None):
        started = sys.modules.get('glovebox._started')
        awaits_calls = started is not None and started.has_any(self.loop)
        if self.get_map():
            if awaits_calls:
                started.settle(self.loop, 0)
            slice_seconds = _SLICE_SECONDS if timeout is None else min(timeout, _SLICE_SECONDS)
            return super().select(slice_seconds)
        if timeout is None:
            timeout = float('inf')
        if awaits_calls:
            started.settle(self.loop, timeout)
        elif timeout > 0:
            _glovebox.wait(timeout)
        return []


class WasiEventLoop(unix_events.SelectorEventLoop):
    def __init__(self, selector=None):
        super().__init__(_WaitingSelector() if selector is None else selector)
        if selector is None:
            self._selector.loop = self

    # The loop's only thread is the one that it would wake up.

    def _make_self_pipe(self):
        pass

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        pass

    def _check_signal(self, sig):
        # The inherited one asks signal.valid_signals, which WASI's signal module lacks.
        if not isinstance(sig, int):
            raise TypeError(f'sig must be an int, not {sig!r}')
        if not 1 <= sig < signal.NSIG:
            raise ValueError(f'invalid signal number {sig}')

    def add_signal_handler(self, sig, callback, *args):
        if coroutines.iscoroutine(callback) or coroutines.iscoroutinefunction(callback):
            raise TypeError('coroutines cannot be used with add_signal_handler()')
        self._check_signal(sig)
        self._check_closed()
        try:
            signal.signal(sig, lambda number, frame: self._handle_signal(number))
        except OSError as exc:
            raise RuntimeError(f'sig {sig} cannot be caught') from exc
        self._signal_handlers[sig] = events.Handle(callback, args, self, None)

    def remove_signal_handler(self, sig):
        self._check_signal(sig)
        if self._signal_handlers.pop(sig, None) is None:
            return False
        default = signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL
        signal.signal(sig, default)
        return True

    async def shutdown_default_executor(self, timeout=None):
        # The inherited one joins the executor's threads from a thread of its own.
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=False)


class WasiEventLoopPolicy(unix_events.DefaultEventLoopPolicy):
    _loop_factory = WasiEventLoop


SelectorEventLoop = WasiEventLoop
EventLoop = WasiEventLoop
DefaultEventLoopPolicy = WasiEventLoopPolicy
