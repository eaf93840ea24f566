"""An interpreter of a small machine, running a sieve. Stresses: dispatch by match, bound checks, lists as stacks."""

PUSH, ADD, MULTIPLY, LESS, LOAD, STORE, READ, WRITE, JUMP, UNLESS, HALT = range(11)


def assemble(lines):
    """Of (label:) and (operation, argument) pairs; an argument that is a string is a label."""
    labels, code = {}, []
    for line in lines:
        if isinstance(line, str):
            labels[line] = len(code)
        else:
            code.append(line)
    return [(operation, labels.get(argument, argument)) for operation, argument in code]


SIEVE = assemble(
    (
        'outer',
        (LOAD, 'i'), (LOAD, 'limit'), (LESS, None), (UNLESS, 'end'),
        (LOAD, 'i'), (READ, None), (PUSH, 1), (LESS, None), (UNLESS, 'next'),
        (LOAD, 'count'), (PUSH, 1), (ADD, None), (STORE, 'count'),
        (LOAD, 'i'), (PUSH, 2), (MULTIPLY, None), (STORE, 'j'),
        'inner',
        (LOAD, 'j'), (LOAD, 'limit'), (LESS, None), (UNLESS, 'next'),
        (PUSH, 1), (LOAD, 'j'), (WRITE, None),
        (LOAD, 'j'), (LOAD, 'i'), (ADD, None), (STORE, 'j'),
        (JUMP, 'inner'),
        'next',
        (LOAD, 'i'), (PUSH, 1), (ADD, None), (STORE, 'i'),
        (JUMP, 'outer'),
        'end',
        (HALT, None),
    )
)  # fmt: skip


def execute(code, variables, memory):
    """Returns the number of steps."""
    stack = []
    counter = steps = 0
    while True:
        operation, argument = code[counter]
        counter += 1
        steps += 1
        match operation:
            case 0:
                stack.append(argument)
            case 1:
                right = stack.pop()
                stack[-1] += right
            case 2:
                right = stack.pop()
                stack[-1] *= right
            case 3:
                right = stack.pop()
                stack[-1] = stack[-1] < right
            case 4:
                stack.append(variables[argument])
            case 5:
                variables[argument] = stack.pop()
            case 6:
                stack[-1] = memory[stack[-1]]
            case 7:
                place = stack.pop()
                memory[place] = stack.pop()
            case 8:
                counter = argument
            case 9:
                if not stack.pop():
                    counter = argument
            case 10:
                return steps


def run(size):
    variables = {'i': 2, 'j': 0, 'count': 0, 'limit': size}
    steps = execute(SIEVE, variables, bytearray(size))
    return f"{variables['count']} {steps}"
