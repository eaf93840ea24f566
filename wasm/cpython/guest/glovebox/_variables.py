"""What the program's names stand for, for the page to show.

Reading must not run the program's code: an attribute may be a property, a class may lie about itself, and the
methods of a list's subclass may do anything. So types are told by `type`, what an object holds is read through the
descriptors of the built-in types below it, and only values of built-in types are written out. How much is read is
bounded, whatever the values are.
"""

import __main__
import builtins
import datetime
from collections import deque
from enum import EnumType
from itertools import chain, islice
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)

# As in _runtime: a copy that the program can't reach.
__builtins__ = dict(vars(builtins))

MOST_NODES = 2000
MOST_LEVELS = 16
# Of classes and objects that are looked through for what an object holds.
MOST_MEMBERS = 200_000
MOST_CLASS_MEMBERS = 500
MOST_BASES = 50
MOST_PARAMETERS = 6
TEXT = 120
LABEL = 60
# Of what is shown inside something else.
INNER_TEXT = 40
INNER_ITEMS = 6
INNER_DEPTH = 2
# More digits than anybody reads.
MOST_BITS = 200
MOST_DECIMAL_BYTES = 200

_HEAP_TYPE = 1 << 9
_IMMUTABLE_TYPE = 1 << 8

_names = vars(__main__)
_type_name = type.__dict__['__name__'].__get__
_mro_of = type.__dict__['__mro__'].__get__
_bases_of = type.__dict__['__bases__'].__get__
_flags_of = type.__dict__['__flags__'].__get__
_members_of = type.__dict__['__dict__'].__get__
_names_of_module = ModuleType.__dict__['__dict__'].__get__
_args_of = BaseException.args.__get__
_code_of = FunctionType.__dict__['__code__'].__get__
_name_of = FunctionType.__dict__['__name__'].__get__
_name_of_builtin = BuiltinFunctionType.__dict__['__name__'].__get__
_function_of = MethodType.__dict__['__func__'].__get__


def look(wanted):
    """The program's variables, as (nodes, how many more there are).

    `wanted`: pairs of a path and of how many entries to show there. A path is a list of labels; the empty one leads
    to the variables. A node is (label, kind, type, text, size, unit, whether it opens, its nodes or None, how many
    more there are in it).
    """
    _reading.nodes, _reading.members = MOST_NODES, MOST_MEMBERS
    tree = {}
    for path, most in wanted:
        branch = tree
        for label in path[:MOST_LEVELS]:
            branch = branch.setdefault(label, {})
        branch[None] = most
    return _read(*_variables(), tree)


class _Reading:
    """What a look may still read."""

    nodes = 0
    members = 0

    def take_members(self, pairs):
        for pair in pairs:
            if self.members == 0:
                return
            self.members -= 1
            yield pair


_reading = _Reading()


def _read(total, entries, branch):
    """Nodes of the first `entries`, labels with values; those past what is asked for are only counted."""
    most = min(branch.get(None, 0), _reading.nodes)
    nodes = []
    for label, value in islice(entries, most):
        if _reading.nodes == 0:
            break
        _reading.nodes -= 1
        nodes.append(_node(label, value, branch.get(label)))
    return nodes, max(0, total - len(nodes))


def _node(label, value, branch):
    kind, size, unit = _kind_of(value), None, ''
    type_name = _cut(_type_name(type(value)), LABEL)
    opens, nodes, more = False, None, 0
    try:
        text = _short(value, 0)
        size, unit = _size_of(value)
        total, entries = _inside(value)
        opens = total > 0
        if opens and branch is not None:
            nodes, more = _read(total, entries, branch)
    except (AttributeError, LookupError, TypeError, ValueError):
        # Not what its type promises: an object that was never initialised, say.
        text = type_name
    return label, kind, type_name, _cut(text, TEXT), size, unit, opens, nodes, more


def _variables():
    pairs = [
        (_cut(name, LABEL), value)
        for name, value in islice(dict.items(_names), 100_000)
        if _is(name, str) and not (str.startswith(name, '__') and str.endswith(name, '__'))
    ]
    return len(pairs), iter(pairs)


def _is(value, cls):
    # By the real type: isinstance would ask the value for its __class__.
    return issubclass(type(value), cls)


def _cut(text, most):
    """An exact str of at most `most` characters."""
    start = str.__getitem__(text, slice(0, most))
    return start if str.__len__(text) <= most else start[:-1] + '…'


def _kind_of(value):
    if _is(value, type):
        return 'class'
    if _is(value, ModuleType):
        return 'module'
    return 'function' if _is(value, (FunctionType, BuiltinFunctionType, MethodType)) else 'value'


# --- What is in it


def _inside(value):
    """How many entries there are, and pairs of labels and values."""
    if _is(value, type):
        # What C has made of a class is no part of the program.
        members = _class_members(value) if _is_of_program(value) else ()
        own = [(f'.{name}', held) for name, held in members if not name.startswith('__')]
        return len(own), iter(own)
    if _kind_of(value) != 'value':
        return 0, iter(())
    attributes = [(f'.{name}', held) for name, held in _attributes(value)]
    count, entries = _entries(value)
    return count + len(attributes), chain(entries, attributes)


def _entries(value):
    if _is(value, dict):
        return dict.__len__(value), (
            (_key_label(key, at), held) for at, (key, held) in enumerate(dict.items(value))
        )
    for cls in (list, tuple, deque):
        if _is(value, cls):
            fields = _field_names(value) if cls is tuple else ()
            return cls.__len__(value), (
                (f'.{fields[at]}' if at < len(fields) else f'[{at}]', item)
                for at, item in enumerate(cls.__iter__(value))
            )
    for cls in (set, frozenset):
        if _is(value, cls):
            return cls.__len__(value), ((f'#{at}', item) for at, item in enumerate(cls.__iter__(value)))
    return 0, iter(())


def _key_label(key, at):
    # What isn't written out in full may be written like its neighbour: the place tells them apart.
    cls = type(key)
    if cls is str and len(key) <= INNER_TEXT or cls is int and key.bit_length() <= MOST_BITS:
        return repr(key)
    if cls is bool or cls is float or key is None:
        return repr(key)
    return f'{_cut(_short(key, 1), LABEL)} #{at}'


def _field_names(value):
    """Of a named tuple."""
    for cls in _mro_of(type(value))[:MOST_BASES]:
        if _is_of_program(cls):
            fields = _members_of(cls).get('_fields')
            if type(fields) is tuple:
                return [_cut(name, LABEL) if type(name) is str else '?' for name in fields[:MOST_CLASS_MEMBERS]]
    return ()


def _is_of_program(cls):
    """Whether Python code has made the class."""
    return _flags_of(cls) & (_HEAP_TYPE | _IMMUTABLE_TYPE) == _HEAP_TYPE


def _class_members(cls):
    members = islice(_members_of(cls).items(), MOST_CLASS_MEMBERS)
    for name, member in _reading.take_members(members):
        if type(name) is str:
            yield _cut(name, LABEL), member


def _attributes(value):
    """Names and values of what the object itself holds: not what its class would compute."""
    for cls in _mro_of(type(value))[:MOST_BASES]:
        for name, member in _class_members(cls):
            kind = type(member)
            if not (kind is GetSetDescriptorType or kind is MemberDescriptorType) or member.__objclass__ is not cls:
                continue
            if name == '__dict__':
                yield from _items_of_object(member.__get__(value))
            elif kind is MemberDescriptorType and _is_of_program(cls):
                try:
                    yield name, member.__get__(value)
                except AttributeError:
                    pass  # A slot that nothing was put into.


def _items_of_object(names):
    if _is(names, dict):
        for key, item in _reading.take_members(islice(dict.items(names), MOST_CLASS_MEMBERS)):
            if _is(key, str):
                yield _cut(key, LABEL), item


def _size_of(value):
    for cls, unit in _SIZED:
        if _is(value, cls):
            return cls.__len__(value), unit
    return None, ''


_SIZED = (
    (str, 'characters'),
    (bytes, 'bytes'),
    (bytearray, 'bytes'),
    (dict, 'items'),
    (list, 'items'),
    (tuple, 'items'),
    (set, 'items'),
    (frozenset, 'items'),
    (deque, 'items'),
)


# --- As text


def _short(value, depth):
    # Not by the class itself, which would be asked for its hash.
    write = _WRITERS.get(id(type(value)))
    if write is not None:
        return write(value, depth)
    if _is(value, type):
        return _class_text(value)
    if _is(value, ModuleType):
        name = _names_of_module(value).get('__name__')
        return f'module {_cut(name, LABEL)}' if _is(name, str) else 'module'
    name = _cut(_type_name(type(value)), LABEL)
    if _is(value, BaseException):
        return f'{name}{_sequence(_args_of(value), "(", ")", depth)}'
    if name == 'Decimal' and not _is_of_program(type(value)):
        small = type(value).__sizeof__(value) <= MOST_DECIMAL_BYTES
        return type(value).__repr__(value) if small else name
    if _is(value, tuple) and _field_names(value):
        return _fields_text(name, zip(_field_names(value), tuple.__iter__(value)), depth)
    for cls, write in _BASES:
        if _is(value, cls):
            return f'{name}({write(value, depth)})'
    if _is(type(value), EnumType):
        member = next((held for key, held in _attributes(value) if key == '_name_'), None)
        return f'{name}.{_cut(member, LABEL)}' if _is(member, str) else name
    return _fields_text(name, _attributes(value), depth)


def _fields_text(name, fields, depth):
    shown = [] if depth >= INNER_DEPTH else list(islice(fields, INNER_ITEMS + 1))
    if not shown:
        return f'{name} object'
    parts = [f'{key}={_short(held, depth + 1)}' for key, held in shown[:INNER_ITEMS]]
    return f'{name}({", ".join(parts)}{", …" if len(shown) > INNER_ITEMS else ""})'


def _int_text(value, depth):
    bits = int.bit_length(value)
    return int.__repr__(value) if bits <= MOST_BITS else f'a number of {bits * 30103 // 100_000 + 1} digits'


def _text_most(depth):
    return TEXT if depth == 0 else INNER_TEXT


def _str_text(value, depth):
    most = _text_most(depth)
    start = str.__getitem__(value, slice(0, most))
    return repr(start) + ('…' if str.__len__(value) > most else '')


def _bytes_text(value, depth):
    most, cls = _text_most(depth), bytes if _is(value, bytes) else bytearray
    start = repr(bytes(cls.__getitem__(value, slice(0, most)))) + ('…' if cls.__len__(value) > most else '')
    return start if cls is bytes else f'bytearray({start})'


def _sequence(items, start, end, depth):
    if depth >= INNER_DEPTH:
        return f'{start}…{end}'
    shown = list(islice(items, INNER_ITEMS + 1))
    parts = [_short(item, depth + 1) for item in shown[:INNER_ITEMS]]
    if len(shown) > INNER_ITEMS:
        parts.append('…')
    return f'{start}{", ".join(parts)}{end}'


def _list_text(value, depth):
    return _sequence(list.__iter__(value), '[', ']', depth)


def _tuple_text(value, depth):
    return _sequence(tuple.__iter__(value), '(', ',)' if tuple.__len__(value) == 1 else ')', depth)


def _deque_text(value, depth):
    return _sequence(deque.__iter__(value), 'deque([', '])', depth)


def _set_text(value, depth):
    return _sequence(set.__iter__(value), '{', '}', depth) if set.__len__(value) else 'set()'


def _frozenset_text(value, depth):
    return _sequence(frozenset.__iter__(value), 'frozenset({', '})', depth)


def _dict_text(value, depth):
    if depth >= INNER_DEPTH:
        return '{…}' if dict.__len__(value) else '{}'
    shown = list(islice(dict.items(value), INNER_ITEMS + 1))
    parts = [f'{_short(key, depth + 1)}: {_short(held, depth + 1)}' for key, held in shown[:INNER_ITEMS]]
    if len(shown) > INNER_ITEMS:
        parts.append('…')
    return '{' + ', '.join(parts) + '}'


def _function_text(value, depth):
    code = _code_of(value)
    names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
    shown = [_cut(name, INNER_TEXT) for name in names[:MOST_PARAMETERS]]
    if len(names) > MOST_PARAMETERS:
        shown.append('…')
    return f'{_cut(_name_of(value), LABEL)}({", ".join(shown)})'


def _builtin_text(value, depth):
    return f'{_cut(_name_of_builtin(value), LABEL)}(…)'


def _method_text(value, depth):
    function = _function_of(value)
    return _function_text(function, depth) if type(function) is FunctionType else 'method'


def _class_text(value):
    direct = [base for base in _bases_of(value)[:MOST_PARAMETERS] if base is not object]
    bases = [_cut(_type_name(base), INNER_TEXT) for base in direct]
    return f'class {_cut(_type_name(value), LABEL)}' + (f'({", ".join(bases)})' if bases else '')


def _time_text(value, depth):
    # A time zone may be of a class of the program's.
    zone = value.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return value.isoformat()
    return value.replace(tzinfo=None).isoformat()


_BASES = (
    (int, _int_text),
    (float, lambda value, depth: float.__repr__(value)),
    (complex, lambda value, depth: complex.__repr__(value)),
    (str, _str_text),
    (bytes, _bytes_text),
    (bytearray, _bytes_text),
    (dict, _dict_text),
    (list, _list_text),
    (tuple, _tuple_text),
    (set, _set_text),
    (frozenset, _frozenset_text),
    (deque, _deque_text),
)

_WRITERS = {
    id(cls): write
    for cls, write in (
        *_BASES,
        *((type(value), lambda value, depth: repr(value)) for value in (None, True, ..., NotImplemented)),
        (range, lambda value, depth: range.__repr__(value)),
        (FunctionType, _function_text),
        (BuiltinFunctionType, _builtin_text),
        (MethodType, _method_text),
        (datetime.date, lambda value, depth: datetime.date.isoformat(value)),
        (datetime.timedelta, lambda value, depth: datetime.timedelta.__str__(value)),
        (datetime.datetime, _time_text),
        (datetime.time, _time_text),
    )
}
