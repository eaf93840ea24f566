# expect: output, error ZeroDivisionError
# Fails four hundred calls deep in a source whose name has a million characters.
source = '''
def ping(n):
    return pong(n - 1)
def pong(n):
    return ping(n) if n else 1 / 0
ping(200)
'''
exec(compile(source, '<' + 'x' * 1_000_000 + '>', 'exec'))
