"""Pictures for canvases: the bytes of a GIF, PNG or JPEG file, which the page decodes."""

import base64

from glovebox._rich import kind_of_picture

from tkinter._errors import TclError


class PhotoImage:
    __module__ = 'tkinter'

    def __init__(self, name=None, cnf=None, master=None, *, file=None, data=None, width=0, height=0, **_options):
        options = dict(cnf or {})
        file, data = options.get('file', file), options.get('data', data)
        self._size = int(options.get('width', width)), int(options.get('height', height))
        if file is not None:
            try:
                with open(file, 'rb') as opened:
                    data = opened.read()
            except OSError as error:
                raise TclError(f'couldn\'t open "{file}": {error.strerror}') from error
        elif isinstance(data, str):
            data = base64.b64decode(data)
        # Empty: nothing is to be seen, as of an image that was only given a size.
        self.content = bytes(data or b'')
        if self.content:
            kind = kind_of_picture(self.content)
            if kind is None:
                raise TclError(f'couldn\'t recognize data in image file "{file}"')
            self._size = _size(kind, self.content) or self._size

    def blank(self):
        self.content = b''

    def width(self):
        return self._size[0]

    def height(self):
        return self._size[1]


def _size(kind, content):
    if kind == 'gif':
        return int.from_bytes(content[6:8], 'little'), int.from_bytes(content[8:10], 'little')
    if kind == 'png':
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return None
