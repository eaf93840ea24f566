"""One turn: a request from the host, a program's piece of work, a result.

The C side (turn.c) calls `begin` with the request, runs what it plans, and gives the outcome to the
plan's `conclude`. The program in between may do what it likes to the interpreter that we share with
it: replace sys.stdout, builtins or modules, raise from any method. So nothing here trusts a name that
it could have changed, and every step that can meet the program's code stands its failure.
"""

import builtins
import linecache
import sys
from collections import deque

from _glovebox import dumps, loads

from glovebox import _terminal
from glovebox._outcome import (
    STOPPED_EXIT_CODE,
    STOPS,
    bare_error,
    describe_error,
    drop_frames,
    exit_code_of,
    flush_streams,
    is_a,
    make_result,
    plain,
    report_uncaught,
    show_drawings,
    shorten_tracebacks,
    stopped_status,
    type_name,
)

# Functions take their builtins from here when they are made: a copy that the program can't reach by
# assigning to the builtins module.
__builtins__ = dict(vars(builtins))

REMEMBERED_SOURCES = 256
# Whose value the host gets; whose errors it is told of and nobody else.
VALUE_KINDS = ('evaluate', 'complete', 'assist', 'prompt')
SILENT_KINDS = (*VALUE_KINDS, 'prepare', 'wake', 'resume', 'offer')
# The host takes 64 MiB of result, the frame around the value included.
VALUE_LIMIT = 64 * 1024 * 1024 - 4096

_main_names = vars(sys.modules['__main__'])
_terminal.install()


class _Session:
    """What lasts from turn to turn."""

    def __init__(self):
        self.stdin = sys.stdin
        self.script_path = None
        self.sources = deque()
        self.compiler = None
        self.prompt = None
        # Whether it has begun.
        self.has_prompt = False

    def reopen_stdin(self):
        # exit() and quit() close it, as nothing comes after them elsewhere. What is below stays open.
        closed = self.stdin
        if closed is not None and closed.closed:
            self.stdin = open(0, encoding=closed.encoding, errors=closed.errors, closefd=False)
            sys.__stdin__ = self.stdin
            if sys.stdin is closed:
                sys.stdin = self.stdin

    def set_script_path(self, path):
        """Make `path` sys.path[0], in place of the previous program's."""
        search_path = sys.path
        if sys.flags.safe_path or self.script_path == path:
            return
        if self.script_path is not None and search_path[:1] == [self.script_path]:
            search_path[0] = path
        else:
            search_path.insert(0, path)
        self.script_path = path

    def statement_compiler(self):
        """As at any prompt: a "from __future__ import" holds for what is typed after it."""
        if self.compiler is None:
            import codeop
            self.compiler = codeop.Compile()
        return self.compiler

    def make_prompt(self):
        from glovebox._prompt import Prompt
        self.prompt = Prompt()

    def the_prompt(self):
        if not self.has_prompt:
            if self.prompt is None:
                self.make_prompt()
            if self.script_path is None:
                self.set_script_path('')
            self.prompt.begin(self.statement_compiler(), self.remember)
            self.has_prompt = True
        return self.prompt

    def remember(self, code, source, filename):
        """Let tracebacks show the lines of `source`, which is in no file."""
        try:
            if not filename.startswith('<'):
                # No time of change: no file is asked whether it has changed since.
                lines = source.splitlines(keepends=True)
                linecache.cache[filename] = (len(source), None, lines, filename)
                return
            cache = linecache._interactive_cache
            linecache._register_code(code, source, filename)
            entry = cache[linecache._make_key(code)]
            self.sources.append(entry)
            if filename.startswith('<python-input-'):
                # There is one of that name: debuggers, too, find its lines.
                linecache.cache[filename] = entry
            if len(self.sources) > REMEMBERED_SOURCES:
                forgotten = self.sources.popleft()
                if linecache.cache.get(forgotten[3]) is forgotten:
                    del linecache.cache[forgotten[3]]
                for key in [key for key, entry in cache.items() if entry is forgotten]:
                    del cache[key]
        except STOPS:
            raise
        except BaseException:
            pass  # The library is not what it was: the program runs all the same.


_session = _Session()


class _Turn:
    """A piece of work: `function(*arguments)`, for the C side to call."""

    def __init__(self, kind):
        self.kind = kind
        self.filename = None
        self.function = type(None)
        self.arguments = ()
        self.failure = None
        # How many of our own lie between C and the program's outermost frame.
        self.frames_above = 0

    def plan(self, function, *arguments):
        self.function = function
        self.arguments = arguments

    def conclude(self, value, exception):
        """The marshalled result. Whatever goes wrong on the way becomes a result too."""
        if self.failure is not None:
            exception = self.failure
        if exception is not None:
            drop_frames(exception, self.frames_above)
        try:
            result = self._outcome(value, exception)
        except STOPS as stop:
            result = make_result(stopped_status(stop), STOPPED_EXIT_CODE, error=bare_error(stop))
        except BaseException as error:
            result = make_result('error', 1, error=bare_error(error))
        try:
            show_drawings()
            flush_streams()
        except STOPS as stop:
            if result['status'] == 'ok':
                result = make_result(stopped_status(stop), STOPPED_EXIT_CODE, error=bare_error(stop))
        result['waits'] = _waits()
        return dumps(result)

    def _outcome(self, value, exception):
        if exception is None:
            return self._success(value)
        shorten_tracebacks(exception)
        silent = self.kind in SILENT_KINDS
        if not silent and not is_a(exception, SystemExit):
            # A hook that exits ends the program with its own exit code.
            exception = report_uncaught(exception) or exception
        if is_a(exception, SystemExit):
            return make_result('exit', exit_code_of(exception, silent))
        error = describe_error(exception, self.filename)
        if is_a(exception, STOPS):
            return make_result(stopped_status(exception), STOPPED_EXIT_CODE, error=error)
        return make_result('error', 1, error=error)

    def _success(self, value):
        if self.kind not in VALUE_KINDS:
            return make_result('ok', 0)
        try:
            return make_result('ok', 0, value=dumps(value, VALUE_LIMIT))
        except (TypeError, ValueError) as error:
            name = plain(type_name(type(value)))
            message = f'a {name} can not be carried out of the guest: {error}'
            return make_result('error', 1, error=bare_error(TypeError(message)))


def _waits():
    resident = sys.modules.get('glovebox._resident')
    try:
        return None if resident is None else resident.waits()
    except BaseException:
        return None  # Not ours any more.


def begin(marshalled_request):
    """Plan a turn: (function, arguments, conclude)."""
    turn = _Turn(None)
    try:
        _session.reopen_stdin()
        request = loads(marshalled_request)
        turn.kind = request['kind']
        _PLANNERS[turn.kind](turn, request)
    except BaseException as error:
        # A program that doesn't compile, or has no file: its end, and none of our frames in it.
        turn.function, turn.arguments = type(None), ()
        turn.failure = error.with_traceback(None)
    return turn.function, turn.arguments, turn.conclude


def _plan_run(turn, request):
    if request['argv'] is not None:
        sys.argv = list(request['argv'])
    if _session.script_path is None:
        _session.set_script_path('')
    _plan_code(turn, request['source'], request['filename'], request['mode'])


def _plan_command(turn, request):
    sys.argv = ['-c', *request['argv']]
    _session.set_script_path('')
    _plan_code(turn, request['source'], '<string>', 'exec')


def _plan_stdin(turn, request):
    sys.argv = ['-', *request['argv']]
    _session.set_script_path('')
    _plan_code(turn, sys.stdin.buffer.read(), '<stdin>', 'exec')


def _plan_code(turn, source, filename, mode):
    turn.filename = filename
    if mode == 'single':
        code = _session.statement_compiler()(source + b'\n', filename, mode, incomplete_input=False)
    else:
        code = compile(source, filename, mode, dont_inherit=True)
    _session.remember(code, _decode(source), filename)
    turn.plan(exec, code, _main_names)


def _plan_file(turn, request):
    import os
    from importlib.machinery import SourceFileLoader, SourcelessFileLoader
    path = request['path']
    sys.argv = [path, *request['argv']]
    if _holds_modules(path):
        # A folder or a zip archive with a __main__ module.
        import runpy
        _session.set_script_path(path)
        turn.plan(runpy._run_module_as_main, '__main__', False)
        return
    turn.filename = filename = os.path.abspath(path)
    _session.set_script_path(os.path.dirname(os.path.realpath(path)))
    loader_type = SourcelessFileLoader if path.endswith('.pyc') else SourceFileLoader
    loader = loader_type('__main__', filename)
    try:
        content = loader.get_data(filename)
    except OSError as error:
        sys.stderr.write(f"{sys.executable}: can't open file {filename!r}: "
                         f'[Errno {error.errno}] {error.strerror}\n')
        raise SystemExit(2)
    _main_names.update(__file__=filename, __cached__=None, __loader__=loader)
    if loader_type is SourcelessFileLoader:
        code = loader.get_code('__main__')
    else:
        code = compile(content, filename, 'exec', dont_inherit=True)
    turn.plan(exec, code, _main_names)


def _holds_modules(path):
    for hook in sys.path_hooks:
        try:
            hook(path)
            return True
        except ImportError:
            pass
    return False


def _plan_module(turn, request):
    import os
    import runpy
    sys.argv = ['-m', *request['argv']]
    _session.set_script_path(os.getcwd())
    turn.plan(runpy._run_module_as_main, request['name'])


def _plan_prompt(turn, request):
    turn.plan(_session.the_prompt().type, *(request[name] for name in (
        'keys', 'banner', 'redraw', 'columns', 'rows')))


def _plan_statement(turn, request):
    turn.frames_above = 1
    turn.plan(_session.the_prompt().run, turn, request['source'], request['isCommand'])


def _plan_evaluate(turn, request):
    turn.filename = filename = request['filename']
    source = request['source'].lstrip(b' \t')
    code = compile(source, filename, 'eval', dont_inherit=True)
    _session.remember(code, _decode(source), filename)
    turn.plan(eval, code, _main_names)


def _plan_complete(turn, request):
    import codeop
    try:
        complete = codeop.compile_command(request['source'], '<input>', 'single') is not None
    except (SyntaxError, OverflowError, ValueError):
        complete = True
    turn.plan(bool, complete)


def _plan_assist(turn, request):
    from glovebox._editing import TASKS
    turn.plan(TASKS[request['task']], *request['arguments'])


def _plan_prepare(turn, request):
    from glovebox._image import prepare
    turn.plan(prepare, request['modules'], _session.make_prompt)


def _plan_wake(turn, request):
    from glovebox._image import wake
    turn.plan(wake, request['env'], request['terminals'], request['offer'])


def _plan_resume(turn, request):
    from glovebox._image import resume
    turn.plan(resume, request['terminals'], request['offer'])


def _plan_offer(turn, request):
    from glovebox._image import offer
    turn.plan(offer, *request['offer'])


def _plan_emit(turn, request):
    events = sys.modules.get('glovebox._events')
    if events is not None:
        turn.plan(events.dispatch, request['event'], request['value'])


def _plan_advance(turn, request):
    from glovebox._resident import advance
    turn.plan(advance)


_PLANNERS = {
    'run': _plan_run,
    'file': _plan_file,
    'module': _plan_module,
    'command': _plan_command,
    'stdin': _plan_stdin,
    'prompt': _plan_prompt,
    'statement': _plan_statement,
    'evaluate': _plan_evaluate,
    'complete': _plan_complete,
    'assist': _plan_assist,
    'prepare': _plan_prepare,
    'wake': _plan_wake,
    'resume': _plan_resume,
    'offer': _plan_offer,
    'emit': _plan_emit,
    'advance': _plan_advance,
}


def _decode(source):
    try:
        if b'coding' in source[:400]:
            from importlib.util import decode_source
            return decode_source(source)
        return source.decode('utf-8-sig')
    except (UnicodeDecodeError, SyntaxError, LookupError):
        return ''
