"""The Spy tries what it should not. Nothing in its own Python stops it: the page does."""
import glovebox
import world
from glovebox._capabilities import use

def read_a_file():
    return open('/etc/shadow').read()

def count_the_treasure():
    return use('call', 'treasury', 'count', ())

def rename_another():
    use('set', world.near(9)[0], 'motto', ('Kick me',))

def read_what_is_not_declared():
    return use('get', world.near(9)[0], 'diary', ())

def strike_by_a_name():
    return use('call', 'world', 'damage', ('Bob', 10 ** 9))

def leap():
    return world.move(5, 0)

attempts = [read_a_file, count_the_treasure, rename_another, read_what_is_not_declared, strike_by_a_name, leap]

@glovebox.on('tick')
def attempt(event):
    if event['number'] % 2:
        return
    one = attempts[event['number'] // 2 % len(attempts)]
    try:
        one()
    except Exception as error:
        world.say(f'{one.__name__}: {type(error).__name__}')
