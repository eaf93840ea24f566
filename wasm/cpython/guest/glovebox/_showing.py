"""`display`, where the page offers one: small, as every guest that is given a display carries it."""

import builtins

from glovebox._capabilities import is_offered

# The name of the page's capability.
NAME = 'display'


def display(*objects, id=None):
    """Show objects on the page: as pictures, formatted text or tables where they can be that, else as text.

    An object says what it looks like by `_repr_mimebundle_`, `_repr_html_`, `_repr_markdown_`, `_repr_svg_`,
    `_repr_png_`, `_repr_jpeg_` or `_repr_latex_`. With an `id` what is shown under the same one already is replaced,
    and a handle is returned, whose `update(object)` replaces it again; `id=True` makes one up.
    """
    from glovebox._display import show
    return show(objects, id)


def take_offer(names):
    """Have `display` among the builtins as long as the page offers one, as notebooks do."""
    if NAME in names:
        builtins.display = display
    elif vars(builtins).get('display') is display:
        del builtins.display


def is_there():
    return is_offered(NAME)
