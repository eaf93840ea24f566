import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

const disguise = {
  'disguise.py': 'import journal\ndef act(*args): journal.marks.append("ran")\n',
};

describe('a loader labels nothing with a name that its caller chose', () => {
  refuse({
    'not a custom loader that executes its own text': {
      evil: `
import importlib.abc, importlib.util
class Loader(importlib.abc.Loader):
    def exec_module(self, module): exec(SOURCE, vars(module))
spec = importlib.util.spec_from_loader('json.tool2', Loader())
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not a source loader that brings its own text': {
      evil: `
import importlib.abc, importlib.util
class Loader(importlib.abc.SourceLoader):
    def get_filename(self, name): return '/usr/lib/python3.13/json/__init__.py'
    def get_data(self, path): return SOURCE.encode()
spec = importlib.util.spec_from_loader('journal', Loader())
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not the usual loader with data put into it': {
      evil: `
from importlib.machinery import SourceFileLoader
import importlib.util
loader = SourceFileLoader('strange', '/home/strange.py')
loader.get_data = lambda path: SOURCE.encode()
loader.path_stats = lambda path: {'mtime': 0, 'size': 0}
module = importlib.util.module_from_spec(importlib.util.spec_from_loader('strange', loader))
loader.exec_module(module)
act = module.act`,
    },
    'not the usual loader told that a file is a module of the library': {
      files: disguise,
      evil: `
from importlib.machinery import SourceFileLoader
act = SourceFileLoader('json', '/home/disguise.py').load_module('json').act`,
    },
    'not the usual loader told that a file is another module of the program': {
      files: disguise,
      evil: `
import importlib.util
spec = importlib.util.spec_from_file_location('journal', '/home/disguise.py')
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not the usual loader told that a file is __main__': {
      files: { '__main__.py': disguise['disguise.py'] },
      evil: `
import importlib.util
spec = importlib.util.spec_from_file_location('__main__', '/home/__main__.py')
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not a second file of the same name somewhere else': {
      evil: `
import os, importlib.util
os.mkdir('/tmp/other')
with open('/tmp/other/journal.py', 'w') as file: file.write(SOURCE)
spec = importlib.util.spec_from_file_location('journal', '/tmp/other/journal.py')
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not a file that takes the name of a module of the library': {
      evil: `
with open('/tmp/queue.py', 'w') as file: file.write(SOURCE)
sys.path.insert(0, '/tmp')
sys.modules.pop('queue', None)
import queue
act = queue.act`,
    },
    'not a path that leads out of the library again': {
      evil: `
import os, importlib.util
with open('/tmp/json.py', 'w') as file: file.write(SOURCE)
spec = importlib.util.spec_from_file_location('json', '/usr/lib/python3.13/../../../tmp/json.py')
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
act = module.act`,
    },
    'not bytecode without a source': {
      evil: `
import importlib.util, marshal
from importlib.machinery import SourcelessFileLoader
code = compile(SOURCE, '/home/journal.py', 'exec')
with open('/tmp/journal.pyc', 'wb') as file:
    file.write(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
act = SourcelessFileLoader('journal', '/tmp/journal.pyc').load_module('journal').act`,
    },
    'not an archive': {
      evil: `
import zipfile
with zipfile.ZipFile('/tmp/a.zip', 'w') as archive: archive.writestr('packed.py', SOURCE)
sys.path.insert(0, '/tmp/a.zip')
import packed
act = packed.act`,
    },
    'not the frozen importer with data of its own': {
      evil: `
import _imp, marshal
names = {}
exec(_imp.get_frozen_object('os', marshal.dumps(compile(SOURCE, 'os', 'exec'))), names)
act = names['act']`,
    },
    'not what the importer calls to label code': {
      files: disguise,
      evil: `
import _imp
for name in 'json', 'journal', '__main__', 'builtins', 'glovebox':
    if _imp._load_labelled(name, '/home/disguise.py') is not None:
        journal.marks.append(name)
names = {}
exec(_imp._load_labelled('disguise', '/home/disguise.py') and compile(SOURCE, '', 'exec'), names)
act = names['act']`,
    },
    'not the importer when its own functions were replaced': {
      evil: `
import importlib._bootstrap_external as external
kept = external._compile_bytecode
external._compile_bytecode = lambda *args, **kwargs: compile(SOURCE, 'x', 'exec')
import importlib.util, os
os.mkdir('/tmp/p')
with open('/tmp/p/fresh.py', 'w') as file: file.write(SOURCE)
sys.path.insert(0, '/tmp/p')
loader = external.SourceLoader.get_code
external.SourceFileLoader.exec_module = lambda self, module: exec(compile(SOURCE, 'x', 'exec'), vars(module))
import fresh
act = fresh.act`,
    },
    'not a finder that answers for an import inside': {
      evil: `
class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        journal.marks.append(name)
sys.meta_path.insert(0, Finder)`,
      inside: 'import colorsys',
    },
    'not a path hook': {
      evil: `
sys.path_hooks.insert(0, act)
sys.path.insert(0, '/nowhere')
sys.path_importer_cache.clear()`,
      inside: 'import colorsys',
    },
    'not an __import__ of its own': {
      before: 'import builtins\nbuiltins.__import__ = evil.act',
      inside: 'import colorsys',
    },
  });
});
