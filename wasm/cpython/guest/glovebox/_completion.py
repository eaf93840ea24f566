"""What Tab offers: names and attributes as the library does, and besides these modules and the keys of dicts.

Nothing is imported or called for it; as everywhere, a dotted name is evaluated up to its last dot.
"""

import ast
import pkgutil
import re
import sys
from importlib.machinery import PathFinder
from rlcompleter import Completer

from _pyrepl.readline import ReadlineAlikeReader

DOTTED = r'[^\W\d]\w*(?:\.[^\W\d]\w*)*'
_MODULE = re.compile(rf'\s*(?:import\s+(?:.*,\s*)?|from\s+)((?:{DOTTED}\.?)?)$')
_MEMBER = re.compile(rf'\s*from\s+({DOTTED})\s+import\s+\(?(?:.*,\s*)?(\w*)$')
_KEY = re.compile(rf'({DOTTED})\[(?:(["\'])((?:(?!\2)[^\\]|\\.)*)|(-?\w*))$')
MOST_KEYS = 2000
MOST_SOURCE_BYTES = 500_000


class CompletingReader(ReadlineAlikeReader):
    """The library's editor with these completions."""

    _names = {}
    # For the stem that was asked for last; None where the library is to find them.
    _special = None

    def use_names(self, names):
        self._names = names
        self.config.readline_completer = Completer(names).complete

    def get_stem(self):
        start = self.bol()
        line = ''.join(self.buffer[start:self.pos])
        try:
            found = _find(line, self._names)
        except Exception:
            found = None  # A name that is not there, or an object that objects.
        if found is None:
            self._special = None
            return super().get_stem()
        stem, self._special = found
        return stem

    def get_completions(self, stem):
        if self._special is None:
            return super().get_completions(stem)
        return self._special


def _find(line, names):
    """(what is there, what it may become), or None for the library's own."""
    if match := _MEMBER.match(line):
        module, stem = match.groups()
        return stem, _matching(_members_of(module), stem)
    if match := _MODULE.match(line):
        parent, dot, stem = match[1].rpartition('.')
        found = _matching(_modules_in(parent), stem)
        return match[1], [f'{parent}{dot}{name}' for name in found]
    if match := _KEY.search(line):
        return _keys(match, names)
    return None


def _matching(names, stem):
    return sorted({name for name in names if name.startswith(stem) and (stem or not name.startswith('_'))})


# --- modules ---

def _modules_in(parent):
    """The modules of a package, or those that there are at all."""
    if not parent:
        loaded = (name for name in sys.modules if '.' not in name)
        offered = (name for finder in sys.meta_path for name in getattr(finder, 'names', ()))
        return [*sys.builtin_module_names, *loaded, *offered, *(module.name for module in pkgutil.iter_modules())]
    path = _path_of(parent)
    return [] if path is None else [module.name for module in pkgutil.iter_modules(path)]


def _path_of(package):
    module = sys.modules.get(package)
    if module is not None:
        return getattr(module, '__path__', None)
    spec = _spec_of(package)
    return None if spec is None else spec.submodule_search_locations


def _spec_of(name):
    """Where a module is, without the import of what it is in."""
    parent, _, _ = name.rpartition('.')
    path = _path_of(parent) if parent else None
    if parent and path is None:
        return None
    return PathFinder.find_spec(name, path)


def _members_of(name):
    module = sys.modules.get(name)
    if module is not None:
        return [*vars(module), *_modules_in(name)]
    spec = _spec_of(name)
    if spec is None or not spec.origin or not spec.origin.endswith('.py'):
        return _modules_in(name)
    with open(spec.origin, 'rb') as file:
        source = file.read(MOST_SOURCE_BYTES + 1)
    defined = _defined_in(source) if len(source) <= MOST_SOURCE_BYTES else []
    return [*defined, *_modules_in(name)]


def _defined_in(source):
    """The names that a module's source gives a meaning to at its outermost level."""
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    yield (alias.asname or alias.name).partition('.')[0]
            case ast.Assign():
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name()):
                yield node.target.id


# --- keys ---

def _keys(match, names):
    expression, quote, quoted, bare = match.groups()
    mapping = eval(expression, names)
    if not issubclass(type(mapping), dict):
        return None
    stem = bare if quote is None else quoted
    found = set()
    for _, key in zip(range(MOST_KEYS), dict.keys(mapping)):
        text = _text_of(key, quote)
        if text is not None and text.startswith(stem):
            found.add(text)
    if not found:
        return None
    if len(found) == 1:
        found = {f'{text}{quote or ""}]' for text in found}
    return stem, sorted(found)


def _text_of(key, quote):
    """A key as it is written behind the bracket, or behind the quote."""
    if type(key) is str and key.isprintable():
        if quote is None:
            return repr(key)
        return key.replace('\\', '\\\\').replace(quote, f'\\{quote}')
    if quote is None and type(key) in (int, bool):
        return repr(key)
    return None
