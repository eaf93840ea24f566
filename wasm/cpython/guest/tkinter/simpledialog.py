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


class SimpleDialog:
    """A text, and buttons to choose from, which the user does by their number or by what is on them."""

    def __init__(self, master, text='', buttons=(), default=None, cancel=None, title=None, class_=None):
        self._text = text
        self._title = title or class_ or ''
        self._buttons = [str(button) for button in buttons]
        self._default = default
        self._cancel = cancel

    def go(self):
        """Which button it was, counted from 0; `cancel` where the user gives no answer."""
        choices = [f'{place}. {button}' for place, button in enumerate(self._buttons, 1)]
        shown = None if self._default is None else self._buttons[self._default]
        note = ''
        while True:
            answer = _ask(self._title, '\n'.join([str(self._text), *choices]), shown, note)
            if answer is None:
                return self._cancel
            for place, button in enumerate(self._buttons):
                if answer.strip().casefold() in (str(place + 1), button.strip().casefold()):
                    return place
            shown, note = answer, 'That is none of them.'


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
