"""The window and what is around its canvases, and the loop that waits for what happens there."""

import sys
import time

from glovebox._showing import is_there

from tkinter._errors import TclError

# What programs see as the screen; a new window of turtle graphics is half as wide and three quarters as high.
SCREEN_WIDTH, SCREEN_HEIGHT = 1280, 800
# While a canvas waits for what its user does, the others are looked at so often.
_SLICE_SECONDS = 0.05
# The time that drawing took counts as part of so short a delay: animations keep their speed.
_SHORT_SECONDS = 0.05

_roots = []


class Misc:
    """What all widgets can do. Where they lie is the page's business: grid and pack say nothing."""

    __module__ = 'tkinter'

    def __init__(self, master=None, **options):
        self.master = master if master is not None or isinstance(self, Tk) else _default_root()
        self._options = options
        self.tk = self if isinstance(self, Tk) else self.winfo_toplevel()

    def winfo_toplevel(self):
        widget = self
        while not isinstance(widget, Tk):
            widget = widget.master
        return widget

    _root = winfo_toplevel

    def configure(self, cnf=None, **options):
        self._options.update(cnf or {}, **options)

    config = configure

    def cget(self, key):
        return self._options.get(key, '')

    __getitem__ = cget

    def __setitem__(self, key, value):
        self.configure(**{key: value})

    def after(self, ms, func=None, *args):
        """Call a function after so many milliseconds; without one, wait so long."""
        root = self.winfo_toplevel()
        if func is None:
            root._pause(int(ms) / 1000)
            return None
        return root._start_timer(max(int(ms), 0) / 1000, func, args)

    def after_idle(self, func, *args):
        return self.winfo_toplevel()._start_timer(0, func, args)

    def after_cancel(self, id):
        self.winfo_toplevel()._timers.pop(id, None)

    def update(self):
        """Show what was drawn, and do what is due: timers, and what the user did."""
        self.winfo_toplevel()._take_turn()

    def update_idletasks(self):
        self.winfo_toplevel()._show()

    def mainloop(self, n=0):
        self.winfo_toplevel()._run()

    def quit(self):
        self.winfo_toplevel()._ends = True

    def winfo_width(self):
        return int(self.cget('width') or 1)

    def winfo_height(self):
        return int(self.cget('height') or 1)

    def winfo_screenwidth(self):
        return SCREEN_WIDTH

    def winfo_screenheight(self):
        return SCREEN_HEIGHT

    def bind(self, sequence=None, func=None, add=None):
        # Only the size of the window ever changes of what is no canvas.
        if sequence == '<Configure>':
            self._on_configure = func

    def unbind(self, sequence, funcid=None):
        if sequence == '<Configure>':
            self._on_configure = None

    def focus_force(self):
        pass

    focus = focus_set = focus_force

    def grid(self, **_options):
        pass

    grid_configure = grid_forget = grid_remove = pack = pack_forget = place = place_forget = grid

    def rowconfigure(self, *_arguments, **_options):
        pass

    columnconfigure = grid_rowconfigure = grid_columnconfigure = pack_propagate = rowconfigure

    def destroy(self):
        pass


class Widget(Misc):
    pass


class Frame(Widget):
    pass


class Scrollbar(Widget):
    def set(self, *_arguments):
        pass


class Tk(Misc):
    """A window. Raises TclError where the page offers no display."""

    def __init__(self, *_arguments, **_options):
        if not is_there():
            raise TclError('the page offers no display: there is nothing to draw on')
        super().__init__()
        self._alive = True
        self._ends = False
        self._title = 'tk'
        self._size = None
        self._canvases = []
        self._timers = {}
        self._number = 0
        self._on_configure = None
        self._paused_until = 0.0
        _roots.append(self)

    def title(self, string=None):
        if string is None:
            return self._title
        self._title = str(string)
        for canvas in self._canvases:
            canvas._set_title(self._title)

    wm_title = title

    def geometry(self, newGeometry=None):
        if newGeometry is None:
            return '{}x{}+0+0'.format(*(self._size or (1, 1)))
        size = newGeometry.partition('+')[0].partition('-')[0]
        try:
            width, height = (int(float(part)) for part in size.split('x'))
        except ValueError:
            if size:
                raise TclError(f'bad geometry specifier "{newGeometry}"') from None
            return
        self._size = width, height
        for canvas in self._canvases:
            canvas.configure(width=width, height=height)
        if self._on_configure is not None:
            self._on_configure(None)

    wm_geometry = geometry

    def winfo_width(self):
        return self._size[0] if self._size else 1

    def winfo_height(self):
        return self._size[1] if self._size else 1

    def wm_protocol(self, name=None, func=None):
        pass  # Nobody closes the window but the program.

    def wm_attributes(self, *_arguments, **_options):
        pass

    protocol = wm_protocol
    attributes = resizable = iconbitmap = iconphoto = lift = wm_attributes

    def destroy(self):
        """Close the window. What was drawn can still be seen."""
        if self._alive:
            self._show()
        self._alive = False
        self._timers.clear()
        for canvas in self._canvases:
            canvas._close()
        if self in _roots:
            _roots.remove(self)

    def report_callback_exception(self, exc, val, tb):
        from traceback import print_exception
        print('Exception in Tkinter callback', file=sys.stderr)
        print_exception(exc, val, tb)

    def _call(self, function, *arguments):
        """As Tk does: what goes wrong in a handler is told, and the loop goes on."""
        try:
            function(*arguments)
        except Exception as error:
            self.report_callback_exception(type(error), error, error.__traceback__)

    def _start_timer(self, seconds, function, arguments):
        self._number += 1
        name = f'after#{self._number}'
        self._timers[name] = (time.monotonic() + seconds, function, arguments)
        return name

    def _show(self):
        for canvas in self._canvases:
            canvas._flush()

    def _pause(self, seconds):
        self._show()
        now = time.monotonic()
        until = now + seconds
        if seconds <= _SHORT_SECONDS:
            until = max(self._paused_until + seconds, now)
        self._paused_until = until
        if until > now:
            time.sleep(until - now)

    def _take_turn(self):
        self._wait(self._canvases, 0)
        now = time.monotonic()
        for name, (due, function, arguments) in list(self._timers.items()):
            if due <= now and self._timers.pop(name, None) is not None:
                self._call(function, *arguments)

    def _run(self):
        """Until the window is closed, or nothing can happen any more."""
        self._ends = False
        while self._alive and not self._ends:
            self._take_turn()
            waiting = [canvas for canvas in self._canvases if canvas._listens()]
            if not (self._alive and (self._timers or waiting)):
                break
            seconds = float('inf')
            if self._timers:
                seconds = max(min(due for due, *_ in self._timers.values()) - time.monotonic(), 0)
            if not waiting:
                self._show()
                time.sleep(seconds)
            elif seconds > 0:
                self._wait(waiting, seconds)
        if self._alive:
            self._show()

    def _wait(self, canvases, seconds):
        """Show what was drawn, and do what the user does within so many seconds."""
        if len(canvases) > 1:
            seconds = min(seconds, _SLICE_SECONDS / len(canvases))
        for canvas in canvases:
            canvas._take_events(seconds, canvas._flush())


def _default_root():
    return _roots[-1] if _roots else Tk()


def mainloop(n=0):
    _default_root().mainloop(n)


def show_all():
    """What was drawn and not shown yet, when a program ends or goes to sleep."""
    for root in _roots:
        root._show()
