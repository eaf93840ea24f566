"""What the page lets this program do: its capabilities as modules, its objects by handle.

Nothing here protects the page, which checks each request by itself; it makes the requests natural to write.
"""

import sys

from importlib.machinery import ModuleSpec

from _glovebox import Handle, ask, set_kind

# Annotations may name what is not there: they stay text.
_PREAMBLE = 'from __future__ import annotations\n'


class CapabilityError(Exception):
    """The page did not do what it was asked for. `code` says why, for programs; the message for people."""

    def __init__(self, code, message=''):
        super().__init__(message or code)
        self.code = code

    def __reduce__(self):
        return type(self), (self.code, str(self))


class Forbidden(CapabilityError):
    """Never: this program was not given that."""


class Unauthorized(CapabilityError):
    """Not for this caller, or not now."""


class BudgetExceeded(CapabilityError):
    """So much more than that may not be used."""


class Revoked(CapabilityError):
    """The object is not there any more."""


_ERRORS = {
    'forbidden': Forbidden,
    'unauthorized': Unauthorized,
    'budget': BudgetExceeded,
    'revoked': Revoked,
}
_PLAIN_ERRORS = {'type': TypeError, 'size': ValueError}


def _value_of(answer):
    if answer[0] is True:
        return answer[1]
    _, code, message = answer
    plain = _PLAIN_ERRORS.get(code)
    if plain is not None:
        raise plain(message)
    raise _ERRORS.get(code, CapabilityError)(code, message)


def use(kind, subject, member, argument=()):
    answer = ask(kind, subject, member, argument)
    if answer[0] is True:
        return answer[1]
    return _value_of(answer)


def use_async(subject, member, arguments):
    """In a coroutine something to await, that is under way at once; elsewhere the value itself."""
    asyncio = sys.modules.get('asyncio')
    if asyncio is None or asyncio._get_running_loop() is None:
        return use('call', subject, member, arguments)
    from glovebox._started import start
    return start(subject, member, arguments)


def _may(access, subject, member):
    if isinstance(subject, Handle):
        return use('can', subject, member, access)
    function = subject if member is None else getattr(subject, member)
    try:
        capability, name = function.__capability__
    except AttributeError:
        raise TypeError('neither an object of the page nor a function of a capability') from None
    return use('can', capability, name, access)


def can_call(subject, method=None):
    """Whether `world.damage`, or a method of a handle, would be allowed. Nothing is called."""
    return _may('call', subject, method)


def can_get(handle, attribute):
    """Whether the attribute of the page's object may be read."""
    return _may('get', handle, attribute)


def can_set(handle, attribute):
    """Whether the attribute of the page's object may be set."""
    return _may('set', handle, attribute)


def _indented(text, by):
    return ''.join(f'{by}{line}\n' for line in text.splitlines())


def _function(described, subject, by=''):
    name, passes = described['name'], described['passes']
    values = f'({passes},)' if passes else '()'
    if described['isAsync']:
        body = f'return __use_async__({subject}, {name!r}, {values})'
    else:
        body = f"return __use__('call', {subject}, {name!r}, {values})"
    doc = described['doc']
    lines = f'def {name}{described["signature"]}:\n'
    if doc:
        lines += f'    {doc!r}\n'
    return _indented(lines + f'    {body}\n', by)


def _attribute(described, by):
    name, kind, settable, doc = described
    lines = f'@property\ndef {name}(self) -> {kind}:\n'
    if doc:
        lines += f'    {doc!r}\n'
    lines += f"    return __use__('get', self, {name!r})\n"
    if settable:
        lines += f'@{name}.setter\ndef {name}(self, value: {kind}) -> None:\n'
        lines += f"    __use__('set', self, {name!r}, (value,))\n"
    return _indented(lines, by)


def _execute(source, name, names):
    # A program's tracebacks show what the page declared, not our source.
    names['__use__'], names['__use_async__'] = use, use_async
    exec(compile(_PREAMBLE + source, f'<capability {name}>', 'exec', dont_inherit=True), names)


class _Handle(Handle):
    __slots__ = ()

    def __repr__(self):
        return f'<{type(self).__name__} of the page>'


def _define_kinds():
    """Let the page's objects have the methods and attributes that it declared for them."""
    for number, kind in enumerate(use('describe', None, None)):
        name = kind['name']
        lines = f'class {name}(__base__):\n'
        if kind['doc']:
            lines += f'    {kind["doc"]!r}\n'
        lines += '    __slots__ = ()\n'
        lines += ''.join(_attribute(one, '    ') for one in kind['attributes'])
        lines += ''.join(_function(one, 'self', '    ') for one in kind['methods'])
        names = {'__name__': 'glovebox', '__base__': _Handle}
        _execute(lines, name, names)
        set_kind(number, names[name])


class _Finder:
    """Imports capabilities by the names that the page gave them, and what goes through one."""

    def __init__(self):
        self.names = frozenset()

    def find_spec(self, name, path=None, target=None):
        if path is None and name in self.names:
            return ModuleSpec(name, self, origin='capability')
        if name == 'http.client':
            from glovebox._network import find_client
            return find_client(name, path, target)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        described = use('describe', name, None)
        _execute(''.join(_function(one, repr(name)) for one in described), name, vars(module))
        for one in described:
            vars(module)[one['name']].__capability__ = (name, one['name'])
        module.__all__ = [one['name'] for one in described]


_finder = _Finder()
sys.meta_path.insert(0, _finder)


def is_offered(name):
    return name in _finder.names


def take_offer(names, has_kinds):
    """What the page gives from now on. Modules that a program has of it stay, and ask for what there was."""
    _finder.names = frozenset(names)
    if has_kinds:
        _define_kinds()
