"""What the page lets this program do: its capabilities as modules, its objects by handle.

Nothing here protects the page, which checks each request by itself; it makes the requests natural to write.
"""

import sys

from importlib.machinery import ModuleSpec

from _glovebox import Handle, ask, set_kind

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


def error_of(answer):
    """The exception for an answer that is a refusal."""
    _, code, message = answer
    plain = _PLAIN_ERRORS.get(code)
    return _ERRORS.get(code, CapabilityError)(code, message) if plain is None else plain(message)


def use(kind, subject, member, argument=()):
    answer = ask(kind, subject, member, argument)
    if answer[0] is True:
        return answer[1]
    raise error_of(answer)


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


class _Parameters:
    """What a method takes, and how what it is called with becomes the tuple that the page gets."""

    def __init__(self, described):
        self.function = described['name']
        self.described = described
        self.names = [parameter[0] for parameter in described['parameters']]
        self.defaults = {name: rest[0] for name, _, *rest in described['parameters'] if rest}
        # Called with so many by position, there is nothing to do.
        self.plain = len(self.names) if described['rest'] is None else -1

    def bind(self, arguments, keywords):
        names, count = self.names, len(self.names)
        if len(arguments) > count and self.plain >= 0:
            raise TypeError(f'{self.function}() takes {self._count()} but {len(arguments)} were given')
        values = list(arguments)
        for name in names[len(arguments):]:
            if name in keywords:
                values.append(keywords.pop(name))
            elif name in self.defaults:
                values.append(self.defaults[name])
            else:
                raise TypeError(f'{self.function}() is missing the argument {name!r}')
        for name in keywords:
            problem = 'multiple values for argument' if name in names else 'an unexpected keyword argument'
            raise TypeError(f'{self.function}() got {problem} {name!r}')
        return tuple(values)

    def _count(self):
        most = len(self.names)
        least = most - len(self.defaults)
        number = f'{most}' if least == most else f'from {least} to {most}'
        return f'{number} positional argument{"" if most == 1 else "s"}'

    def annotations(self):
        described = self.described
        rest = [described['rest']] if described['rest'] else []
        types = {name: kind for name, kind, *_ in (*described['parameters'], *rest)}
        return types | {'return': described['returns']}

    def signature(self, first=()):
        # Only for who looks: inspect is large.
        from inspect import Parameter, Signature
        described, ordinary = self.described, Parameter.POSITIONAL_OR_KEYWORD
        taken = [Parameter(name, ordinary) for name in first]
        for name, kind, *default in described['parameters']:
            given = {'default': default[0]} if default else {}
            taken.append(Parameter(name, ordinary, annotation=kind, **given))
        if described['rest']:
            name, kind = described['rest']
            taken.append(Parameter(name, Parameter.VAR_POSITIONAL, annotation=kind))
        return Signature(taken, return_annotation=described['returns'])


def _dress(function, described, parameters, module, qualified, first=()):
    function.__name__ = described['name']
    function.__qualname__ = qualified
    function.__module__ = module
    function.__doc__ = described['doc'] or None
    function.__annotations__ = parameters.annotations()
    function.__signature__ = lambda: parameters.signature(first)
    return function


def _function(module, described):
    name, parameters = described['name'], _Parameters(described)
    plain, bind = parameters.plain, parameters.bind
    if described['isAsync']:
        def function(*arguments, **keywords):
            return use_async(module, name, bind(arguments, keywords))
    else:
        def function(*arguments, **keywords):
            if keywords or len(arguments) != plain:
                arguments = bind(arguments, keywords)
            return use('call', module, name, arguments)
    function.__capability__ = (module, name)
    return _dress(function, described, parameters, module, name)


def _method(kind, described):
    name, parameters = described['name'], _Parameters(described)
    plain, bind = parameters.plain, parameters.bind
    if described['isAsync']:
        def method(self, /, *arguments, **keywords):
            return use_async(self, name, bind(arguments, keywords))
    else:
        def method(self, /, *arguments, **keywords):
            if keywords or len(arguments) != plain:
                arguments = bind(arguments, keywords)
            return use('call', self, name, arguments)
    return _dress(method, described, parameters, 'glovebox', f'{kind}.{name}', ('self',))


def _attribute(described):
    name, kind, settable, doc = described

    def get(self):
        return use('get', self, name)

    def set(self, value):
        use('set', self, name, (value,))

    get.__annotations__ = {'return': kind}
    return property(get, set if settable else None, None, doc or None)


class _Handle(Handle):
    __slots__ = ()

    def __repr__(self):
        return f'<{type(self).__name__} of the page>'


def _define_kinds():
    """Let the page's objects have the methods and attributes that it declared for them."""
    for number, kind in enumerate(use('describe', None, None)):
        name = kind['name']
        members = {'__slots__': (), '__module__': 'glovebox', '__doc__': kind['doc'] or None}
        members |= {described[0]: _attribute(described) for described in kind['attributes']}
        members |= {described['name']: _method(name, described) for described in kind['methods']}
        set_kind(number, type(name, (_Handle,), members))


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
        functions = [_function(module.__name__, one) for one in use('describe', module.__name__, None)]
        vars(module).update((function.__name__, function) for function in functions)
        module.__all__ = [function.__name__ for function in functions]


_finder = _Finder()
sys.meta_path.insert(0, _finder)


def is_offered(name):
    return name in _finder.names


def take_offer(names, has_kinds):
    """What the page gives from now on. Modules that a program has of it stay, and ask for what there was."""
    _finder.names = frozenset(names)
    if 'display' in names or 'glovebox._showing' in sys.modules:
        from glovebox import _showing
        _showing.take_offer(names)
    if has_kinds:
        _define_kinds()
