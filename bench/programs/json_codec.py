"""A catalogue written as JSON and read again. Stresses: json.dumps and json.loads, strings, nested containers."""

import json


def make_catalogue(count):
    return {
        'title': 'Things \u00e0 la carte',
        'items': [
            {
                'number': n,
                'name': 'thing "%d"' % n,
                'tags': ['red', 'gr\u00fcn', str(n * n)],
                'size': {'width': n * 0.5, 'height': n * 0.25, 'deep': n % 2 == 0},
                'parent': None if n % 3 else n // 3,
                'text': 'line\nand\ttab \\ ' * (n % 5),
            }
            for n in range(count)
        ],
    }


def run(size):
    catalogue = make_catalogue(size)
    text = json.dumps(catalogue)
    same = True
    for _ in range(3):
        text = json.dumps(catalogue)
        catalogue = json.loads(text)
    numbers = json.loads('[' + ','.join([str(n * 3) for n in range(size * 10)]) + ']')
    for item in catalogue['items']:
        same = same and json.loads(json.dumps(item)) == item
    widths = sum([item['size']['width'] for item in catalogue['items']])
    return '%d %s %.1f %d %s' % (
        len(catalogue['items']),
        same,
        widths,
        sum(numbers),
        catalogue['items'][-1]['name'],
    )
