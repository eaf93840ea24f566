import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

describe('code made at run time counts as the module that made it', () => {
  refuse({
    'by exec in names that call themselves another module': {
      evil: `
names = {'__name__': 'json', '__file__': '/usr/lib/python3.13/json/__init__.py'}
exec(SOURCE, names)
act = names['act']`,
    },
    'by compile under the file name of the library': {
      evil: `
names = {'__name__': 'json'}
exec(compile(SOURCE, '/usr/lib/python3.13/json/__init__.py', 'exec'), names)
act = names['act']`,
    },
    'by eval': { evil: `act = eval('lambda: journal.marks.append(1)')` },
    'out of a syntax tree': {
      evil: `
import ast
names = {}
exec(compile(ast.parse(SOURCE), 'json', 'exec'), names)
act = names['act']`,
    },
    'by code.replace with other names': {
      evil: `
act.__code__ = act.__code__.replace(
    co_filename='/usr/lib/python3.13/json/__init__.py', co_name='dumps', co_qualname='dumps')`,
    },
    'by copy.replace': {
      evil: `
import copy
act = types.FunctionType(copy.replace(act.__code__, co_name='dumps'), {'journal': journal})`,
    },
    'by types.CodeType out of its parts': {
      evil: `
code = act.__code__
act.__code__ = types.CodeType(
    code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize,
    code.co_flags, code.co_code, code.co_consts, code.co_names, code.co_varnames, 'json', 'dumps', 'dumps', 1,
    code.co_linetable, code.co_exceptiontable, (), ())`,
    },
    'by marshal, there and back': {
      evil: `
import marshal
act = types.FunctionType(marshal.loads(marshal.dumps(act.__code__)), {'journal': journal})`,
    },
    'by a pickle that calls exec': {
      evil: `
import pickle
names = {}
class Loaded:
    def __reduce__(self):
        return exec, (SOURCE, names)
class Pickler(pickle._Pickler):
    pass
pickled = pickle.dumps(Loaded())
import builtins
class Unpickler(pickle._Unpickler):
    def find_class(self, module, name):
        return lambda source, given: exec(source, names)
import io
Unpickler(io.BytesIO(pickled)).load()
act = names['act']`,
    },
    'by FunctionType over its own code with the names of another module': {
      evil: `
import json
act = types.FunctionType(act.__code__, {**vars(json), 'journal': journal})`,
    },
    'by FunctionType over code taken from a module that may run': {
      evil: `act = types.FunctionType(journal.note.__code__, {'marks': journal.marks})`,
    },
    'by exec of code taken from a module that may run': {
      evil: `
names = {'marks': journal.marks}
exec(compile('', '', 'exec').replace(co_code=journal.note.__code__.co_code) and journal.note.__code__.replace(
    co_flags=0, co_varnames=(), co_nlocals=0, co_argcount=0, co_names=journal.note.__code__.co_names)
    if False else 'def act(): marks.append(1)', names)
act = names['act']`,
    },
    'by assigning __code__ to a function that may run': {
      evil: 'journal.idle.__code__ = act.__code__',
      inside: 'journal.idle()',
    },
    'by assigning code of a module that may run': {
      evil: `
def act(*args, **kwargs): pass
act.__code__ = journal.note.__code__
act.__globals__['marks'] = journal.marks`,
    },
    'by functions made inside of a function over stolen code': {
      files: {
        'maker.py': `
def make():
    def made(*args):
        marks.append('ran')
    return made`,
      },
      evil: `
import maker
act = types.FunctionType(maker.make.__code__, {'marks': journal.marks})()`,
    },
    'by the interactive interpreter of the library': {
      evil: `
import code
names = {}
code.InteractiveInterpreter(names).runsource(SOURCE, 'json', 'exec')
act = names['act']`,
    },
    'by codeop': {
      evil: `
import codeop
names = {}
exec(codeop.Compile()(SOURCE, 'json', 'exec'), names)
act = names['act']`,
    },
    'by runpy': {
      evil: `
import runpy
with open('/tmp/text.py', 'w') as file: file.write(SOURCE)
act = runpy.run_path('/tmp/text.py', run_name='json')['act']`,
    },
    'by timeit': {
      evil: `
import timeit
timer = timeit.Timer('import journal; journal.marks.append(1)', 'pass', timer=lambda: 0)`,
      inside: 'evil.timer.timeit(1)',
      deny: ['evil'],
    },
    'by a named tuple': {
      evil: `
import collections
Point = collections.namedtuple('Point', 'x y')`,
      inside: 'journal.marks.append(evil.Point(1, 2))',
    },
    'by a data class': {
      evil: `
import dataclasses
@dataclasses.dataclass
class Point:
    x: int`,
      inside: 'journal.marks.append(evil.Point(1))',
    },
    'by an audit hook that other code sets off': {
      evil: `
names = {}
def hook(event, arguments):
    if event == 'compile' and not names:
        names['act'] = None
        exec(SOURCE, names)
sys.addaudithook(hook)`,
      before: `
compile('1', 'x', 'eval')
act = evil.names['act']`,
      inside: 'act()',
    },
    'by asking our own side of the interpreter to begin a turn': {
      evil: `
import _glovebox
from glovebox import _runtime
_, arguments, _ = _runtime.begin(_glovebox.dumps(
    {'kind': 'run', 'source': SOURCE.encode(), 'filename': 'x', 'mode': 'exec', 'argv': None}))
names = {}
exec(arguments[0], names)
act = names['act']`,
    },
    'by a class made with type()': {
      evil: `
class Base:
    def act(self): journal.marks.append(1)
made = type('JSONEncoder', (), {'act': Base.act, '__module__': 'json'})()`,
      inside: 'evil.made.act()',
    },
    'by frames of generators that it wraps': {
      evil: `
act = types.FunctionType((lambda: (journal.marks.append(n) for n in range(3))).__code__, {'journal': journal})`,
      inside: 'list(evil.act())',
    },
  });
});

describe('what a module says of itself changes nothing', () => {
  refuse({
    'neither __name__ nor __spec__, __loader__ and __file__': {
      evil: `
import json
__name__, __spec__, __loader__, __file__ = 'json', json.__spec__, json.__loader__, json.__file__
def act(): journal.marks.append(1)`,
    },
    'nor the __module__ and __qualname__ of its functions': {
      evil: `act.__module__, act.__qualname__, act.__name__ = 'json', 'dumps', 'dumps'`,
    },
    'nor a place in sys.modules under another name': {
      evil: `sys.modules['json'] = sys.modules[__name__]`,
      inside: `
import json
json.act()`,
    },
    'nor names that it puts into another module': {
      evil: `
import json
json.dumps = act`,
      inside: `
import json
json.dumps(1)`,
    },
    'nor builtins of its own': {
      evil: `
names = {'__builtins__': {'__import__': __import__, '__name__': 'builtins'}, '__name__': 'builtins'}
exec(SOURCE, names)
act = names['act']`,
    },
    'nor being __main__ for a while': {
      evil: `
names = vars(sys.modules['__main__'])
exec(SOURCE, names)`,
      inside: 'act()',
    },
    'nor the __module__ of a function in C': {
      deny: ['os'],
      culprit: 'posix',
      before: `
import posix
try:
    posix.getcwd.__module__ = 'json'
except (AttributeError, TypeError):
    pass`,
      inside: 'journal.marks.append(posix.getcwd())',
    },
    'nor the name of a module of functions in C': {
      deny: ['os'],
      culprit: 'posix',
      before: `
import posix, types
types.ModuleType.__init__(posix, 'json')
posix.__name__ = 'json'`,
      inside: 'journal.marks.append(posix.getcwd())',
    },
  });
});
