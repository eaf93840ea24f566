"""What can happen on a canvas, and the patterns that programs bind functions to: `<Button-1>`, `<KeyPress-Up>`."""

import re

from tkinter._errors import TclError

# Names of keys: as browsers have them, and as Tk has.
_KEYSYMS = {
    ' ': 'space', 'ArrowUp': 'Up', 'ArrowDown': 'Down', 'ArrowLeft': 'Left', 'ArrowRight': 'Right', 'Enter': 'Return',
    'Escape': 'Escape', 'Backspace': 'BackSpace', 'Delete': 'Delete', 'Insert': 'Insert', 'Home': 'Home',
    'End': 'End', 'PageUp': 'Prior', 'PageDown': 'Next', 'Tab': 'Tab', 'Shift': 'Shift_L', 'Control': 'Control_L',
    'Alt': 'Alt_L', 'CapsLock': 'Caps_Lock', 'Pause': 'Pause', '!': 'exclam', '"': 'quotedbl', '#': 'numbersign',
    '$': 'dollar', '%': 'percent', '&': 'ampersand', "'": 'apostrophe', '(': 'parenleft', ')': 'parenright',
    '*': 'asterisk', '+': 'plus', ',': 'comma', '-': 'minus', '.': 'period', '/': 'slash', ':': 'colon',
    ';': 'semicolon', '<': 'less', '=': 'equal', '>': 'greater', '?': 'question', '@': 'at', '[': 'bracketleft',
    '\\': 'backslash', ']': 'bracketright', '^': 'asciicircum', '_': 'underscore', '`': 'grave', '{': 'braceleft',
    '|': 'bar', '}': 'braceright', '~': 'asciitilde',
}
_NAMES = frozenset(_KEYSYMS.values()) | {f'F{number}' for number in range(1, 13)} | {
    'Shift_R', 'Control_R', 'Alt_R', 'KP_Enter', 'Num_Lock',
}

_PATTERNS = (
    (re.compile(r'(?:Button|ButtonPress)-(\d)|(\d)'), 'press'),
    (re.compile(r'ButtonRelease-(\d)|(?:B|Button)(\d)-ButtonRelease'), 'release'),
    (re.compile(r'(?:B|Button)(\d)-Motion'), 'drag'),
)
_SIMPLE = {
    'Motion': ('motion', None),
    'Key': ('keydown', None),
    'KeyPress': ('keydown', None),
    'KeyRelease': ('keyup', None),
    'Configure': ('configure', None),
}
_KEY = re.compile(r'(Key|KeyPress|KeyRelease)-(.+)', re.DOTALL)


class Event:
    """What happened, and where: pixels from the canvas's upper left corner."""

    __module__ = 'tkinter'

    def __init__(self, what, x=0, y=0, detail='', widget=None):
        self.type = what
        self.x, self.y = x, y
        self.widget = widget
        self.num = int(detail) if what in ('press', 'release', 'drag') and detail.isdecimal() else '??'
        is_key = what in ('keydown', 'keyup')
        self.keysym = keysym_of(detail) if is_key else '??'
        self.char = detail if is_key and len(detail) == 1 else ''

    def __repr__(self):
        return f'<{self.type} event x={self.x} y={self.y} keysym={self.keysym}>'


def keysym_of(key):
    return _KEYSYMS.get(key, key)


def parse_sequence(sequence):
    """What a pattern stands for: what happens, and the button or key; None for any key. Raises TclError."""
    inner = sequence[1:-1] if sequence.startswith('<') and sequence.endswith('>') and len(sequence) > 2 else None
    if inner is None:
        if len(sequence) == 1:
            return 'keydown', _checked_keysym(sequence)
        raise TclError(f'no event type or button # or keysym in {sequence!r}')
    for pattern, what in _PATTERNS:
        match = pattern.fullmatch(inner)
        if match is not None:
            return what, int(match[match.lastindex])
    if inner in _SIMPLE:
        return _SIMPLE[inner]
    match = _KEY.fullmatch(inner)
    if match is not None:
        return 'keyup' if match[1] == 'KeyRelease' else 'keydown', _checked_keysym(match[2])
    return 'keydown', _checked_keysym(inner)


def _checked_keysym(name):
    if len(name) == 1:
        return keysym_of(name)
    if name in _NAMES:
        return name
    raise TclError(f'bad event type or keysym "{name}"')
