# expect: error Liar
# Raises an exception that claims another class and name, and whose text is an exit.
class Meta(type):
    @property
    def __name__(cls):
        return 'KeyboardInterrupt'


class Liar(Exception, metaclass=Meta):
    __module__ = 'builtins'
    __qualname__ = 'KeyboardInterrupt'

    @property
    def __class__(self):
        return KeyboardInterrupt

    def __str__(self):
        raise SystemExit(3)

    __repr__ = __str__


raise Liar
