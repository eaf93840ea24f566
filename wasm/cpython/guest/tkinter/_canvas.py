"""A canvas: keeps its items, and tells the page what has changed, all that changed at once."""

from glovebox._capabilities import Revoked, use
from glovebox._colors import rgb, rgba
from glovebox._scene import ANCHORS, MOST_BYTES, Commands
from glovebox._showing import NAME

from tkinter._bindings import Bindings
from tkinter._errors import TclError
from tkinter._events import Event, keysym_of
from tkinter._items import Item, box_around, encode, flatten, font_of, hits, number_of
from tkinter._widgets import Widget

MOST_SIDE = 4000


class Canvas(Widget):
    """Coordinates are pixels; what is at the upper left corner depends on the scroll region, as in Tk."""

    def __init__(self, master=None, cnf=None, **options):
        super().__init__(master)
        self._options = {'width': 300, 'height': 200, 'bg': 'white', 'scrollregion': ''}
        self._x, self._y = 0.0, 0.0
        # In the order in which they lie above each other.
        self._items = {}
        self._last = 0
        # What the page does not know yet, in the order in which it came about.
        self._changes = {}
        self._page = None
        self._pictures = {}
        self._measured = {}
        self._bindings = Bindings()
        self._watched = False, False, False
        self._events = []
        self._pressed = None
        self.configure(cnf, **options)
        self.tk._canvases.append(self)
        # It appears with the first thing to see.
        self._changes.clear()

    # What it is like.

    def configure(self, cnf=None, **options):
        options = {**(cnf or {}), **options}
        if 'background' in options:
            options['bg'] = options.pop('background')
        for name in ('width', 'height'):
            if name in options:
                options[name] = min(max(int(number_of(options[name])), 1), MOST_SIDE)
        if options.get('bg', '') is None:
            del options['bg']
        if 'bg' in options and rgb(options['bg']) is None:
            raise TclError(f'unknown color name "{options["bg"]}"')
        changed = {name for name, value in options.items() if self._options.get(name) != value}
        self._options.update(options)
        if 'bg' in changed:
            self._changes['ground', None] = None
        if changed & {'width', 'height'}:
            self._changes['size', None] = None
        if 'scrollregion' in changed:
            self._place(self._x, self._y)

    config = configure

    def cget(self, key):
        return super().cget('bg' if key == 'background' else key)

    __getitem__ = cget

    def winfo_rgb(self, color):
        found = rgb(color)
        if found is None:
            raise TclError(f'unknown color name "{color}"')
        return tuple(part * 257 for part in found)

    # What part of it is seen.

    def _region(self):
        region = self._options['scrollregion']
        parts = region.split() if isinstance(region, str) else region
        return [number_of(part) for part in parts] if parts else None

    def _place(self, x, y):
        """Tk keeps as much of the scroll region in sight as there is room for."""
        region = self._region()
        if region is not None:
            x = _confined(x, self._options['width'], region[0], region[2])
            y = _confined(y, self._options['height'], region[1], region[3])
        if (x, y) != (self._x, self._y):
            self._x, self._y = x, y
            self._changes['corner', None] = None

    def xview_moveto(self, fraction):
        region = self._region()
        if region is not None:
            self._place(region[0] + fraction * (region[2] - region[0]), self._y)

    def yview_moveto(self, fraction):
        region = self._region()
        if region is not None:
            self._place(self._x, region[1] + fraction * (region[3] - region[1]))

    def xview(self, *arguments):
        if len(arguments) == 2 and arguments[0] == 'moveto':
            self.xview_moveto(float(arguments[1]))

    def yview(self, *arguments):
        if len(arguments) == 2 and arguments[0] == 'moveto':
            self.yview_moveto(float(arguments[1]))

    def canvasx(self, screenx, gridspacing=None):
        return screenx + self._x

    def canvasy(self, screeny, gridspacing=None):
        return screeny + self._y

    # Its items.

    def _create(self, kind, arguments, options):
        if arguments and isinstance(arguments[-1], dict):
            options = arguments[-1] | options
            arguments = arguments[:-1]
        self._last += 1
        self._items[self._last] = Item(self._last, kind, flatten(arguments), options)
        self._changes['item', self._last] = None
        return self._last

    def create_line(self, *args, **kw):
        return self._create('line', args, kw)

    def create_polygon(self, *args, **kw):
        return self._create('polygon', args, kw)

    def create_rectangle(self, *args, **kw):
        return self._create('rectangle', args, kw)

    def create_oval(self, *args, **kw):
        return self._create('oval', args, kw)

    def create_arc(self, *args, **kw):
        return self._create('arc', args, kw)

    def create_text(self, *args, **kw):
        return self._create('text', args, kw)

    def create_image(self, *args, **kw):
        return self._create('image', args, kw)

    def _found(self, which):
        """The items of a number or tag, those below first."""
        if isinstance(which, int):
            item = self._items.get(which)
            return [] if item is None else [item]
        if which == 'all':
            return list(self._items.values())
        return [item for item in self._items.values() if item.has_tag(which)]

    def find_all(self):
        return tuple(self._items)

    def find_withtag(self, tagOrId):
        return tuple(item.number for item in self._found(tagOrId))

    def type(self, tagOrId):
        return next((item.type for item in self._found(tagOrId)), None)

    def coords(self, tagOrId, *args):
        """Where an item is; with coordinates, it goes there."""
        found = self._found(tagOrId)
        if not args:
            return list(found[0].coordinates) if found else []
        coordinates = flatten(args)
        for item in found[:1]:
            item.coordinates = coordinates
            self._changes['item', item.number] = None
        return None

    def move(self, tagOrId, xAmount, yAmount):
        steps = number_of(xAmount), number_of(yAmount)
        for item in self._found(tagOrId):
            item.coordinates = [value + steps[index % 2] for index, value in enumerate(item.coordinates)]
            self._changes['item', item.number] = None

    def itemconfigure(self, tagOrId, cnf=None, **kw):
        options = {**(cnf or {}), **kw}
        for item in self._found(tagOrId):
            item.configure(options)
            self._changes['item', item.number] = None

    itemconfig = itemconfigure

    def itemcget(self, tagOrId, option):
        return next((item.options.get(option, '') for item in self._found(tagOrId)), '')

    def delete(self, *tagsOrIds):
        for which in tagsOrIds:
            if which == 'all':
                for number in self._items:
                    self._bindings.forget(number)
                self._items.clear()
                self._changes = {key: None for key in self._changes if key[1] is None}
                self._changes['clear', None] = None
                continue
            for item in self._found(which):
                del self._items[item.number]
                self._bindings.forget(item.number)
                self._changes.pop(('item', item.number), None)
                self._changes.pop(('lift', item.number), None)
                self._changes.pop(('lower', item.number), None)
                self._changes['delete', item.number] = None

    def tag_raise(self, tagOrId, aboveThis=None):
        for item in self._found(tagOrId):
            self._items[item.number] = self._items.pop(item.number)
            self._changes.pop(('lift', item.number), None)
            self._changes['lift', item.number] = None

    lift = tkraise = tag_raise

    def tag_lower(self, tagOrId, belowThis=None):
        found = {item.number: item for item in self._found(tagOrId)}
        self._items = found | {number: item for number, item in self._items.items() if number not in found}
        for number in reversed(found):
            self._changes.pop(('lower', number), None)
            self._changes['lower', number] = None

    lower = tag_lower

    def bbox(self, *tagsOrIds):
        """The box around items: left, top, right, bottom."""
        boxes = [self._box(item) for which in tagsOrIds for item in self._found(which) if item.coordinates]
        if not boxes:
            return None
        lefts, tops, rights, bottoms = zip(*boxes)
        return int(min(lefts)), int(min(tops)), round(max(rights)), round(max(bottoms))

    def _box(self, item):
        if item.type == 'text':
            width, height = self._measure(item.options['text'], font_of(item.options['font']))
        elif item.type == 'image':
            image = item.options['image']
            width, height = (image.width(), image.height()) if image else (0, 0)
        else:
            return box_around(item.coordinates)
        column, row = ANCHORS.index(item.options['anchor']) % 3, ANCHORS.index(item.options['anchor']) // 3
        x, y = item.coordinates[0] - width * column / 2, item.coordinates[1] - height * row / 2
        return x, y, x + width, y + height

    def _measure(self, text, font):
        known = self._measured.get((text, font))
        if known is None:
            if len(self._measured) > 1000:
                self._measured.clear()
            known = self._measured[text, font] = self._ask('measure', text[:2000], font[0], font[1], font[2])
        return known

    # What happens on it.

    def bind(self, sequence=None, func=None, add=None):
        self._bindings.bind(None, sequence, func, add)

    def unbind(self, sequence, funcid=None):
        self._bindings.unbind(None, sequence)

    def tag_bind(self, tagOrId, sequence=None, func=None, add=None):
        for item in self._found(tagOrId):
            self._bindings.bind(item.number, sequence, func, add)

    def tag_unbind(self, tagOrId, sequence, funcid=None):
        for item in self._found(tagOrId):
            self._bindings.unbind(item.number, sequence)

    def focus_force(self):
        self._ask('focus')

    focus = focus_set = focus_force

    def _listens(self):
        return any(self._bindings.watched())

    def _take_events(self, seconds, has_heard):
        """Do what the user did, or does within so many seconds. `has_heard`: the page has just told what happened."""
        asks = self._page is not None and self._listens() and not self._events
        if asks and not (has_heard and seconds == 0):
            limit = None if seconds == float('inf') else seconds
            self._events += self._ask('events', limit)
        while self._events and self.tk._alive:
            what, x, y, detail = self._events.pop(0)
            self._dispatch(what, x, y, detail)

    def _dispatch(self, what, x, y, detail):
        if what in ('keydown', 'keyup'):
            self._call(None, what, keysym_of(detail), Event(what, x, y, detail, self))
            return
        button = int(detail) if detail.isdecimal() else None
        if what == 'press' and self._bindings.has_items():
            self._pressed = self._topmost(self.canvasx(x), self.canvasy(y))
        for subject in (self._pressed, None) if self._pressed is not None else (None,):
            if what == 'motion' and button:
                self._call(subject, 'drag', button, Event('drag', x, y, detail, self))
            self._call(subject, what, button, Event(what, x, y, detail, self))
        if what == 'release':
            self._pressed = None

    def _call(self, subject, what, detail, event):
        for function in self._bindings.of(subject, what, detail):
            # The one before may have closed the window.
            if self.tk._alive:
                self.tk._call(function, event)

    def _topmost(self, x, y):
        for item in reversed(self._items.values()):
            if item.type in ('text', 'image'):
                left, top, right, bottom = self._box(item)
                if left <= x <= right and top <= y <= bottom:
                    return item.number
            elif hits(item, x, y):
                return item.number
        return None

    # What the page is told.

    def _set_title(self, title):
        self._changes['title', None] = None

    def _close(self):
        """Nothing is drawn any more; what was can still be seen."""
        self._page = None
        self._changes.clear()

    def _open(self):
        self._page = use('call', NAME, 'canvas', (self.winfo_width(), self.winfo_height(), self.tk.title()[:200]))
        self._pictures.clear()
        self._watched = False, False, False
        self._changes = dict.fromkeys((('ground', None), ('corner', None), *(('item', key) for key in self._items)))

    def _ask(self, member, *arguments):
        """Calls the page. A canvas that it has no more (it was cleared away, or this is another page) is made anew."""
        if not self.tk._alive:
            raise TclError('the window has been closed')
        if self._page is None:
            self._open()
            self._flush()
        try:
            return use('call', self._page, member, arguments)
        except Revoked:
            self._open()
            self._flush()
            return use('call', self._page, member, arguments)

    def _flush(self):
        """Send what has changed, and hear what happened; whether that was done."""
        if not self.tk._alive:
            return False
        watched = self._bindings.watched()
        if watched != self._watched:
            self._ask('watch', *watched)
            self._watched = watched
        if not self._changes:
            return False
        if self._page is None:
            self._open()
        changes, self._changes = self._changes, {}
        commands = Commands()
        for what, number in changes:
            self._encode(what, number, commands)
            if len(commands.bytes) > MOST_BYTES:
                self._events += self._ask('draw', commands.take(), False)
        if not commands.bytes:
            return False
        self._events += self._ask('draw', commands.take(), False)
        return True

    def _encode(self, what, number, commands):
        if what == 'item':
            encode(self._items[number], commands, self._picture_of)
        elif what == 'delete':
            commands.delete(number)
        elif what == 'lift':
            commands.lift(number)
        elif what == 'lower':
            commands.lower(number)
        elif what == 'clear':
            commands.delete_all()
        elif what == 'ground':
            commands.ground(rgba(self._options['bg']))
        elif what == 'corner':
            commands.corner(self._x, self._y)
        elif what == 'size':
            self._ask('resize', self.winfo_width(), self.winfo_height())
        elif what == 'title':
            self._ask('describe', self.tk.title()[:200])

    def _picture_of(self, image):
        number = self._pictures.get(image)
        if number is None:
            number = self._ask('picture', image.content) if image.content else 0
            self._pictures[image] = number
        return number


def _confined(origin, room, first, last):
    """Where the view begins, along one direction."""
    before, after = origin - first, last - (origin + room)
    if before < 0 < after:
        return origin + min(-before, after)
    if after < 0 < before:
        return origin - min(-after, before)
    return origin
