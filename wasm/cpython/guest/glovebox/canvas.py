"""A canvas to draw on, frame by frame.

    from glovebox.canvas import Canvas

    canvas = Canvas(400, 300)
    for x in range(400):
        canvas.clear()
        canvas.circle(x, 150, 20, fill='tomato')
        canvas.frame()

Nothing is seen before `frame()`, which shows all that was drawn and waits until the page has painted it: a loop runs
as fast as the page paints, sixty times a second for most. Coordinates are pixels from the upper left corner.
"""

from glovebox._capabilities import use
from glovebox._colors import rgba
from glovebox._scene import ANCHORS, BOLD, BUTT, ITALIC, LINE, MOST_BYTES, OVAL, POLYGON, ROUND, Commands
from glovebox._showing import NAME, is_there

MOST_SIDE = 4000


class Canvas:
    """What is drawn stays until `clear()`. `title` describes it to those who don't see it."""

    def __init__(self, width=400, height=300, title='', background='white'):
        if not is_there():
            raise RuntimeError('the page offers no display: there is nothing to draw on')
        for side in (width, height):
            if not isinstance(side, int) or not 0 < side <= MOST_SIDE:
                raise ValueError(f'width and height are ints from 1 to {MOST_SIDE}')
        self.width, self.height = width, height
        self._page = use('call', NAME, 'canvas', (width, height, str(title)))
        self._commands = Commands()
        self._items = 0
        self._watches = False
        self._events = []
        self.background(background)

    def background(self, color):
        self._commands.ground(_color(color))

    def clear(self):
        """Take away all that was drawn."""
        self._items = 0
        self._commands.delete_all()

    def line(self, *points, color='black', width=1):
        """A line through points, each (x, y)."""
        self._shape(LINE, _flat(points), color, '', width, ROUND)

    def polygon(self, *points, fill='black', outline='', width=1):
        self._shape(POLYGON, _flat(points), fill, outline, width)

    def rectangle(self, x, y, width, height, fill='black', outline='', line=1):
        corners = (x, y, x + width, y, x + width, y + height, x, y + height)
        self._shape(POLYGON, corners, fill, outline, line)

    def circle(self, x, y, radius, fill='black', outline='', width=1):
        self.ellipse(x, y, radius, radius, fill, outline, width)

    def ellipse(self, x, y, across, down, fill='black', outline='', width=1):
        """`across` and `down`: how far it reaches from its centre."""
        self._shape(OVAL, (x - across, y - down, x + across, y + down), fill, outline, width)

    def text(self, x, y, text, color='black', size=16, anchor='nw', family='sans-serif', bold=False, italic=False):
        """`anchor`: which point of the text is at (x, y), 'nw' to 'se', or 'center'."""
        if anchor not in ANCHORS:
            raise ValueError(f'anchor is one of {", ".join(ANCHORS)}')
        font = (family, min(max(float(size), 1), 1000), bool(bold) * BOLD | bool(italic) * ITALIC)
        self._commands.text(self._next(), x, y, str(text), _color(color), ANCHORS.index(anchor), font)
        self._send_if_long()

    def frame(self):
        """Show what was drawn, and wait until the page has painted it.

        Gives what the user did meanwhile, as tuples (what, x, y, detail): 'press', 'release', 'motion' with the
        number of the button, 'keydown' and 'keyup' with the key's name as browsers have it.
        """
        if not self._watches:
            self._watches = True
            use('call', self._page, 'watch', (True, True, True))
        self._send(True)
        happened, self._events = self._events, []
        return happened

    def _shape(self, kind, coordinates, fill, outline, width, ends=BUTT):
        self._commands.shape(self._next(), kind, coordinates, _color(fill), _color(outline), width, ends)
        self._send_if_long()

    def _next(self):
        self._items += 1
        return self._items

    def _send_if_long(self):
        if len(self._commands.bytes) > MOST_BYTES:
            self._send(False)

    def _send(self, waits):
        self._events += map(tuple, use('call', self._page, 'draw', (self._commands.take(), waits)))


def _flat(points):
    return [value for point in points for value in point]


def _color(color):
    if isinstance(color, (tuple, list)) and len(color) in (3, 4):
        parts = [int(part) for part in color] + [255] * (4 - len(color))
        if all(0 <= part <= 255 for part in parts):
            return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]
    number = rgba(color)
    if number is None:
        raise ValueError(f'no colour: {color!r}')
    return number
