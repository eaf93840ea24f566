"""Programs that wait for events: handlers that the page calls.

Between two events nothing of the program is on the stack, so that a memory image holds all of it: its handlers,
and in _resident its tasks, with the timers and calls that they wait for.
"""

from types import CoroutineType

_handlers = {}


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
    from glovebox._resident import spawn
    return spawn(coroutine)


def dispatch(event, value):
    """Call the handlers of an event, and let coroutines run until they wait."""
    started = False
    for handler in list(_handlers.get(event, ())):
        result = handler(value)
        if isinstance(result, CoroutineType):
            started = True
            spawn(result)
    if started:
        from glovebox._resident import advance
        advance()
