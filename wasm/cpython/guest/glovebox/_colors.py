"""Colours by the names that Tk knows, and as numbers."""

import re

# Tk follows the web where X has another colour of the name: gray, green, maroon and purple.
_NAMED = """
    aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc
    bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a
    burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed
    cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b
    darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b
    darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a
    darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1
    darkviolet 9400d3 debianred d70751 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969
    dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc
    ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080
    honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa
    lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080
    lightcyan e0ffff lightgoldenrod eedd82 lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90
    lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa
    lightslateblue 8470ff lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de
    lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000
    mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371
    mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585
    midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080
    navyblue 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500
    orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093
    papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080
    rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072
    sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb
    slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4
    tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee violetred d02090
    wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32
"""

# The lightest of four shades, "snow1" to "snow4". The others are made from it, and are as X has them but for one
# step of 255 here and there.
_SHADED = """
    antiquewhite ffefdb aquamarine 7fffd4 azure f0ffff bisque ffe4c4 blue 0000ff brown ff4040
    burlywood ffd39b cadetblue 98f5ff chartreuse 7fff00 chocolate ff7f24 coral ff7256 cornsilk fff8dc
    cyan 00ffff darkgoldenrod ffb90f darkolivegreen caff70 darkorange ff7f00 darkorchid bf3eff
    darkseagreen c1ffc1 darkslategray 97ffff deeppink ff1493 deepskyblue 00bfff dodgerblue 1e90ff
    firebrick ff3030 gold ffd700 goldenrod ffc125 green 00ff00 honeydew f0fff0 hotpink ff6eb4
    indianred ff6a6a ivory fffff0 khaki fff68f lavenderblush fff0f5 lemonchiffon fffacd lightblue bfefff
    lightcyan e0ffff lightgoldenrod ffec8b lightpink ffaeb9 lightsalmon ffa07a lightskyblue b0e2ff
    lightsteelblue cae1ff lightyellow ffffe0 magenta ff00ff maroon ff34b3 mediumorchid e066ff
    mediumpurple ab82ff mistyrose ffe4e1 navajowhite ffdead olivedrab c0ff3e orange ffa500 orangered ff4500
    orchid ff83fa palegreen 9aff9a paleturquoise bbffff palevioletred ff82ab peachpuff ffdab9 pink ffb5c5
    plum ffbbff purple 9b30ff red ff0000 rosybrown ffc1c1 royalblue 4876ff salmon ff8c69 seagreen 54ff9f
    seashell fff5ee sienna ff8247 skyblue 87ceff slateblue 836fff slategray c6e2ff snow fffafa
    springgreen 00ff7f steelblue 63b8ff tan ffa54f thistle ffe1ff tomato ff6347 turquoise 00f5ff
    violetred ff3e96 wheat ffe7ba yellow ffff00
"""
_SHADES = (1, 0.932, 0.804, 0.545)


def _read(text):
    words = text.split()
    return {name: int(number, 16) for name, number in zip(words[::2], words[1::2])}


_named = _read(_NAMED)
_shaded = _read(_SHADED)
_known = {}


def rgb(color):
    """A colour as three numbers up to 255, or None where it is none that Tk knows."""
    if not isinstance(color, str):
        return None
    found = _known.get(color)
    if found is None:
        found = _hexadecimal(color) if color.startswith('#') else _by_name(color.lower().replace(' ', ''))
        if found is not None and len(_known) < 4096:
            _known[color] = found
    return found


def rgba(color):
    """As 0xRRGGBBAA: 0, which is nothing to see, for the empty string. None where it is no colour."""
    if color == '':
        return 0
    found = rgb(color)
    return None if found is None else found[0] << 24 | found[1] << 16 | found[2] << 8 | 255


def _hexadecimal(color):
    digits = len(color) - 1
    if digits not in (3, 6, 9, 12) or re.fullmatch('[0-9a-fA-F]+', color[1:]) is None:
        return None
    each = digits // 3
    most = 16 ** each - 1
    parts = (int(color[1 + each * index:1 + each * (index + 1)], 16) for index in range(3))
    return tuple(round(part * 255 / most) for part in parts)


def _by_name(name):
    number = _named.get(name)
    if number is not None:
        return number >> 16, number >> 8 & 255, number & 255
    match = re.fullmatch('gr[ae]y([0-9]{1,2}|100)', name)
    if match is not None:
        return (round(int(match[1]) * 2.55),) * 3
    number = _shaded.get(name[:-1]) if name[-1:] in ('1', '2', '3', '4') else None
    if number is None:
        return None
    shade = _SHADES[int(name[-1]) - 1]
    return tuple(round(part * shade) for part in (number >> 16, number >> 8 & 255, number & 255))
