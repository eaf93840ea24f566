import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

describe('an extent does not end early', () => {
  refuse({
    'by __exit__ of the object that began it': {
      before: 'restriction = glovebox.restrict(deny=["evil"])',
      inside: `
with restriction:
    try: restriction.__exit__(None, None, None)
    except RuntimeError: pass
    evil.act()`,
    },
    'by an exit that was looked up before': {
      before: 'restriction = glovebox.restrict(deny=["evil"])\nleave = restriction.__exit__',
      inside: `
with restriction:
    try: leave(None, None, None)
    except RuntimeError: pass
    evil.act()`,
    },
    'by an exit that another statement was given': {
      inside: `
import gc
restriction = glovebox.restrict(deny=['evil'])
class Manager:
    __enter__ = journal.idle
    __exit__ = restriction.__exit__
with restriction:
    try:
        with Manager(): pass
    except (RuntimeError, TypeError): pass
    evil.act()`,
    },
    'by what the collector knows': {
      before: 'import gc',
      inside: `
for thing in gc.get_objects():
    if type(thing).__name__ == 'restricted_extent_exit' or isinstance(thing, glovebox.restrict):
        thing(None, None, None)
evil.act()`,
    },
    'by what a suspended generator keeps on its stack': {
      before: `
import gc
def working():
    with glovebox.restrict(deny=['evil']):
        leaving = yield
        for leave in leaving: leave(None, None, None)
        evil.act()
generator = working()
next(generator)
found = [thing for root in (generator, generator.gi_frame) for thing in gc.get_referents(root)
         if 'exit' in type(thing).__name__]
found += [thing for thing in gc.get_objects() if 'restricted_extent' in type(thing).__name__]`,
      deny: ['nothing'],
      culprit: 'evil',
      inside: 'generator.send(found)',
    },
    'by a profiler that is shown the exit': {
      before: `
shown = []
def profile(frame, event, argument):
    if event == 'c_call' and 'exit' in type(argument).__name__: shown.append(argument)
sys.setprofile(profile)
with glovebox.restrict(deny=['nothing']): pass
sys.setprofile(None)
def monitor(code, place, function, argument):
    if 'exit' in type(function).__name__: shown.append(function)
sys.monitoring.use_tool_id(3, 'x')
sys.monitoring.register_callback(3, sys.monitoring.events.CALL, monitor)
sys.monitoring.set_events(3, sys.monitoring.events.CALL)
with glovebox.restrict(deny=['nothing']): pass
sys.monitoring.set_events(3, 0)`,
      inside: `
for leave in shown:
    try: leave(None, None, None)
    except RuntimeError: pass
evil.act()`,
    },
    'by hand-made bytecode that carries an exit off': {
      before: `
import dis
def enter(restriction):
    with restriction as value:
        return value
code = bytearray(enter.__code__.co_code)
place = code.index(dis.opmap['BEFORE_WITH'])
# Return what lies below the value of __enter__: the exit.
patch = [dis.opmap['POP_TOP'], 0, dis.opmap['RETURN_VALUE'], 0]
code[place + 2:place + 2 + len(patch)] = patch
enter.__code__ = enter.__code__.replace(co_code=bytes(code))
leave = enter(glovebox.restrict(deny=['nothing']))
def call(): leave(None, None, None)`,
      inside: `
try: call()
except RuntimeError: pass
evil.act()`,
    },
    'by a jump of a tracer out of the with statement': {
      before: `
def trace(frame, event, argument):
    if event == 'line' and frame.f_code.co_name == 'jumping' and frame.f_lineno == frame.f_code.co_firstlineno + 2:
        frame.f_lineno += 1
    return trace
def jumping():
    with glovebox.restrict(deny=['evil']):
        journal.idle()
    evil.act()
sys.settrace(trace)`,
      deny: ['nothing'],
      culprit: 'evil',
      inside: `
with glovebox.restrict(deny=['evil']):
    jumping()`,
    },
    'by clearing its frame': {
      inside: `
frame = sys._getframe(1)
try: frame.clear()
except RuntimeError: pass
evil.act()`,
    },
    'by another extent inside that allows more': {
      inside: `
with glovebox.restrict(allow=['evil', 'journal', '__main__', 'builtins']):
    evil.act()`,
    },
    'by an extent of a generator that ends inside': {
      before: `
def working():
    with glovebox.restrict(deny=['nothing']):
        yield
    yield
    evil.act()
generator = working()
next(generator)`,
      inside: 'next(generator)\nnext(generator)',
    },
    'by a generator that suspends itself in an extent of its own': {
      before: `
def working():
    with glovebox.restrict(deny=['nothing']):
        yield`,
      inside: 'next(working())\nevil.act()',
    },
    'by an exception in an extent inside': {
      inside: `
try:
    with glovebox.restrict(deny=['nothing']): raise KeyError
except KeyError: pass
evil.act()`,
    },
    'by catching the error': {
      inside: `
try: evil.act()
except glovebox.PolicyError: pass
evil.act()`,
    },
    'by a new event loop, a new context, a new task': {
      before: 'import asyncio, contextvars',
      inside: `
async def work(): evil.act()
async def main():
    await asyncio.create_task(work(), context=contextvars.Context())
asyncio.run(main())`,
    },
    'by changing the list that it was given': {
      before: `
names = ['evil']
restriction = glovebox.restrict(deny=names)
names.clear()`,
      deny: ['nothing'],
      culprit: 'evil',
      inside: 'with restriction: evil.act()',
    },
    'by changing the classes that it is made of': {
      inside: `
for change in (lambda: setattr(glovebox.restrict, '__enter__', journal.idle),
               lambda: setattr(glovebox.restrict, '__exit__', journal.idle),
               lambda: setattr(glovebox.PolicyError, '__init__', evil.act),
               lambda: type('Sub', (glovebox.restrict,), {}),
               lambda: object.__new__(type(glovebox.restrict(deny=['a']).__exit__))):
    try: change()
    except TypeError: continue
    journal.marks.append('changed')
evil.act()`,
    },
    'by entering without a with statement': {
      before: 'import contextlib',
      inside: `
restriction = glovebox.restrict(deny=['nothing'])
leave = restriction.__exit__
for enter in restriction.__enter__, lambda: contextlib.ExitStack().enter_context(restriction):
    try: enter()
    except (RuntimeError, TypeError): continue
    journal.marks.append('entered')
evil.act()`,
    },
    'by import of the module again': {
      inside: `
sys.modules.pop('evil')
import evil as again
again.act()`,
    },
    'by importing the glovebox again': {
      inside: `
sys.modules.pop('_glovebox')
import _glovebox
with _glovebox.restrict(deny=['nothing']): evil.act()`,
    },
  });
});
