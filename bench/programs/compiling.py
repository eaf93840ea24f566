"""Source text parsed, walked and compiled. Stresses: the parser, the ast module, the compiler, exec."""

import ast


def make_source(count):
    functions = []
    for n in range(count):
        functions.append(
            f'''
class Shape{n}:
    """Number {n}."""
    sides = {n % 7 + 3}

    def __init__(self, length, *, name='shape{n}'):
        self.length = length
        self.name = name

    def around(self):
        return self.length * self.sides if self.length > 0 else 0

    def describe(self, words=('a', 'b')):
        for index, word in enumerate(words):
            if word == self.name or index > {n}:
                continue
            try:
                yield f'{{word}}: {{self.around() + index:>5}}'
            except (KeyError, ValueError) as error:
                raise RuntimeError(str(error)) from error


def total_{n}(values):
    return sum(value ** 2 % {n + 1} for value in values if value & 1) + Shape{n}({n}).around()
'''
        )
    return ''.join(functions)


class Fold(ast.NodeTransformer):
    def __init__(self):
        self.names = 0

    def visit_Name(self, node):
        self.names += 1
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.Constant(int(left)), ast.Add(), ast.Constant(int(right))):
                return ast.copy_location(ast.Constant(left + right), node)
        return node


def run(size):
    source = make_source(size)
    tree = ast.parse(source)
    fold = Fold()
    tree = ast.fix_missing_locations(fold.visit(tree))
    functions = sum(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))
    namespace = {}
    exec(compile(tree, 'made', 'exec'), namespace)
    total = sum(namespace[f'total_{n}'](range(20)) for n in range(size))
    again = ast.parse(ast.unparse(tree.body[0]))
    words = list(namespace['Shape0'](4).describe(('x', 'shape0')))
    return f'{fold.names} {functions} {total} {len(again.body)} {words}'
