# expect: cpu, timeout
# Asks for the bases of an object that is its own base, which the interpreter's C follows for ever.
class Odd:
    pass


circle, other = Odd(), Odd()
circle.__bases__ = (circle,)
other.__bases__ = ()
issubclass(circle, other)
