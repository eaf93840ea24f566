# expect: ok
# Compiles sources and a tree that nest deeper than the parser and the compiler can go.
# after: ended == 15
import ast

tree = ast.Constant(1, lineno=1, col_offset=0)
for _ in range(3000):
    tree = ast.UnaryOp(ast.USub(), tree, lineno=1, col_offset=0)
works = [lambda: compile(ast.Expression(tree), 'tree', 'eval')]
for source in (
    '(' * 3000 + ')' * 3000,
    '-' * 3000 + '1',
    'lambda: ' * 3000 + '1',
    'f"{' * 160 + '1' + '}"' * 160,
    '1' + ' + 1' * 3000,
    'x' + '.x' * 3000,
    'x' + '()' * 3000,
):
    works.append(lambda source=source: compile(source, 'source', 'eval'))
    works.append(lambda source=source: ast.parse(source))
ended = 0
for work in works:
    try:
        work()
    except (RecursionError, MemoryError, SyntaxError):
        pass
    ended += 1
