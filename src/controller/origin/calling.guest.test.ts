import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

describe('it does not matter how refused code is come by', () => {
  refuse({
    'by its name': {},
    'by its name, often enough for its call to be specialised': {
      before: `
def call(): return evil.act()
for _ in range(300): call()
journal.marks.clear()`,
      inside: 'call()',
    },
    'from the collector': {
      before: 'import gc',
      inside: `
for thing in gc.get_objects():
    if getattr(thing, '__qualname__', '') == 'act' and callable(thing): thing()`,
    },
    'from a closure': {
      evil: `
def wrap(function):
    def wrapped(): return act()
    return wrapped`,
      before: '@evil.wrap\ndef decorated(): pass',
      inside: 'decorated()',
    },
    "in a cell of somebody else's function": {
      files: {
        'closing.py': `
def make():
    inner = None
    def caller(): return inner()
    return caller
caller = make()`,
      },
      evil: 'import closing\nclosing.caller.__closure__[0].cell_contents = act',
      before: 'import closing',
      inside: 'closing.caller()',
    },
    'as a default argument': {
      evil: 'journal.call.__defaults__ = (act,)',
      inside: 'journal.call()',
    },
    'as a method of an object that has changed its class': {
      evil: `
class Bad:
    def work(self): act()`,
      before: `
class Good:
    def work(self): pass
good = Good()
good.__class__ = evil.Bad`,
      inside: 'good.work()',
    },
    'as a method that overrides one': {
      evil: `
import json
class Encoder(json.JSONEncoder):
    def default(self, value): return act()`,
      before: 'import json',
      inside: 'json.dumps(object(), cls=evil.Encoder)',
    },
    'as a bound, a static and a class method': {
      before: `
import types
class Holder:
    one = staticmethod(evil.act)
    two = classmethod(evil.act)
    three = types.MethodType(evil.act, 1)`,
      inside: `
for name in 'one', 'two', 'three':
    try: getattr(Holder(), name)()
    except glovebox.PolicyError: continue
    journal.marks.append(name)
Holder.one()`,
    },
    'as a property': {
      evil: 'class Thing:\n    value = property(act)',
      before: 'thing = evil.Thing()',
      inside: 'thing.value',
    },
    'as a property, often enough for it to be specialised': {
      evil: 'class Thing:\n    value = property(act)',
      before: `
thing = evil.Thing()
def look(): return thing.value
for _ in range(300): look()
journal.marks.clear()`,
      inside: 'look()',
    },
    'as a descriptor': {
      evil: `
class Descriptor:
    def __get__(self, thing, owner): return act()`,
      before: 'class Thing: value = evil.Descriptor()',
      inside: 'Thing().value',
    },
    'as __getattr__, of a class and of a module': {
      evil: `
class Thing:
    def __getattr__(self, name): return act()
def __getattr__(name): return act()`,
      before: 'thing = evil.Thing()',
      inside: `
try: thing.nothing
except glovebox.PolicyError: evil.nothing`,
    },
    'as __getattribute__, specialised': {
      evil: `
class Thing:
    def __getattribute__(self, name): return act()`,
      before: `
thing = evil.Thing()
def look(): return thing.nothing
for _ in range(300): look()
journal.marks.clear()`,
      inside: 'look()',
    },
    'as __getitem__, specialised': {
      evil: `
class Thing:
    def __getitem__(self, place): return act()`,
      before: `
thing = evil.Thing()
def look(): return thing[0]
for _ in range(300): look()
journal.marks.clear()`,
      inside: 'look()',
    },
    'as __init__, specialised': {
      evil: `
class Thing:
    def __init__(self): act()`,
      before: `
def make(): return evil.Thing()
for _ in range(300): make()
journal.marks.clear()`,
      inside: 'make()',
    },
    'as __new__ and in a metaclass': {
      evil: `
class Meta(type):
    def __call__(cls): return act()
class Thing(metaclass=Meta): pass
class Other:
    def __new__(cls): return act()`,
      inside: `
try: evil.Other()
except glovebox.PolicyError: evil.Thing()`,
    },
    'as what a class statement calls': {
      evil: `
class Base:
    def __init_subclass__(cls): act()
class Named:
    def __set_name__(self, owner, name): act()`,
      inside: `
try:
    class Sub(evil.Base): pass
except glovebox.PolicyError:
    class Other: name = evil.Named()`,
    },
    'as what isinstance asks': {
      evil: `
class Meta(type):
    def __instancecheck__(cls, thing): return act()
class Thing(metaclass=Meta): pass`,
      inside: 'isinstance(1, evil.Thing)',
    },
    'as an operator': {
      evil: `
class Number:
    __add__ = __radd__ = __lt__ = __neg__ = __matmul__ = __contains__ = act`,
      before: 'number = evil.Number()',
      inside: `
for operation in (lambda: number + 1, lambda: 1 + number, lambda: -number, lambda: 1 in number):
    try: operation()
    except glovebox.PolicyError: continue
    journal.marks.append('an operator')
sorted([number, number])`,
    },
    'as __hash__ and __eq__ in a dictionary': {
      evil: `
class Key:
    def __hash__(self): return act()`,
      before: 'key = evil.Key()',
      inside: '{}.get(key)',
    },
    'as what conversions call': {
      evil: `
class Thing:
    __str__ = __repr__ = __format__ = __bool__ = __int__ = __index__ = __len__ = __bytes__ = act`,
      before: 'thing = evil.Thing()',
      inside: `
for convert in (str, repr, bool, int, len, bytes, hex, format, list('a').__getitem__):
    try: convert(thing)
    except glovebox.PolicyError: continue
    journal.marks.append(convert)
f'{thing}'`,
    },
    'as an iterator': {
      evil: `
class Items:
    def __iter__(self): return self
    __next__ = act`,
      before: 'items = evil.Items()',
      inside: `
try: next(items)
except glovebox.PolicyError: pass
for item in items: pass`,
    },
    'as a context manager': {
      evil: `
class Manager:
    def __enter__(self): act()
    def __exit__(self, *args): pass`,
      before: 'manager = evil.Manager()',
      inside: 'with manager: pass',
    },
    'as the key of a sort': { inside: 'sorted([1, 2], key=evil.act)' },
    'by map, filter and reduce': {
      before: 'import functools',
      inside: `
for use in (lambda: list(map(evil.act, [1])), lambda: list(filter(evil.act, [1])), lambda: max([1, 2], key=evil.act)):
    try: use()
    except glovebox.PolicyError: continue
    journal.marks.append('used')
functools.reduce(evil.act, [1, 2])`,
    },
    'by functools.partial and a cache': {
      before:
        'import functools\npartial = functools.partial(evil.act, 1)\ncached = functools.lru_cache(evil.act)',
      inside: `
try: partial()
except glovebox.PolicyError: cached()`,
    },
    'by operator.methodcaller and attrgetter': {
      evil: 'class Thing:\n    work = act\n    value = property(act)',
      before: 'import operator\nthing = evil.Thing()',
      inside: `
try: operator.attrgetter('value')(thing)
except glovebox.PolicyError: operator.methodcaller('work')(thing)`,
    },
    'by a substitution and a decoder of the library': {
      before: 'import re, json',
      inside: `
try: re.sub('a', evil.act, 'a')
except glovebox.PolicyError: json.loads('{}', object_hook=evil.act)`,
    },
    'by a codec': {
      evil: 'import codecs\ncodecs.register(act)',
      inside: "'a'.encode('no_such_codec')",
    },
    'by a pickle': {
      evil: `
class Thing:
    def __reduce__(self): return act, ()`,
      before: 'import pickle\npickled = pickle.dumps(evil.Thing())',
      inside: 'pickle.loads(pickled)',
    },
    'by eval and exec of a text that names it': {
      inside: "exec('evil.act()', {'evil': evil})",
    },
    'by the hooks of the interpreter': {
      before: 'import sys\nsys.breakpointhook = sys.displayhook = sys.excepthook = evil.act',
      inside: `
try: breakpoint()
except glovebox.PolicyError: sys.displayhook(1)`,
    },
    'by an audit hook': {
      evil: `
is_on = []
def hook(event, arguments):
    if is_on and event == 'compile': act()
sys.addaudithook(hook)`,
      before: 'evil.is_on.append(1)',
      inside: "compile('1', 'x', 'eval')",
    },
    'by a builtin that was replaced': {
      before: 'import builtins\nbuiltins.ord = evil.act',
      inside: "ord('a')",
    },
    'by the functions for the end of the program': {
      before: 'import atexit\natexit.register(evil.act)',
      inside: 'atexit._run_exitfuncs()',
      isQuiet: true,
    },
    'by sys.settrace': { before: 'sys.settrace(evil.act)', inside: 'journal.idle()' },
    'by sys.setprofile': { before: 'sys.setprofile(evil.act)', inside: 'journal.idle()' },
    'by sys.monitoring': {
      before: `
sys.monitoring.use_tool_id(3, 'x')
sys.monitoring.register_callback(3, sys.monitoring.events.PY_START, evil.act)
sys.monitoring.set_events(3, sys.monitoring.events.PY_START)
journal.marks.clear()`,
      inside: 'journal.marks.clear()\njournal.idle()',
    },
    'by the collector, as __del__': {
      evil: 'class Thing:\n    __del__ = act',
      before: 'things = [evil.Thing()]',
      inside: 'things.clear()',
      isQuiet: true,
    },
    'by the collector, as __del__ in a cycle, and as its callback': {
      evil: 'class Thing:\n    __del__ = act',
      before:
        'import gc\nthing = evil.Thing()\nthing.self = thing\ngc.callbacks.append(evil.act)\njournal.marks.clear()',
      inside: 'global thing\ndel thing\ngc.collect()\ngc.callbacks.clear()',
      isQuiet: true,
    },
    'by a weak reference': {
      before: `
import weakref
class Thing: pass
things = [Thing(), Thing()]
reference = weakref.ref(things[0], evil.act)
weakref.finalize(things[1], evil.act)`,
      inside: 'things.clear()',
      isQuiet: true,
    },
    'by a handler of a signal': {
      before: 'import signal\nsignal.signal(signal.SIGINT, evil.act)',
      inside: `
signal.raise_signal(signal.SIGINT)
for _ in range(10_000): pass`,
    },
  });
});
