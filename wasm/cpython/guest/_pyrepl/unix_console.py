"""The screen and the keys of the library's line editor, where the terminal is the host's.

It takes the place of the library's own, which asks termcap what to write and the kernel what was typed. The
sequences are those that every terminal of today knows. There are two ways to the keys: a console that waits reads
them from its descriptor, as input() does; one that is fed is given them, and never waits.
"""

from __future__ import annotations

import os
import termios

from .base_eventqueue import BaseEventQueue
from .console import Console, Event
from .fancy_termios import tcgetattr, tcsetattr
from .utils import ANSI_ESCAPE_SEQUENCE, wlen

_error = (termios.error,)

RESET = '\x1b[0m'

ERASE_BELOW, ERASE_RIGHT, ERASE_ALL = '\x1b[J', '\x1b[K', '\x1b[H\x1b[2J'
CURSOR_ON, CURSOR_OFF = '\x1b[?25h', '\x1b[?25l'
PASTE_ON, PASTE_OFF = '\x1b[?2004h', '\x1b[?2004l'

_FUNCTION_KEYS = {
    **{f'\x1bO{final}': f'f{n}' for n, final in enumerate('PQRS', 1)},
    **{f'\x1b[{code}~': f'f{n}' for n, code in enumerate((11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24), 1)},
}
_CURSOR_KEYS = {
    f'\x1b{lead}{final}': name
    for lead in '[O'
    for final, name in zip('ABCDHF', ('up', 'down', 'right', 'left', 'home', 'end'))
}
_EDITING_KEYS = {
    f'\x1b[{code}~': name
    for code, name in {
        1: 'home', 2: 'insert', 3: 'delete', 4: 'end', 5: 'page up', 6: 'page down', 7: 'home', 8: 'end',
    }.items()
}
_WORD_KEYS = {
    f'\x1b[1;{modifier}{final}': name
    for modifier in (3, 5)
    for final, name in (('C', 'ctrl right'), ('D', 'ctrl left'))
}
KEYS = {
    text.encode(): name
    for text, name in {
        **_FUNCTION_KEYS, **_CURSOR_KEYS, **_EDITING_KEYS, **_WORD_KEYS, '\x1bOM': '\n', '\x7f': 'backspace',
    }.items()
}


def _up(rows):
    return f'\x1b[{rows}A' if rows else ''


def _down(rows):
    return f'\x1b[{rows}B' if rows else ''


def _right(columns):
    return f'\x1b[{columns}C' if columns else ''


def _width(text):
    """As wlen, which asks for each character."""
    plain = ANSI_ESCAPE_SEQUENCE.sub('', text)
    return len(plain) if plain.isascii() and '\x1a' not in plain else wlen(text)


def _common_start(old, text):
    """How much of the text need not be written again: up to a place where no colour is on."""
    same = len(os.path.commonprefix((old, text)))
    last = text.rfind('\x1b', 0, same)
    if last < 0 or (text.startswith(RESET, last) and last + len(RESET) <= same):
        return same
    return text.index('\x1b')


class UnixConsole(Console):
    """Draws by relative movements only, from the line where the cursor is when it is prepared."""

    def __init__(self, f_in=0, f_out=1, term='', encoding=''):
        super().__init__(f_in, f_out, term, encoding)
        self.event_queue = BaseEventQueue(self.encoding, KEYS)
        self._output = []
        self._typed = b''
        self._mode = None
        self._forget_drawing()

    def _forget_drawing(self):
        self.screen = []
        # What the rows on the screen hold, the first of them being number `_offset` of the screen.
        self._drawn = ['']
        self._offset = 0
        # Where the cursor is: column and row, counted from there.
        self.posxy = 0, 0

    # --- what is written ---

    def refresh(self, screen, xy):
        x, y = xy
        self.screen = screen.copy()
        offset = self._choose_offset(y)
        if offset > self._offset:
            self._scroll(offset - self._offset)
        self._offset = offset
        rows = screen[offset:offset + self.height] or ['']
        while len(self._drawn) < len(rows):
            self._move(0, len(self._drawn) - 1)
            self._write('\r\n')
            self.posxy = 0, len(self._drawn)
            self._drawn.append('')
        for row, text in enumerate(rows):
            self._draw(row, text)
        if len(self._drawn) > len(rows):
            self._move(0, len(rows))
            self._write(ERASE_BELOW)
            del self._drawn[len(rows):]
        self._move(x, y - offset)
        self.flushoutput()

    def _choose_offset(self, y):
        """The first row that is shown, so that the cursor's is, and no room is left unused."""
        last = max(0, len(self.screen) - self.height)
        return max(min(self._offset, y, last), y - self.height + 1)

    def _scroll(self, rows):
        # From the last row of the terminal, where these are all that is on it: what goes is kept by the terminal.
        rows = min(rows, self.height)
        self._move(0, len(self._drawn) - 1)
        if len(self._drawn) < self.height:
            return
        self._write('\n' * rows)
        self._drawn = self._drawn[rows:] + [''] * rows

    def _draw(self, row, text):
        old = self._drawn[row]
        if old == text:
            return
        same = _common_start(old, text)
        column = _width(text[:same])
        rest = text[same:]
        self._move(column, row)
        # Before it, as a row that is full leaves the cursor on its last character.
        if _width(old) > column and len(old) > same:
            self._write(ERASE_RIGHT)
        self._write(rest)
        self._drawn[row] = text
        end = column + _width(rest)
        # Nobody knows where the cursor is after the last column.
        self.posxy = (None if end >= self.width else end), row

    def _move(self, x, y):
        column, row = self.posxy
        self._write(_up(row - y) if y < row else _down(y - row))
        if column is None or x < column:
            self._write('\r' + _right(x))
        else:
            self._write(_right(x - column))
        self.posxy = x, y

    def move_cursor(self, x, y):
        if self._offset <= y < self._offset + len(self._drawn):
            self._move(x, y - self._offset)
            self.flushoutput()
        else:
            # The editor has laid out only what was in sight.
            self.event_queue.insert(Event('scroll', ''))

    def set_cursor_vis(self, visible):
        self._write(CURSOR_ON if visible else CURSOR_OFF)

    def clear(self):
        self._write(ERASE_ALL)
        self._forget_drawing()

    def repaint(self):
        self._move(0, 0)
        self._write(ERASE_BELOW)
        self._forget_drawing()

    def finish(self):
        rows = len(self._drawn)
        while rows > 1 and not self._drawn[rows - 1]:
            rows -= 1
        self._move(0, rows - 1)
        self._write('\r\n')
        self.posxy = 0, rows
        self.flushoutput()

    def beep(self):
        pass

    def _write(self, text):
        if text:
            self._output.append(text)

    def flushoutput(self):
        text = ''.join(self._output)
        self._output.clear()
        data = text.encode(self.encoding, 'replace')
        while data:
            data = data[os.write(self.output_fd, data):]

    # --- the terminal ---

    def prepare(self):
        self._mode = tcgetattr(self.input_fd)
        raw = self._mode.copy()
        raw.iflag &= ~(termios.INPCK | termios.ISTRIP | termios.IXON)
        raw.lflag &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        raw.lflag |= termios.ISIG
        raw.cc[termios.VMIN], raw.cc[termios.VTIME] = 1, 0
        tcsetattr(self.input_fd, termios.TCSADRAIN, raw)
        self.begin()

    def begin(self):
        self.height, self.width = self.getheightwidth()
        self._forget_drawing()
        self._write(PASTE_ON)

    def restore(self):
        self._write(PASTE_OFF)
        self.flushoutput()
        if self._mode is not None:
            tcsetattr(self.input_fd, termios.TCSADRAIN, self._mode)
            self._mode = None

    def getheightwidth(self):
        try:
            return termios.tcgetwinsize(self.input_fd)
        except termios.error:
            return 24, 80

    # --- what is typed ---

    def wait(self, timeout=None):
        """Wait for a key, as long as it takes: who waits with a time limit asks again anyway."""
        if self.event_queue.empty() and not self._typed:
            self._read()
        return True

    def _read(self):
        self._typed = os.read(self.input_fd, 1024)
        if not self._typed:
            raise EOFError
        if (self.height, self.width) != (size := self.getheightwidth()):
            self.repaint()
            self.height, self.width = size
            self.event_queue.insert(Event('resize', ''))

    def get_event(self, block=True):
        while self.event_queue.empty():
            if not self._typed:
                if not block:
                    return None
                self._read()
            self.event_queue.push(self._typed[0])
            self._typed = self._typed[1:]
        return self.event_queue.get()

    def push_char(self, char):
        self.event_queue.push(char)

    def getpending(self):
        event = Event('key', '', b'')
        while not self.event_queue.empty():
            queued = self.event_queue.get()
            event.data += queued.data
            event.raw += queued.raw
        return event

    def forgetinput(self):
        """What was typed ahead was meant."""


class FedConsole(UnixConsole):
    """One that is given its keys, and tells what it wrote when it is asked to."""

    def feed(self, keys):
        # As a terminal in the mode of an editor does.
        self._typed += keys.replace(b'\r', b'\n')

    def peek(self, text):
        """Whether that comes next."""
        return self._typed.startswith(text)

    def skip(self, count):
        self._typed = self._typed[count:]

    def take_typed(self):
        typed, self._typed = self._typed, b''
        return typed

    @property
    def has_typed(self):
        return bool(self._typed) or not self.event_queue.empty()

    @property
    def row(self):
        """Where the cursor is, counted from the first row that is drawn."""
        return self.posxy[1]

    def wait(self, timeout=None):
        return self.has_typed

    def get_event(self, block=False):
        return super().get_event(False)

    def prepare(self):
        self.begin()

    def begin(self):
        self._forget_drawing()
        self._write(PASTE_ON)

    def start_afresh(self):
        """Undo what a program may have left the terminal in: colours, a cursor that is not seen."""
        self._write(RESET + CURSOR_ON)

    def resize(self, height, width):
        self.height, self.width = height, width

    def write_text(self, text):
        self._write(text)

    def flushoutput(self):
        pass

    def drain(self):
        super().flushoutput()
