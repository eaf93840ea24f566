"""Programs that wait for events: handlers that the page calls, and coroutines that go on between its calls.

Between two events nothing of the program is on the stack, so that a memory image holds all of it: its handlers,
its tasks, and the timers that they wait for.
"""

import asyncio
import heapq
from asyncio.wasi_events import WasiEventLoop

from glovebox import _started

_handlers = {}


class _ResidentLoop(WasiEventLoop):
    """Runs what there is to do, and then lets the host wait for what comes next."""

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


_loop = None


def _resident():
    global _loop
    if _loop is None:
        _loop = _ResidentLoop()
    return _loop


def on(event):
    """Let the function that follows handle an event: `@glovebox.on('touched')`.

    It gets the event's value, and may be a coroutine function: what it awaits goes on between events.
    """
    if not isinstance(event, str):
        raise TypeError('an event is named by a str: @on("touched")')

    def register(handler):
        if not callable(handler):
            raise TypeError(f'a {type(handler).__name__} can handle nothing')
        _handlers.setdefault(event, []).append(handler)
        return handler

    return register


def off(event, handler):
    """Take a handler away; it is no error if there is none."""
    handlers = _handlers.get(event, [])
    if handler in handlers:
        handlers.remove(handler)


def spawn(coroutine):
    """A task that goes on between the page's calls, whatever run it was made in."""
    loop = _resident()
    return asyncio.tasks.Task(coroutine, loop=loop)


def dispatch(event, value):
    """Call the handlers of an event, and let coroutines run until they wait."""
    for handler in list(_handlers.get(event, ())):
        result = handler(value)
        if asyncio.iscoroutine(result):
            spawn(result)
    advance()


def advance():
    """Do what is due of what was left to be done."""
    if _loop is not None:
        _loop.advance()


def waits():
    """(seconds until there is something to do or None, whether calls go on), or None where nothing waits."""
    if _loop is None:
        return None
    seconds, calls = _loop.next_in(), _started.has_any(_loop)
    return None if seconds is None and not calls else (seconds, calls)
