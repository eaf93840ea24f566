"""Shapes and text as SVG. Its colours follow the page's light or dark scheme."""

from html import escape

from glovebox._chart_axes import CHARACTER_WIDTH, HEIGHT, WIDTH

# Colours that people who see few of them can tell apart, by brightness as well; on light and on dark ground.
_LIGHT = ('#0067a5', '#d55e00', '#00805d', '#b14a8a', '#8a6d00', '#4a9fd8', '#5c4fa3', '#7a3b10')
_DARK = ('#6cb8f0', '#ff9248', '#3fcf9f', '#f09acb', '#e8cf4d', '#a9dcff', '#b3a7f5', '#d9a074')
MOST_SERIES = len(_LIGHT)


def _colors(names, ground, text, muted, grid):
    rules = ''.join(f'.f{index}{{fill:{name}}}.s{index}{{stroke:{name}}}' for index, name in enumerate(names))
    return (f'.t{{fill:{text}}}.m{{fill:{muted}}}.axis{{stroke:{muted}}}.grid{{stroke:{grid}}}'
            f'.gap{{stroke:{ground}}}{rules}')


_STYLE = (
    'text{font:12px system-ui,sans-serif}.h{font-size:15px;font-weight:600}.line{fill:none;stroke-width:2.25;'
    'stroke-linejoin:round;stroke-linecap:round}.gap{stroke-width:1.5}.axis,.grid{stroke-width:1}'
    + _colors(_LIGHT, '#fff', '#1f2328', '#59636e', '#d9dee3')
    + '@media(prefers-color-scheme:dark){' + _colors(_DARK, '#15181c', '#e6e9ec', '#a3acb5', '#363c43') + '}'
)


def number(value):
    return f'{value:.2f}'.rstrip('0').rstrip('.')


class Drawing:
    """A chart that is being drawn, its heading first. `top`: where there is room below that."""

    def __init__(self, title, description, series=()):
        self._parts = []
        self.description = description
        self.top = 20
        if title:
            self.text(WIDTH / 2, 26, title, anchor='middle', style='t h')
            self.top = 44
        if len(series) > 1:
            self._legend([str(name) for name in series])

    def svg(self):
        label = escape(self.description)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
                f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}"><style>{_STYLE}</style>'
                f'{"".join(self._parts)}</svg>')

    def line(self, x0, y0, x1, y1, style):
        ends = f'x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"'
        self._parts.append(f'<line {ends} class="{style}"/>')

    def path(self, points, series):
        commands = ' '.join(f'{number(x)},{number(y)}' for x, y in points)
        self._parts.append(f'<polyline points="{commands}" class="line s{series}"/>')

    def rectangle(self, x, y, width, height, series):
        box = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self._parts.append(f'<rect {box} class="f{series}" rx="1.5"/>')

    def mark(self, x, y, series, radius=3.5):
        """Each series has a shape of its own besides its colour."""
        shape = series % 4
        if shape == 0:
            drawn = f'<circle cx="{number(x)}" cy="{number(y)}" r="{radius}"'
        else:
            corners = ((), ((-1, -1), (1, -1), (1, 1), (-1, 1)), ((0, -1.3), (1.2, 1), (-1.2, 1)),
                       ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)))[shape]
            points = ' '.join(f'{number(x + dx * radius)},{number(y + dy * radius)}' for dx, dy in corners)
            drawn = f'<polygon points="{points}"'
        self._parts.append(f'{drawn} class="f{series}"/>')

    def shape(self, commands, series):
        self._parts.append(f'<path d="{commands}" class="f{series} gap"/>')

    def text(self, x, y, text, anchor='start', style='m', turned=False):
        turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ''
        place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
        self._parts.append(f'<text {place} class="{style}"{turn}>{escape(text)}</text>')

    def _legend(self, names):
        """In rows, centred."""
        rows, width = [[]], 0.0
        for index, name in enumerate(names):
            shown = name if len(name) <= 30 else f'{name[:29]}…'
            wide = 34 + len(shown) * CHARACTER_WIDTH
            if rows[-1] and width + wide > WIDTH - 40:
                rows.append([])
                width = 0.0
            rows[-1].append((index, shown, wide))
            width += wide
        for row in rows:
            x = (WIDTH - sum(wide for *_, wide in row) + 16) / 2
            for index, shown, wide in row:
                self.mark(x + 5, self.top, index, 5)
                self.text(x + 16, self.top + 4, shown)
                x += wide
            self.top += 20
        self.top += 4
