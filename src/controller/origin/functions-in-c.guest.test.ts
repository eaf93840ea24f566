import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

const os = { deny: ['os'], culprit: 'posix' };
const io = { deny: ['io'], culprit: '_io' };
const mark = (value: string): string => `journal.marks.append(${value})`;

describe('a function in C counts as the module that defines it', () => {
  refuse({
    'called by the public module': { ...os, before: 'import os', inside: mark('os.getcwd()') },
    'called by its own module': { ...os, before: 'import posix', inside: mark('posix.getcwd()') },
    'however often it was called before': {
      ...os,
      before: `
import os
def call(): return os.getcwd(), os.fspath('a'), os.stat('/'), os.urandom(1)
for _ in range(300): call()`,
      inside: mark('call()'),
    },
    'called with one argument, with several, with names, specialised': {
      ...os,
      before: `
import posix
def one(): return posix.urandom(1)
def several(): return posix.access('/', 0)
def names(): return posix.stat('/', follow_symlinks=True)
def none(): return posix.getpid()
def starred(): return posix.stat(*['/'])
every = one, several, names, none, starred
for _ in range(300):
    for call in every: call()`,
      inside: `
for call in every:
    try: call()
    except glovebox.PolicyError: continue
    ${mark('call')}
one()`,
    },
    'called by C: map, partial, a sort, a default factory': {
      ...os,
      before: 'import posix, functools, collections',
      inside: `
for use in (lambda: list(map(posix.fspath, ['a'])), functools.partial(posix.getcwd),
            lambda: sorted(['a'], key=posix.fspath), lambda: collections.defaultdict(posix.getcwd)[1]):
    try: use()
    except glovebox.PolicyError: continue
    ${mark('use')}
posix.getcwd()`,
    },
    'found by the collector': {
      ...os,
      before: 'import gc',
      inside: `
for thing in gc.get_objects():
    if getattr(thing, '__name__', '') == 'getcwd': ${mark('thing()')}`,
    },
    'imported afresh': {
      ...os,
      before: `
import importlib.machinery, importlib.util
spec = importlib.machinery.BuiltinImporter.find_spec('posix')
fresh = importlib.util.module_from_spec(spec)`,
      inside: mark('fresh.getcwd()'),
    },
    'put into another module': {
      ...os,
      before: 'import posix\njournal.idle = posix.getcwd\nposix.getcwd.__self__',
      inside: mark('journal.idle()'),
    },
    'a method of its objects': {
      ...os,
      before: 'import os\nentry = next(iter(os.scandir("/usr")))',
      inside: mark('entry.is_dir()'),
    },
    'an attribute of its objects': {
      ...io,
      before: 'file = open("/tmp/a", "w")',
      inside: mark('file.buffer.raw.mode'),
    },
    'an iterator that it has begun': {
      ...os,
      before: 'import os\nentries = os.scandir("/")',
      inside: mark('next(entries)'),
    },
    'a method called on its type': {
      ...io,
      before: 'import io\nfile = io.StringIO("text")',
      inside: mark('io.StringIO.read(file)'),
    },
    'a method that was bound before': {
      ...io,
      before: 'import io\nread = io.StringIO("text").read',
      inside: mark('read()'),
    },
    'a method, specialised': {
      ...io,
      before: `
import io
def call(file): file.write('a'); file.getvalue(); file.read(1); file.readable()
file = io.StringIO('text')
for _ in range(300): call(file)`,
      inside: mark('call(file)'),
    },
    'its types': { ...io, before: 'import io', inside: mark('io.StringIO("a")') },
    'its types, by __new__ and __init__': {
      ...io,
      before: 'import io\nfile = io.StringIO()',
      inside: `
try: ${mark('io.StringIO.__new__(io.StringIO)')}
except glovebox.PolicyError: file.__init__('a')`,
    },
    'its types under a class of the program': {
      ...io,
      before: `
import io
class Mine(io.StringIO):
    pass
Mine.__module__ = 'json'`,
      inside: mark('Mine("a")'),
    },
    'and super() of such a class': {
      ...io,
      before: `
import io
class Mine(io.StringIO):
    def read(self): return super().read()
mine = Mine('a')`,
      inside: mark('mine.read()'),
    },
    'open, which is a builtin by name alone': { ...io, inside: mark('open("/tmp/a", "w")') },
    'print, where it reaches a stream': {
      ...io,
      inside: 'print("to be seen by nobody")\njournal.marks.append(1)',
    },
    'time, whose functions have no half in Python': {
      deny: ['time'],
      before: 'import time',
      inside: mark('time.time()'),
    },
    'and what the importer needs of it': {
      ...os,
      before: 'import sys\nsys.modules.pop("colorsys", None)\nsys.path_importer_cache.clear()',
      inside: 'import colorsys\njournal.marks.append(1)',
    },
  });
});
