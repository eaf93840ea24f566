"""A graph of objects pickled and brought back. Stresses: pickle's C code, instances, memo of shared objects."""

import pickle


class Node:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.links = []


class Point(tuple):
    def __reduce__(self):
        return Point, (tuple(self),)


def make_graph(count):
    nodes = [Node(f'node{n}', {'weight': n / 4, 'at': Point((n, n * n))}) for n in range(count)]
    for n, node in enumerate(nodes):
        node.links = [nodes[n // 3], nodes[n - 1]] if n % 2 else []
    return nodes


def run(size):
    nodes = make_graph(size)
    plain = [
        {'n': n, 'text': 'x' * (n % 40), 'flags': (True, None, n % 2 == 0), 'bytes': bytes(n % 30)}
        for n in range(size)
    ]
    for protocol in (2, 4, 5):
        nodes = pickle.loads(pickle.dumps(nodes, protocol))
        for _ in range(3):
            plain = pickle.loads(pickle.dumps(plain, protocol))
    total = sum(node.value['at'][1] for node in nodes)
    links = sum(link is nodes[n // 3] for n, node in enumerate(nodes) for link in node.links)
    return f"{total} {links} {sum(len(entry['bytes']) for entry in plain)}"
