"""Simple charts: line, bar, scatter, histogram and pie, as pictures that `display` shows.

    from glovebox import charts

    charts.line([3, 1, 4, 1, 5])
    charts.line({'Oslo': [-4, -3, 1], 'Rome': [8, 9, 11]}, x=[1, 2, 3], title='Temperature', y_label='°C')
    charts.bar({'ada': 36, 'bob': 17})

Each gives a chart, which `display(chart)` shows; `chart.svg` is its text, and `chart.save('chart.svg')` keeps it.
"""

import math
from collections.abc import Iterable, Mapping

from glovebox._chart_axes import HEIGHT, WIDTH, Frame
from glovebox._chart_svg import MOST_SERIES, Drawing, number
from glovebox._rich import SVG

__all__ = ['Chart', 'bar', 'histogram', 'line', 'pie', 'scatter']

MOST_POINTS = 10_000
MOST_BARS = 200
MOST_SLICES = 12
# Beyond that sums of two are not finite; below that it is as good as nothing.
_LARGEST, _SMALLEST = 1e300, 1e-290


class Chart(SVG):
    """A picture of numbers."""

    @property
    def svg(self):
        return self.content

    def save(self, path):
        with open(path, 'w', encoding='utf-8') as file:
            file.write(self.content)

    def __repr__(self):
        return f'<Chart: {self.alt}>'


def line(y, x=None, *, title='', x_label='', y_label=''):
    """Lines through points. `y`: numbers, or a dict of names and numbers; `x`: numbers that all of them share."""
    return _points('Line chart', y, x, title, x_label, y_label, joined=True)


def scatter(x, y, *, title='', x_label='', y_label=''):
    """Points. `y`: numbers, or a dict of names and numbers."""
    return _points('Scatter chart', y, x, title, x_label, y_label, joined=False)


def bar(values, labels=None, *, title='', x_label='', y_label=''):
    """Bars. `values`: numbers, a dict of labels and numbers, or a dict of names and lists of numbers side by side."""
    if isinstance(values, Mapping) and values and not _is_list(next(iter(values.values()))):
        values, labels = list(values.values()), list(values) if labels is None else labels
    series = _series(values, 'values')
    count = _same_length(series)
    if count * len(series) > MOST_BARS:
        raise ValueError(f'{count * len(series)} bars are too many: at most {MOST_BARS} can be told apart')
    names = [str(index) for index in range(1, count + 1)] if labels is None else [str(label) for label in labels]
    if len(names) != count:
        raise ValueError(f'{len(names)} labels for {count} values')
    drawing = Drawing(str(title), _describe('Bar chart', title, series, count), list(series))
    frame = Frame(drawing, names, _around_zero(series), str(x_label), str(y_label))
    frame.draw()
    ground = frame.y(min(max(0, frame.y.low), frame.y.high))
    width = frame.step * 0.76 / len(series)
    for index, numbers in enumerate(series.values()):
        for place, value in enumerate(numbers):
            top = frame.y(value)
            left = frame.place(place) + (index - len(series) / 2) * width
            drawing.rectangle(left, min(top, ground), max(width - 1, 1), abs(top - ground), index)
    return _chart(drawing)


def histogram(values, bins=None, *, title='', x_label='', y_label='count'):
    """How many of the numbers lie where. `bins`: how many parts; without it, as many as suit."""
    numbers = _numbers(values, 'values')
    low, high = min(numbers), max(numbers)
    if bins is None:
        bins = max(1, min(50, math.ceil(math.log2(len(numbers)) + 1)))
    if not isinstance(bins, int) or isinstance(bins, bool) or not 1 <= bins <= MOST_BARS:
        raise ValueError(f'bins is an int from 1 to {MOST_BARS}')
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = [0] * bins
    for value in numbers:
        share = (value / 2 - low / 2) / (high / 2 - low / 2)
        counts[min(int(share * bins), bins - 1)] += 1
    drawing = Drawing(str(title), _describe('Histogram', title, {'': numbers}, len(numbers)))
    frame = Frame(drawing, (low, high), (0, max(counts)), str(x_label), str(y_label))
    frame.draw()
    for index, count in enumerate(counts):
        # Not low + index * width: their sum might not be finite.
        left, right = (frame.x(low * (1 - share) + high * share) for share in (index / bins, (index + 1) / bins))
        drawing.rectangle(left, frame.y(count), max(right - left - 1, 0.5), frame.bottom - frame.y(count), 0)
    return _chart(drawing)


def pie(values, labels=None, *, title=''):
    """Parts of a whole. `values`: a dict of labels and numbers of 0 or more, or numbers with `labels`."""
    if isinstance(values, Mapping):
        values, labels = list(values.values()), list(values) if labels is None else labels
    numbers = _numbers(values, 'values')
    names = [str(index) for index in range(1, len(numbers) + 1)] if labels is None else [str(name) for name in labels]
    if len(names) != len(numbers):
        raise ValueError(f'{len(names)} labels for {len(numbers)} values')
    if len(numbers) > MOST_SLICES:
        raise ValueError(f'{len(numbers)} slices are too many: at most {MOST_SLICES} can be told apart')
    largest = max(numbers)
    if min(numbers) < 0 or largest == 0:
        raise ValueError('a pie is made of numbers of 0 or more, and not of nothing but 0')
    shares = [value / largest for value in numbers]
    shares = [share / sum(shares) for share in shares]
    described = ', '.join(f'{name} {share:.0%}' for name, share in zip(names, shares))
    drawing = Drawing(str(title), f'Pie chart{f" “{title}”" if title else ""}: {described}')
    _slices(drawing, names, shares)
    return _chart(drawing)


def _slices(drawing, names, shares):
    x, y = WIDTH * 0.36, (drawing.top + HEIGHT) / 2
    radius = (HEIGHT - drawing.top) / 2 - 14
    angle = -math.pi / 2
    row = y - (len(names) - 1) * 12
    for index, (name, share) in enumerate(zip(names, shares)):
        end = angle + share * 2 * math.pi
        color = index % MOST_SERIES
        if share > 0.9999:
            drawing.shape(f'M{number(x - radius)} {number(y)}a{number(radius)} {number(radius)} 0 1 1 0 .01z', color)
        elif share > 0:
            points = [f'{number(x + radius * math.cos(a))} {number(y + radius * math.sin(a))}' for a in (angle, end)]
            arc = f'A{number(radius)} {number(radius)} 0 {int(share > 0.5)} 1'
            drawing.shape(f'M{number(x)} {number(y)}L{points[0]}{arc} {points[1]}z', color)
        left = WIDTH * 0.66
        drawing.mark(left, row - 4, color, 6)
        shown = name if len(name) <= 22 else f'{name[:21]}…'
        drawing.text(left + 16, row, f'{shown} · {share:.1%}', style='t')
        row += 24
        angle = end


def _points(what, y, x, title, x_label, y_label, joined):
    series = _series(y, 'y')
    count = _same_length(series)
    places = list(range(count)) if x is None else _numbers(x, 'x')
    if len(places) != count:
        raise ValueError(f'{len(places)} numbers in x for {count} in y')
    if count * len(series) > MOST_POINTS:
        raise ValueError(f'{count * len(series):,} points are too many: at most {MOST_POINTS:,} can be drawn')
    drawing = Drawing(str(title), _describe(what, title, series, count), list(series))
    heights = [value for numbers in series.values() for value in numbers]
    frame = Frame(drawing, (min(places), max(places)), (min(heights), max(heights)), str(x_label), str(y_label))
    frame.draw()
    for index, numbers in enumerate(series.values()):
        points = [(frame.x(place), frame.y(value)) for place, value in zip(places, numbers)]
        if joined:
            drawing.path(points, index)
        if not joined or count <= 30:
            for point in points:
                drawing.mark(*point, index)
    return _chart(drawing)


def _chart(drawing):
    return Chart(drawing.svg(), drawing.description)


def _describe(what, title, series, count):
    heights = [value for numbers in series.values() for value in numbers]
    names = f' of {", ".join(str(name)[:30] for name in series)}' if len(series) > 1 else ''
    heading = f' “{title}”' if title else ''
    return f'{what}{heading}{names}: {count:,} values from {min(heights):.6g} to {max(heights):.6g}'


def _around_zero(series):
    heights = [value for numbers in series.values() for value in numbers]
    low, high = min(0, *heights), max(0, *heights)
    return (low, high) if low < high else (0, 1)


def _is_list(value):
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def _series(values, what):
    """By name. Raises TypeError and ValueError for what is no numbers, none, or too many series."""
    if not isinstance(values, Mapping):
        return {'': _numbers(values, what)}
    if not 0 < len(values) <= MOST_SERIES:
        raise ValueError(f'{what} has {len(values)} series: 1 to {MOST_SERIES} can be told apart')
    return {str(name): _numbers(numbers, f'{what}[{name!r}]') for name, numbers in values.items()}


def _same_length(series):
    counts = {len(numbers) for numbers in series.values()}
    if len(counts) > 1:
        raise ValueError(f'series of {" and ".join(str(count) for count in sorted(counts))} values: of one length')
    return counts.pop()


def _numbers(values, what):
    if not _is_list(values):
        raise TypeError(f'{what} has to be a list of numbers, not {type(values).__name__}')
    numbers = []
    for index, value in enumerate(values):
        if index >= MOST_POINTS * 10:
            raise ValueError(f'{what} has more than {MOST_POINTS * 10:,} numbers')
        if isinstance(value, (bool, str, bytes)):
            raise TypeError(f'{what}[{index}] is no number: {value!r}')
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise TypeError(f'{what}[{index}] is no number: a {type(value).__name__}') from None
        except OverflowError:
            found = math.inf
        if not abs(found) <= _LARGEST:
            raise ValueError(f'{what}[{index}] can not be drawn: {found}')
        numbers.append(found if abs(found) > _SMALLEST else 0.0)
    if not numbers:
        raise ValueError(f'{what} is empty')
    return numbers
