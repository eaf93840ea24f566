"""A document built, written, parsed and searched. Stresses: ElementTree's C code, expat, callbacks into Python."""

import io
import xml.etree.ElementTree as ElementTree


def build(count):
    root = ElementTree.Element('library', {'name': 'all'})
    for n in range(count):
        book = ElementTree.SubElement(root, 'book', {'id': str(n), 'shelf': f's{n % 9}'})
        ElementTree.SubElement(book, 'title').text = f'Title & {n} <of {count}>'
        for author in range(n % 3 + 1):
            ElementTree.SubElement(book, 'author').text = f'Author {n * 7 % 31}.{author}'
        ElementTree.SubElement(book, 'price', {'currency': 'EUR'}).text = f'{n % 50}.{n % 100:02}'
    return root


class Counter:
    """A target of the parser: hears of every element."""

    def __init__(self):
        self.depth = self.deepest = self.letters = 0

    def start(self, tag, attributes):
        self.depth += 1
        self.deepest = max(self.deepest, self.depth + len(attributes))

    def end(self, tag):
        self.depth -= 1

    def data(self, text):
        self.letters += len(text)

    def close(self):
        return self.deepest, self.letters


def run(size):
    text = ElementTree.tostring(build(size), encoding='unicode')
    root = ElementTree.fromstring(text)
    prices = sum(float(price.text) for price in root.iter('price'))
    shelf = len(root.findall("./book[@shelf='s3']/author"))
    for book in root.findall('book'):
        if int(book.get('id')) % 4 == 0:
            root.remove(book)
    events = sum(len(node.tag) for _, node in ElementTree.iterparse(io.StringIO(text)))
    counted = ElementTree.XMLParser(target=Counter())
    counted.feed(text)
    return f'{len(text)} {prices:.2f} {shelf} {len(root)} {events} {counted.close()}'
