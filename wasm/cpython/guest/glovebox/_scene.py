"""What is drawn on a canvas of the page's, as commands in bytes: one message holds many.

The page keeps what was drawn as items, each with a number, in the order in which they lie above each other. All
numbers are little-endian; colours are 0xRRGGBBAA, and 0 is none.

    1  u32 item, u8 shape, u32 fill, u32 outline, f32 width, u8 ends, u32 n, n points (f32 x, f32 y)
    2  u32 item, u32 fill, f32 x, f32 y, u8 anchor, f32 pixels, u8 style, f32 degrees, u8 n, family, u16 n, text
    3  u32 item, u32 image, f32 x, f32 y, u8 anchor
    4  u32 item: delete      5  u32 item: on top      6  u32 item: to the bottom      7  delete all
    8  u32 colour of the ground        9  f32 x, f32 y: what is at the upper left corner

An item of a new number is put on top; one that is there already changes, and keeps its place.
"""

from array import array
from struct import Struct

LINE, POLYGON, OVAL = range(3)
BUTT, ROUND, SQUARE = range(3)
ANCHORS = ('nw', 'n', 'ne', 'w', 'center', 'e', 'sw', 's', 'se')
BOLD, ITALIC, UNDERLINE = 1, 2, 4

# The page refuses what lies farther out, and what is no number.
FARTHEST = 1e6
MOST_TEXT = 2000
# Of one message.
MOST_BYTES = 512 * 1024
MOST_POINTS = 20_000

_shape = Struct('<BIBIIfBI')
_text = Struct('<BIIffBfBf')
_image = Struct('<BIIffB')
_one = Struct('<BI')
_place = Struct('<Bff')


def near(value):
    """The coordinate as the page takes it."""
    return value if -FARTHEST < value < FARTHEST else 0.0 if value != value else (FARTHEST if value > 0 else -FARTHEST)


class Commands:
    def __init__(self):
        self.bytes = bytearray()

    def take(self):
        taken, self.bytes = bytes(self.bytes), bytearray()
        return taken

    def shape(self, item, shape, coordinates, fill, outline, width, ends=BUTT):
        points = array('f', [near(value) for value in coordinates[:2 * MOST_POINTS]])
        width = min(max(near(width), 0), 10_000)
        self.bytes += _shape.pack(1, item, shape, fill, outline, width, ends, len(points) // 2)
        self.bytes += points.tobytes()

    def text(self, item, x, y, text, fill, anchor, font, degrees=0.0):
        family, pixels, style = font
        name = family.encode('ascii', 'ignore')[:64]
        encoded = text[:MOST_TEXT].encode('utf-8', 'replace')
        self.bytes += _text.pack(2, item, fill, near(x), near(y), anchor, pixels, style, near(degrees))
        self.bytes += bytes((len(name),)) + name + len(encoded).to_bytes(2, 'little') + encoded

    def image(self, item, image, x, y, anchor):
        self.bytes += _image.pack(3, item, image, near(x), near(y), anchor)

    def delete(self, item):
        self.bytes += _one.pack(4, item)

    def lift(self, item):
        self.bytes += _one.pack(5, item)

    def lower(self, item):
        self.bytes += _one.pack(6, item)

    def delete_all(self):
        self.bytes += b'\x07'

    def ground(self, color):
        self.bytes += _one.pack(8, color)

    def corner(self, x, y):
        self.bytes += _place.pack(9, near(x), near(y))
