class TclError(Exception):
    """What Tk can't do."""

    __module__ = 'tkinter'
