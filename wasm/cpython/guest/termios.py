"""The terminal that this program's streams lead to, which its host keeps: how it treats what is typed.

The numbers are Linux's. The host heeds ICANON, ECHO, ISIG, ICRNL, OPOST and ONLCR; what else is set is kept as it is.
"""

import errno
import os

from glovebox._terminal import ask_terminal

# Input: what becomes of a byte that comes.
IGNBRK, BRKINT, IGNPAR, PARMRK, INPCK, ISTRIP = 0o1, 0o2, 0o4, 0o10, 0o20, 0o40
INLCR, IGNCR, ICRNL, IUCLC, IXON, IXANY, IXOFF = 0o100, 0o200, 0o400, 0o1000, 0o2000, 0o4000, 0o10000
IMAXBEL, IUTF8 = 0o20000, 0o40000
# Output.
OPOST, OLCUC, ONLCR, OCRNL, ONOCR, ONLRET, OFILL, OFDEL = 0o1, 0o2, 0o4, 0o10, 0o20, 0o40, 0o100, 0o200
# The line.
CSIZE, CS5, CS6, CS7, CS8 = 0o60, 0, 0o20, 0o40, 0o60
CSTOPB, CREAD, PARENB, PARODD, HUPCL, CLOCAL = 0o100, 0o200, 0o400, 0o1000, 0o2000, 0o4000
B0, B9600, B19200, B38400 = 0, 13, 14, 15
# Who sees what is typed, and when.
ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHONL, NOFLSH, TOSTOP = 0o1, 0o2, 0o10, 0o20, 0o40, 0o100, 0o200, 0o400
ECHOCTL, ECHOPRT, ECHOKE, IEXTEN = 0o1000, 0o2000, 0o4000, 0o100000
# Places in the list of control characters.
VINTR, VQUIT, VERASE, VKILL, VEOF, VTIME, VMIN, VSWTC = range(8)
VSTART, VSTOP, VSUSP, VEOL, VREPRINT, VDISCARD, VWERASE, VLNEXT, VEOL2 = range(8, 17)
NCCS = 32
# When a change takes effect, and which queue is meant.
TCSANOW, TCSADRAIN, TCSAFLUSH = range(3)
TCIFLUSH, TCOFLUSH, TCIOFLUSH = range(3)
TCOOFF, TCOON, TCIOFF, TCION = range(4)


class error(Exception):
    """(errno, message)"""


def _require(fd):
    number = fd if isinstance(fd, int) else fd.fileno()
    try:
        os.fstat(number)
    except OSError as problem:
        raise error(problem.errno, problem.strerror) from None
    if not os.isatty(number):
        _refuse(errno.ENOTTY)


def _refuse(number):
    raise error(number, os.strerror(number))


def _ask(operation, *arguments):
    try:
        return ask_terminal(operation, *arguments)
    except OSError as problem:
        raise error(problem.errno, problem.strerror) from None


def tcgetattr(fd):
    _require(fd)
    *flags, characters = _ask('attributes')
    control = [bytes([character]) for character in characters]
    if not flags[3] & ICANON:
        control[VMIN], control[VTIME] = characters[VMIN], characters[VTIME]
    return [*flags, control]


def tcsetattr(fd, when, attributes):
    _require(fd)
    if type(attributes) is not list or len(attributes) != 7:
        raise TypeError('tcsetattr, arg 3: must be 7 element list')
    *flags, control = attributes
    if type(control) is not list or len(control) != NCCS:
        raise TypeError(f'tcsetattr: attributes[6] must be {NCCS} element list')
    if when not in (TCSANOW, TCSADRAIN, TCSAFLUSH):
        _refuse(errno.EINVAL)
    characters = bytes(item if isinstance(item, int) else ord(item) for item in control)
    _ask('set', [*map(int, flags), characters], when == TCSAFLUSH)


def tcgetwinsize(fd):
    _require(fd)
    columns, rows = _ask('size')
    return rows, columns


def tcflush(fd, queue):
    _require(fd)
    if queue not in (TCIFLUSH, TCOFLUSH, TCIOFLUSH):
        _refuse(errno.EINVAL)
    if queue != TCOFLUSH:
        _ask('discard')


def tcdrain(fd):
    """What was written is with the host already."""
    _require(fd)


def tcflow(fd, action):
    _require(fd)
    if action not in (TCOOFF, TCOON, TCIOFF, TCION):
        _refuse(errno.EINVAL)


def tcsendbreak(fd, duration):
    """There is no line that could break."""
    _require(fd)
