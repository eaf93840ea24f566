"""What lies on a canvas: lines, polygons, text, pictures; how each is drawn, and what a click on it hits."""

import math

from glovebox._colors import rgba
from glovebox._scene import ANCHORS, BOLD, BUTT, ITALIC, LINE, OVAL, POLYGON, ROUND, SQUARE, UNDERLINE, near

from tkinter._errors import TclError

DEFAULTS = {
    'line': {'fill': 'black', 'width': 1.0, 'capstyle': 'butt'},
    'polygon': {'fill': 'black', 'outline': '', 'width': 1.0},
    'rectangle': {'fill': '', 'outline': 'black', 'width': 1.0},
    'oval': {'fill': '', 'outline': 'black', 'width': 1.0},
    'arc': {'fill': '', 'outline': 'black', 'width': 1.0, 'start': 0.0, 'extent': 90.0, 'style': 'pieslice'},
    'text': {'fill': 'black', 'text': '', 'font': None, 'anchor': 'center', 'angle': 0.0},
    'image': {'image': '', 'anchor': 'center'},
}
_COMMON = {'state': 'normal', 'tags': ()}
_COLORS = ('fill', 'outline')
_NUMBERS = ('width', 'start', 'extent', 'angle')
_ENDS = {'butt': BUTT, 'round': ROUND, 'projecting': SQUARE}
# As on a screen of 96 dots per inch, for which programs choose their sizes.
_PIXELS_PER_POINT = 96 / 72
_DEFAULT_FONT = ('sans-serif', 9 * _PIXELS_PER_POINT, 0)
# How near to a line is on it.
_REACH = 2.0
_ARC_STEPS = 48


class Item:
    __slots__ = ('number', 'type', 'coordinates', 'options')

    def __init__(self, number, type, coordinates, options):
        self.number = number
        self.type = type
        self.coordinates = coordinates
        self.options = DEFAULTS[type] | _COMMON
        self.configure(options)

    def configure(self, options):
        known = self.options
        for name, value in options.items():
            if name in known:
                known[name] = _checked(name, value)
            # What else Tk has makes little difference to how it looks: dashes, stipples, smooth lines.

    def has_tag(self, tag):
        tags = self.options['tags']
        return tag in (tags.split() if isinstance(tags, str) else tags)


def _checked(name, value):
    if name in _COLORS:
        if value is None or value == '':
            return ''
        if rgba(value) is None:
            raise TclError(f'unknown color name "{value}"')
        return value
    if name in _NUMBERS:
        return number_of(value)
    if name == 'anchor' and value not in ANCHORS:
        raise TclError(f'bad anchor position "{value}"')
    return str(value) if name == 'text' else value


def number_of(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TclError(f'expected floating-point number but got "{value}"') from None


def flatten(arguments):
    """Coordinates, given one by one, as a list, or in pairs."""
    flat = []
    for argument in arguments:
        if isinstance(argument, (tuple, list)):
            flat += flatten(argument)
        else:
            flat.append(number_of(argument))
    return flat


def font_of(font):
    """Family, size in pixels and style of what Tk takes for a font."""
    if not font:
        return _DEFAULT_FONT
    parts = _words(font) if isinstance(font, str) else list(font)
    family = str(parts[0]) if parts else 'sans-serif'
    pixels = _DEFAULT_FONT[1]
    if len(parts) > 1:
        size = number_of(parts[1])
        pixels = abs(size) if size < 0 else size * _PIXELS_PER_POINT or pixels
    words = ' '.join(str(part) for part in parts[2:]).split()
    style = sum(value for word, value in (('bold', BOLD), ('italic', ITALIC), ('underline', UNDERLINE)) if word in words)
    return family, min(max(pixels, 1.0), 1000.0), style


def _words(font):
    """A family of several words is in braces."""
    if font.startswith('{'):
        family, _, rest = font[1:].partition('}')
        return [family, *rest.split()]
    return font.split()


def encode(item, commands, picture_of):
    """`picture_of` gives the page's number of a PhotoImage."""
    number, kind, options, points = item.number, item.type, item.options, item.coordinates
    if options['state'] == 'hidden' or kind == 'image' and not options['image']:
        # Nothing to see, in its place among the others.
        commands.shape(number, LINE, (), 0, 0, 0)
    elif kind == 'text':
        anchor = ANCHORS.index(options['anchor'])
        fill = rgba(options['fill'])
        commands.text(number, *points[:2], options['text'], fill, anchor, font_of(options['font']), options['angle'])
    elif kind == 'image':
        commands.image(number, picture_of(options['image']), *points[:2], ANCHORS.index(options['anchor']))
    elif kind == 'line':
        ends = _ENDS.get(options['capstyle'], BUTT)
        commands.shape(number, LINE, points, rgba(options['fill']), 0, options['width'], ends)
    else:
        fill, outline = rgba(options['fill']), rgba(options['outline'])
        shape = OVAL if kind == 'oval' else POLYGON
        commands.shape(number, shape, outline_of(item), fill, outline, options['width'])


def outline_of(item):
    """The corners of what has an inside; of an oval those of the box around it."""
    points = item.coordinates
    if item.type == 'rectangle' and len(points) >= 4:
        left, top, right, bottom = points[:4]
        return [left, top, right, top, right, bottom, left, bottom]
    if item.type == 'arc' and len(points) >= 4:
        return _arc(points, item.options)
    return points


def _arc(box, options):
    left, top, right, bottom = box[:4]
    across, down = (right - left) / 2, (bottom - top) / 2
    points = []
    for step in range(_ARC_STEPS + 1):
        angle = math.radians(options['start'] + options['extent'] * step / _ARC_STEPS)
        points += [left + across + across * math.cos(angle), top + down - down * math.sin(angle)]
    return points + [left + across, top + down] if options['style'] == 'pieslice' else points


def box_around(points):
    xs, ys = points[::2], points[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def hits(item, x, y):
    """Whether the point is on the item; not for text and pictures, of which only the box is known."""
    options, points = item.options, item.coordinates
    if len(points) < 4 or options['state'] == 'hidden':
        return False
    reach = options['width'] / 2 + _REACH
    left, top, right, bottom = box_around(points)
    if not (left - reach <= x <= right + reach and top - reach <= y <= bottom + reach):
        return False
    if item.type == 'line':
        return options['fill'] != '' and _is_near_line(points, x, y, reach)
    if item.type == 'oval':
        across, down = max((right - left) / 2, 0.5), max((bottom - top) / 2, 0.5)
        return options['fill'] != '' and ((x - left) / across - 1) ** 2 + ((y - top) / down - 1) ** 2 <= 1
    corners = outline_of(item)
    if options['fill'] != '' and _is_inside(corners, x, y):
        return True
    return options['outline'] != '' and _is_near_line([*corners, *corners[:2]], x, y, reach)


def _is_inside(points, x, y):
    inside = False
    x0, y0 = points[-2:]
    for x1, y1 in zip(points[::2], points[1::2]):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
        x0, y0 = x1, y1
    return inside


def _is_near_line(points, x, y, reach):
    x0, y0 = points[:2]
    for x1, y1 in zip(points[2::2], points[3::2]):
        dx, dy = near(x1 - x0), near(y1 - y0)
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
        if math.hypot(x - x0 - along * dx, y - y0 - along * dy) <= reach:
            return True
        x0, y0 = x1, y1
    return False
