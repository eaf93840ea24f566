"""What `display` does: finds what an object looks like, and has the page show it."""

import base64
import itertools

from glovebox._capabilities import use
from glovebox._rich import Content, kind_of_picture
from glovebox._showing import NAME, is_there
from glovebox._tables import Table, as_table

# One message to the page holds 1 MiB.
MOST_BYTES = 960 * 1024
MOST_TEXT = 100_000
MOST_ID = 100

_MIME_KINDS = {
    'text/html': 'html',
    'text/markdown': 'markdown',
    'image/svg+xml': 'svg',
    'image/png': 'png',
    'image/jpeg': 'jpeg',
    'image/gif': 'gif',
    'text/latex': 'latex',
    'text/plain': 'text',
}
_METHODS = {
    '_repr_html_': 'html',
    '_repr_markdown_': 'markdown',
    '_repr_svg_': 'svg',
    '_repr_png_': 'png',
    '_repr_jpeg_': 'jpeg',
    '_repr_latex_': 'latex',
}
_PICTURES = ('png', 'jpeg', 'gif')

_numbers = itertools.count(1)


class DisplayHandle:
    """Stands for what is shown under an id."""

    def __init__(self, id):
        self.id = id

    def update(self, value):
        """Show another object in the place of the one before."""
        _show_one(value, self.id)

    def __repr__(self):
        return f'<DisplayHandle {self.id!r}>'


def show(objects, id):
    if not is_there():
        raise RuntimeError('the page offers no display')
    if id is None or id is False:
        for value in objects:
            _show_one(value, None)
        return None
    if id is True:
        id = f'display-{next(_numbers)}'
    if not isinstance(id, str) or not 0 < len(id) <= MOST_ID:
        raise ValueError(f'an id is a str of 1 to {MOST_ID} characters, or True')
    if len(objects) != 1:
        raise ValueError(f'one object goes with an id, not {len(objects)}')
    _show_one(objects[0], id)
    return DisplayHandle(id)


def _show_one(value, id):
    found = _look_of(value)
    if isinstance(found, Table):
        names, numeric, cells, total, width = found.shown()
        _send('table', id, names, numeric, cells, total, width, found.caption)
        return
    kind, content, alt = found
    size = len(content) if isinstance(content, bytes) else len(content.encode('utf-8', 'replace'))
    if size > MOST_BYTES:
        kind, alt = 'error', ''
        content = f'this {found[0]} has {size:,} bytes, and at most {MOST_BYTES:,} can be shown'
    if isinstance(content, str):
        # What is no character can't be shown as one.
        content = content.encode('utf-8', 'replace').decode()
    _send('show', id, kind, content, alt[:1000])


def _send(member, *arguments):
    use('call', NAME, member, arguments)


def _look_of(value):
    """A table, or the kind, the content and a description."""
    if isinstance(value, Table):
        return value
    if isinstance(value, Content):
        return value.kind, value.content, value.alt
    look = None
    if not isinstance(value, type):
        look = _from_bundle(value) or _from_methods(value) or as_table(value)
    return look or _as_text(value)


def _from_bundle(value):
    method = getattr(value, '_repr_mimebundle_', None)
    if not callable(method):
        return None
    try:
        bundle = method()
        if isinstance(bundle, tuple):
            bundle = bundle[0]
        for mime, kind in _MIME_KINDS.items():
            if bundle and bundle.get(mime) is not None:
                return _checked(kind, bundle[mime], value)
    except Exception as error:
        return _failed(value, '_repr_mimebundle_', error)
    return None


def _from_methods(value):
    for name, kind in _METHODS.items():
        method = getattr(value, name, None)
        if not callable(method):
            continue
        try:
            content = method()
            if isinstance(content, tuple):
                content = content[0]
            if content is not None:
                return _checked(kind, content, value)
        except Exception as error:
            return _failed(value, name, error)
    return None


def _checked(kind, content, value):
    """Raises TypeError or ValueError for what can't be content of the kind."""
    if kind not in _PICTURES:
        if not isinstance(content, str):
            raise TypeError(f'{kind} has to be a str, not {type(content).__name__}')
        return kind, content, ''
    if isinstance(content, str):
        content = base64.b64decode(content)
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise TypeError(f'a {kind.upper()} has to be bytes, not {type(content).__name__}')
    content = bytes(content)
    if kind_of_picture(content) != kind:
        raise ValueError(f'that is no {kind.upper()}')
    return kind, content, f'Picture of a {type(value).__name__}'


def _failed(value, method, error):
    return 'error', f'{method} of {type(value).__name__}: {_text_of_error(error)}', ''


def _text_of_error(error):
    try:
        message = str(error)
    except Exception:
        message = ''
    name = type(error).__name__
    return f'{name}: {message[:2000]}' if message else name


def _as_text(value):
    try:
        text = repr(value)
    except Exception as error:
        return _failed(value, '__repr__', error)
    if len(text) > MOST_TEXT:
        text = f'{text[:MOST_TEXT]}… ({len(text) - MOST_TEXT:,} characters more)'
    return 'text', text, ''
