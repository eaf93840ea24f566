"""Values that come from the page and have no type in Python."""


class Record:
    """A record of the page's: a name, and fields as attributes. It can't be changed.

    `case Record('Point', x=x)` matches one by its name.
    """

    __module__ = 'glovebox'
    __slots__ = ('__dict__', '__record_name__')
    __match_args__ = ('__record_name__',)

    def __init__(self, name, /, **fields):
        if not isinstance(name, str):
            raise TypeError('the name of a record must be a str')
        object.__setattr__(self, '__record_name__', name)
        # Not one by one: a field may be named like a descriptor.
        self.__dict__.update(fields)

    def __setattr__(self, name, value):
        raise AttributeError(f'a record can not be changed: {name!r}')

    def __delattr__(self, name):
        raise AttributeError(f'a record can not be changed: {name!r}')

    def __replace__(self, /, **changes):
        return type(self)(self.__record_name__, **(self.__dict__ | changes))

    def __eq__(self, other):
        if not isinstance(other, Record):
            return NotImplemented
        return (self.__record_name__ == other.__record_name__
                and self.__dict__ == other.__dict__)

    def __hash__(self):
        return hash((self.__record_name__, frozenset(self.__dict__.items())))

    def __repr__(self):
        fields = (f'{name}={value!r}' for name, value in self.__dict__.items())
        return f'{self.__record_name__}({", ".join(fields)})'

    def __reduce__(self):
        return _make, (self.__record_name__, self.__dict__)


def _make(name, fields):
    return Record(name, **fields)
