"""The event loop that outlives a run: it runs what is due, and the host waits for what comes next."""

import asyncio
import heapq
from asyncio.wasi_events import WasiEventLoop

from glovebox import _started


class _ResidentLoop(WasiEventLoop):
    def advance(self):
        """Do what is due, and what comes of it at once."""
        if _started.has_any(self):
            _started.settle(self, 0)
        while True:
            self.call_soon(self.stop)
            self.run_forever()
            if self.next_in() != 0:
                return

    def next_in(self):
        """The seconds until there is something to do; None where no timer is set."""
        if self._ready:
            return 0
        timers = self._scheduled
        while timers and timers[0]._cancelled:
            self._timer_cancelled_count -= 1
            heapq.heappop(timers)._scheduled = False
        if not timers:
            return None
        return max(0, timers[0]._when - self.time() - self._clock_resolution)


_loop = _ResidentLoop()


def spawn(coroutine):
    return asyncio.Task(coroutine, loop=_loop)


def advance():
    """Do what is due of what was left to be done."""
    _loop.advance()


def waits():
    """(seconds until there is something to do or None, whether calls go on), or None where nothing waits."""
    seconds, calls = _loop.next_in(), _started.has_any(_loop)
    return None if seconds is None and not calls else (seconds, calls)
