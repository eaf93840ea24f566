"""Axes: which numbers stand at them, and where a value lies between."""

import math

WIDTH, HEIGHT = 640, 400
# Of text of 12 pixels, on average: nobody measures it.
CHARACTER_WIDTH = 6.6
_STEPS = (1, 2, 2.5, 5, 10)


def nice_ticks(low, high, count=6):
    """Round numbers that reach from `low` to `high` or a little farther, about so many."""
    largest = max(abs(low), abs(high))
    if high / 2 - low / 2 <= largest * 1e-9:
        # As good as one number: ticks that differ less could not be told apart.
        spread = largest * 0.1 or 1.0
        low, high = low - spread, high + spread
    # Halves, as the difference of two large numbers may be none.
    rough = (high / 2 - low / 2) / count * 2
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * step for step in _STEPS if power * step >= rough * 0.999), power * 10)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [_tidy(index * step, step) for index in range(first, last + 1)]


def _tidy(value, step):
    """Without what is left of a binary fraction."""
    digits = max(0, 2 - math.floor(math.log10(step)))
    return round(value, digits) + 0.0 if digits < 300 else value


def tick_labels(ticks):
    largest = max(abs(tick) for tick in ticks)
    step = min(after - before for before, after in zip(ticks, ticks[1:]))
    if largest >= 1e7 or (step < 1e-4 and largest < 1):
        return [f'{tick:.4g}' for tick in ticks]
    digits = next((digits for digits in range(7) if all(
        abs(tick - round(tick, digits)) < step * 1e-6 for tick in ticks)), 7)
    return [f'{tick:,.{digits}f}'.replace('-', '−') for tick in ticks]


class Scale:
    """From values to pixels. `start` and `end`: the pixels of `low` and `high`."""

    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value):
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return self.start + share * (self.end - self.start)


class Frame:
    """Where the axes of a chart are, and what is written at them.

    `across` and `up`: the lowest and the highest value, or for `across` the names of places side by side.
    """

    def __init__(self, drawing, across, up, x_label='', y_label=''):
        self._drawing = drawing
        self._ticks = nice_ticks(*up)
        self._labels = tick_labels(self._ticks)
        self._names = across if isinstance(across, list) else None
        self._x_label, self._y_label = x_label, y_label
        widest = max(len(label) for label in self._labels) * CHARACTER_WIDTH
        self.left = 16 + widest + (20 if y_label else 0)
        self.right = WIDTH - 20
        self.top = drawing.top
        self.bottom = HEIGHT - 34 - (20 if x_label else 0)
        self.y = Scale(self._ticks[0], self._ticks[-1], self.bottom, self.top)
        if self._names is None:
            self._across = nice_ticks(*across)
            self.x = Scale(self._across[0], self._across[-1], self.left, self.right)
        else:
            self.step = (self.right - self.left) / len(self._names)

    def place(self, index):
        """The middle of a named place."""
        return self.left + (index + 0.5) * self.step

    def draw(self):
        drawing = self._drawing
        for tick, label in zip(self._ticks, self._labels):
            y = self.y(tick)
            drawing.line(self.left, y, self.right, y, 'axis' if tick == 0 else 'grid')
            drawing.text(self.left - 8, y + 4, label, anchor='end')
        if self._names is None:
            self._draw_numbers()
        else:
            self._draw_names()
        middle = (self.top + self.bottom) / 2
        drawing.line(self.left, self.bottom, self.right, self.bottom, 'axis')
        if self._x_label:
            drawing.text((self.left + self.right) / 2, HEIGHT - 12, self._x_label, anchor='middle')
        if self._y_label:
            drawing.text(18, middle, self._y_label, anchor='middle', turned=True)

    def _draw_numbers(self):
        for tick, label in zip(self._across, tick_labels(self._across)):
            x = self.x(tick)
            self._drawing.line(x, self.bottom, x, self.bottom + 5, 'axis')
            self._drawing.text(x, self.bottom + 20, label, anchor='middle')

    def _draw_names(self):
        """As many as there is room for."""
        widest = max(len(name) for name in self._names)
        characters = max(3, min(widest, int(2 * self.step / CHARACTER_WIDTH)))
        every = max(1, math.ceil(min(widest, characters) * CHARACTER_WIDTH / self.step))
        for index in range(0, len(self._names), every):
            name = self._names[index]
            shown = name if len(name) <= characters else f'{name[:characters - 1]}…'
            self._drawing.text(self.place(index), self.bottom + 20, shown, anchor='middle')
