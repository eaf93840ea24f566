"""How a turn ends: its result, and what the program's uncaught exception shows.

Everything here may meet objects of the program that lie or raise; see _runtime on what that means.
"""

import builtins
import sys
import traceback

from _glovebox import TimeLimitExceeded

__builtins__ = dict(vars(builtins))

# What ends a program from outside: never to be swallowed on the way.
STOPS = (KeyboardInterrupt, TimeLimitExceeded)

STOPPED_EXIT_CODE = 130

MESSAGE_LIMIT = 10_000
FRAMES_AT_EITHER_END = 1000
CHAIN_LIMIT = 1000
TRACEBACK_LIMIT = 65_536

type_name = type.__dict__['__name__'].__get__
_first_streams = (sys.stdout, sys.stderr)
_traceback_of = BaseException.__traceback__.__get__
_cause_of = BaseException.__cause__.__get__
_context_of = BaseException.__context__.__get__


def is_a(exception, cls):
    # By the real type: isinstance would ask the exception for its __class__.
    return issubclass(type(exception), cls)


def plain(text):
    """The text as an exact str that UTF-8 can carry, whatever subclass or surrogates it had."""
    return str.encode(text, 'utf-8', 'backslashreplace').decode()


def _text_of(value):
    try:
        return plain(str(value))[:MESSAGE_LIMIT]
    except STOPS:
        raise
    except BaseException:
        return '<unprintable>'


def make_result(status, exit_code, value=None, error=None):
    return {'status': status, 'exit_code': exit_code, 'value': value, 'error': error}


def stopped_status(exception):
    return 'interrupted' if is_a(exception, KeyboardInterrupt) else 'limit'


def bare_error(exception):
    return {
        'type': plain(type_name(type(exception))),
        'message': _text_of(exception),
        'traceback': '',
        'line': None,
    }


def describe_error(exception, filename):
    error = bare_error(exception)
    trace = _traceback_of(exception)
    try:
        report = traceback.TracebackException(type(exception), exception, trace, compact=True)
        text = plain(''.join(report.format()))
        if len(text) > TRACEBACK_LIMIT:
            half = TRACEBACK_LIMIT // 2
            text = f'{text[:half]}\n...\n{text[-half:]}'
        error['traceback'] = text
    except STOPS:
        raise
    except BaseException:
        pass  # The program's own doing: it got its say on stderr.
    error['line'] = _line_of(exception, trace, filename)
    return error


def _line_of(exception, trace, filename):
    line = None
    if trace is None and is_a(exception, SyntaxError):
        line = SyntaxError.lineno.__get__(exception)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line if type(line) is int else None


def shorten_tracebacks(exception):
    """Cut the middle out of tracebacks that are too long for anybody to read.

    One of a million frames takes minutes to print, and keeps every one of them alive.
    """
    waiting, seen = [exception], set()
    while waiting and len(seen) < CHAIN_LIMIT:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        _shorten(_traceback_of(link))
        waiting += (_cause_of(link), _context_of(link))


def _shorten(trace):
    length, last = 0, trace
    while last is not None:
        length, last = length + 1, last.tb_next
    if length <= 2 * FRAMES_AT_EITHER_END:
        return
    for _ in range(FRAMES_AT_EITHER_END - 1):
        trace = trace.tb_next
    rest = trace
    for _ in range(length - 2 * FRAMES_AT_EITHER_END + 1):
        rest = rest.tb_next
    trace.tb_next = rest


def drop_frames(exception, count):
    """Leave the outermost frames out of its traceback."""
    trace = _traceback_of(exception)
    for _ in range(count):
        trace = None if trace is None else trace.tb_next
    BaseException.with_traceback(exception, trace)


def report_uncaught(exception):
    """Show an uncaught exception as the interpreter does. A SystemExit of the hook is returned."""
    cls, trace = type(exception), _traceback_of(exception)
    sys.last_exc = sys.last_value = exception
    sys.last_type, sys.last_traceback = cls, trace
    try:
        hook = getattr(sys, 'excepthook', None)
        if hook is None:
            sys.stderr.write('sys.excepthook is missing\n')
            hook = sys.__excepthook__
        hook(cls, exception, trace)
    except SystemExit as error:
        return error.with_traceback(None)
    except STOPS:
        raise
    except BaseException as error:
        _report_broken_hook(error.with_traceback(_traceback_of(error).tb_next), exception)
    return None


def _report_broken_hook(error, exception):
    try:
        sys.stderr.write('Error in sys.excepthook:\n')
        sys.__excepthook__(type(error), error, _traceback_of(error))
        sys.stderr.write('\nOriginal exception was:\n')
        sys.__excepthook__(type(exception), exception, _traceback_of(exception))
    except STOPS:
        raise
    except BaseException:
        pass  # Nothing is left to say it with.


def exit_code_of(exception, silent):
    try:
        code = exception.code
    except BaseException:
        code = exception
    if code is None:
        return 0
    if issubclass(type(code), int):
        number = int.__int__(code)
        return number if -2**31 <= number < 2**31 else -1
    if not silent:
        try:
            sys.stderr.write(_text_of(code) + '\n')
        except STOPS:
            raise
        except BaseException:
            pass  # No stderr: the exit code still tells.
    return 1


def show_drawings():
    """What was drawn last, which would have waited for more."""
    widgets = sys.modules.get('tkinter._widgets')
    try:
        if widgets is not None:
            widgets.show_all()
    except STOPS:
        raise
    except BaseException:
        pass  # The page has no display any more, or the library is not what it was.


def flush_streams():
    for stream in (getattr(sys, 'stdout', None), getattr(sys, 'stderr', None), *_first_streams):
        try:
            if stream is not None:
                stream.flush()
        except STOPS:
            raise
        except BaseException:
            pass  # Closed, or not a stream at all.
