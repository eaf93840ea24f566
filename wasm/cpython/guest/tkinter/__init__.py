"""As much of tkinter as turtle graphics needs, drawn on the page's display: a window with canvases in it.

Buttons, entries and the like are not there, and say so when they are made.
"""

from tkinter._canvas import Canvas
from tkinter._errors import TclError
from tkinter._events import Event
from tkinter._image import PhotoImage
from tkinter._widgets import Frame, Misc, Scrollbar, Tk, Widget, mainloop
from tkinter.constants import *

TkVersion = TclVersion = 8.6
NoDefaultRoot = None

_ABSENT = (
    'BooleanVar', 'Button', 'Checkbutton', 'DoubleVar', 'Entry', 'IntVar', 'Label', 'LabelFrame', 'Listbox', 'Menu',
    'Menubutton', 'Message', 'OptionMenu', 'PanedWindow', 'Radiobutton', 'Scale', 'Spinbox', 'StringVar', 'Text',
    'Toplevel', 'BitmapImage',
)


def _absent(name):
    def __init__(self, *arguments, **options):
        raise TclError(f'there is no {name} here: this tkinter has only what turtle graphics needs')

    return type(name, (), {'__init__': __init__, '__module__': 'tkinter', '__doc__': 'Not there in a glovebox.'})


globals().update((name, _absent(name)) for name in _ABSENT)
