"""Questions to the user, in a dialog of the page's."""

from glovebox._capabilities import use
from glovebox._showing import NAME, is_there

from tkinter._errors import TclError


def askstring(title, prompt, *, initialvalue=None, parent=None, **_options):
    """The text that the user gives, or None."""
    return _ask(title, prompt, initialvalue, '')


def askinteger(title, prompt, **options):
    """The whole number that the user gives, or None."""
    return _ask_number(int, 'a whole number', title, prompt, **options)


def askfloat(title, prompt, **options):
    """The number that the user gives, or None."""
    return _ask_number(float, 'a number', title, prompt, **options)


def _ask(title, prompt, initial, note):
    if not is_there():
        raise TclError('the page offers no display: there is nobody to ask')
    shown = '' if initial is None else str(initial)
    return use('call', NAME, 'ask', (str(title)[:200], str(prompt)[:2000], shown[:2000], note))


def _ask_number(kind, what, title, prompt, *, initialvalue=None, minvalue=None, maxvalue=None, parent=None):
    note = ''
    while True:
        answer = _ask(title, prompt, initialvalue, note)
        if answer is None:
            return None
        try:
            number = kind(answer.strip())
        except ValueError:
            note = f'That is not {what}.'
        else:
            if minvalue is not None and number < minvalue:
                note = f'It has to be at least {minvalue}.'
            elif maxvalue is not None and number > maxvalue:
                note = f'It can be at most {maxvalue}.'
            else:
                return number
        initialvalue = answer
