"""Which functions are called for what happens on a canvas, and on one of its items."""

from tkinter._events import parse_sequence

_POINTER = frozenset(('press', 'release', 'drag', 'motion'))
_MOVES = frozenset(('drag', 'motion'))
_KEYS = frozenset(('keydown', 'keyup'))


class Bindings:
    def __init__(self):
        # By the item's number, None for the canvas itself, what happens, and the button or key.
        self._functions = {}

    def bind(self, subject, sequence, function, add=None):
        key = subject, *parse_sequence(sequence)
        if add and add != '':
            self._functions.setdefault(key, []).append(function)
        else:
            self._functions[key] = [function]

    def unbind(self, subject, sequence):
        self._functions.pop((subject, *parse_sequence(sequence)), None)

    def forget(self, subject):
        for key in [key for key in self._functions if key[0] == subject]:
            del self._functions[key]

    def has_items(self):
        return any(subject is not None for subject, *_ in self._functions)

    def of(self, subject, what, detail):
        """Those for this button or key, or else for any."""
        functions = self._functions
        return list(functions.get((subject, what, detail)) or functions.get((subject, what, None)) or ())

    def watched(self):
        """Whether keys, clicks and moves are waited for."""
        whats = {what for _, what, _ in self._functions}
        return bool(whats & _KEYS), bool(whats & _POINTER), bool(whats & _MOVES)
