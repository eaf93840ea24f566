"""A long text split, counted, wrapped and put together again. Stresses: methods of str, joining, slicing."""

WORDS = (
    'the glove lies on the table and the box stands beside it; nobody may touch what is inside, '
    'but everyone may look (and many do), for the glass is clear: see for yourself.'
).split()


def make_text(count):
    return ' '.join([WORDS[(n * 7 + n // 11) % len(WORDS)] for n in range(count)])


def wrap(text, width):
    lines, line, length = [], [], -1
    for word in text.split():
        if length + 1 + len(word) > width:
            lines.append(' '.join(line))
            line, length = [], -1
        line.append(word)
        length += 1 + len(word)
    lines.append(' '.join(line))
    return lines


def caesar(text, shift):
    letters = []
    for letter in text:
        if 'a' <= letter <= 'z':
            letters.append(chr((ord(letter) - 97 + shift) % 26 + 97))
        else:
            letters.append(letter)
    return ''.join(letters)


def headings(lines):
    result = []
    for n, line in enumerate(lines):
        line = line.strip().upper() if n % 10 == 0 else '  ' + line.lower()
        result.append(line.replace(';', '.').replace('(', '[').replace(')', ']'))
    return '\n'.join(result)


def run(size):
    text = make_text(size)
    counts = {}
    for word in text.split(' '):
        word = word.strip('();:,.').lower()
        counts[word] = counts.get(word, 0) + 1
    lines = wrap(text, 72)
    page = headings(lines)
    found = place = 0
    while (place := page.find('box', place)) >= 0:
        found += 1
        place += 1
    secret = caesar(text[: size * 2], 3)
    starts = sum([line.lstrip().startswith('the') for line in page.split('\n')])
    backwards = ''.join([''.join(reversed(word)) for word in text.split()])
    return '%d %d %d %d %d %d %d' % (
        counts['the'],
        len(lines),
        len(page),
        found,
        starts,
        secret.count('h'),
        backwards.count('ht'),
    )
