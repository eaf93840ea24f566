"""The terminal that the host keeps for this program: asked by messages, as capabilities are."""

import errno
import os
import sys

from _glovebox import ask

DEFAULT_SIZE = (80, 24)


def ask_terminal(operation, *arguments):
    """Ask for 'size', 'attributes', 'set' or 'discard'. OSError where there is no terminal."""
    done, *answer = ask('terminal', operation, list(arguments), None)
    if done is True:
        return answer[0]
    number = errno.ENOTTY if answer[0] == 'forbidden' else errno.EINVAL
    raise OSError(number, os.strerror(number))


def get_terminal_size(fd=1, /):
    """Return the size of the terminal window as (columns, lines)."""
    if not os.isatty(fd):
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
    return os.terminal_size(ask_terminal('size'))


# CPython's own does not say what it takes when it is given nothing, and inspect.signature refuses it.
get_terminal_size.__text_signature__ = get_terminal_size.__signature__ = '(fd=<unrepresentable>, /)'


def current_size():
    """As get_terminal_size; the usual one where nobody knows."""
    try:
        return os.terminal_size(ask_terminal('size'))
    except OSError:
        return os.terminal_size(DEFAULT_SIZE)


def pager(text, title=''):
    """Show a long text screen by screen."""
    import termios
    import tty
    from _pyrepl.pager import escape_stdout, plain
    lines = plain(escape_stdout(text)).split('\n')
    shown = _show(lines, 0, current_size().lines - 1)
    before = tty.setcbreak(0)
    try:
        while shown < len(lines):
            key = _ask_for_key()
            page = current_size().lines - 1
            if key in (b'q', b'Q', b'\x04', b''):
                break
            elif key in (b'\r', b'\n'):
                shown = _show(lines, shown, 1)
            elif key in (b'b', b'B', b'\x1b'):
                shown = _show(lines, max(0, shown - 2 * page), page)
            else:
                shown = _show(lines, shown, page)
    finally:
        termios.tcsetattr(0, termios.TCSAFLUSH, before)


def _show(lines, start, count):
    """Write so many lines; where the next one is."""
    stop = start + max(1, count)
    sys.stdout.write('\n'.join(lines[start:stop]) + '\n')
    return stop


def _ask_for_key():
    sys.stdout.write('-- more --')
    sys.stdout.flush()
    try:
        return os.read(0, 1)
    finally:
        sys.stdout.write('\r\x1b[K')


def install():
    """Give the library what it lacks where there is no ioctl."""
    os.get_terminal_size = get_terminal_size
    os.__all__.append('get_terminal_size')
