"""What an editor asks about source between two runs: where it is wrong, and what may come next.

The program's objects are looked at without calling them: no property, no `__getattr__`, no `__dir__` of the
program's runs because somebody types a dot.
"""

import builtins
import importlib
import keyword
import os
import re
import sys
import types
import warnings
from ast import literal_eval

MOST_MISTAKES = 50
MOST_SUGGESTIONS = 300
LONGEST_TEXT = 200
# Importing one of these does something that somebody sees.
NOT_FOR_A_LOOK = {'antigravity', 'this', 'idlelib', 'turtledemo', 'turtle', 'test', '__hello__'}

_NAME = re.compile(r'(?<![\w.])([^\W\d]\w*)$')
_DOTTED = re.compile(r'(?<![\w.)\]}\'"])([^\W\d]\w*(?:\.[^\W\d]\w*)*)\.(\w*)$')
_OF_TEXT = re.compile(r'[\'"]\.(\w*)$')
_IMPORTED_NAME = re.compile(r'^\s*from\s+([\w.]+)\s+import\s[\s(\w,]*?(\w*)$')
_MODULE_NAME = re.compile(r'^\s*(?:from|import)\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*([\w.]*)$')
_IMPORTS = re.compile(r'^[ \t]*import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:#.*)?$', re.M)
_FROM_IMPORTS = re.compile(r'^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\w[\w \t,]*)$', re.M)

_mro_of = type.__dict__['__mro__'].__get__
_names_of_class = type.__dict__['__dict__'].__get__
_nothing = object()


def check(source, filename):
    """Mistakes and warnings of the compiler's; columns count characters, from 1."""
    mistakes = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        try:
            compile(source, filename, 'exec', dont_inherit=True)
        except SyntaxError as error:
            place = (error.lineno, error.offset, error.end_lineno, error.end_offset)
            mistakes.append(_mistake('error', f'{type(error).__name__}: {error.msg}', *place))
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            mistakes.append(_mistake('error', f'{type(error).__name__}: {error}', 1))
    for warning in caught[:MOST_MISTAKES]:
        text = f'{warning.category.__name__}: {warning.message}'
        mistakes.append(_mistake('warning', text, warning.lineno))
    return mistakes


def _mistake(severity, message, line, column=None, end_line=None, end_column=None):
    return {
        'severity': severity,
        'message': message[:LONGEST_TEXT],
        'line': line,
        'column': column,
        'end_line': end_line,
        'end_column': end_column,
    }


def suggest(before, after):
    """What the word at the end of `before` may become: how long it is, and a list."""
    line = before[before.rfind('\n') + 1:]
    word, found = _candidates(line, before, after)
    hidden = not word.startswith('_')
    labels = sorted(
        (name for name in found if name.startswith(word) and not (hidden and name.startswith('_'))),
        key=lambda name: (name.startswith('__'), name.startswith('_'), name),
    )
    described = [_describe(label, found[label]) for label in labels[:MOST_SUGGESTIONS]]
    return {'length': len(word), 'suggestions': described}


def _candidates(line, before, after):
    if match := _IMPORTED_NAME.match(line):
        module = _module(match[1])
        return match[2], {} if module is None else {**_submodules(module), **_members(module)}
    if match := _MODULE_NAME.match(line):
        parent, _, word = match[1].rpartition('.')
        if parent == '':
            return word, _modules()
        module = _module(parent)
        return word, {} if module is None else _submodules(module)
    if match := _DOTTED.search(line):
        value = _resolve(match[1].split('.'), before, after)
        return match[2], {} if value is _nothing else _members(value)
    if match := _OF_TEXT.search(line):
        return match[1], _members('')
    if match := _NAME.search(line):
        return match[1], _names()
    return '', {}


def _names():
    names = dict.fromkeys(keyword.kwlist, keyword)
    names.update(vars(builtins))
    names.update(_variables())
    return names


def _variables():
    return vars(sys.modules['__main__'])


def _resolve(parts, before, after):
    value = _first(parts[0], before, after)
    for part in parts[1:]:
        if value is _nothing:
            break
        value = _members(value).get(part, _nothing)
        if type(value) in (staticmethod, classmethod):
            value = value.__func__
        # What these would give, only calling them can tell.
        elif type(value) in (property, types.MemberDescriptorType, types.GetSetDescriptorType):
            return _nothing
    return value


def _first(name, before, after):
    """What a name is, or will be when the source has run: the last is for imports and literals alone."""
    variables = _variables()
    if name in variables:
        return variables[name]
    source = f'{before}\n{after}'
    for path, other in _IMPORTS.findall(source):
        if name == (other or path.partition('.')[0]):
            module = _module(path if other else name)
            return _nothing if module is None else module
    for path, imported in _FROM_IMPORTS.findall(source):
        for one in imported.split(','):
            origin, _, other = one.strip().partition(' as ')
            if name == (other or origin).strip():
                module = _module(path)
                return _nothing if module is None else _members(module).get(origin, _nothing)
    for text in re.findall(rf'^[ \t]*{re.escape(name)}[ \t]*=[ \t]*(\S.*)$', before, re.M)[-1:]:
        try:
            return literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            pass
    return getattr(builtins, name, _nothing)


def _members(value):
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        return dict(types.ModuleType.__getattribute__(value, '__dict__'))
    members = {}
    for base in reversed(_mro_of(kind)):
        if base is not object or kind is object:
            members.update(_names_of_class(base))
    if issubclass(kind, type):
        members.clear()
        for base in reversed(_mro_of(value)):
            members.update(_names_of_class(base))
        return members
    try:
        members.update(object.__getattribute__(value, '__dict__'))
    except (AttributeError, TypeError, ValueError):
        pass
    return {name: member for name, member in members.items() if type(name) is str}


def _module(name):
    module = sys.modules.get(name)
    root = name.partition('.')[0]
    if module is None and root in sys.stdlib_module_names and root not in NOT_FOR_A_LOOK:
        try:
            module = importlib.import_module(name)
        except Exception:
            return None
    return module


def _modules():
    names = [name for name in sys.stdlib_module_names if name not in NOT_FOR_A_LOOK - {'turtle'}]
    names += [name for name in sys.modules if '.' not in name]
    names += _module_files('.')
    return dict.fromkeys(names, types)


def _submodules(module):
    names = [name for path in getattr(module, '__path__', ()) for name in _module_files(path)]
    # Some have no file of their own.
    prefix = f'{module.__name__}.'
    names += [name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)]
    return dict.fromkeys([name for name in names if '.' not in name], types)


def _module_files(folder):
    found = []
    try:
        for entry in os.scandir(folder):
            name = entry.name.removesuffix('.py').removesuffix('.pyc')
            if name.isidentifier() and (name != entry.name or entry.is_dir()):
                found.append(name)
    except OSError:
        pass
    return found


def _describe(label, value):
    kind = type(value)
    if value is keyword:
        return {'label': label, 'kind': 'keyword', 'detail': '', 'info': ''}
    if value is types or issubclass(kind, types.ModuleType):
        return {'label': label, 'kind': 'module', 'detail': '', 'info': ''}
    if kind in (staticmethod, classmethod):
        value = value.__func__
        kind = type(value)
    if issubclass(kind, type):
        return {'label': label, 'kind': 'class', 'detail': '', 'info': _first_line(value)}
    if kind in _FUNCTIONS:
        return {'label': label, 'kind': 'function', 'detail': '', 'info': _first_line(value)}
    is_property = kind in (property, types.MemberDescriptorType, types.GetSetDescriptorType)
    name = type.__dict__['__name__'].__get__(kind)
    return {
        'label': label,
        'kind': 'property' if is_property else 'variable',
        'detail': '' if is_property else name[:LONGEST_TEXT],
        'info': '',
    }


_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)


def _first_line(value):
    text = _names_of_class(value).get('__doc__') if issubclass(type(value), type) else value.__doc__
    if type(text) is not str:
        return ''
    return text.strip().partition('\n')[0][:LONGEST_TEXT]


def refresh(folder):
    """Let what was imported from files below `folder` be imported anew."""
    for name, module in list(sys.modules.items()):
        if name == '__main__' or not issubclass(type(module), types.ModuleType):
            continue
        file = types.ModuleType.__getattribute__(module, '__dict__').get('__file__')
        if type(file) is str and file.startswith(folder):
            del sys.modules[name]
    # Not importlib.invalidate_caches(), which imports importlib.metadata and what that needs.
    for path, finder in list(sys.path_importer_cache.items()):
        if f'{os.path.abspath(path)}/'.startswith(folder) and hasattr(finder, 'invalidate_caches'):
            finder.invalidate_caches()


TASKS = {'check': check, 'suggest': suggest, 'refresh': refresh}
