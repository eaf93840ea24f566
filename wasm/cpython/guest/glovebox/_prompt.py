"""The interactive prompt: the library's own line editor, which is given keys and never waits for one.

Between two keys nothing of it is on any stack. What was typed so far is in this module's one prompt, and so a memory
image holds it, and other runs and what a program left to be done take place meanwhile.
"""

import ast
import builtins
import codeop
import os
import sys
import warnings

# It keeps copies of the two descriptors, which WASI can't make; it is told others below.
os.dup = lambda fd: fd
import _pyrepl.readline
del os.dup

import _pyrepl.pager
import _pyrepl.reader
from _pyrepl.commands import Command
from _pyrepl.simple_interact import REPL_COMMANDS, _more_lines, _strip_final_indent
from _pyrepl.unix_console import FedConsole, UnixConsole

from glovebox._completion import CompletingReader
from glovebox._history import History
from glovebox._terminal import pager

_pyrepl.pager.tty_pager = pager
_disp_str = _pyrepl.reader.disp_str


def _display(text):
    """As the editor's own function, which asks for each character: it is called for each key."""
    if text.isascii() and '\x1a' not in text:
        return list(text), [1] * len(text)
    return _disp_str(text)


_pyrepl.reader.disp_str = _display

ENCODING = 'utf-8'
PASTE_START, PASTE_END = b'\x1b[200~', b'\x1b[201~'
# What a tab is in text that is pasted: as wide as what the editor itself puts in.
TAB_SIZE = 4

# Kept from programs that replace them.
_basic_input = builtins.input
_main_names = vars(sys.modules['__main__'])


class _Source:
    """What `_more_lines` asks: whether a text is a whole statement."""

    def __init__(self, compiler):
        self.compile = codeop.CommandCompiler()
        self.compile.compiler = compiler

    def more_lines(self, text):
        with warnings.catch_warnings(action='ignore'):
            return _more_lines(self, text)


class Prompt:
    """Made before anybody has asked for one, as that takes longer than to show it: nothing of the interpreter's is another
    one until it begins."""

    def __init__(self):
        self._console = FedConsole(encoding=ENCODING)
        config = _pyrepl.readline._wrapper.config
        self._reader = CompletingReader(console=self._console, config=config)
        self._reader.use_names(_main_names)
        self._reader.commands.update({
            'help': self._command('help'),
            'show-history': self._command('history'),
            'suspend': Command,
        })
        # Of input(), which edits its line as the prompt does, with the same history.
        self._input_reader = _pyrepl.readline.ReadlineAlikeReader(
            console=UnixConsole(encoding=ENCODING), config=config, history=self._reader.history)
        self._is_shown = False
        # Whether something else came between, that ended in a line of its own.
        self._is_left = False
        # Entries of the history when the editor was prepared: input() may add to them meanwhile.
        self._entries = 0
        self._pasted = None
        self._wanted = None
        self._count = 0

    def begin(self, compiler, remember):
        """`compiler`: compiles all statements, so that a "from __future__ import" holds for those after it."""
        self._compiler = compiler
        self._remember = remember
        self._reader.more_lines = _Source(compiler).more_lines
        self._history = History(self._reader.history)
        wrapper = _pyrepl.readline._wrapper
        wrapper.f_in, wrapper.f_out = 0, 1
        wrapper.reader = self._input_reader
        _pyrepl.readline.raw_input = _basic_input
        builtins.input = _input

    def _command(self, name):
        prompt = self

        class Wanted(Command):
            def do(self):
                prompt._wanted = name

        return Wanted

    # --- drawing and editing ---

    def type(self, keys, banner, redraw, columns, rows):
        """Take keys. What comes of them, for the host: ['edit', row of the cursor], ['end', rest of the keys],
        or ['run', statement, whether it is a command, rest of the keys]."""
        console, reader = self._console, self._reader
        if banner:
            sys.stderr.write(_banner())
        _flush()
        console.resize(rows, columns)
        reader.can_colorize = _can_colorize()
        if not self._is_shown:
            self._begin()
        elif redraw or self._is_left:
            self._draw_again()
        console.feed(keys.encode(ENCODING, 'surrogatepass'))
        try:
            return self._edit() or ['edit', console.row]
        except BaseException:
            # Of a program's making: a fresh one comes next.
            self._is_shown = False
            raise
        finally:
            console.drain()

    def _begin(self):
        reader = self._reader
        reader.ps1 = reader.ps2 = _prompt_text('ps1', '>>> ')
        reader.ps3, reader.ps4 = _prompt_text('ps2', '... '), ''
        reader.paste_mode = reader.in_bracketed_paste = False
        reader.msg = ''
        self._console.start_afresh()
        reader.prepare()
        reader.refresh()
        self._entries = len(reader.history)
        self._is_shown, self._is_left = True, False

    def _draw_again(self):
        reader = self._reader
        added = len(reader.history) - self._entries
        if added > 0 and reader.historyi == self._entries:
            text = reader.transient_history.pop(reader.historyi, None)
            reader.historyi += added
            if text is not None:
                reader.transient_history[reader.historyi] = text
        self._entries = len(reader.history)
        self._is_left = False
        self._console.start_afresh()
        self._console.begin()
        reader.last_refresh_cache.invalidated = True
        reader.refresh()

    def _edit(self):
        reader, console = self._reader, self._console
        while console.has_typed or self._pasted is not None:
            try:
                if not self._take_paste():
                    reader.handle1(block=False)
            except KeyboardInterrupt:
                self._interrupt()
                continue
            except EOFError:
                return self._leave('end')
            if self._wanted is not None:
                name, self._wanted = self._wanted, None
                # It goes on after that.
                console.finish()
                self._is_left = True
                return ['run', name, True, self._rest()]
            if reader.finished:
                result = self._accept(reader.get_unicode())
                if result is not None:
                    return result
            if self._pasted is not None and not console.has_typed:
                return None
        return None

    def _take_paste(self):
        """Put in all at once what is pasted; the editor itself takes it key by key."""
        console, reader = self._console, self._reader
        if self._pasted is None:
            if not console.event_queue.empty() or not console.peek(PASTE_START):
                return False
            self._pasted = b''
            console.skip(len(PASTE_START))
        text, end, rest = (self._pasted + console.take_typed()).partition(PASTE_END)
        console.feed(rest)
        if not end:
            self._pasted = text
            return True
        self._pasted = None
        if reader.input_trans is reader.isearch_trans:
            reader.do_cmd(('isearch-end', ['']))
        reader.insert(_printable(text.decode(ENCODING, 'replace')))
        reader.last_command = None
        reader.cmpltn_reset()
        reader.refresh()
        return True

    def _interrupt(self):
        reader = self._reader
        if reader.input_trans is reader.isearch_trans:
            reader.do_cmd(('isearch-end', ['']))
        self._pasted = None
        reader.pos = len(reader.get_unicode())
        reader.refresh()
        self._console.finish()
        self._console.write_text('KeyboardInterrupt\r\n')
        reader.restore()
        self._begin()

    def _accept(self, text):
        reader = self._reader
        reader.restore()
        self._is_shown = False
        name = text.strip()
        if name in REPL_COMMANDS and name not in _main_names:
            reader.history.pop()
            return ['run', name, True, self._rest()]
        if not name:
            self._count += 1
            self._begin()
            return None
        self._history.append(text)
        return ['run', _strip_final_indent(text), False, self._rest()]

    def _leave(self, *result):
        self._reader.restore()
        self._is_shown = False
        return [*result, self._rest()]

    def _rest(self):
        return self._console.take_typed().decode(ENCODING, 'replace')

    # --- running ---

    def run(self, turn, source, is_command):
        if is_command:
            self._run_command(source)
            return
        turn.filename = filename = f'<python-input-{self._count}>'
        self._count += 1
        compiler = self._compiler
        tree = compiler(source, filename, 'exec', ast.PyCF_ONLY_AST, incomplete_input=False)
        for statement in tree.body:
            if statement is tree.body[-1]:
                code = compiler(ast.Interactive([statement]), filename, 'single')
            else:
                code = compiler(ast.Module([statement]), filename, 'exec')
            self._remember(code, source, filename)
            exec(code, _main_names)

    def _run_command(self, name):
        if name == 'clear':
            self._reader.scheduled_commands.append('clear-screen')
        elif name == 'history':
            pager('\n'.join(self._reader.history))
        else:
            # What is answered there is no statement.
            with self._reader.suspend_history():
                REPL_COMMANDS[name]()


def _input(prompt='', /):
    """Read a string from standard input.  The trailing newline is stripped.

    The prompt string, if given, is printed to standard output without a trailing newline before reading input.

    If the user hits EOF, raise EOFError.
    """
    streams = sys.stdin, sys.stdout
    if any(stream is not own for stream, own in zip(streams, (sys.__stdin__, sys.__stdout__))):
        return _basic_input(prompt)
    if not (os.isatty(0) and os.isatty(1)):
        return _basic_input(prompt)
    _flush()
    return _pyrepl.readline._wrapper.input(prompt)


_input.__name__ = _input.__qualname__ = 'input'


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # A program's, or closed.


def _prompt_text(name, usual):
    """sys.ps1 or sys.ps2, which may be any object whose text changes."""
    if not hasattr(sys, name):
        setattr(sys, name, usual)
    try:
        return str(getattr(sys, name))
    except Exception:
        return usual


def _can_colorize():
    from _colorize import can_colorize
    try:
        return can_colorize(file=sys.__stdout__)
    except Exception:
        return False


def _banner():
    return (f'Python {sys.version} on {sys.platform}\n'
            'Type "help", "copyright", "credits" or "license" for more information.\n')


def _printable(text):
    """Text as it may stand in the editor: no control characters, one kind of line end."""
    text = text.replace('\r\n', '\n').replace('\r', '\n').expandtabs(TAB_SIZE)
    return ''.join(c for c in text if c == '\n' or (c >= ' ' and c != '\x7f' and not '\x80' <= c <= '\x9f'))
