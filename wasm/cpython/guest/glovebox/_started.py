"""Calls of capabilities that coroutines await."""

import asyncio
from weakref import WeakKeyDictionary

from _glovebox import loads

from glovebox._capabilities import error_of, use

# By loop: the futures of what goes on, by the number that the page knows it by.
_waiting = WeakKeyDictionary()


def start(subject, member, arguments):
    """A future of a call that is under way."""
    loop = asyncio.get_running_loop()
    number = use('start', subject, member, arguments)
    future = loop.create_future()
    _waiting.setdefault(loop, {})[number] = future
    return future


def has_any(loop):
    return bool(_waiting.get(loop))


def settle(loop, seconds):
    """Wait until one of the loop's calls is over, or the time is up, and let those who await it know."""
    futures = _waiting[loop]
    try:
        over = use('settle', float(seconds), list(futures))
    except Exception as error:
        # They went on in another place than this: nobody has their answers.
        lost = list(futures.values())
        futures.clear()
        for future in lost:
            if not future.done():
                future.set_exception(error)
        return
    for number, answer in over:
        future = futures.pop(number)
        if future.done():
            continue
        try:
            answer = loads(answer)
            if answer[0] is not True:
                raise error_of(answer)
            future.set_result(answer[1])
        except Exception as error:
            future.set_exception(error)
