"""What a program can show: each class says what its content is, and the page shows it as that."""

import os


class Content:
    """Of one kind, which the page knows how to show. `alt` describes it to those who don't see it."""

    kind = 'text'
    binary = False

    def __init__(self, content, alt=''):
        wanted = (bytes, bytearray, memoryview) if self.binary else str
        if not isinstance(content, wanted):
            name = type(self).__name__
            raise TypeError(f'{name} takes {"bytes" if self.binary else "a str"}, not {type(content).__name__}')
        self.content = bytes(content) if self.binary else content
        self.alt = str(alt)

    def __repr__(self):
        return f'<{type(self).__name__}, {len(self.content):,} {"bytes" if self.binary else "characters"}>'


class HTML(Content):
    """HTML, shown in a frame of its own, where no script runs and nothing is fetched."""

    kind = 'html'

    def _repr_html_(self):
        return self.content


class Markdown(Content):
    """Text as Markdown writes it. HTML in it is shown as text, and formulas go between dollar signs."""

    kind = 'markdown'

    def _repr_markdown_(self):
        return self.content


class SVG(Content):
    """A picture made of shapes, as SVG writes it."""

    kind = 'svg'

    def _repr_svg_(self):
        return self.content


class Latex(Content):
    """A formula, as LaTeX writes it, with or without the dollar signs around it."""

    kind = 'latex'

    def _repr_latex_(self):
        return self.content


class Image(Content):
    """A picture: the bytes of a PNG, JPEG or GIF file, or the path of one."""

    binary = True

    def __init__(self, source, alt=''):
        if isinstance(source, (str, os.PathLike)):
            with open(source, 'rb') as file:
                source = file.read()
        super().__init__(source, alt)
        self.kind = kind_of_picture(self.content)
        if self.kind is None:
            raise ValueError('neither a PNG, nor a JPEG, nor a GIF')


_SIGNATURES = {b'\x89PNG\r\n\x1a\n': 'png', b'\xff\xd8\xff': 'jpeg', b'GIF87a': 'gif', b'GIF89a': 'gif'}


def kind_of_picture(content):
    return next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)
